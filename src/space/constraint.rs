//! Inequalities between parameters: sums of products, such as `units*layers<=512` or `low+0.1<=high`.

use super::{Config, Param};
use std::fmt;

/// What the notation accepts, for messages.
pub const CONSTRAINT_NOTATION: &str =
    "sums of products of numbers and parameter names, compared by <=, <, >= or >: units*layers<=512, x+2*y<10";

/// An inequality that every configuration must satisfy. It says nothing where one of its parameters is inactive or has no number (`none`).
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    text: String,
    /// Left side minus right side.
    terms: Vec<Term>,
    /// Whether the difference must be below 0, rather than above.
    below: bool,
    /// Whether 0 itself is not enough.
    strict: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    factor: f64,
    names: Vec<String>,
}

/// Sides that differ by less than this share of their largest term count as equal: 0.1 + 0.2 is 0.3.
const TOLERANCE: f64 = 1e-12;

impl Constraint {
    /// Reads the notation.
    ///
    /// # Errors
    /// What cannot be read, and what is accepted.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        Constraint::read(text).ok_or_else(|| format!("\"{text}\" is no inequality; accepted: {CONSTRAINT_NOTATION}"))
    }

    /// Reads inequalities separated by semicolons.
    ///
    /// # Errors
    /// Of the first that cannot be read.
    pub fn parse_list(text: &str) -> Result<Vec<Constraint>, String> {
        text.split(';').map(Constraint::parse).collect()
    }

    fn read(text: &str) -> Option<Constraint> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let at = plain.find(['<', '>'])?;
        let (left, rest) = plain.split_at(at);
        let (sign, right) = rest.split_at(1);
        let (strict, right) = match right.strip_prefix('=') {
            Some(right) => (false, right),
            None => (true, right),
        };
        let mut terms = side(left, 1.0)?;
        terms.extend(side(right, -1.0)?);
        Some(Constraint {
            below: sign == "<",
            strict,
            terms,
            text: plain,
        })
    }

    /// Checks that every name is a parameter whose values are numbers, or none.
    ///
    /// # Errors
    /// The first name that is not.
    pub(super) fn check(&self, params: &[Param]) -> Result<(), String> {
        let names = || self.terms.iter().flat_map(|t| &t.names);
        if names().next().is_none() {
            return Err(format!("{self} names no parameter; accepted: {CONSTRAINT_NOTATION}"));
        }
        for name in names() {
            let param = params.iter().find(|p| p.name == *name);
            let param = param.ok_or_else(|| {
                let known: Vec<&str> = params.iter().map(|p| p.name.as_str()).collect();
                format!("{self}: \"{name}\" is no parameter; accepted: {}", known.join(", "))
            })?;
            if !param.domain.is_numeric() {
                return Err(format!("{self}: the values of {name} are not numbers"));
            }
        }
        Ok(())
    }

    /// Whether `config` satisfies it.
    pub fn holds(&self, config: &Config) -> bool {
        let (mut sum, mut largest) = (0.0, 0.0_f64);
        for term in &self.terms {
            let mut value = term.factor;
            for name in &term.names {
                match config.number(name) {
                    Some(v) => value *= v,
                    None => return true,
                }
            }
            sum += value;
            largest = largest.max(value.abs());
        }
        let difference = if self.below { sum } else { -sum };
        let near = TOLERANCE * largest;
        if self.strict {
            difference < -near
        } else {
            difference <= near
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The terms of one side.
fn side(text: &str, sign: f64) -> Option<Vec<Term>> {
    let mut terms = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for i in 1..=bytes.len() {
        // A sign after the e of 1e-3, or after *, is part of a number.
        let ends = i == bytes.len()
            || matches!(bytes[i], b'+' | b'-') && !is_exponent(&text[start..i]) && bytes[i - 1] != b'*';
        if ends {
            terms.push(term(text.get(start..i)?, sign)?);
            start = i;
        }
    }
    (!terms.is_empty()).then_some(terms)
}

/// Whether `text` ends like the first half of a number with an exponent: `2*1e`.
fn is_exponent(text: &str) -> bool {
    let factor = text.rsplit('*').next().unwrap_or(text).trim_start_matches(['+', '-']);
    factor
        .strip_suffix(['e', 'E'])
        .is_some_and(|digits| crate::number::read(digits).is_some())
}

fn term(text: &str, sign: f64) -> Option<Term> {
    let (factor, text) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (-sign, rest),
        (_, Some(rest)) => (sign, rest),
        _ => (sign, text),
    };
    let mut term = Term {
        factor,
        names: Vec::new(),
    };
    for part in text.split('*') {
        let is_number = part.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        if is_number {
            term.factor *= crate::number::read(part).filter(|v| v.is_finite())?;
        } else if !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
            term.names.push(part.to_string());
        } else {
            return None;
        }
    }
    term.factor.is_finite().then_some(term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Value;

    fn holds(text: &str, values: &[(&str, f64)]) -> bool {
        let config = Config(values.iter().map(|(n, v)| (n.to_string(), Value::Float(*v))).collect());
        Constraint::parse(text).expect(text).holds(&config)
    }

    #[test]
    fn compares_sums_of_products() {
        let at = [("units", 64.0), ("layers", 8.0), ("svm.c", 0.3)];
        for (text, expected) in [
            ("units*layers<=512", true),
            ("units * layers < 512", false),
            ("units-8*layers>=0", true),
            ("2e-1*svm.c+1e-2<0.07", false),
            ("0.1+0.2<=svm.c", true),
            ("-units<-63.5", true),
            ("units<layers*-1+73", true),
            ("absent*units<0", true),
        ] {
            assert_eq!(holds(text, &at), expected, "{text}");
        }
        for wrong in [
            "", "x", "x=3", "x<", "<3", "x**y<1", "x y<1<2", "x/y<1", "x<1e999", "x<=3)",
        ] {
            assert!(Constraint::parse(wrong).is_err(), "{wrong}");
        }
    }
}
