//! A person's belief, before any trial, about where good values of a parameter lie.

use super::{Domain, Value};
use std::fmt;

/// What the notation accepts, for messages.
pub const PRIOR_NOTATION: &str = "normal(CENTER,SPREAD) for a range, the spread as a share of the range on its own scale: normal(0.01,0.1); \
                                  weights(VALUE:WEIGHT,…) for a list, values not named weigh 1: weights(rbf:3,linear:0.5)";

/// A prior density over the values of one parameter. It is positive everywhere: data can always overrule it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    text: String,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    /// A normal density of the unit coordinate, cut off at the ends of [0, 1], with a share of the uniform one mixed in.
    Normal { center: f64, spread: f64 },
    /// ln (weight / largest weight) of each level of a list.
    Weights(Vec<f64>),
}

/// What is left for the person to be wrong: the share of its largest value that a density never falls below. So no distance from the center
/// rules a value out, and the part of a wrong prior shrinks within a search.
const DOUBT: f64 = 0.01;
/// Spreads and weights that are accepted.
const SPREADS: (f64, f64) = (0.001, 10.0);
const WEIGHTS: (f64, f64) = (1e-6, 1e6);

impl Prior {
    /// Reads the notation, for a parameter of this domain.
    ///
    /// # Errors
    /// What is wrong and what is accepted.
    pub fn parse(text: &str, domain: &Domain) -> Result<Prior, String> {
        let accepted = || format!("\"{text}\" is no prior; accepted: {PRIOR_NOTATION}");
        let (kind, inner) = text
            .strip_suffix(')')
            .and_then(|t| t.split_once('('))
            .ok_or_else(accepted)?;
        let shape = match (kind, domain) {
            ("normal", Domain::Float { .. } | Domain::Int { .. }) => normal(inner, domain).ok_or_else(accepted)?,
            ("weights", Domain::Ordinal(values) | Domain::Categorical(values)) => weights(inner, values, domain)?,
            ("normal" | "weights", _) => {
                return Err(format!(
                    "{kind} does not fit this parameter; accepted: {PRIOR_NOTATION}"
                ));
            }
            _ => return Err(accepted()),
        };
        let prior = Prior {
            text: text.to_string(),
            shape,
        };
        match prior.shape {
            Shape::Normal { spread, .. } if !(SPREADS.0..=SPREADS.1).contains(&spread) => Err(format!(
                "the spread {spread} is out of range; accepted: {} to {}",
                SPREADS.0, SPREADS.1
            )),
            Shape::Normal { center, .. } if !(0.0..=1.0).contains(&center) => {
                Err(format!("its center is not {}", domain.accepted()))
            }
            _ => Ok(prior),
        }
    }

    /// ln of the density at unit coordinate `u` by its largest value: 0 at best.
    pub fn log_density(&self, u: f64) -> f64 {
        match &self.shape {
            Shape::Normal { center, spread } => {
                let z = (u - center) / spread;
                libm::log((1.0 - DOUBT) * libm::exp(-0.5 * z * z) + DOUBT)
            }
            Shape::Weights(logs) => logs[level(u, logs.len())],
        }
    }

    /// The derivative of [`Prior::log_density`]; 0 for a list.
    pub fn slope(&self, u: f64) -> f64 {
        match &self.shape {
            Shape::Normal { center, spread } => {
                let z = (u - center) / spread;
                let own = (1.0 - DOUBT) * libm::exp(-0.5 * z * z);
                -z / spread * own / (own + DOUBT)
            }
            Shape::Weights(_) => 0.0,
        }
    }

    /// The unit coordinate below which the share `share` of the prior's probability lies, doubt aside: uniform shares give draws from it.
    #[cfg(feature = "engine")]
    pub fn quantile(&self, share: f64) -> f64 {
        use crate::math::normal::{cdf, quantile};
        match &self.shape {
            Shape::Normal { center, spread } => {
                let below = |u: f64| cdf((u - center) / spread);
                let (low, high) = (below(0.0), below(1.0));
                (center + spread * quantile(low + share * (high - low))).clamp(0.0, 1.0)
            }
            Shape::Weights(logs) => {
                let n = logs.len() as f64;
                let total: f64 = logs.iter().map(|l| libm::exp(*l)).sum();
                let mut left = share * total;
                for (k, log) in logs.iter().enumerate() {
                    let weight = libm::exp(*log);
                    if left < weight {
                        return (k as f64 + left / weight) / n;
                    }
                    left -= weight;
                }
                1.0
            }
        }
    }
}

fn level(u: f64, levels: usize) -> usize {
    ((u * levels as f64) as usize).min(levels.saturating_sub(1))
}

fn normal(inner: &str, domain: &Domain) -> Option<Shape> {
    let (center, spread) = inner.split_once(',')?;
    let value = crate::number::read(center.trim())?;
    let spread = crate::number::read(spread.trim())?;
    let (low, high) = match domain {
        Domain::Float { low, high, .. } => (*low, *high),
        Domain::Int { low, high, .. } => (*low as f64, *high as f64),
        _ => return None,
    };
    // Out of its range it has no place; the caller says so.
    let inside = value >= low && value <= high;
    let center = if inside {
        domain.to_unit(&Value::Float(value))
    } else {
        f64::NAN
    };
    Some(Shape::Normal { center, spread })
}

fn weights(inner: &str, values: &[Value], domain: &Domain) -> Result<Shape, String> {
    let mut given: Vec<Option<f64>> = vec![None; values.len()];
    for pair in inner.split(',') {
        let (value, weight) = pair
            .rsplit_once(':')
            .ok_or_else(|| format!("\"{pair}\" is no VALUE:WEIGHT; accepted: {PRIOR_NOTATION}"))?;
        let value = Value::parse(value.trim());
        let position = values.iter().position(|v| v.same(&value));
        let position =
            position.ok_or_else(|| format!("\"{value}\" is no value of it; accepted: {}", domain.accepted()))?;
        let weight = crate::number::read(weight.trim()).filter(|w| (WEIGHTS.0..=WEIGHTS.1).contains(w));
        let weight =
            weight.ok_or_else(|| format!("the weight in \"{pair}\": accepted: {} to {}", WEIGHTS.0, WEIGHTS.1))?;
        if given[position].replace(weight).is_some() {
            return Err(format!("\"{value}\" stands twice"));
        }
    }
    let weights: Vec<f64> = given.into_iter().map(|w| w.unwrap_or(1.0)).collect();
    let largest = weights.iter().copied().fold(0.0, f64::max);
    Ok(Shape::Weights(
        weights.into_iter().map(|w| libm::log(w / largest)).collect(),
    ))
}

/// As it was written.
impl fmt::Display for Prior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, domain: &str) -> Result<Prior, String> {
        Prior::parse(text, &Domain::parse(domain).expect("a domain"))
    }

    #[test]
    fn a_normal_is_centered_on_the_parameters_own_scale() {
        let prior = read("normal(0.01,0.1)", "1e-4..1~log").expect("a prior");
        assert!((prior.log_density(0.5)).abs() < 1e-12);
        // Two standard deviations off: 0.99 e⁻² + 0.01. Far off, the doubt is left.
        assert!((prior.log_density(0.7) - libm::log(0.143_981_930_4)).abs() < 1e-9);
        assert!((prior.log_density(1.0) - libm::log(0.01)).abs() < 1e-3);
        for u in [0.2, 0.45, 0.7] {
            let numeric = (prior.log_density(u + 1e-6) - prior.log_density(u - 1e-6)) / 2e-6;
            assert!((prior.slope(u) - numeric).abs() < 1e-6);
        }
        // One standard deviation below and above the middle, far from the ends.
        assert!((prior.quantile(0.841_344_746) - 0.6).abs() < 1e-6 && (prior.quantile(0.5) - 0.5).abs() < 1e-6);
        // At an end half of it is cut off.
        let cut = read("normal(0.0,0.1)", "0.0..1.0").expect("a prior");
        assert!((cut.quantile(0.682_689_492) - 0.1).abs() < 1e-6);
    }

    #[test]
    fn weights_share_the_probability() {
        let prior = read("weights(b:2,c:1)", "{a,b,c}").expect("a prior");
        assert_eq!(prior.log_density(0.5), 0.0);
        assert!((prior.log_density(0.1) + std::f64::consts::LN_2).abs() < 1e-12);
        let drawn = |share: f64| level(prior.quantile(share), 3);
        assert_eq!([0.1, 0.24, 0.26, 0.74, 0.76, 0.99].map(drawn), [0, 0, 1, 1, 2, 2]);
        assert!(read("weights(none:9)", "10|50|none").is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, domain) in [
            ("", "0..9"),
            ("normal(3)", "0..9"),
            ("normal(3,0.1", "0..9"),
            ("normal(12,0.1)", "0..9"),
            ("normal(nan,0.1)", "0..9"),
            ("normal(3,0)", "0..9"),
            ("normal(3,nan)", "0..9"),
            ("uniform(1,2)", "0..9"),
            ("weights(a:2)", "0..9"),
            ("normal(1,0.1)", "{a,b}"),
            ("weights(z:2)", "{a,b}"),
            ("weights(a:0)", "{a,b}"),
            ("weights(a:2,a:3)", "{a,b}"),
            ("weights()", "{a,b}"),
            ("normal(5,0.1)", "=5"),
        ] {
            assert!(read(text, domain).is_err_and(|why| !why.is_empty()), "{text} {domain}");
        }
    }
}
