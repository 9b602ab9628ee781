//! Reading and writing decimal numbers as the standard library and JSON do, without their tables: two of ten kilobytes that no compression
//! makes smaller, in each module a browser loads. Reading is left to the browser there, which can do it anyway.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
static READER: std::sync::OnceLock<fn(&str) -> f64> = std::sync::OnceLock::new();

/// Says who reads numbers here: an exact reader of decimal numbers. Until then none is read.
#[cfg(target_arch = "wasm32")]
pub fn read_with(reader: fn(&str) -> f64) {
    let _ = READER.set(reader);
}

/// The nearest number to a decimal one; the same texts are read, with the same result, as by [`str::parse`].
pub fn read(text: &str) -> Option<f64> {
    #[cfg(target_arch = "wasm32")]
    {
        by(text, |text| READER.get().map(|read| read(text)))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        text.parse().ok()
    }
}

/// As [`read`], with somebody who is asked for what is not simple.
#[cfg(any(test, target_arch = "wasm32"))]
fn by(text: &str, ask: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let unsigned = |text| str::strip_prefix(text, ['+', '-']).unwrap_or(text);
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (unsigned(number), Some(exponent)),
        None => (unsigned(text), None),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let has_exponent = |text| !unsigned(text).is_empty() && is_digits(unsigned(text));
    let is_decimal = is_digits(whole) && is_digits(fraction) && whole.len() + fraction.len() > 0;
    if !is_decimal || !exponent.is_none_or(has_exponent) {
        return named(text);
    }
    // Both numbers are exact, so their quotient is the nearest number (Clinger 1990, How to read floating point numbers accurately).
    if exponent.is_none() && whole.len() + fraction.len() <= 15 {
        let digits = whole.bytes().chain(fraction.bytes());
        let digits = digits.fold(0.0, |sum, digit| 10.0 * sum + f64::from(digit - b'0'));
        let value = digits / (0..fraction.len()).fold(1.0, |power, _| 10.0 * power);
        return Some(if text.starts_with('-') { -value } else { value });
    }
    ask(text)
}

/// A number that has a name.
#[cfg(any(test, target_arch = "wasm32"))]
fn named(text: &str) -> Option<f64> {
    let (sign, name) = match text.strip_prefix('-') {
        Some(name) => (-1.0, name),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match name.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(sign * f64::INFINITY),
        "nan" => Some(sign * f64::NAN),
        _ => None,
    }
}

/// The shortest text that reads back as the same finite number, in the form in which serde_json writes it.
#[cfg(feature = "engine")]
pub fn json(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0" } else { "0.0" }.into();
    }
    // The shortest digits, and the power of ten of the first.
    let text = format!("{:e}", value.abs());
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    let digits = digits.replace('.', "");
    let sign = if value < 0.0 { "-" } else { "" };
    let count = digits.len() as i32;
    match power {
        -5..0 => format!("{sign}0.{}{digits}", "0".repeat((-power - 1) as usize)),
        0..16 if count <= power + 1 => format!("{sign}{digits}{}.0", "0".repeat((power + 1 - count) as usize)),
        0..16 => {
            let (whole, fraction) = digits.split_at((power + 1) as usize);
            format!("{sign}{whole}.{fraction}")
        }
        _ => {
            let (first, others) = digits.split_at(1);
            let point = if others.is_empty() { "" } else { "." };
            let plus = if power > 0 { "+" } else { "" };
            format!("{sign}{first}{point}{others}e{plus}{power}")
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a browser is asked, and what it would answer.
    fn as_there(text: &str) -> Option<f64> {
        by(text, |text| text.parse().ok())
    }

    fn is_same(text: &str) -> bool {
        let bits = |value: f64| if value.is_nan() { 0 } else { value.to_bits() };
        as_there(text).map(bits) == text.parse().ok().map(bits)
    }

    #[test]
    fn numbers_at_the_edges_are_written_as_json_has_them() {
        let powers = (-330..310).map(|power| format!("1e{power}").parse::<f64>().expect("a number"));
        let more = [
            0.0,
            -0.0,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            0.1,
            123456.789,
            9_007_199_254_740_993.0,
        ];
        for value in powers.flat_map(|v| [v, -v, v * 1.5, v * 7.0 / 3.0]).chain(more) {
            if value.is_finite() {
                assert_eq!(json(value), serde_json::to_string(&value).expect("finite"), "{value:e}");
            }
        }
    }

    #[test]
    fn the_same_texts_are_numbers_everywhere() {
        for text in [
            "",
            "+",
            "-",
            ".",
            "1.",
            ".5",
            "-.5e3",
            "1e",
            "1e+",
            "1e5",
            "1E-5",
            "e5",
            "1_0",
            "0x10",
            " 1",
            "1 ",
            "inf",
            "-Infinity",
            "+NaN",
            "nano",
            "infinit",
            "1.5.2",
            "--1",
            "1e5.0",
            "１",
        ] {
            assert!(is_same(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_json_has_it(bits: u64) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                let (text, theirs) = (json(value), serde_json::to_string(&value).expect("finite"));
                // Of two shortest texts that are equally near either may be taken.
                prop_assert_eq!(text.len(), theirs.len(), "{} {}", text, theirs);
                prop_assert_eq!(text.parse::<f64>(), Ok(value));
                prop_assert!(text == theirs || value.abs() > 1e12, "{} {}", text, theirs);
            }
        }

        #[test]
        fn any_text_is_a_number_here_or_nowhere(text in "[-+0-9.eEinfaty]{0,9}|-?[0-9]{0,12}[.][0-9]{0,12}") {
            prop_assert!(is_same(&text), "{:?}", text);
        }
    }
}
