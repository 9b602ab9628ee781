//! The smallest of many numbers.

use wide::f32x4;

const LANES: usize = 4;

/// The so many smallest numbers that were put in, in order; infinity where there were fewer.
///
/// No place is searched for a new number, which nobody could foresee: every place takes, of the number before it and the smaller of its
/// own and the new one, the larger.
pub(super) struct Smallest {
    /// Behind one that is below all: the numbers, and a few more up to a multiple of the lanes.
    sorted: Vec<f32>,
    count: usize,
}

impl Smallest {
    pub fn new() -> Smallest {
        Smallest {
            sorted: Vec::new(),
            count: 0,
        }
    }

    /// Forgets all numbers; from now on so many are kept, at least one.
    pub fn clear(&mut self, count: usize) {
        self.count = count;
        self.sorted.clear();
        self.sorted.resize(1 + count.next_multiple_of(LANES), f32::INFINITY);
        self.sorted[0] = f32::NEG_INFINITY;
    }

    /// The largest of those kept.
    pub fn last(&self) -> f32 {
        self.sorted[self.count]
    }

    /// Puts a number in; what is no number is left out.
    #[inline(always)]
    pub fn insert(&mut self, number: f32) {
        if number.is_nan() {
            return;
        }
        let number = f32x4::splat(number);
        // From the end, so that what is read was not written.
        for start in (0..self.sorted.len() - 1).step_by(LANES).rev() {
            let window = &mut self.sorted[start..start + LANES + 1];
            let before = f32x4::new([window[0], window[1], window[2], window[3]]);
            let own = f32x4::new([window[1], window[2], window[3], window[4]]);
            window[1..].copy_from_slice(&own.fast_min(number).fast_max(before).to_array());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, below};

    #[test]
    fn keeps_what_sorting_puts_first() {
        let mut rng = Seed(7).rng();
        let mut smallest = Smallest::new();
        for count in 1..20 {
            smallest.clear(count);
            let mut all = vec![f32::INFINITY; count];
            for _ in 0..40 {
                let number = below(&mut rng, 30) as f32 - 5.0;
                all.push(number);
                all.sort_by(f32::total_cmp);
                smallest.insert(number);
                smallest.insert(f32::NAN);
                assert_eq!(smallest.sorted[1..=count], all[..count]);
                assert_eq!(smallest.last(), all[count - 1]);
            }
        }
    }
}
