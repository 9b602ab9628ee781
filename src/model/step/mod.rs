//! Steps that prepare the data before a model sees them. One file each.
//!
//! A step learns from training rows alone and then treats every row alike: inside cross-validation nothing of the rows that are scored
//! can leak into it.

mod encode;
mod pca;
mod polynomial;
mod scale;
mod select;
#[cfg(test)]
mod tests;

pub use encode::Encode;

use super::Params;
use crate::dataset::{Key, Table};
use crate::registry::Entry;
use crate::space::{Config, Domain, Param, Space, Value};

/// A step with its parameters set, that has seen no data yet.
pub trait Step: Send + Sync {
    /// Learns from the rows of `train`. A pure function of them.
    ///
    /// # Errors
    /// What makes it impossible on these rows.
    fn fit(&self, train: &Table) -> Result<Box<dyn Transform>, String>;

    /// How many features it makes of so many, where that is certain before it has seen any row.
    ///
    /// # Errors
    /// What makes it impossible on so many.
    fn width(&self, _features: usize) -> Result<Option<usize>, String> {
        Ok(None)
    }

    /// Names the step and all its parameters: equal keys, equal results.
    fn key(&self) -> Key;
}

/// A step that has learned.
pub trait Transform: Send + Sync {
    /// The features of the rows of `x`, row-major, and how many there are of each row.
    fn apply(&self, x: &Table) -> (Vec<f64>, usize);

    /// The one feature of the table that a feature behind the step is made of; `None` where it is mixed of several.
    fn origin(&self, _feature: usize) -> Option<usize> {
        None
    }
}

/// How a step is searched and built.
#[derive(Clone, Copy, Debug)]
pub struct StepKind {
    /// The parameters worth searching, with defaults.
    pub space: fn() -> Space,
    /// The step of a configuration; absent parameters take their defaults.
    pub build: fn(&Config) -> Result<Box<dyn Step>, String>,
}

/// Every step.
pub static STEPS: &[Entry<StepKind>] = &[scale::ENTRY, select::ENTRY, polynomial::ENTRY, pca::ENTRY];

/// A parameter with its default, the first of some words.
fn words(name: &str, words: &[&str]) -> Param {
    let words: Vec<Value> = words.iter().map(|word| Value::parse(word)).collect();
    Param {
        default: words.first().cloned(),
        ..Param::new(name, Domain::Categorical(words))
    }
}

/// A number of features, or a share.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    All,
    Count(usize),
    Share(f64),
}

impl Amount {
    fn read(params: &Params, name: &str, default: Amount, of: &str) -> Result<Amount, String> {
        let accepted = format!("a number of features from 1, a share of {of} in (0, 1), or none for all");
        params.read(name, default, &accepted, |value| match value {
            Value::None | Value::Float(1.0) => Some(Amount::All),
            Value::Float(share) if *share > 0.0 && *share < 1.0 => Some(Amount::Share(*share)),
            value => super::params::whole(value)
                .filter(|n| *n >= 1)
                .map(|n| Amount::Count(n as usize)),
        })
    }

    fn bits(self) -> [u64; 2] {
        match self {
            Amount::All => [0, 0],
            Amount::Count(n) => [1, n as u64],
            Amount::Share(share) => [2, share.to_bits()],
        }
    }
}

/// The values of one feature.
fn column(x: &Table, feature: usize) -> impl Iterator<Item = f64> + Clone + '_ {
    x.x().iter().skip(feature).step_by(x.features()).copied()
}

/// The features at `kept` of every row.
fn keep(x: &Table, kept: &[usize]) -> (Vec<f64>, usize) {
    let rows = (0..x.rows()).flat_map(|row| kept.iter().map(move |&f| x.row(row)[f]));
    (rows.collect(), kept.len())
}

/// The quantile `q` of ascending values, linear between neighbours; 0 of none.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = q * last as f64;
    let below = libm::floor(place) as usize;
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    let share = place - below as f64;
    // From the nearer end, so that both ends are met exactly.
    if share < 0.5 {
        a + (b - a) * share
    } else {
        b - (b - a) * (1.0 - share)
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
