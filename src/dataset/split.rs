//! Which rows are held out.

use super::Table;
use crate::order;
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
    pub(super) fn new(held_out: &[bool], replicate: u64) -> Fold {
        let rows = |held: bool| (0..held_out.len()).filter(|&i| held_out[i] == held).collect();
        Fold {
            train: rows(false),
            validate: rows(true),
            replicate,
        }
    }
}

/// A share of rows that no trial sees: `0.2`, `0.2~stratified`, `0.2~grouped`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Share of the rows that is held out, in (0, 1); the number of rows is rounded up.
    pub test: f64,
    /// Whether every class gives its share.
    pub stratified: bool,
    /// Whether every group of rows stays together; the share is then met as nearly as whole groups allow.
    pub grouped: bool,
}

impl Split {
    const ACCEPTED: &str = "a share of test rows between 0 and 1 such as 0.2, with optional ~stratified or ~grouped";

    /// Reads `0.2`, `0.2~stratified` or `0.2~grouped`.
    ///
    /// # Errors
    /// Naming the text and what is accepted.
    pub fn parse(text: &str) -> Result<Split, String> {
        let (share, stratified, grouped) = match text.split_once('~') {
            Some((share, "stratified")) => (share, true, false),
            Some((share, "grouped")) => (share, false, true),
            None => (text, false, false),
            Some(_) => ("", false, false),
        };
        let share = crate::number::read(share).filter(|s| *s > 0.0 && *s < 1.0);
        share
            .map(|test| Split {
                test,
                stratified,
                grouped,
            })
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
                "{held} of {n} rows held out leave none to train on; accepted: a smaller share"
            ));
        }
        let mut held_out = vec![false; n];
        let mut rng = seed.rng();
        if self.grouped {
            let groups = groups(rows)?;
            let mut order: Vec<usize> = (0..groups.len()).collect();
            shuffle(&mut rng, &mut order);
            let mut left = held;
            for members in order.into_iter().map(|g| &groups[g]) {
                // A group is held out if at least half of it is still wanted.
                if members.len() <= 2 * left {
                    members.iter().for_each(|&row| held_out[row] = true);
                    left = left.saturating_sub(members.len());
                }
            }
            return match held_out.iter().filter(|&&held| held).count() {
                0 => Err("every group is too large to be held out; accepted: a larger share".into()),
                count if count == n => Err("all rows are one group, which leaves none to train on".into()),
                _ => Ok(Fold::new(&held_out, 0)),
            };
        }
        if !self.stratified {
            let mut order: Vec<usize> = (0..n).collect();
            shuffle(&mut rng, &mut order);
            order[..held].iter().for_each(|&row| held_out[row] = true);
            return Ok(Fold::new(&held_out, 0));
        }
        let counts = rows.class_counts();
        if let Some(k) = counts.iter().position(|&c| c == 1) {
            return Err(format!(
                "class {} has 1 row; a stratified split needs 2 of every class",
                name(class_names, k)
            ));
        }
        let classes = counts.iter().filter(|&&c| c > 0).count();
        if held < classes || n - held < classes {
            return Err(format!(
                "{held} test rows and {} others cannot both hold {classes} classes; accepted: a share that leaves \
                 both at least {classes} rows",
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
        order::sort_by(&mut order, |&a, &b| {
            (exact[b] - libm::floor(exact[b])).total_cmp(&(exact[a] - libm::floor(exact[a])))
        });
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
        let kind = match (self.stratified, self.grouped) {
            (true, _) => "~stratified",
            (_, true) => "~grouped",
            _ => "",
        };
        write!(f, "{}{kind}", self.test)
    }
}

/// The rows of each group, groups in the order of their first rows.
///
/// # Errors
/// If the data have no groups.
pub(super) fn groups(rows: &Table) -> Result<Vec<Vec<usize>>, String> {
    let of_row = rows
        .groups()
        .ok_or("the data have no groups; a table of one's own can have a column of them")?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for (row, group) in of_row.iter().enumerate() {
        let place = *places.entry(group).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(row);
    }
    Ok(groups)
}

pub(super) fn members(rows: &Table, class: usize) -> Vec<usize> {
    (0..rows.rows())
        .filter(|&row| rows.y()[row] as usize == class)
        .collect()
}

pub(super) fn name(class_names: &[String], class: usize) -> String {
    class_names
        .get(class)
        .map_or_else(|| class.to_string(), |n| format!("\"{n}\""))
}
