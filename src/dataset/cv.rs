//! The folds that a configuration is scored on.

use super::Table;
use super::split::{Fold, Split, groups, members, name};
use crate::order;
use crate::seed::{Seed, shuffle};
use std::fmt;

/// How a configuration is scored on the training rows: `5` stratified folds, `5x3` repeated, `5~plain`, `5~grouped`, `hold:0.2`, `loo`.
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
    /// K folds that keep every group of rows together, a few times over.
    Grouped {
        /// Number of folds, at least 2.
        folds: usize,
        /// Number of times, each with other folds.
        repeats: usize,
    },
    /// One fold of a share of the rows.
    Hold(Split),
    /// As many folds as rows.
    LeaveOneOut,
}

impl Cv {
    const ACCEPTED: &str = "stratified folds such as 5 (2 to 1000), repeated such as 5x3 (up to 100 times), either with ~plain for folds \
                            without regard to classes or ~grouped for folds of whole groups, hold:0.2 (with optional ~plain or ~grouped), \
                            or loo";

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
        let (body, stratified, grouped) = match text.split_once('~') {
            None => (text, true, false),
            Some((body, "plain")) => (body, false, false),
            Some((body, "grouped")) => (body, false, true),
            Some(_) => return None,
        };
        if let Some(share) = body.strip_prefix("hold:") {
            let split = Split::parse(share).ok().filter(|s| !s.stratified && !s.grouped)?;
            return Some(Cv::Hold(Split {
                stratified,
                grouped,
                ..split
            }));
        }
        let (folds, repeats) = body.split_once('x').unwrap_or((body, "1"));
        let (folds, repeats) = (folds.parse().ok()?, repeats.parse().ok()?);
        let all = if grouped {
            Cv::Grouped { folds, repeats }
        } else {
            Cv::Folds {
                folds,
                repeats,
                stratified,
            }
        };
        ((2..=1000).contains(&folds) && (1..=100).contains(&repeats)).then_some(all)
    }

    /// Draws the folds, those of the first repetition first.
    ///
    /// # Errors
    /// If there are fewer rows, or, stratified, fewer rows of a class, than folds.
    pub fn draw(&self, rows: &Table, class_names: &[String], seed: Seed) -> Result<Vec<Fold>, String> {
        let n = rows.rows();
        match *self {
            Cv::Hold(split) => Ok(vec![split.draw(rows, class_names, seed)?]),
            Cv::LeaveOneOut if n < 2 => Err(format!("{self} needs at least 2 rows, not {n}")),
            Cv::LeaveOneOut => Ok((0..n)
                .map(|row| Fold::new(&(0..n).map(|i| i == row).collect::<Vec<_>>(), 0))
                .collect()),
            Cv::Grouped { folds, repeats } => {
                let groups = groups(rows)?;
                if groups.len() < folds {
                    return Err(format!(
                        "{} groups are fewer than {folds} folds; accepted: {}",
                        groups.len(),
                        at_most(groups.len()).unwrap_or("a column of at least 2 groups".into())
                    ));
                }
                let of_row = |replicate| deal_groups(&groups, n, folds, seed.derive("replicate", replicate));
                Ok(all_folds(folds, repeats, of_row))
            }
            Cv::Folds {
                folds,
                repeats,
                stratified,
            } => {
                if n < folds {
                    return Err(format!(
                        "{n} rows are fewer than {folds} folds; accepted: {}",
                        at_most(n).unwrap_or("at least 2 rows to train on".into())
                    ));
                }
                let counts = rows.class_counts();
                if let Some(k) = counts.iter().position(|&c| stratified && c > 0 && c < folds) {
                    return Err(format!(
                        "class {} has {} rows among the {n} to train on, fewer than {folds} folds; accepted: {}{folds}~plain",
                        name(class_names, k),
                        counts[k],
                        at_most(counts[k]).map_or(String::new(), |most| format!("{most}, or "))
                    ));
                }
                let of_row = |replicate| assign(rows, folds, stratified, seed.derive("replicate", replicate));
                Ok(all_folds(folds, repeats, of_row))
            }
        }
    }
}

/// How many folds are accepted of so many; none, if there are not even two.
fn at_most(most: usize) -> Option<String> {
    (most >= 2).then(|| format!("at most {most} folds"))
}

/// The folds of every repetition, of which `of_row` says every row's fold.
fn all_folds(folds: usize, repeats: usize, of_row: impl Fn(u64) -> Vec<usize>) -> Vec<Fold> {
    let mut all = Vec::with_capacity(folds * repeats);
    for replicate in 0..repeats as u64 {
        let of_row = of_row(replicate);
        for fold in 0..folds {
            let held: Vec<bool> = of_row.iter().map(|&f| f == fold).collect();
            all.push(Fold::new(&held, replicate));
        }
    }
    all
}

/// Every row's fold: the largest groups first, each to the fold that has the fewest rows yet; equals in random order.
fn deal_groups(groups: &[Vec<usize>], rows: usize, folds: usize, seed: Seed) -> Vec<usize> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    shuffle(&mut seed.rng(), &mut order);
    order::sort_by(&mut order, |&a, &b| groups[b].len().cmp(&groups[a].len()));
    let (mut of_row, mut sizes) = (vec![0; rows], vec![0; folds]);
    for group in order {
        let least = (1..folds).fold(0, |least, f| if sizes[f] < sizes[least] { f } else { least });
        sizes[least] += groups[group].len();
        groups[group].iter().for_each(|&row| of_row[row] = least);
    }
    of_row
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

impl fmt::Display for Cv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cv::LeaveOneOut => f.write_str("loo"),
            Cv::Hold(split) => {
                let kind = match (split.stratified, split.grouped) {
                    (true, _) => "",
                    (_, true) => "~grouped",
                    _ => "~plain",
                };
                write!(f, "hold:{}{kind}", split.test)
            }
            Cv::Grouped { folds, repeats: 1 } => write!(f, "{folds}~grouped"),
            Cv::Grouped { folds, repeats } => write!(f, "{folds}x{repeats}~grouped"),
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
