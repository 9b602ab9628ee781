//! A generated problem: clusters at the corners of a hypercube, hidden among redundant and useless features.

use super::{Build, Dataset, Fresh, Table};
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, below, normal, shuffle, uniform};
use nalgebra::{DMatrix, DVector};
use std::sync::Arc;

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "hypercube",
    title: "Hypercube",
    about: "A problem made to measure: each class is a few stretched clusters at corners of a hypercube, seen through informative \
            features, mixtures of them, and noise. New rows can be drawn without end, so a test score is as sharp as one likes.",
    formula: "x = vertex + z A, z ~ N(0, I), A uniform in [-1, 1]; redundant = informative B; noise ~ N(0, 1); then shifted, scaled, shuffled",
    paper: "I. Guyon (2003), Design of experiments for the NIPS 2003 variable selection benchmark; as scikit-learn's \
            make_classification describes it, with other random numbers.",
    settings: SETTINGS,
    build,
};

const fn setting(id: &'static str, about: &'static str, kind: SettingKind, default: &'static str) -> Setting {
    Setting {
        id,
        about,
        kind,
        default,
    }
}

const SETTINGS: &[Setting] = &[
    setting("n", "Number of rows.", SettingKind::Int(20, 100_000), "1000"),
    setting("d", "Number of features.", SettingKind::Int(1, 200), "20"),
    setting(
        "informative",
        "Dimension of the hypercube.",
        SettingKind::Int(1, 30),
        "2",
    ),
    setting(
        "redundant",
        "Features that mix the informative ones.",
        SettingKind::Int(0, 200),
        "10",
    ),
    setting("classes", "Number of classes.", SettingKind::Int(2, 10), "2"),
    setting("clusters", "Clusters of each class.", SettingKind::Int(1, 16), "2"),
    setting(
        "sep",
        "Half the edge of the hypercube.",
        SettingKind::Float(0.0, 100.0),
        "1",
    ),
    setting(
        "flip",
        "Share of rows whose class is drawn at random.",
        SettingKind::Float(0.0, 1.0),
        "0.01",
    ),
    setting(
        "imbalance",
        "How many times as many rows the first class has as the last, the others in between: 1 is as many of each. Accuracy is then easily \
         had by always saying the first.",
        SettingKind::Float(1.0, 100.0),
        "1",
    ),
    setting(
        "copies",
        "Rows that are near-copies of one another and one group, such as several visits of one patient: plain folds have them on both \
         sides and score too well, grouped folds don't.",
        SettingKind::Int(1, 20),
        "1",
    ),
    setting(
        "seed",
        "Seed of problem and rows.",
        SettingKind::Int(0, 4_294_967_295),
        "42",
    ),
];

/// What all draws have in common.
struct Problem {
    features: usize,
    informative: usize,
    redundant: usize,
    classes: usize,
    flip: f64,
    imbalance: f64,
    copies: usize,
    /// clusters × informative.
    vertices: Vec<DVector<f64>>,
    /// A cluster's own informative × informative transform.
    transforms: Vec<DMatrix<f64>>,
    /// informative × redundant.
    mixture: DMatrix<f64>,
    /// By feature before shuffling.
    shift: Vec<f64>,
    scale: Vec<f64>,
    /// Which feature stands in each column.
    columns: Vec<usize>,
}

impl Problem {
    fn new(settings: &Settings, seed: Seed) -> Result<Problem, String> {
        let int = |id| usize::try_from(settings.int(id)).unwrap_or(0);
        let (features, informative, redundant) = (int("d"), int("informative"), int("redundant"));
        let (classes, clusters, sep) = (int("classes"), int("classes") * int("clusters"), settings.float("sep"));
        if informative + redundant > features {
            return Err(format!(
                "hypercube: informative {informative} + redundant {redundant} features exceed d = {features}; accepted: a sum up to d"
            ));
        }
        let corners = 1usize << informative;
        if clusters > corners {
            return Err(format!(
                "hypercube: {classes} classes of {} clusters need {clusters} corners, but informative = {informative} gives \
                 {corners}; accepted: classes × clusters up to 2^informative",
                int("clusters")
            ));
        }
        let mut rng = seed.derive("problem", 0).rng();
        let mut chosen: Vec<u64> = Vec::with_capacity(clusters);
        while chosen.len() < clusters {
            let corner = below(&mut rng, corners as u64);
            if !chosen.contains(&corner) {
                chosen.push(corner);
            }
        }
        let vertex = |corner: &u64| DVector::from_fn(informative, |i, _| if corner >> i & 1 == 1 { sep } else { -sep });
        let vertices = chosen.iter().map(vertex).collect();
        let mut matrix = |rows, columns| DMatrix::from_fn(rows, columns, |_, _| 2.0 * uniform(&mut rng) - 1.0);
        let transforms = (0..clusters).map(|_| matrix(informative, informative)).collect();
        let mixture = matrix(redundant, informative);
        let shift = (matrix(features, 1) * sep).iter().copied().collect();
        let scale = (0..features).map(|_| 1.0 + 100.0 * uniform(&mut rng)).collect();
        let mut columns: Vec<usize> = (0..features).collect();
        shuffle(&mut rng, &mut columns);
        Ok(Problem {
            features,
            informative,
            redundant,
            classes,
            flip: settings.float("flip"),
            imbalance: settings.float("imbalance"),
            copies: int("copies"),
            vertices,
            transforms,
            mixture,
            shift,
            scale,
            columns,
        })
    }

    /// The cluster of each of so many rows: as many in each as in any other of its class, give or take one.
    fn clusters(&self, rows: usize) -> Vec<usize> {
        let weight = |class: usize| libm::pow(self.imbalance, -(class as f64) / (self.classes - 1) as f64);
        let total: f64 = (0..self.classes).map(weight).sum();
        let mut dealt = vec![0usize; self.classes];
        let mut next = |row: usize| {
            // The class that is furthest behind its share, the first of equals.
            let behind = |class: usize| weight(class) / total * (row + 1) as f64 - dealt[class] as f64;
            let class = (1..self.classes).fold(0, |best, k| if behind(k) > behind(best) { k } else { best });
            dealt[class] += 1;
            // Clusters go round the classes.
            (dealt[class] - 1) * self.classes % self.vertices.len() + class
        };
        if self.imbalance == 1.0 {
            return (0..rows).map(|row| row % self.vertices.len()).collect();
        }
        (0..rows).map(&mut next).collect()
    }

    /// `rows` new rows.
    fn draw(&self, rows: usize, seed: Seed) -> Result<Table, String> {
        let mut rng = seed.rng();
        let informative = self.informative;
        let clusters = self.clusters(rows);
        let mut groups = vec![0; rows];
        let mut original = vec![0.0; self.features];
        let mut order: Vec<usize> = (0..rows).collect();
        shuffle(&mut rng, &mut order);
        let mut x = vec![0.0; rows * self.features];
        let mut y = vec![0; rows];
        let mut values = vec![0.0; self.features];
        for (i, &row) in order.iter().enumerate() {
            // A copy is its original with a little noise; both are of one group.
            let group = i / self.copies;
            let cluster = clusters[group * self.copies];
            groups[row] = group as u32;
            y[row] = (cluster % self.classes) as u32;
            let z = DVector::from_fn(informative, |_, _| normal(&mut rng));
            let told = &self.transforms[cluster] * z + &self.vertices[cluster];
            values[..informative].copy_from_slice(told.as_slice());
            values[informative..informative + self.redundant].copy_from_slice((&self.mixture * told).as_slice());
            for value in &mut values[informative + self.redundant..] {
                *value = normal(&mut rng);
            }
            if i % self.copies == 0 {
                original.copy_from_slice(&values);
            } else {
                values.iter_mut().zip(&original).for_each(|(v, o)| *v = o + 0.1 * *v);
            }
            if uniform(&mut rng) < self.flip {
                y[row] = below(&mut rng, self.classes as u64) as u32;
            }
            let columns = self
                .columns
                .iter()
                .map(|&f| (values[f] + self.shift[f]) * self.scale[f]);
            x[row * self.features..(row + 1) * self.features]
                .iter_mut()
                .zip(columns)
                .for_each(|(slot, value)| *slot = value);
        }
        let table = Table::new(x, y, self.features, self.classes)?;
        if self.copies > 1 {
            table.grouped(groups)
        } else {
            Ok(table)
        }
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

fn build(settings: &Settings, fresh: Seed) -> Result<Dataset, String> {
    let seed = Seed(settings.int("seed").unsigned_abs());
    let problem = Problem::new(settings, seed)?;
    let rows = problem.draw(usize::try_from(settings.int("n")).unwrap_or(0), seed.derive("rows", 0))?;
    let name = |f: &usize| match *f {
        f if f < problem.informative => format!("informative {}", f + 1),
        f if f < problem.informative + problem.redundant => format!("redundant {}", f - problem.informative + 1),
        f => format!("noise {}", f - problem.informative - problem.redundant + 1),
    };
    Ok(Dataset {
        id: ENTRY.id,
        rows: Arc::new(rows),
        feature_names: problem.columns.iter().map(name).collect(),
        class_names: (0..problem.classes).map(|k| format!("class {k}")).collect(),
        // Derived from both seeds, so that it never is the stream of the rows themselves.
        fresh: Some(Arc::new(Again {
            seed: seed.derive("fresh", fresh.0),
            problem,
        })),
    })
}
