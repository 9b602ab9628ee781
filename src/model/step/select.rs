//! Keeping the features that say the most about the class, each looked at alone.

use super::{Amount, Step, StepKind, Transform, column, keep, quantile, sorted, words};
use crate::dataset::{Key, Table};
use crate::model::Params;
use crate::order;
use crate::registry::Entry;
use crate::space::{Config, Domain, Param, Space, Value};

pub(super) const ENTRY: Entry<StepKind> = Entry {
    id: "select",
    title: "Feature selection",
    about: "Keeps the k features with the highest score, in their old order; k is a number, or a share of all features; more than there \
            are keeps all. The score anova compares the means of the classes; mutual is the information that the feature, cut at its \
            deciles, has of the class, and sees what is not linear, too. Features that only matter together are missed by both.",
    formula: "F = between-class / within-class mean square · I = Σ p(bin, k) ln(p(bin, k) / (p(bin) p(k)))",
    paper: "anova: semantics of scikit-learn's SelectKBest(f_classif). mutual: T. M. Cover, J. A. Thomas (2006), Elements of \
            Information Theory.",
    settings: &[],
    build: StepKind { space, build },
};

struct Select {
    k: Amount,
    mutual: bool,
}

fn space() -> Space {
    let k = Param {
        default: Some(Value::Float(0.5)),
        ..Param::new("k", Domain::float(0.1, 1.0))
    };
    Space::new(vec![k, words("score", &["anova", "mutual"])], Vec::new()).expect("a valid space")
}

fn build(config: &Config) -> Result<Box<dyn Step>, String> {
    let params = Params::of("select", &["k", "score"], config)?;
    Ok(Box::new(Select {
        k: Amount::read(&params, "k", Amount::Share(0.5), "all")?,
        mutual: params.word("score", false, &[("anova", false), ("mutual", true)])?,
    }))
}

impl Select {
    /// How many of `all` features are kept.
    fn kept(&self, all: usize) -> usize {
        match self.k {
            Amount::All => all,
            Amount::Count(k) => k.min(all),
            Amount::Share(share) => (libm::round(share * all as f64) as usize).clamp(1, all),
        }
    }
}

impl Step for Select {
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String> {
        let all = train.features();
        let k = self.kept(all);
        let score = if self.mutual { mutual } else { anova };
        let mut ranked: Vec<(f64, usize)> = (0..all).map(|f| (score(train, f), f)).collect();
        // Of equal scores the last features stay, as scikit-learn's stable sort has it.
        order::sort_by(&mut ranked, |a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        let mut kept: Vec<usize> = ranked[..k].iter().map(|(_, f)| *f).collect();
        kept.sort_unstable();
        Ok(Box::new(Kept(kept)))
    }

    fn width(&self, features: usize) -> Result<Option<usize>, String> {
        Ok(Some(self.kept(features)))
    }

    fn key(&self) -> Key {
        let [kind, bits] = self.k.bits();
        ("select", [kind, bits, u64::from(self.mutual), 0, 0, 0, 0, 0])
    }
}

struct Kept(Vec<usize>);

impl Transform for Kept {
    fn apply(&self, x: &Table) -> (Vec<f64>, usize) {
        keep(x, &self.0)
    }

    fn origin(&self, feature: usize) -> Option<usize> {
        self.0.get(feature).copied()
    }
}

/// The F statistic of a one-way analysis of variance; -1 for a constant feature, which ranks last.
pub(super) fn anova(train: &Table, feature: usize) -> f64 {
    let counts = train.class_counts();
    let present = counts.iter().filter(|&&c| c > 0).count();
    let n = train.rows();
    if present < 2 || n <= present {
        return -1.0;
    }
    // From the first value on: a constant feature's differences are then exactly none.
    let first = train.row(0)[feature];
    let values = || column(train, feature).map(|v| v - first);
    let mut sums = vec![0.0; counts.len()];
    values().zip(train.y()).for_each(|(v, &k)| sums[k as usize] += v);
    let grand = sums.iter().sum::<f64>() / n as f64;
    let mean = |k: usize| sums[k] / counts[k].max(1) as f64;
    let within: f64 = values()
        .zip(train.y())
        .map(|(v, &k)| (v - mean(k as usize)) * (v - mean(k as usize)))
        .sum();
    let between: f64 = (0..counts.len())
        .map(|k| counts[k] as f64 * (mean(k) - grand) * (mean(k) - grand))
        .sum();
    let f = (between / (present - 1) as f64) / (within / (n - present) as f64);
    // Classes told apart without a remainder come first; no differences at all come last.
    if f.is_nan() { -1.0 } else { f }
}

/// Mutual information, in nats, of the class and the feature cut at its deciles.
pub(super) fn mutual(train: &Table, feature: usize) -> f64 {
    let sorted = sorted(column(train, feature));
    let cuts: Vec<f64> = (1..10).map(|d| quantile(&sorted, f64::from(d) / 10.0)).collect();
    let classes = train.classes();
    let mut joint = vec![0.0; 10 * classes];
    for (v, &k) in column(train, feature).zip(train.y()) {
        joint[cuts.partition_point(|&cut| cut < v) * classes + k as usize] += 1.0;
    }
    let n = train.rows() as f64;
    let counts = train.class_counts();
    let mut information = 0.0;
    for bin in joint.chunks(classes) {
        let total: f64 = bin.iter().sum();
        for (count, &class) in bin.iter().zip(&counts) {
            if *count > 0.0 {
                information += count / n * libm::log(count * n / (total * class as f64));
            }
        }
    }
    information
}
