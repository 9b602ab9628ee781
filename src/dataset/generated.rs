//! What generated problems have in common: rows without end, as many of each class as of any other, give or take one.

use super::{Dataset, Fresh, Table};
use crate::registry::{Setting, SettingKind, Settings};
use crate::seed::{Seed, shuffle};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Draws a row of a class.
pub(super) type Row = Arc<dyn Fn(&mut ChaCha8Rng, usize) -> Vec<f64> + Send + Sync>;

/// A problem that rows can be drawn from.
#[derive(Clone)]
pub(super) struct Problem {
    /// Id of its entry.
    pub id: &'static str,
    /// A name for each feature.
    pub features: Vec<String>,
    /// Number of classes.
    pub classes: usize,
    /// How rows are drawn.
    pub row: Row,
}

/// The setting for the number of rows.
pub(super) const ROWS: Setting = Setting {
    id: "n",
    about: "Number of rows.",
    kind: SettingKind::Int(20, 20_000),
    default: "400",
};

/// The setting for the seed.
pub(super) const SEED: Setting = Setting {
    id: "seed",
    about: "Seed of the rows.",
    kind: SettingKind::Int(0, 4_294_967_295),
    default: "42",
};

/// The setting for normal noise on every feature.
pub(super) const fn noise(default: &'static str) -> Setting {
    Setting {
        id: "noise",
        about: "Standard deviation of normal noise added to every feature: the more, the more the classes overlap.",
        kind: SettingKind::Float(0.0, 10.0),
        default,
    }
}

/// The names of the features of a problem in the plane.
pub(super) fn plane() -> Vec<String> {
    vec!["x".into(), "y".into()]
}

impl Problem {
    fn draw(&self, rows: usize, seed: Seed) -> Result<Table, String> {
        let mut rng = seed.rng();
        let mut order: Vec<usize> = (0..rows).collect();
        shuffle(&mut rng, &mut order);
        let mut drawn = vec![(Vec::new(), 0); rows];
        for (i, &place) in order.iter().enumerate() {
            let class = i % self.classes;
            drawn[place] = ((self.row)(&mut rng, class), class as u32);
        }
        let (x, y): (Vec<Vec<f64>>, Vec<u32>) = drawn.into_iter().unzip();
        Table::new(x.concat(), y, self.features.len(), self.classes)
    }

    /// The data set of `settings`, whose test rows are drawn anew.
    pub(super) fn dataset(self, settings: &Settings, fresh: Seed) -> Result<Dataset, String> {
        let seed = Seed(settings.int("seed").unsigned_abs());
        let rows = usize::try_from(settings.int("n")).unwrap_or(0);
        Ok(Dataset {
            id: self.id,
            rows: Arc::new(self.draw(rows, seed.derive("rows", 0))?),
            feature_names: self.features.clone(),
            class_names: (0..self.classes).map(|k| format!("class {k}")).collect(),
            // Derived from both seeds, so that it never is the stream of the rows themselves.
            fresh: Some(Arc::new(Again {
                seed: seed.derive("fresh", fresh.0),
                problem: self,
            })),
        })
    }
}

struct Again {
    problem: Problem,
    seed: Seed,
}

impl Fresh for Again {
    fn draw(&self, rows: usize) -> Result<Table, String> {
        self.problem.draw(rows, self.seed)
    }
}
