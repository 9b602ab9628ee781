//! The study text's notation for domains: `10|50|none`, `1..64`, `0.1..0.9`, `1e-5..1~log`, `{rbf,linear}`, `=5`.

use super::domain::Domain;
use super::value::{Value, number_text};
use std::fmt;

/// What the notation accepts, for messages.
pub const DOMAIN_NOTATION: &str =
    "a list 10|50|none, a range 1..64 or 0.1..0.9 with optional ~log and ~step:S, categories {a,b}, or one value =5";

impl Domain {
    /// Reads the notation. A range is of whole numbers if both its ends are written as such.
    ///
    /// # Errors
    /// What is wrong and what is accepted.
    pub fn parse(text: &str) -> Result<Domain, String> {
        Domain::checked(text, false)
    }

    fn checked(text: &str, real: bool) -> Result<Domain, String> {
        let domain =
            Domain::read(text, real).ok_or_else(|| format!("\"{text}\" is no domain; accepted: {DOMAIN_NOTATION}"))?;
        domain
            .validate()
            .map_err(|why| format!("\"{text}\": {why}; accepted: {DOMAIN_NOTATION}"))?;
        Ok(domain)
    }

    /// As [`Domain::parse`], of a parameter that takes every number: a range is of all of them, however its ends are written.
    ///
    /// # Errors
    /// As [`Domain::parse`].
    pub fn parse_real(text: &str) -> Result<Domain, String> {
        Domain::checked(text, true)
    }

    fn read(text: &str, real: bool) -> Option<Domain> {
        if text.is_empty() {
            return None;
        }
        if let Some(value) = text.strip_prefix('=') {
            return (!value.is_empty()).then(|| Domain::Fixed(Value::parse(value)));
        }
        let words = |list: &str, separator: char| -> Option<Vec<Value>> {
            list.split(separator)
                // Other notations begin so.
                .map(|w| (!w.trim().is_empty() && !w.trim().starts_with(['{', '='])).then(|| Value::parse(w.trim())))
                .collect()
        };
        if let Some(list) = text.strip_prefix('{') {
            return Some(Domain::Categorical(words(list.strip_suffix('}')?, ',')?));
        }
        let Some((low, rest)) = text.split_once("..") else {
            return words(text, '|').map(Domain::Ordinal);
        };
        let mut options = rest.split('~');
        let high = options.next()?;
        let (mut log, mut step) = (false, None);
        for option in options {
            match option.split_once(':') {
                None if option == "log" => log = true,
                Some(("step", s)) => step = Some(s),
                _ => return None,
            }
        }
        if let (false, Ok(low), Ok(high)) = (real, low.parse::<i64>(), high.parse::<i64>()) {
            let whole = step.map_or(Some(1), |s| s.parse::<i64>().ok());
            if let Some(step) = whole {
                return Some(Domain::Int { low, high, log, step });
            }
        }
        let number = |s: &str| crate::number::read(s).filter(|v| v.is_finite());
        let step = match step {
            Some(s) => Some(number(s)?),
            None => None,
        };
        Some(Domain::Float {
            low: number(low)?,
            high: number(high)?,
            log,
            step,
        })
    }
}

/// Writes the notation; reading it gives the same domain.
impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is no whole number by its kind needs a point, or it would read as one.
        let point = |v: f64| {
            let text = number_text(v);
            if text.contains(['.', 'e']) {
                text
            } else {
                format!("{text}.0")
            }
        };
        let word = |value: &Value| match value {
            Value::Float(v) => point(*v),
            other => other.to_string(),
        };
        let join = |values: &[Value], by: &str| values.iter().map(word).collect::<Vec<_>>().join(by);
        let log_mark = |log: &bool| if *log { "~log" } else { "" };
        match self {
            Domain::Float { low, high, log, step } => {
                let whole = libm::floor(*low) == *low && libm::floor(*high) == *high;
                let end = |v: f64| if whole { point(v) } else { number_text(v) };
                write!(f, "{}..{}{}", end(*low), end(*high), log_mark(log))?;
                step.map_or(Ok(()), |s| write!(f, "~step:{}", number_text(s)))
            }
            Domain::Int { low, high, log, step } => {
                write!(f, "{low}..{high}{}", log_mark(log))?;
                if *step == 1 { Ok(()) } else { write!(f, "~step:{step}") }
            }
            Domain::Ordinal(values) => f.write_str(&join(values, "|")),
            Domain::Categorical(values) => write!(f, "{{{}}}", join(values, ",")),
            Domain::Fixed(value) => write!(f, "={}", word(value)),
        }
    }
}
