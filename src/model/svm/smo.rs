//! Sequential minimal optimization with second-order working sets (Fan, Chen & Lin 2005).
//!
//! In β = yα the dual is: maximize Σ yᵢβᵢ − ½ βᵀKβ under Σ βᵢ = 0 and βᵢ between 0 and C yᵢ. Its gradient vᵢ = yᵢ − (Kβ)ᵢ is what the
//! decision without offset lacks. A step moves β from a row j that may fall to a row i that may rise, until no such pair has
//! vᵢ > vⱼ + tolerance.
//!
//! Where that takes long, steps of all rows between their bounds ([`face`]) come in between.

use super::face;
use super::kernel::{Cache, LANES};
use crate::model::STOPPED;
use wide::f64x4;

/// Visits of rows after which a problem that is not solved is given up, and steps a row that it may take anyway: about a second.
const MOST_VISITS: u64 = 200_000_000;
const MOST_STEPS: u64 = 200;

/// Visits of rows, and steps a row, from which on steps on the face come in between. Ordinary problems are solved before.
const PATIENCE_VISITS: u64 = 20_000_000;
const PATIENCE_STEPS: u64 = 20;

/// Steps of two rows between those on the face, at least: they find the rows that are to leave their bounds.
const BETWEEN: u64 = 50;

/// Curvature that a step is divided by at least, where the kernel is not positive definite.
const LEAST_CURVATURE: f64 = 1e-12;

/// A problem of two classes.
pub(super) struct Problem<'a, 'b> {
    signs: &'a [f64],
    /// C of the positive and the negative class.
    prices: [f64; 2],
    tolerance: f64,
    cache: &'a mut Cache<'b>,
    visits: u64,
}

/// A solution on some of the rows.
pub(super) struct Solved {
    pub beta: Vec<f64>,
    pub offset: f64,
    /// The decision of every row, also of those that were left out.
    pub decisions: Vec<f64>,
}

impl Solved {
    pub fn is_finite(&self) -> bool {
        self.offset.is_finite() && self.decisions.iter().all(|d| d.is_finite())
    }
}

/// What a step needs to know of the rows: β, the gradient, and how far each β may rise and fall. All but β are filled up to a multiple of
/// [`LANES`] with what may neither rise nor fall.
pub(super) struct State {
    pub beta: Vec<f64>,
    pub v: Vec<f64>,
    pub rise: Vec<f64>,
    pub fall: Vec<f64>,
    /// The bound of every β that is not 0.
    ends: Vec<f64>,
}

impl<'a, 'b> Problem<'a, 'b> {
    pub fn new(signs: &'a [f64], prices: [f64; 2], tolerance: f64, cache: &'a mut Cache<'b>) -> Self {
        Problem {
            signs,
            prices,
            tolerance,
            cache,
            visits: 0,
        }
    }

    /// Operations so far.
    pub fn cost(&self) -> f64 {
        (self.visits + self.cache.computed * self.cache.price()) as f64
    }

    /// The machine of the rows that `taken` names. Errors: asked to stop, or not solved in the steps that are allowed.
    pub fn solve(&mut self, taken: &[bool], stopped: &dyn Fn() -> bool) -> Result<Solved, String> {
        let n = self.signs.len();
        let price = |(sign, taken): (&f64, &bool)| match (taken, *sign > 0.0) {
            (false, _) => 0.0,
            (true, true) => self.prices[0],
            (true, false) => -self.prices[1],
        };
        let mut ends: Vec<f64> = self.signs.iter().zip(taken).map(price).collect();
        let mut v = self.signs.to_vec();
        for row in [&mut ends, &mut v] {
            row.resize(n.next_multiple_of(LANES), 0.0);
        }
        let mut state = State {
            v,
            rise: ends.iter().map(|end| end.max(0.0)).collect(),
            fall: ends.iter().map(|end| (-end).max(0.0)).collect(),
            beta: vec![0.0; n],
            ends,
        };
        let rows = n.max(1) as u64;
        let most = (MOST_VISITS / rows).max(MOST_STEPS * rows);
        let mut next = (PATIENCE_VISITS / rows).max(PATIENCE_STEPS * rows);
        let mut steps = 0_u64;
        loop {
            if steps.is_multiple_of(64) && stopped() {
                return Err(STOPPED.into());
            }
            if steps == most {
                return Err(format!(
                    "svm: not converged after {steps} steps; accepted: a smaller C, a larger tol, or scaled features (prep=scale)"
                ));
            }
            if steps == next {
                let spent = face::climb(&mut state, self.cache, self.tolerance);
                self.visits += spent;
                // As much time for the one as for the other.
                next += BETWEEN.max(spent / rows);
            }
            steps += 1;
            self.visits += n as u64;
            let Some(i) = state.most_violating() else { break };
            self.cache.fetch(i);
            let Some(j) = state.partner(i, self.cache.row(i), &self.cache.diagonal, self.tolerance) else {
                break;
            };
            self.cache.fetch(j);
            let (row_i, row_j) = (self.cache.row(i), self.cache.row(j));
            let diagonal = &self.cache.diagonal;
            let curvature = (diagonal[i] + diagonal[j] - 2.0 * row_i[j]).max(LEAST_CURVATURE);
            let step = ((state.v[i] - state.v[j]) / curvature)
                .min(state.rise[i])
                .min(state.fall[j]);
            state.set(i, state.beta[i] + step);
            state.set(j, state.beta[j] - step);
            for ((v, a), b) in state.v.iter_mut().zip(row_i).zip(row_j) {
                *v -= step * (a - b);
            }
        }
        let offset = state.offset();
        let decisions = state
            .v
            .iter()
            .zip(self.signs)
            .map(|(v, sign)| sign - v + offset)
            .collect();
        Ok(Solved {
            beta: state.beta,
            offset,
            decisions,
        })
    }
}

impl State {
    /// Moves a row's β.
    pub fn set(&mut self, row: usize, beta: f64) {
        // From the ends, so that a β at its bound is there exactly.
        let (low, high) = (self.ends[row].min(0.0), self.ends[row].max(0.0));
        self.beta[row] = beta;
        self.rise[row] = (high - beta).max(0.0);
        self.fall[row] = (beta - low).max(0.0);
    }

    /// Moves a row's β to its upper or its lower bound.
    pub fn set_to_bound(&mut self, row: usize, upper: bool) {
        let end = self.ends[row];
        self.set(row, if upper { end.max(0.0) } else { end.min(0.0) });
    }

    /// The row that may rise with the largest gradient.
    fn most_violating(&self) -> Option<usize> {
        let (gradients, _) = self.v.as_chunks();
        let (rises, _) = self.rise.as_chunks();
        let lifted = |(v, rise): (&[f64; LANES], &[f64; LANES])| {
            let may = f64x4::new(*rise).simd_gt(f64x4::ZERO);
            may.bitselect(f64x4::new(*v), f64x4::splat(f64::NEG_INFINITY))
        };
        let mut most = f64x4::splat(f64::NEG_INFINITY);
        for rows in gradients.iter().zip(rises) {
            let v = lifted(rows);
            most = v.simd_gt(most).bitselect(v, most);
        }
        let most = most.to_array().into_iter().fold(f64::NEG_INFINITY, f64::max);
        let all = f64x4::splat(most);
        let chunk = gradients
            .iter()
            .zip(rises)
            .position(|rows| lifted(rows).simd_eq(all).any())?;
        let mut rows = (chunk * LANES..).take(LANES);
        rows.find(|&row| self.rise[row] > 0.0 && self.v[row] == most)
    }

    /// The row that may fall by which a step with `i` gains most; `None` if no step gains more than the tolerance.
    fn partner(&self, i: usize, row: &[f64], diagonal: &[f64], tolerance: f64) -> Option<usize> {
        let (top, own) = (f64x4::splat(self.v[i]), f64x4::splat(diagonal[i]));
        let (infinite, floor) = (f64x4::splat(f64::INFINITY), f64x4::splat(LEAST_CURVATURE));
        let mut least = infinite;
        let (mut most, mut place) = (0.0, None);
        let (gradients, _) = self.v.as_chunks::<LANES>();
        let (falls, _) = self.fall.as_chunks::<LANES>();
        let (kernels, _) = row.as_chunks::<LANES>();
        let (diagonal, _) = diagonal.as_chunks::<LANES>();
        let rows = gradients.iter().zip(falls).zip(kernels).zip(diagonal);
        for (chunk, (((v, fall), k), d)) in rows.enumerate() {
            let [v, fall, k, d] = [v, fall, k, d].map(|four| f64x4::new(*four));
            let low = fall.simd_gt(f64x4::ZERO).bitselect(v, infinite);
            least = low.simd_lt(least).bitselect(low, least);
            let curvature = own + d - f64x4::splat(2.0) * k;
            let curvature = curvature.simd_gt(floor).bitselect(curvature, floor);
            let gap = low.simd_lt(top).bitselect(top - low, f64x4::ZERO);
            let gains = gap * gap / curvature;
            // Only a new best row branches.
            if gains.simd_gt(f64x4::splat(most)).any() {
                for (lane, gain) in gains.to_array().into_iter().enumerate() {
                    if gain > most {
                        (most, place) = (gain, Some(chunk * LANES + lane));
                    }
                }
            }
        }
        let least = least.to_array().into_iter().fold(f64::INFINITY, f64::min);
        place.filter(|_| self.v[i] - least > tolerance)
    }

    /// The offset: the mean gradient of the rows between their bounds, else the middle of what the bounds allow.
    fn offset(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for ((v, rise), fall) in self.v.iter().zip(&self.rise).zip(&self.fall) {
            match (*rise > 0.0, *fall > 0.0) {
                (true, true) => {
                    sum += v;
                    count += 1.0;
                }
                (true, false) => low = low.max(*v),
                (false, true) => high = high.min(*v),
                // Left out.
                (false, false) => {}
            }
        }
        match (low.is_finite(), high.is_finite()) {
            _ if count > 0.0 => sum / count,
            (true, true) => 0.5 * (low + high),
            // One class only: everything belongs to it.
            (true, false) => low,
            (false, true) => high,
            (false, false) => 0.0,
        }
    }
}
