//! What a person should know of the columns and rows that were kept.

use super::columns::{Read, Values};
use crate::order;

impl Read {
    /// Notes what cannot be learned from, or counts twice: columns of one value, rows that repeat others.
    pub(super) fn remark(&mut self, kept: &[Values], names: &[String]) {
        let is_constant = |values: &&Values| values.values.iter().all(|v| v.to_bits() == values.values[0].to_bits());
        let constant: Vec<&str> = kept
            .iter()
            .zip(names)
            .filter(|(values, _)| is_constant(values))
            .map(|(_, name)| name.as_str())
            .collect();
        let few: Vec<String> = constant.iter().take(8).map(|name| format!("\"{name}\"")).collect();
        let few = few.join(", ");
        match constant.len() {
            0 => {}
            n if n == kept.len() => self
                .notes
                .push(format!("no column tells rows apart, each has one value only: {few}")),
            1 => self.notes.push(format!("column {few} has one value only")),
            n => self.notes.push(format!("{n} columns have one value only: {few}")),
        }
        let value = |row: usize| kept.iter().map(move |values| values.values[row] + 0.0);
        let compare = |a: &usize, b: &usize| {
            let pairs = value(*a).zip(value(*b)).map(|(a, b)| a.total_cmp(&b));
            let first = pairs.into_iter().find(|order| order.is_ne());
            first.unwrap_or_else(|| self.y[*a].cmp(&self.y[*b]))
        };
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order::sort_by(&mut order, compare);
        let repeats = order
            .windows(2)
            .filter(|pair| compare(&pair[0], &pair[1]).is_eq())
            .count();
        if repeats > 0 {
            self.notes.push(format!(
                "{repeats} rows repeat others, class and all: a fold may be scored on rows that it has learned"
            ));
        }
    }
}
