//! Boosting, iteration by iteration, from where an earlier fit has stopped.
//!
//! Iteration `i` depends on the rows, the seed and all settings but the number of iterations. So the fits that differ in it only are one run,
//! and whether it is remembered or done anew gives the same bits.

use super::bins::Bins;
use super::grow::{Grower, Limits, Node, score_of_row};
use super::learned::Learned;
use super::loss::Loss;
use super::{Boosting, Early};
use crate::context::Context;
use crate::dataset::{Key, Table};
use crate::model::{Checkpoint, Fitted, Model, STOPPED};
use crate::seed::{Seed, below, shuffle};
use std::sync::Arc;

/// One tree for every score.
pub(super) type Iteration = Vec<Vec<Node>>;

/// A run so far.
#[derive(Clone)]
struct Run {
    iterations: Vec<Arc<Iteration>>,
    /// Additions up to the end of every iteration.
    costs: Vec<u64>,
    /// Of the training rows and of those held out, score by score.
    scores: Vec<f64>,
    held_out: Vec<f64>,
    /// Loss of the rows held out, before the first iteration and after each.
    losses: Vec<f64>,
    /// Whether it stopped early.
    over: bool,
}

/// What does not change from iteration to iteration.
struct Rows {
    train: Arc<Bins>,
    y: Vec<u32>,
    held_out: Option<(Bins, Vec<u32>)>,
    weights: Vec<f64>,
    loss: Loss,
}

/// A run, and how many iterations of it a fit has taken: what it can go on from.
struct Stand {
    run: Arc<Run>,
    done: usize,
}

impl Model for Boosting {
    /// `fidelity` is the share of the iterations.
    fn fit(&self, train: &Table, fidelity: f64, seed: Seed, context: &Context) -> Result<Box<dyn Fitted>, String> {
        self.boost(None, train, fidelity, seed, context)
    }

    fn resume(
        &self,
        from: &Checkpoint,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        self.boost(from.state(), train, fidelity, seed, context)
    }

    /// What a tree is grown by, and how much it counts.
    fn changeable(&self) -> Vec<String> {
        let names = [
            "learning_rate",
            "max_leaf_nodes",
            "max_depth",
            "min_samples_leaf",
            "l2_regularization",
            "max_features",
            "subsample",
        ];
        names.map(String::from).into()
    }

    fn stages(&self) -> Option<(&'static str, u32)> {
        Some(("iteration", self.iterations))
    }
}

impl Boosting {
    fn boost(
        &self,
        from: Option<&Stand>,
        train: &Table,
        fidelity: f64,
        seed: Seed,
        context: &Context,
    ) -> Result<Box<dyn Fitted>, String> {
        if train.rows() == 0 {
            return Err("boosting: there are no rows to train on".into());
        }
        let counts = train.class_counts();
        let present: Vec<usize> = (0..counts.len()).filter(|&class| counts[class] > 0).collect();
        let wanted = libm::ceil(fidelity * f64::from(self.iterations) - 1e-9).max(1.0) as usize;
        let weight = |class: usize| match self.balanced {
            true => train.rows() as f64 / (present.len() * counts[class]) as f64,
            false => 1.0,
        };
        let weights: Vec<f64> = present.iter().map(|&class| weight(class)).collect();
        let share = |&class: &usize| counts[class] as f64 * weight(class) / train.rows() as f64;
        let shares: Vec<f64> = present.iter().map(share).collect();
        let loss = Loss { classes: present.len() };
        // The only class there is needs no trees.
        let (baseline, wanted) = match present.len() {
            1 => (vec![0.0], 0),
            _ => (loss.baseline(&shares), wanted),
        };
        let rows = || self.rows(train, &present, weights.clone(), loss, seed);
        let run = match from {
            // The settings may have changed on the way: such a run is nobody else's.
            Some(stand) => {
                let rows = rows();
                let begun = stand.run.until(stand.done, &rows, &baseline);
                Arc::new(self.go_on(begun, &rows, wanted, seed, context)?)
            }
            None => {
                let key = self.key(seed);
                match train.recall::<Run>(&key) {
                    Some(run) if run.over || run.iterations.len() >= wanted => run,
                    known => {
                        let rows = rows();
                        let begun = known.map_or_else(|| Run::new(&rows, &baseline), |run| Run::clone(&run));
                        let run = Arc::new(self.go_on(begun, &rows, wanted, seed, context)?);
                        train.remember(key, Arc::clone(&run), run.bytes());
                        run
                    }
                }
            }
        };
        let done = wanted.min(run.iterations.len());
        let bytes = run.bytes();
        Ok(Box::new(Learned {
            loss,
            present,
            baseline,
            iterations: run.iterations[..done].to_vec(),
            cost: done.checked_sub(1).map_or(1, |last| run.costs[last]) as f64,
            checkpoint: Checkpoint::new(Arc::new(Stand { run, done }), bytes),
        }))
    }

    /// Everything that a run depends on, beside its rows.
    fn key(&self, seed: Seed) -> Key {
        let pair = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
        // Numbers of which the rest of a key has no room are mixed into it as a seed is derived.
        let numbers = [self.features, self.validation, self.tolerance];
        let rest = numbers
            .iter()
            .fold(seed, |seed, number| seed.derive("setting", number.to_bits()));
        let flags = self.bins << 3 | u32::from(self.balanced) << 2 | self.early as u32;
        (
            "boosting",
            [
                rest.0,
                self.rate.to_bits(),
                self.l2.to_bits(),
                self.subsample.to_bits(),
                pair(self.leaves, self.depth),
                pair(self.leaf, flags),
                u64::from(self.patience),
                seed.0,
            ],
        )
    }

    fn rows(&self, train: &Table, present: &[usize], weights: Vec<f64>, loss: Loss, seed: Seed) -> Rows {
        let place = |class: &u32| present.partition_point(|other| *other < *class as usize) as u32;
        let early = match self.early {
            Early::Yes => true,
            Early::No => false,
            Early::Auto => train.rows() > 10_000,
        };
        let bins = |table: &Table| Bins::of(table.x(), table.features(), self.bins as usize);
        let y = |table: &Table| -> Vec<u32> { table.y().iter().map(place).collect() };
        if early {
            let held: Vec<bool> = self.hold_out(train, seed);
            let part = |out: bool| {
                let rows: Vec<usize> = (0..train.rows()).filter(|&row| held[row] == out).collect();
                train.select(&rows)
            };
            let (own, other) = (part(false), part(true));
            let train_bins = bins(&own);
            let held_out = (other.rows() > 0).then(|| (train_bins.like(other.x()), y(&other)));
            return Rows {
                train: Arc::new(train_bins),
                y: y(&own),
                held_out,
                weights,
                loss,
            };
        }
        let key: Key = ("bins", [u64::from(self.bins), 0, 0, 0, 0, 0, 0, 0]);
        let bins = train.recall(&key).unwrap_or_else(|| {
            let made = Arc::new(bins(train));
            train.remember(key, Arc::clone(&made), made.bytes());
            made
        });
        Rows {
            train: bins,
            y: y(train),
            held_out: None,
            weights,
            loss,
        }
    }

    /// Which rows are held out: a share of every class, of which at least one row stays.
    fn hold_out(&self, train: &Table, seed: Seed) -> Vec<bool> {
        let mut held = vec![false; train.rows()];
        for class in 0..train.classes() {
            let mut members: Vec<usize> = (0..train.rows())
                .filter(|&row| train.y()[row] as usize == class)
                .collect();
            shuffle(&mut seed.derive("held out", class as u64).rng(), &mut members);
            let count = libm::round(self.validation * members.len() as f64) as usize;
            let count = count.min(members.len().saturating_sub(1));
            members[..count].iter().for_each(|&row| held[row] = true);
        }
        held
    }

    fn go_on(&self, mut run: Run, rows: &Rows, wanted: usize, seed: Seed, context: &Context) -> Result<Run, String> {
        let n = rows.train.rows();
        let features = rows.train.features();
        let limits = Limits {
            leaves: self.leaves,
            depth: self.depth,
            leaf: self.leaf,
            l2: self.l2,
            rate: self.rate,
            features: ((self.features * features as f64) as usize).clamp(1, features),
        };
        let mut grower = Grower::new(&rows.train, limits);
        grower.cost = run.costs.last().copied().unwrap_or(0);
        let mut slopes = Vec::new();
        let mut order: Vec<u32> = Vec::with_capacity(n);
        while run.iterations.len() < wanted && !run.over {
            if context.stopped() {
                return Err(STOPPED.into());
            }
            let seed = seed.derive("iteration", run.iterations.len() as u64);
            rows.loss.slopes(&run.scores, &rows.y, &rows.weights, &mut slopes);
            let mut iteration = Vec::with_capacity(rows.loss.scores());
            for (i, scores) in run.scores.chunks_exact_mut(n).enumerate() {
                let seed = seed.derive("tree", i as u64);
                let taken = sample(n, self.subsample, seed, &mut order);
                let slopes = &slopes[i * n..][..n];
                let nodes = grower.grow(slopes, &mut order[..taken], seed, |value, rows| {
                    rows.iter().for_each(|&row| scores[row as usize] += value);
                });
                for &row in &order[taken..] {
                    scores[row as usize] += score_of_row(&nodes, &rows.train, row as usize);
                }
                iteration.push(nodes);
            }
            if run.scores.iter().any(|score| !score.is_finite()) {
                return Err(format!(
                    "boosting: the scores are beyond all numbers after {} iterations; accepted: a smaller learning_rate",
                    run.iterations.len() + 1
                ));
            }
            if let Some((bins, y)) = &rows.held_out {
                add(&iteration, bins, &mut run.held_out);
                run.losses.push(rows.loss.mean(&run.held_out, y, &rows.weights));
                run.over = self.is_over(&run.losses);
            }
            run.iterations.push(Arc::new(iteration));
            run.costs.push(grower.cost.max(1));
        }
        Ok(run)
    }

    /// Whether none of the last losses is better than the one before them.
    fn is_over(&self, losses: &[f64]) -> bool {
        let Some(before) = losses.len().checked_sub(self.patience as usize + 1) else {
            return false;
        };
        losses[before + 1..]
            .iter()
            .all(|loss| *loss >= losses[before] - self.tolerance)
    }
}

impl Run {
    fn new(rows: &Rows, baseline: &[f64]) -> Run {
        let scores = |n: usize| -> Vec<f64> {
            baseline
                .iter()
                .flat_map(|score| std::iter::repeat_n(*score, n))
                .collect()
        };
        let held_out = rows.held_out.as_ref().map_or_else(Vec::new, |(_, y)| scores(y.len()));
        let losses = rows
            .held_out
            .iter()
            .map(|(_, y)| rows.loss.mean(&held_out, y, &rows.weights));
        Run {
            iterations: Vec::new(),
            costs: Vec::new(),
            scores: scores(rows.train.rows()),
            losses: losses.collect(),
            held_out,
            over: false,
        }
    }

    /// The run as it stood after so many iterations.
    fn until(&self, done: usize, rows: &Rows, baseline: &[f64]) -> Run {
        if done == self.iterations.len() {
            return self.clone();
        }
        let mut run = Run::new(rows, baseline);
        run.iterations = self.iterations[..done].to_vec();
        run.costs = self.costs[..done].to_vec();
        run.losses = self.losses[..self.losses.len().min(done + 1)].to_vec();
        for iteration in &run.iterations {
            add(iteration, &rows.train, &mut run.scores);
            if let Some((bins, _)) = &rows.held_out {
                add(iteration, bins, &mut run.held_out);
            }
        }
        run
    }

    fn bytes(&self) -> usize {
        let nodes = self
            .iterations
            .iter()
            .flat_map(|iteration| iteration.iter().map(Vec::len))
            .sum::<usize>();
        nodes * size_of::<Node>() + self.iterations.len() * 64 + (self.scores.len() + self.held_out.len()) * 8
    }
}

/// Adds what every tree of an iteration gives to all rows of `bins`.
fn add(iteration: &Iteration, bins: &Bins, scores: &mut [f64]) {
    for (nodes, scores) in iteration.iter().zip(scores.chunks_exact_mut(bins.rows().max(1))) {
        let each = scores.iter_mut().enumerate();
        each.for_each(|(row, sum)| *sum += score_of_row(nodes, bins, row));
    }
}

/// Puts the rows in an order of which the first so many are to be taken: a share of them by chance.
fn sample(rows: usize, share: f64, seed: Seed, order: &mut Vec<u32>) -> usize {
    order.clear();
    order.extend(0..rows as u32);
    let taken = ((share * rows as f64) as usize).clamp(1, rows);
    if taken < rows {
        let mut rng = seed.derive("subsample", 0).fast_rng();
        for i in 0..taken {
            order.swap(i, i + below(&mut rng, (rows - i) as u64) as usize);
        }
    }
    taken
}
