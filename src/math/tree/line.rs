//! The rows of a node in the order of one feature.

use super::codes::Codes;
use super::grow::Target;
use std::ops::Range;

/// Words of 64 bits that say which of 2¹⁶ ranks occur.
const WORDS: usize = 1 << 10;

/// Groups of ranks by which splits are bounded, at most.
const GROUPS: usize = 1 << 12;

/// Nodes of up to so many rows count for every row how many others have a smaller rank: with few rows that is quicker than sets.
const FEW: usize = 32;

/// A node that is to be split along a feature.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, C> {
    /// Its rows, at least one.
    pub rows: &'a [u32],
    /// The feature's rank of every row that there is.
    pub column: &'a [u16],
    /// The row of every rank, if no two rows have the same.
    pub order: Option<&'a [u16]>,
    /// How many ranks there are.
    pub ranks: usize,
    /// What every row that there is contributes.
    pub cells: &'a [C],
    /// The sum over its rows.
    pub sum: C,
    /// No side of a split has fewer rows.
    pub leaf: u32,
}

/// A split between two neighbouring ranks of the node.
pub(super) struct Cleft<C> {
    pub score: f64,
    pub below: u16,
    pub above: u16,
    /// The sum over the rows up to `below`.
    pub left: C,
}

/// Memory to line up rows in. Its ways are functions of their own for the sake of wasm: what is in one function shares too few registers.
#[derive(Debug)]
pub(super) struct Line<C> {
    /// The ranks that occur in the node, ascending, or those at which the best split may be; and the sum over the rows up to each.
    ranks: Vec<u16>,
    lefts: Vec<C>,
    len: usize,
    /// All zero between two calls, as are the sets.
    histogram: Vec<C>,
    /// The ranks by 64. So many that no 16 bits can be beyond them, which saves the check.
    words: Box<[Word<C>; WORDS]>,
    /// The words that are not empty, a bit each.
    taken: [u64; WORDS / 64],
    /// The sums over the ranks before each word or group, and the most that a split in each can score.
    before: Vec<C>,
    most: Vec<f64>,
    /// The ranks of a node's rows, and the sum over each group of ranks.
    own: Vec<u16>,
    groups: Vec<C>,
}

/// 64 neighbouring ranks.
#[derive(Clone, Copy, Debug, Default)]
struct Word<C> {
    /// Those that occur, a bit each.
    set: u64,
    sum: C,
}

impl<C: Copy + Default> Line<C> {
    /// Memory for nodes of `codes`.
    pub fn new(codes: &Codes) -> Line<C> {
        let places = codes.widest().next_multiple_of(64).max(FEW);
        Line {
            ranks: vec![0; places],
            lefts: vec![C::default(); places],
            len: 0,
            histogram: vec![C::default(); places],
            words: Box::new([Word::default(); WORDS]),
            taken: [0; WORDS / 64],
            before: vec![C::default(); (places / 64).max(GROUPS) + 1],
            most: vec![0.0; (places / 64).max(GROUPS)],
            own: vec![0; codes.rows()],
            groups: vec![C::default(); GROUPS],
        }
    }

    /// The first of the best splits along the feature, if any is better than `least`; and whether the feature varies.
    #[inline(always)]
    pub fn split<T: Target<Cell = C>>(
        &mut self,
        target: &T,
        part: Part<'_, C>,
        least: f64,
    ) -> (Option<Cleft<C>>, bool) {
        if part.rows.len() <= FEW {
            self.few::<T>(part);
        } else if part.ranks <= 64 {
            self.short::<T>(part);
        } else {
            match part.order {
                Some(order) if part.rows.len() >= 2 * order.len().div_ceil(64) => {
                    return (self.pruned(order, target, part, least), true);
                }
                _ if target.is_bounded(&part.sum) => return self.grouped(target, part, least),
                _ => self.many::<T>(part),
            }
        }
        // Behind the last rank there is nothing to split off.
        let range = feasible::<T>(&self.lefts[..self.len - 1], part);
        let found = target.best(&part.sum, &self.lefts[range.clone()], least);
        let found = found.map(|(place, score)| Cleft {
            score,
            below: self.ranks[range.start + place],
            above: self.ranks[range.start + place + 1],
            left: self.lefts[range.start + place],
        });
        (found, self.len > 1)
    }

    /// At most [`FEW`] rows.
    #[inline(never)]
    fn few<T: Target<Cell = C>>(&mut self, part: Part<'_, C>) {
        let Part {
            rows, column, cells, ..
        } = part;
        // Signed, with the sign turned: the only order of 16 bits that all targets compare at once.
        let mut own = [i16::MAX; FEW];
        for (own, &row) in own.iter_mut().zip(rows) {
            *own = (column[row as usize] ^ 0x8000) as i16;
        }
        // Equal ranks share a place, and the places up to the next rank stay empty.
        let mut places = [0i16; FEW];
        let eights = own.as_chunks::<8>().0.iter().zip(places.as_chunks_mut::<8>().0);
        for (eight, places) in eights.take(rows.len().div_ceil(8)) {
            for &other in &own[..rows.len()] {
                for lane in 0..8 {
                    places[lane] += i16::from(other < eight[lane]);
                }
            }
        }
        let mut sorted = [0; FEW];
        let mut sums = [C::default(); FEW];
        for ((&place, &code), &row) in places.iter().zip(&own).zip(rows) {
            let place = place as usize % FEW;
            sorted[place] = code as u16 ^ 0x8000;
            sums[place] = T::plus(sums[place], cells[row as usize]);
        }
        let (mut left, mut len) = (C::default(), 0);
        let (ranks, lefts) = (&mut self.ranks[..FEW], &mut self.lefts[..FEW]);
        for (rank, sum) in sorted.iter().zip(&sums).take(rows.len()) {
            // An empty place leaves what the next rank writes over.
            ranks[len % FEW] = *rank;
            left = T::plus(left, *sum);
            lefts[len % FEW] = left;
            len += usize::from(T::rows(sum) > 0);
        }
        self.len = len;
    }

    /// Many rows of a feature in which no two are equal: only those of 64 neighbouring ranks are lined up among which the best split may
    /// be, by a bound on what their sum allows.
    #[inline(never)]
    fn pruned<T: Target<Cell = C>>(
        &mut self,
        order: &[u16],
        target: &T,
        part: Part<'_, C>,
        least: f64,
    ) -> Option<Cleft<C>> {
        let words = order.len().div_ceil(64);
        for &row in part.rows {
            let rank = usize::from(part.column[row as usize]);
            let word = &mut self.words[rank >> 6];
            word.set |= 1 << (rank & 63);
            word.sum = T::plus(word.sum, part.cells[row as usize]);
        }
        let before = &mut self.before[..words + 1];
        let mut left = C::default();
        before[0] = left;
        for (word, before) in self.words.iter_mut().zip(&mut before[1..]) {
            left = T::plus(left, word.sum);
            word.sum = C::default();
            *before = left;
        }
        let most = &mut self.most[..words];
        target.bounds(&part.sum, before, most);
        // The splits between two words are splits, too.
        let between = &before[1..words];
        let floor = target
            .best(&part.sum, &between[feasible::<T>(between, part)], least)
            .map_or(least, |(_, score)| score);
        let mut len = 0;
        let columns = order
            .chunks(64)
            .zip(self.words.iter())
            .zip(before.iter())
            .zip(most.iter());
        for (first, (((order, word), left), most)) in (0..).step_by(64).zip(columns) {
            if *most < floor {
                continue;
            }
            let (mut left, mut bits) = (*left, word.set);
            let count = bits.count_ones() as usize;
            let places = self.ranks[len..len + count]
                .iter_mut()
                .zip(&mut self.lefts[len..len + count]);
            for (to_rank, to_left) in places {
                let at = bits.trailing_zeros() as u16;
                bits &= bits - 1;
                left = T::plus(left, part.cells[usize::from(order[usize::from(at)])]);
                (*to_rank, *to_left) = (first + at, left);
            }
            len += count;
        }
        let lefts = &self.lefts[..len];
        let lefts = &lefts[..len - usize::from(lefts.last().is_some_and(|left| T::rows(left) == T::rows(&part.sum)))];
        let range = feasible::<T>(lefts, part);
        let found = target.best(&part.sum, &lefts[range.clone()], least);
        let found = found.map(|(place, score)| {
            let below = self.ranks[range.start + place];
            // Behind the last row is no split, so there is a rank above.
            let next = usize::from(below) + 1;
            let mut word = next >> 6;
            let mut bits = self.words[word].set & (u64::MAX << (next & 63));
            while bits == 0 {
                word += 1;
                bits = self.words[word].set;
            }
            Cleft {
                score,
                below,
                above: ((word << 6) + bits.trailing_zeros() as usize) as u16,
                left: lefts[range.start + place],
            }
        });
        self.words[..words].iter_mut().for_each(|word| word.set = 0);
        found
    }

    /// Many rows of a feature in which some may be equal, or far fewer rows than ranks: only those of groups of neighbouring ranks are lined
    /// up among which the best split may be, by a bound on what a group's sum allows. Groups are as many as about half of the rows, so that
    /// what is read and written stays near, however many rows the table has. And whether the feature varies.
    #[inline(never)]
    fn grouped<T: Target<Cell = C>>(&mut self, target: &T, part: Part<'_, C>, least: f64) -> (Option<Cleft<C>>, bool) {
        let own = &mut self.own[..part.rows.len()];
        let (mut low, mut high) = (u16::MAX, 0);
        for (own, &row) in own.iter_mut().zip(part.rows) {
            *own = part.column[row as usize];
            (low, high) = (low.min(*own), high.max(*own));
        }
        if low == high {
            return (None, false);
        }
        let most_groups = (part.rows.len() / 2).next_power_of_two().min(GROUPS) as u32;
        let width = u32::from(high - low) + 1;
        let shift = width.div_ceil(most_groups).next_power_of_two().trailing_zeros();
        let count = ((width - 1) >> shift) as usize + 1;
        let group = |rank: u16| usize::from((rank - low) >> shift) % GROUPS;
        for (&rank, &row) in own.iter().zip(part.rows) {
            let sum = &mut self.groups[group(rank)];
            *sum = T::plus(*sum, part.cells[row as usize]);
        }
        let before = &mut self.before[..count + 1];
        let mut left = C::default();
        before[0] = left;
        for (sum, before) in self.groups[..count].iter_mut().zip(&mut before[1..]) {
            left = T::plus(left, std::mem::take(sum));
            *before = left;
        }
        let most = &mut self.most[..count];
        target.bounds(&part.sum, before, most);
        // The splits between two groups are splits, too.
        let between = &before[1..count];
        let floor = target
            .best(&part.sum, &between[feasible::<T>(between, part)], least)
            .map_or(least, |(_, score)| score);
        for (&rank, &row) in own.iter().zip(part.rows) {
            if most[group(rank)] >= floor {
                let code = usize::from(rank);
                self.histogram[code] = T::plus(self.histogram[code], part.cells[row as usize]);
                self.words[code >> 6].set |= 1 << (code & 63);
                self.taken[code >> 12] |= 1 << ((code >> 6) & 63);
            }
        }
        let before = std::mem::take(&mut self.before);
        let (mut left, mut at) = (C::default(), usize::MAX);
        self.unfold(|line, code| {
            if group(code as u16) != at {
                at = group(code as u16);
                left = before[at];
            }
            line.take::<T>(code, &mut left);
        });
        self.before = before;
        let lefts = &self.lefts[..self.len];
        let lefts =
            &lefts[..lefts.len() - usize::from(lefts.last().is_some_and(|left| T::rows(left) == T::rows(&part.sum)))];
        let range = feasible::<T>(lefts, part);
        let found = target.best(&part.sum, &lefts[range.clone()], least);
        let found = found.map(|(place, score)| {
            let below = self.ranks[range.start + place];
            let own = &self.own[..part.rows.len()];
            // Behind the last row is no split, so there is a rank above.
            let above = own.iter().fold(
                u16::MAX,
                |above, &rank| if rank > below { above.min(rank) } else { above },
            );
            Cleft {
                score,
                below,
                above,
                left: lefts[range.start + place],
            }
        });
        (found, true)
    }

    /// Many rows of a feature of at most 64 ranks: the set of occupied ranks stays in a register.
    #[inline(never)]
    fn short<T: Target<Cell = C>>(&mut self, part: Part<'_, C>) {
        let Part {
            rows, column, cells, ..
        } = part;
        let mut set = 0u64;
        for &row in rows {
            let code = usize::from(column[row as usize]) & 63;
            self.histogram[code] = T::plus(self.histogram[code], cells[row as usize]);
            set |= 1 << code;
        }
        let mut left = C::default();
        self.len = 0;
        while set != 0 {
            self.take::<T>(set.trailing_zeros() as usize, &mut left);
            set &= set - 1;
        }
    }

    /// Many rows of a feature of many ranks, which rows share.
    #[inline(never)]
    fn many<T: Target<Cell = C>>(&mut self, part: Part<'_, C>) {
        let Part {
            rows, column, cells, ..
        } = part;
        for &row in rows {
            let code = usize::from(column[row as usize]);
            self.histogram[code] = T::plus(self.histogram[code], cells[row as usize]);
            self.words[code >> 6].set |= 1 << (code & 63);
            self.taken[code >> 12] |= 1 << ((code >> 6) & 63);
        }
        let mut left = C::default();
        self.unfold(|line, code| line.take::<T>(code, &mut left));
    }

    /// Calls `take` for every rank that was marked, in their order, and takes the marks away.
    #[inline(always)]
    fn unfold(&mut self, mut take: impl FnMut(&mut Self, usize)) {
        self.len = 0;
        for i in 0..self.taken.len() {
            let mut word = std::mem::take(&mut self.taken[i]);
            while word != 0 {
                let at = (i << 6) + word.trailing_zeros() as usize;
                word &= word - 1;
                let mut set = std::mem::take(&mut self.words[at].set);
                while set != 0 {
                    take(self, (at << 6) + set.trailing_zeros() as usize);
                    set &= set - 1;
                }
            }
        }
    }

    /// Takes the next rank out of the histogram.
    #[inline(always)]
    fn take<T: Target<Cell = C>>(&mut self, code: usize, left: &mut C) {
        *left = T::plus(*left, std::mem::take(&mut self.histogram[code]));
        self.ranks[self.len] = code as u16;
        self.lefts[self.len] = *left;
        self.len += 1;
    }
}

/// Which of the splits, from left to right, leave rows enough on both sides.
#[inline(always)]
fn feasible<T: Target>(lefts: &[T::Cell], part: Part<'_, T::Cell>) -> Range<usize> {
    if part.leaf <= 1 {
        return 0..lefts.len();
    }
    let all = T::rows(&part.sum);
    let from = lefts.partition_point(|left| T::rows(left) < part.leaf);
    let to = lefts.partition_point(|left| all - T::rows(left) >= part.leaf);
    from..to.max(from)
}
