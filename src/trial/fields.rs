//! How an origin is read.

use super::{ChosenOrigin, ModelOrigin, MoveOrigin, Nominee, Origin, RunnerUp};
use serde::{Deserialize, Deserializer};

/// The fields of every kind of origin side by side, as they stand in a trace. serde's own reading of a tagged enum first copies all of
/// it into a form of its own; page and worker would each carry that machinery for this one type.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    kind: String,
    cell: Option<u64>,
    cells: Option<u64>,
    without_replacement: Option<bool>,
    point: Option<u32>,
    points: Option<u32>,
    design: Option<String>,
    reason: Option<String>,
    acquisition: Option<String>,
    value: Option<f64>,
    mean: Option<f64>,
    sd: Option<f64>,
    incumbent: Option<f64>,
    runners_up: Vec<RunnerUp>,
    #[serde(deserialize_with = "pairs")]
    hyperparameters: Vec<(String, f64)>,
    factors: Vec<(String, f64)>,
    note: String,
    name: Option<String>,
    why: Option<String>,
    from: Vec<u32>,
    #[serde(deserialize_with = "pairs")]
    numbers: Vec<(String, f64)>,
    strategy: Option<String>,
    nominees: Vec<Nominee>,
    origin: Option<Box<Origin>>,
}

/// A number, or the null that JSON has for infinities and NaN: read as NaN.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN))
}

fn pairs<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, f64)>, D::Error> {
    let pairs = Vec::<(String, Option<f64>)>::deserialize(from)?;
    Ok(pairs.into_iter().map(|(n, v)| (n, v.unwrap_or(f64::NAN))).collect())
}

impl TryFrom<Fields> for Origin {
    type Error = String;

    fn try_from(f: Fields) -> Result<Origin, String> {
        fn need<T>(field: Option<T>, name: &str) -> Result<T, String> {
            field.ok_or_else(|| format!("an origin without {name}"))
        }
        // What is not finite is written as null.
        let number = |field: Option<f64>| field.unwrap_or(f64::NAN);
        Ok(match f.kind.as_str() {
            "grid" => Origin::Grid {
                cell: need(f.cell, "cell")?,
                cells: need(f.cells, "cells")?,
            },
            "random" => Origin::Random {
                without_replacement: need(f.without_replacement, "without_replacement")?,
            },
            "initial" => Origin::Initial {
                point: need(f.point, "point")?,
                points: need(f.points, "points")?,
                design: need(f.design, "design")?,
            },
            "model" => Origin::Model(Box::new(ModelOrigin {
                acquisition: need(f.acquisition, "acquisition")?,
                value: number(f.value),
                mean: number(f.mean),
                sd: number(f.sd),
                incumbent: number(f.incumbent),
                runners_up: f.runners_up,
                hyperparameters: f.hyperparameters,
                factors: f.factors,
                note: f.note,
            })),
            "move" => Origin::Move(Box::new(MoveOrigin {
                name: need(f.name, "name")?,
                why: need(f.why, "why")?,
                from: f.from,
                numbers: f.numbers,
            })),
            "fallback" => Origin::Fallback {
                reason: need(f.reason, "reason")?,
            },
            "chosen" => Origin::Chosen(Box::new(ChosenOrigin {
                strategy: need(f.strategy, "strategy")?,
                why: need(f.why, "why")?,
                numbers: f.numbers,
                nominees: f.nominees,
                origin: *need(f.origin, "origin")?,
            })),
            "person" => Origin::Person,
            other => return Err(format!("no kind of origin is \"{other}\"")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_was_written() {
        let kinds = [
            Origin::Grid { cell: 3, cells: 9 },
            Origin::Random {
                without_replacement: true,
            },
            Origin::Initial {
                point: 0,
                points: 4,
                design: "Sobol".into(),
            },
            Origin::Model(Box::new(ModelOrigin {
                acquisition: "logei".into(),
                value: -3.5,
                mean: 0.1,
                sd: 0.2,
                incumbent: 0.3,
                runners_up: Vec::new(),
                hyperparameters: vec![("noise".into(), 1e-6)],
                factors: vec![("feasibility".into(), 0.5)],
                note: "Evaluated again.".into(),
            })),
            Origin::Move(Box::new(MoveOrigin {
                name: "mutation of 2".into(),
                why: "A neighbour of the best.".into(),
                from: vec![2],
                numbers: vec![("temperature".into(), 0.5)],
            })),
            Origin::Fallback { reason: "so".into() },
            Origin::Chosen(Box::new(ChosenOrigin {
                strategy: "grid".into(),
                why: "It was its turn.".into(),
                numbers: vec![("gain".into(), 0.5)],
                nominees: vec![Nominee {
                    strategy: "grid".into(),
                    config: crate::space::Config::default(),
                }],
                origin: Origin::Grid { cell: 3, cells: 9 },
            })),
            Origin::Person,
        ];
        for origin in kinds {
            let text = serde_json::to_string(&origin).expect("plain data");
            assert_eq!(serde_json::from_str::<Origin>(&text).expect(&text), origin);
        }
        // A log expected improvement can be minus infinity; a log that holds one must be readable.
        let unlikely = r#"{"kind":"model","acquisition":"logei","value":null,"runners_up":[{"config":{},"value":null,"mean":1.0,"sd":0.0}],"hyperparameters":[["noise",null]]}"#;
        let Ok(Origin::Model(read)) = serde_json::from_str::<Origin>(unlikely) else {
            panic!("not read")
        };
        assert!(read.value.is_nan() && read.runners_up[0].value.is_nan() && read.hyperparameters[0].1.is_nan());
        assert!(serde_json::from_str::<Origin>(r#"{"kind":"grid","cell":1}"#).is_err());
        assert!(serde_json::from_str::<Origin>(r#"{"kind":"oracle"}"#).is_err());
    }
}
