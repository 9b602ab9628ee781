//! Bringing all features to one scale.

use super::{Step, StepKind, Transform, column, quantile, sorted, words};
use crate::dataset::{Key, Table};
use crate::model::Params;
use crate::registry::Entry;
use crate::space::{Config, Space};

pub(super) const ENTRY: Entry<StepKind> = Entry {
    id: "scale",
    title: "Scaling",
    about: "Shifts and stretches every feature, so that none counts more only because of its unit: standard to mean 0 and variance 1, \
            minmax to the range from 0 to 1, robust to median 0 and interquartile range 1, which outliers don't move; none leaves all as \
            it is. Distances, margins and gradients need it; trees don't notice. A constant feature is shifted only.",
    formula: "(x − center) / scale, both from the training rows",
    paper: "Semantics of scikit-learn's StandardScaler, MinMaxScaler and RobustScaler.",
    settings: &[],
    build: StepKind { space, build },
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    None,
    Standard,
    MinMax,
    Robust,
}

fn space() -> Space {
    let method = words("method", &["standard", "minmax", "robust", "none"]);
    Space::new(vec![method], Vec::new()).expect("a valid space")
}

fn build(config: &Config) -> Result<Box<dyn Step>, String> {
    let params = Params::of("scale", &["method"], config)?;
    let methods = [
        ("standard", Scale::Standard),
        ("minmax", Scale::MinMax),
        ("robust", Scale::Robust),
        ("none", Scale::None),
    ];
    Ok(Box::new(params.word("method", Scale::Standard, &methods)?))
}

impl Step for Scale {
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String> {
        Ok(Box::new(Scaled(
            (0..train.features()).map(|f| self.of(train, f)).collect(),
        )))
    }

    fn width(&self, features: usize) -> Result<Option<usize>, String> {
        Ok(Some(features))
    }

    fn key(&self) -> Key {
        ("scale", [*self as u64, 0, 0, 0, 0, 0, 0, 0])
    }
}

impl Scale {
    /// Center and scale of one feature.
    fn of(self, train: &Table, feature: usize) -> (f64, f64) {
        let values = column(train, feature);
        let n = train.rows() as f64;
        match self {
            Scale::None => (0.0, 1.0),
            Scale::Standard => {
                let mean = values.clone().sum::<f64>() / n;
                let variance = values.map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
                // What rounding alone can make of a constant feature is no variance.
                let error = n * mean * f64::EPSILON;
                let constant = variance <= n * f64::EPSILON * variance + error * error;
                (mean, if constant { 1.0 } else { libm::sqrt(variance) })
            }
            Scale::MinMax => {
                let low = values.clone().fold(f64::INFINITY, f64::min);
                (low, nonzero(values.fold(f64::NEG_INFINITY, f64::max) - low))
            }
            Scale::Robust => {
                let sorted = sorted(values);
                let range = quantile(&sorted, 0.75) - quantile(&sorted, 0.25);
                (quantile(&sorted, 0.5), nonzero(range))
            }
        }
    }
}

fn nonzero(scale: f64) -> f64 {
    if scale < 10.0 * f64::EPSILON { 1.0 } else { scale }
}

/// Center and scale of every feature.
struct Scaled(Vec<(f64, f64)>);

impl Transform for Scaled {
    fn apply(&self, x: &Table) -> (Vec<f64>, usize) {
        let scales = self.0.iter().cycle();
        let scaled = x
            .x()
            .iter()
            .zip(scales)
            .map(|(v, (center, scale))| (v - center) / scale);
        (scaled.collect(), x.features())
    }

    fn origin(&self, feature: usize) -> Option<usize> {
        Some(feature)
    }
}
