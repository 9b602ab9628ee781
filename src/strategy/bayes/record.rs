//! What a fit leaves behind in the origins of its jobs, so that the next one continues from there and a replay repeats it.

use super::grounds::Grounds;
use crate::surrogate::gp::Hyperparameters;

/// Fitted hyperparameters, several if they were sampled, and when the model was last fitted and last fitted from new starts, in values told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub(super) all: Vec<Hyperparameters>,
    pub(super) fitted: usize,
    pub(super) restarted: usize,
    /// Whether outputs are warped, also by λ = 1.
    pub(super) output: bool,
}

/// Rounded to four digits of its logarithm: a file that lost the last bit of a number continues to the same fit, and the model that is
/// fitted now is the one that is read later.
fn rounded(v: f64) -> f64 {
    libm::exp(libm::round(libm::log(v) * 1e4) / 1e4)
}

impl Record {
    /// With hyperparameters rounded.
    pub(super) fn new(all: Vec<Hyperparameters>, fitted: usize, restarted: usize, output: bool) -> Record {
        let round = |h: Hyperparameters| Hyperparameters {
            lengthscales: h.lengthscales.iter().map(|l| rounded(*l)).collect(),
            amplitude: rounded(h.amplitude),
            noise: rounded(h.noise),
            mean: h.mean,
            lambda: libm::round(h.lambda * 1e4) / 1e4,
            warps: h.warps.iter().map(|warp| warp.map(rounded)).collect(),
        };
        Record {
            all: all.into_iter().map(round).collect(),
            fitted,
            restarted,
            output,
        }
    }

    /// Whether inputs are warped.
    pub(super) fn input(&self) -> bool {
        self.all.iter().any(|h| !h.warps.is_empty())
    }

    /// By name, in the model's units.
    pub(super) fn named(&self, grounds: &Grounds) -> Vec<(String, f64)> {
        let mut named = Vec::new();
        for (i, hyper) in self.all.iter().enumerate() {
            let mut put = |name: String, v: f64| named.push((format!("{}{name}", prefix(i)), v));
            for (axis, name) in grounds.names().enumerate() {
                put(format!("lengthscale.{name}"), hyper.lengthscales[axis]);
            }
            put("amplitude".into(), hyper.amplitude);
            put("noise".into(), hyper.noise);
            put("mean".into(), hyper.mean);
            if self.output {
                put("lambda".into(), hyper.lambda);
            }
            for (warp, name) in hyper.warps.iter().zip(grounds.names()) {
                if *warp != [1.0, 1.0] {
                    put(format!("warp.a.{name}"), warp[0]);
                    put(format!("warp.b.{name}"), warp[1]);
                }
            }
        }
        named.push(("fitted".into(), self.fitted as f64));
        named.push(("restarted".into(), self.restarted as f64));
        named
    }

    /// Back from [`Record::named`]; `None` if anything is missing or is no such number.
    pub(super) fn read(named: &[(String, f64)], grounds: &Grounds) -> Option<Record> {
        let value = |name: &str| named.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
        let count = |name: &str| value(name).filter(|v| (0.0..1e9).contains(v)).map(|v| v as usize);
        let one = |i: usize| {
            let positive = |name: String| {
                let v = value(&format!("{}{name}", prefix(i)))?;
                (v > 1e-12 && v < 1e12).then_some(v)
            };
            let warp = |name: &str| {
                let side = |side: &str| positive(format!("warp.{side}.{name}")).unwrap_or(1.0).clamp(0.1, 10.0);
                [side("a"), side("b")]
            };
            let warps: Vec<[f64; 2]> = grounds.names().map(warp).collect();
            let lengthscales = grounds.names().map(|name| positive(format!("lengthscale.{name}")));
            Some(Hyperparameters {
                lengthscales: lengthscales.collect::<Option<_>>()?,
                amplitude: positive("amplitude".into())?,
                noise: positive("noise".into())?,
                mean: 0.0,
                lambda: value(&format!("{}lambda", prefix(i))).unwrap_or(1.0).clamp(-5.0, 5.0),
                warps: if warps.iter().all(|w| *w == [1.0, 1.0]) {
                    Vec::new()
                } else {
                    warps
                },
            })
        };
        let first = one(0)?;
        let rest = (1..).map_while(one);
        Some(Record::new(
            std::iter::once(first).chain(rest).collect(),
            count("fitted")?,
            count("restarted")?,
            value("lambda").is_some(),
        ))
    }
}

/// What names of the i-th sample begin with.
fn prefix(i: usize) -> String {
    if i == 0 { String::new() } else { format!("{}.", i + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{Domain, Param, Space};
    use std::sync::Arc;

    #[test]
    fn records_go_there_and_back() {
        let params = ["x", "y"].map(|n| Param::new(n, Domain::float(0.0, 1.0)));
        let space = Arc::new(Space::new(params.to_vec(), Vec::new()).expect("valid"));
        let grounds = Grounds::new(&space);
        let hyper = |l: f64, warps: Vec<[f64; 2]>| Hyperparameters {
            lengthscales: vec![l, 1.0 / 3.0],
            amplitude: 1.7,
            noise: 1.1e-7,
            mean: 0.0,
            lambda: 1.0,
            warps,
        };
        let all = vec![hyper(0.123456789, vec![[0.7, 1.3], [1.0, 1.0]]), hyper(2.0, Vec::new())];
        let record = Record::new(all, 17, 12, true);
        assert!((record.all[0].lengthscales[0] / 0.123456789 - 1.0).abs() < 1e-4);
        let named = record.named(&grounds);
        assert_eq!(Record::read(&named, &grounds), Some(record.clone()));
        assert!(record.input());
        assert_eq!(Record::read(&named[1..], &grounds), None);
        assert_eq!(Record::read(&[], &grounds), None);
        let odd: Vec<(String, f64)> = named.iter().map(|(n, _)| (n.clone(), f64::NAN)).collect();
        assert_eq!(Record::read(&odd, &grounds), None);
    }
}
