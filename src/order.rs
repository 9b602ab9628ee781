//! Sorting where it costs no time: stably, by one function for all kinds of items and orders. The standard library's sorts are faster, and
//! are used where many rows are sorted, but each kind of item and each order gets copies of its own, of some kilobytes: together they were
//! a tenth of a worker's module. Plain numbers (`sort_unstable`, `sort_unstable_by(f64::total_cmp)`) share one copy anyway.
//!
//! The result is the one that every stable sort gives.

#![forbid(unsafe_code)]

use std::cmp::Ordering;

/// Sorts by `compare`; equal items stay in their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    merge(&mut order, &mut |a, b| compare(&items[a], &items[b]).is_gt());
    // Item `order[i]` belongs to place `i`: each cycle is walked once.
    for start in 0..items.len() {
        let mut at = start;
        while order[at] != start {
            let from = order[at];
            items.swap(at, from);
            order[at] = at;
            at = from;
        }
        order[at] = at;
    }
}

/// A merge sort of places from below, in runs of twice the length at each turn. `is_after` says whether what stands at the first place
/// belongs behind what stands at the second.
#[inline(never)]
fn merge(order: &mut [usize], is_after: &mut dyn FnMut(usize, usize) -> bool) {
    let mut spare = order.to_vec();
    let mut length = 1;
    while length < order.len() {
        for (run, to) in order.chunks(2 * length).zip(spare.chunks_mut(2 * length)) {
            let (mut left, mut right) = run.split_at(length.min(run.len()));
            for place in to {
                let from = match (left, right) {
                    ([a, ..], [b, ..]) if is_after(*a, *b) => &mut right,
                    ([], _) => &mut right,
                    _ => &mut left,
                };
                if let [first, rest @ ..] = *from {
                    *place = *first;
                    *from = rest;
                }
            }
        }
        order.copy_from_slice(&spare);
        length *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by;
    use crate::seed::Seed;

    #[test]
    fn it_sorts_as_the_standard_library_does_and_keeps_equals_in_order() {
        for len in [0, 1, 2, 3, 7, 8, 64, 65, 1000] {
            for levels in [1, 3, 1_000_000] {
                let mut items: Vec<(u64, usize)> = (0..len)
                    .map(|i| (Seed(7).derive("x", i as u64).0 % levels, i))
                    .collect();
                let mut expected = items.clone();
                expected.sort_by_key(|item| std::cmp::Reverse(item.0));
                sort_by(&mut items, |a, b| b.0.cmp(&a.0));
                assert_eq!(items, expected, "{len} items of {levels} levels");
            }
        }
    }
}
