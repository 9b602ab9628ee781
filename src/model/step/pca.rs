//! Principal components.

use super::{Amount, Step, StepKind, Transform, column};
use crate::dataset::{Key, Table};
use crate::math::eigen;
use crate::math::rows::dot;
use crate::model::Params;
use crate::registry::Entry;
use crate::space::{Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<StepKind> = Entry {
    id: "pca",
    title: "Principal components",
    about: "Replaces the features by their uncorrelated mixtures of largest variance: so many, or as many as explain a share of the \
            variance; none leaves the features as they are. What is dropped may be noise, or what tells \
            the classes apart: it does not look at them. Features in large units dominate, so scale first.",
    formula: "z = V (x − mean), the rows of V the eigenvectors of the covariance, the largest eigenvalues first; each one's largest entry \
              is positive",
    paper: "H. Hotelling (1933), Analysis of a complex of statistical variables into principal components. Semantics of scikit-learn's PCA.",
    settings: &[],
    build: StepKind { space, build },
};

/// The decomposition's time grows as the cube: a second or so at this many features.
const MOST: usize = 256;

struct Pca(Amount);

fn space() -> Space {
    let shares = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99].map(Value::Float);
    let components = Param {
        default: Some(Value::Float(0.95)),
        ..Param::new(
            "components",
            Domain::Ordinal(shares.into_iter().chain([Value::None]).collect()),
        )
    };
    Space::new(vec![components], Vec::new()).expect("a valid space")
}

fn build(config: &Config) -> Result<Box<dyn Step>, String> {
    let params = Params::of("pca", &["components"], config)?;
    Ok(Box::new(Pca(Amount::read(
        &params,
        "components",
        Amount::Share(0.95),
        "the variance",
    )?)))
}

impl Step for Pca {
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String> {
        let (n, d) = (train.rows(), train.features());
        self.width(d)?;
        if self.0 == Amount::All {
            return Ok(Box::new(Components {
                mean: vec![0.0; d],
                axes: None,
            }));
        }
        let mean: Vec<f64> = (0..d).map(|f| column(train, f).sum::<f64>() / n as f64).collect();
        let centered: Vec<Vec<f64>> = (0..d)
            .map(|f| column(train, f).map(|v| v - mean[f]).collect())
            .collect();
        let denominator = n.saturating_sub(1).max(1) as f64;
        let mut covariance = vec![0.0; d * d];
        for i in 0..d {
            for j in 0..=i {
                let c = dot(&centered[i], &centered[j]) / denominator;
                (covariance[i * d + j], covariance[j * d + i]) = (c, c);
            }
        }
        let pairs = eigen::symmetric(covariance, d);
        let largest = pairs[0].0.max(0.0);
        if !largest.is_finite() {
            return Err("pca: the variance is no finite number; scale the features first".into());
        }
        // There are no more directions than these in which the rows differ.
        let real = pairs
            .iter()
            .filter(|(value, _)| *value > 1e-13 * largest)
            .count()
            .max(1);
        let total: f64 = pairs[..real].iter().map(|(value, _)| value).sum();
        let mut explained = 0.0;
        let kept = match self.0 {
            Amount::All => real,
            Amount::Count(count) => count.min(real),
            Amount::Share(share) => {
                let is_enough = |(value, _): &(f64, Vec<f64>)| {
                    explained += value / total;
                    explained > share
                };
                pairs[..real].iter().position(is_enough).map_or(real, |last| last + 1)
            }
        };
        let axes = pairs.into_iter().take(kept).map(|(_, axis)| axis).collect();
        Ok(Box::new(Components { mean, axes: Some(axes) }))
    }

    fn width(&self, d: usize) -> Result<Option<usize>, String> {
        match self.0 {
            Amount::All => Ok(Some(d)),
            Amount::Count(count) if count > d => Err(format!(
                "pca: components cannot be {count} of {d} features; accepted: up to {d}, a share of the variance, or none for all"
            )),
            _ if d > MOST => Err(format!(
                "pca: {d} features are too many; accepted: up to {MOST}, so select some first"
            )),
            // Rows that differ in fewer directions leave fewer components.
            _ => Ok(None),
        }
    }

    fn key(&self) -> Key {
        let [kind, bits] = self.0.bits();
        ("pca", [kind, bits, 0, 0, 0, 0, 0, 0])
    }
}

struct Components {
    mean: Vec<f64>,
    /// Unit vectors; without them nothing is changed.
    axes: Option<Vec<Vec<f64>>>,
}

impl Transform for Components {
    fn apply(&self, x: &Table) -> (Vec<f64>, usize) {
        let Some(axes) = &self.axes else {
            return (x.x().to_vec(), x.features());
        };
        let mut centered = vec![0.0; x.features()];
        let mut values = Vec::with_capacity(x.rows() * axes.len());
        for row in 0..x.rows() {
            let differences = x.row(row).iter().zip(&self.mean).map(|(v, mean)| v - mean);
            centered.iter_mut().zip(differences).for_each(|(slot, v)| *slot = v);
            values.extend(axes.iter().map(|axis| dot(axis, &centered)));
        }
        (values, axes.len())
    }
}
