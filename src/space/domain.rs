//! What values one parameter can take, and its map to and from [0, 1].

use super::value::{Value, number_text};

/// The values a parameter can take.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// Numbers from `low` to `high`, uniform on the linear or the logarithmic scale, on a grid of `step` if given.
    Float {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
        /// Whether equal ratios, rather than equal differences, are equally far apart.
        log: bool,
        /// Distance of neighbouring values, counted from `low`.
        step: Option<f64>,
    },
    /// Whole numbers from `low` to `high` in steps of `step`.
    Int {
        /// Smallest value.
        low: i64,
        /// Largest value.
        high: i64,
        /// Whether equal ratios are equally far apart.
        log: bool,
        /// Distance of neighbouring values, at least 1.
        step: i64,
    },
    /// A list of values in a meaningful order.
    Ordinal(Vec<Value>),
    /// A list of values without order.
    Categorical(Vec<Value>),
    /// One value only.
    Fixed(Value),
}

impl Domain {
    /// Integers from `low` to `high`.
    pub fn int(low: i64, high: i64) -> Domain {
        Domain::Int {
            low,
            high,
            log: false,
            step: 1,
        }
    }

    /// Numbers from `low` to `high`.
    pub fn float(low: f64, high: f64) -> Domain {
        Domain::Float {
            low,
            high,
            log: false,
            step: None,
        }
    }

    /// Number of distinct values, if finite.
    pub fn size(&self) -> Option<u64> {
        match self {
            Domain::Float {
                step: None, low, high, ..
            } => (low == high).then_some(1),
            Domain::Float {
                step: Some(step),
                low,
                high,
                ..
            } => Some(libm::floor((high - low) / step + 1e-9) as u64 + 1),
            Domain::Int { low, high, step, .. } => Some(high.abs_diff(*low) / step.unsigned_abs() + 1),
            Domain::Ordinal(values) | Domain::Categorical(values) => Some(values.len() as u64),
            Domain::Fixed(_) => Some(1),
        }
    }

    /// The `level`-th value of a finite domain, in order; the last one for levels beyond. A continuous domain gives `low`.
    pub fn level(&self, level: u64) -> Value {
        let level = level.min(self.size().unwrap_or(1) - 1);
        match self {
            Domain::Float { low, high, step, .. } => {
                Value::Float((low + level as f64 * step.unwrap_or(0.0)).min(*high))
            }
            Domain::Int { low, step, .. } => Value::Int(low + level as i64 * step),
            Domain::Ordinal(values) | Domain::Categorical(values) => values[level as usize].clone(),
            Domain::Fixed(value) => value.clone(),
        }
    }

    /// Position of `value` among the levels of a finite domain.
    pub fn level_of(&self, value: &Value) -> Option<u64> {
        match self {
            Domain::Float {
                low, step: Some(step), ..
            } => Some(libm::round((value.number()? - low) / step) as u64),
            Domain::Float { .. } => Some(0),
            Domain::Int { low, step, .. } => Some((value.number()? as i64).abs_diff(*low) / step.unsigned_abs()),
            Domain::Ordinal(values) | Domain::Categorical(values) => {
                values.iter().position(|v| v.same(value)).map(|k| k as u64)
            }
            Domain::Fixed(_) => Some(0),
        }
    }

    /// Whether the values have no order.
    pub fn is_categorical(&self) -> bool {
        matches!(self, Domain::Categorical(_))
    }

    /// Whether there is nothing to search.
    pub fn is_fixed(&self) -> bool {
        self.size() == Some(1)
    }

    /// Whether every value is a number, or none.
    pub fn is_numeric(&self) -> bool {
        let numeric = |value: &Value| value.number().is_some() || *value == Value::None;
        match self {
            Domain::Float { .. } | Domain::Int { .. } => true,
            Domain::Ordinal(values) | Domain::Categorical(values) => values.iter().all(numeric),
            Domain::Fixed(value) => numeric(value),
        }
    }

    /// Whether the scale is logarithmic.
    pub fn is_log(&self) -> bool {
        matches!(self, Domain::Float { log: true, .. } | Domain::Int { log: true, .. })
    }

    /// Ends of the numeric scale that [0, 1] stands for: half a step beyond the values where they are discrete.
    fn ends(&self) -> (f64, f64) {
        match self {
            Domain::Float { low, high, log, step } => {
                let pad = step.map_or(0.0, |s| s / 2.0);
                let first = if *log && low - pad <= 0.0 {
                    *low / 2.0
                } else {
                    low - pad
                };
                (first, high + pad)
            }
            Domain::Int { low, high, step, .. } => {
                (*low as f64 - *step as f64 / 2.0, *high as f64 + *step as f64 / 2.0)
            }
            Domain::Ordinal(values) | Domain::Categorical(values) => (0.0, values.len() as f64),
            Domain::Fixed(_) => (0.0, 1.0),
        }
    }

    /// The value at `u` in [0, 1]: equal lengths of `u` are equally likely, so discrete values get equal shares
    /// (on a logarithmic scale, shares by ratio). Values outside [0, 1] are taken to the nearer end.
    pub fn at_unit(&self, u: f64) -> Value {
        let u = u.clamp(0.0, 1.0);
        let (low, high) = self.ends();
        let x = if self.is_log() {
            libm::exp(libm::log(low) + u * (libm::log(high) - libm::log(low)))
        } else {
            low + u * (high - low)
        };
        match self {
            Domain::Float {
                low, high, step: None, ..
            } => Value::Float(x.clamp(*low, *high)),
            Domain::Float {
                low, step: Some(step), ..
            } => self.level(nonnegative(libm::round((x - low) / step))),
            Domain::Int { low, step, .. } => self.level(nonnegative(libm::round((x - *low as f64) / *step as f64))),
            Domain::Ordinal(_) | Domain::Categorical(_) => self.level(x as u64),
            Domain::Fixed(value) => value.clone(),
        }
    }

    /// How much the value grows by the unit coordinate at `value`, dx/du; 0 where the values are discrete.
    pub fn slope(&self, value: f64) -> f64 {
        match self {
            Domain::Float {
                low,
                high,
                log,
                step: None,
            } if *log => value * (libm::log(*high) - libm::log(*low)),
            Domain::Float {
                low, high, step: None, ..
            } => high - low,
            _ => 0.0,
        }
    }

    /// Where `value` lies in [0, 1]: the middle of its share for discrete values. A value that is not of this domain
    /// lies at 0.5, as inactive parameters do.
    pub fn to_unit(&self, value: &Value) -> f64 {
        let (low, high) = self.ends();
        let x = match self {
            Domain::Ordinal(_) | Domain::Categorical(_) => self.level_of(value).map(|k| k as f64 + 0.5),
            Domain::Fixed(_) => None,
            _ => value.number(),
        };
        let Some(x) = x else { return 0.5 };
        if high <= low {
            return 0.5;
        }
        let u = if self.is_log() {
            (libm::log(x) - libm::log(low)) / (libm::log(high) - libm::log(low))
        } else {
            (x - low) / (high - low)
        };
        u.clamp(0.0, 1.0)
    }

    /// Checks `value` and gives it in the domain's own type.
    ///
    /// # Errors
    /// What is accepted, if `value` is not of this domain.
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        let refused = || Err(format!("\"{value}\" is not accepted; accepted: {}", self.accepted()));
        match self {
            Domain::Float { low, high, step, .. } => match value.number() {
                Some(v) if v >= *low && v <= *high => match step {
                    None => Ok(Value::Float(v)),
                    Some(step) => {
                        let snapped = self.level(nonnegative(libm::round((v - low) / step)));
                        let near = snapped
                            .number()
                            .is_some_and(|s| libm::fabs(s - v) <= 1e-9 * (1.0 + libm::fabs(v)));
                        if near { Ok(snapped) } else { refused() }
                    }
                },
                _ => refused(),
            },
            Domain::Int { low, high, step, .. } => match value.number() {
                Some(v)
                    if libm::floor(v) == v && v >= *low as f64 && v <= *high as f64 && (v as i64 - low) % step == 0 =>
                {
                    Ok(Value::Int(v as i64))
                }
                _ => refused(),
            },
            Domain::Ordinal(values) | Domain::Categorical(values) => {
                values.iter().find(|v| v.same(value)).cloned().map_or_else(refused, Ok)
            }
            Domain::Fixed(own) if own.same(value) => Ok(own.clone()),
            Domain::Fixed(_) => refused(),
        }
    }

    /// A value as it is typed: in a few digits, where that means the same level or as good a number.
    pub fn typed(&self, value: &Value) -> String {
        let short = value.short();
        match self.check(&Value::parse(&short)) {
            Ok(same) if self.size().is_none() || same.same(value) => short,
            _ => value.to_string(),
        }
    }

    /// What values are accepted, for messages.
    pub fn accepted(&self) -> String {
        let list = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Domain::Float {
                low, high, step: None, ..
            } => {
                format!("a number from {} to {}", number_text(*low), number_text(*high))
            }
            Domain::Float {
                low,
                high,
                step: Some(step),
                ..
            } => {
                format!(
                    "a number from {} to {} in steps of {}",
                    number_text(*low),
                    number_text(*high),
                    number_text(*step)
                )
            }
            Domain::Int { low, high, step: 1, .. } => format!("a whole number from {low} to {high}"),
            Domain::Int { low, high, step, .. } => format!("a whole number from {low} to {high} in steps of {step}"),
            Domain::Ordinal(values) | Domain::Categorical(values) => list(values),
            Domain::Fixed(value) => value.to_string(),
        }
    }

    /// Checks the domain itself: bounds in order and finite, a logarithmic scale above 0, lists not empty and without repeats.
    ///
    /// # Errors
    /// What is wrong.
    pub fn validate(&self) -> Result<(), String> {
        match self {
            // The difference of very large ends can be more than a number holds.
            Domain::Float { low, high, .. } if !((high - low).is_finite() && low <= high) => Err(format!(
                "the range {}..{} is empty or not finite",
                number_text(*low),
                number_text(*high)
            )),
            Domain::Float { low, log: true, .. } if *low <= 0.0 => {
                Err("a logarithmic scale needs a positive low end".into())
            }
            Domain::Float {
                step: Some(step),
                low,
                high,
                ..
            } if !(*step > 0.0 && (high - low) / step <= 1e9) => {
                Err(format!("the step {step} must be positive, with at most 1e9 values"))
            }
            Domain::Int { low, high, .. } if low > high => Err(format!("the range {low}..{high} is empty")),
            Domain::Int { low, high, .. } if low.unsigned_abs().max(high.unsigned_abs()) > 1 << 52 => {
                Err("whole numbers beyond 2^52 are not accepted".into())
            }
            Domain::Int { low, log: true, .. } if *low < 1 => {
                Err("a logarithmic scale needs a low end of at least 1".into())
            }
            Domain::Int { step, .. } if *step < 1 => Err(format!("the step {step} must be at least 1")),
            Domain::Int {
                step, log: true, low, ..
            } if *step as f64 / 2.0 >= *low as f64 && *step > 1 => {
                Err("on a logarithmic scale the low end must be above half a step".into())
            }
            Domain::Ordinal(values) | Domain::Categorical(values) if values.is_empty() => {
                Err("the list is empty".into())
            }
            Domain::Ordinal(values) | Domain::Categorical(values) => {
                let repeat = values
                    .iter()
                    .enumerate()
                    .find(|(i, v)| values[..*i].iter().any(|w| w.same(v)));
                repeat.map_or(Ok(()), |(_, v)| Err(format!("\"{v}\" stands twice in the list")))
            }
            _ => Ok(()),
        }
    }
}

fn nonnegative(x: f64) -> u64 {
    if x > 0.0 { x as u64 } else { 0 }
}
