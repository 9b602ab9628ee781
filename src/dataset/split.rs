//! Which rows are held out, and the folds of the rest.

use super::Table;
use crate::seed::{Seed, shuffle};
use std::fmt;

/// Rows to train on and rows to score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Rows to train on, ascending.
    pub train: Vec<usize>,
    /// Rows to score, ascending.
    pub validate: Vec<usize>,
    /// Which repetition of the folds this belongs to, from 0.
    pub replicate: u64,
}

impl Fold {
    fn new(held_out: &[bool], replicate: u64) -> Fold {
        let rows = |held: bool| (0..held_out.len()).filter(|&i| held_out[i] == held).collect();
        Fold {
            train: rows(false),
            validate: rows(true),
            replicate,
        }
    }
}

/// A share of rows that no trial sees: `0.2`, `0.2~stratified`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Share of the rows that is held out, in (0, 1); the number of rows is rounded up.
    pub test: f64,
    /// Whether every class gives its share.
    pub stratified: bool,
}

impl Split {
    const ACCEPTED: &str = "a share of test rows between 0 and 1 such as 0.2, with optional ~stratified";

    /// Reads `0.2` or `0.2~stratified`.
    ///
    /// # Errors
    /// Naming the text and what is accepted.
    pub fn parse(text: &str) -> Result<Split, String> {
        let (share, stratified) = match text.split_once('~') {
            Some((share, "stratified")) => (share, true),
            None => (text, false),
            Some(_) => ("", false),
        };
        let share = share.parse::<f64>().ok().filter(|s| *s > 0.0 && *s < 1.0);
        share
            .map(|test| Split { test, stratified })
            .ok_or_else(|| format!("\"{text}\" is no split; accepted: {}", Split::ACCEPTED))
    }

    /// Draws the split: `train` are the rows for trials, `validate` the held-out ones.
    ///
    /// # Errors
    /// If either part would be empty, or, stratified, a class is too small to be in both.
    pub fn draw(&self, rows: &Table, class_names: &[String], seed: Seed) -> Result<Fold, String> {
        let n = rows.rows();
        let held = libm::ceil(self.test * n as f64) as usize;
        if held == 0 || held >= n {
            return Err(format!(
                "split {self}: {held} of {n} rows held out leave none to train on"
            ));
        }
        let mut held_out = vec![false; n];
        let mut rng = seed.rng();
        if !self.stratified {
            let mut order: Vec<usize> = (0..n).collect();
            shuffle(&mut rng, &mut order);
            order[..held].iter().for_each(|&row| held_out[row] = true);
            return Ok(Fold::new(&held_out, 0));
        }
        let counts = rows.class_counts();
        if let Some(k) = counts.iter().position(|&c| c == 1) {
            return Err(format!(
                "split {self}: class {} has 1 row; a stratified split needs 2 of every class",
                name(class_names, k)
            ));
        }
        let classes = counts.iter().filter(|&&c| c > 0).count();
        if held < classes || n - held < classes {
            return Err(format!(
                "split {self}: {held} test rows and {} others cannot both hold {classes} classes",
                n - held
            ));
        }
        // As many of each class to train on as its share says, the largest remainders rounded up, ties at random; the rest is held out.
        let exact: Vec<f64> = counts
            .iter()
            .map(|&c| c as f64 / n as f64 * (n - held) as f64)
            .collect();
        let mut quota: Vec<usize> = exact.iter().map(|e| libm::floor(*e) as usize).collect();
        let mut order: Vec<usize> = (0..counts.len()).collect();
        shuffle(&mut rng, &mut order);
        order.sort_by(|&a, &b| (exact[b] - libm::floor(exact[b])).total_cmp(&(exact[a] - libm::floor(exact[a]))));
        let missing = n - held - quota.iter().sum::<usize>();
        order.iter().take(missing).for_each(|&k| quota[k] += 1);
        for (k, &quota) in quota.iter().enumerate() {
            let mut members = members(rows, k);
            shuffle(&mut rng, &mut members);
            members[quota..].iter().for_each(|&row| held_out[row] = true);
        }
        Ok(Fold::new(&held_out, 0))
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.test, if self.stratified { "~stratified" } else { "" })
    }
}

/// How a configuration is scored on the training rows: `5` stratified folds, `5x3` repeated, `5~plain`, `hold:0.2`, `loo`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cv {
    /// K folds, a few times over.
    Folds {
        /// Number of folds, at least 2.
        folds: usize,
        /// Number of times, each with other folds.
        repeats: usize,
        /// Whether every fold has its share of every class.
        stratified: bool,
    },
    /// One fold of a share of the rows.
    Hold(Split),
    /// As many folds as rows.
    LeaveOneOut,
}

impl Cv {
    const ACCEPTED: &str = "stratified folds such as 5 (2 to 1000), repeated such as 5x3 (up to 100 times), either with ~plain for folds \
                            without regard to classes, hold:0.2 (with optional ~plain), or loo";

    /// Reads the notation.
    ///
    /// # Errors
    /// Naming the text and what is accepted.
    pub fn parse(text: &str) -> Result<Cv, String> {
        Cv::read(text).ok_or_else(|| format!("\"{text}\" is no cross-validation; accepted: {}", Cv::ACCEPTED))
    }

    fn read(text: &str) -> Option<Cv> {
        if text == "loo" {
            return Some(Cv::LeaveOneOut);
        }
        let (body, stratified) = match text.split_once('~') {
            None => (text, true),
            Some((body, "plain")) => (body, false),
            Some(_) => return None,
        };
        if let Some(share) = body.strip_prefix("hold:") {
            let split = Split::parse(share).ok().filter(|s| !s.stratified)?;
            return Some(Cv::Hold(Split { stratified, ..split }));
        }
        let (folds, repeats) = body.split_once('x').unwrap_or((body, "1"));
        let (folds, repeats) = (folds.parse().ok()?, repeats.parse().ok()?);
        ((2..=1000).contains(&folds) && (1..=100).contains(&repeats)).then_some(Cv::Folds {
            folds,
            repeats,
            stratified,
        })
    }

    /// Draws the folds, those of the first repetition first.
    ///
    /// # Errors
    /// If there are fewer rows, or, stratified, fewer rows of a class, than folds.
    pub fn draw(&self, rows: &Table, class_names: &[String], seed: Seed) -> Result<Vec<Fold>, String> {
        let n = rows.rows();
        match *self {
            Cv::Hold(split) => Ok(vec![split.draw(rows, class_names, seed)?]),
            Cv::LeaveOneOut if n < 2 => Err(format!("cv {self}: needs at least 2 rows, not {n}")),
            Cv::LeaveOneOut => Ok((0..n)
                .map(|row| Fold::new(&(0..n).map(|i| i == row).collect::<Vec<_>>(), 0))
                .collect()),
            Cv::Folds {
                folds,
                repeats,
                stratified,
            } => {
                if n < folds {
                    return Err(format!("cv {self}: {n} rows are fewer than {folds} folds"));
                }
                let counts = rows.class_counts();
                if let Some(k) = counts.iter().position(|&c| stratified && c > 0 && c < folds) {
                    return Err(format!(
                        "cv {self}: class {} has {} rows among the {n} to train on, fewer than {folds} folds; accepted: at most {} \
                         folds, or {folds}~plain",
                        name(class_names, k),
                        counts[k],
                        counts[k].max(1)
                    ));
                }
                let mut all = Vec::with_capacity(folds * repeats);
                for replicate in 0..repeats as u64 {
                    let of_row = assign(rows, folds, stratified, seed.derive("replicate", replicate));
                    for fold in 0..folds {
                        let held: Vec<bool> = of_row.iter().map(|&f| f == fold).collect();
                        all.push(Fold::new(&held, replicate));
                    }
                }
                Ok(all)
            }
        }
    }
}

/// Every row's fold.
fn assign(rows: &Table, folds: usize, stratified: bool, seed: Seed) -> Vec<usize> {
    let n = rows.rows();
    let mut rng = seed.rng();
    let mut of_row = vec![0; n];
    if !stratified {
        let mut order: Vec<usize> = (0..n).collect();
        shuffle(&mut rng, &mut order);
        // Sizes differ by at most one, the first folds being the larger.
        order.iter().enumerate().for_each(|(i, &row)| of_row[row] = i % folds);
        return of_row;
    }
    // Deal the rows, sorted by class, to the folds in turn: every fold's share of every class is within one row of any other's, and so is
    // its size. Then, which rows of a class go where is shuffled.
    let mut dealt = 0;
    for class in 0..rows.classes() {
        let members = members(rows, class);
        let mut deal: Vec<usize> = (0..members.len()).map(|i| (dealt + i) % folds).collect();
        dealt += members.len();
        shuffle(&mut rng, &mut deal);
        members.iter().zip(deal).for_each(|(&row, fold)| of_row[row] = fold);
    }
    of_row
}

fn members(rows: &Table, class: usize) -> Vec<usize> {
    (0..rows.rows())
        .filter(|&row| rows.y()[row] as usize == class)
        .collect()
}

fn name(class_names: &[String], class: usize) -> String {
    class_names
        .get(class)
        .map_or_else(|| class.to_string(), |n| format!("\"{n}\""))
}

impl fmt::Display for Cv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cv::LeaveOneOut => f.write_str("loo"),
            Cv::Hold(split) => write!(f, "hold:{}{}", split.test, if split.stratified { "" } else { "~plain" }),
            Cv::Folds {
                folds,
                repeats,
                stratified,
            } => {
                write!(f, "{folds}")?;
                if *repeats > 1 {
                    write!(f, "x{repeats}")?;
                }
                f.write_str(if *stratified { "" } else { "~plain" })
            }
        }
    }
}
