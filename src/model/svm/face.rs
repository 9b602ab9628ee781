//! Steps of all rows between their bounds at once.
//!
//! Steps of two rows converge as slowly as the kernel is ill-conditioned: on features of very different sizes they need millions. But what
//! is left of the problem near its end is a small quadratic without bounds, in the few rows that are between theirs (the face of the box
//! that the solution is on), and that can be solved directly. Each such step gains, so the optimum stays what it was.

use super::kernel::Cache;
use super::smo::State;

/// Part of a row's own curvature below which a pivot of the factor is taken for a rounding error: the row depends on those before.
const LEAST_PIVOT: f64 = 1e-11;

/// Independent rows of a face at most: on larger faces steps of two rows are faster.
const MOST_ROWS: usize = 256;

/// Operations after which no further step is begun.
const MOST_COST: u64 = 20_000_000;

/// Goes to the maximum on the face, from face to face where rows come to their bounds on the way. Returns the operations that it took.
pub(super) fn climb(state: &mut State, cache: &mut Cache, tolerance: f64) -> u64 {
    let (mut spent, mut last) = (0, f64::INFINITY);
    while spent < MOST_COST {
        let is_free = |row: &usize| state.rise[*row] > 0.0 && state.fall[*row] > 0.0;
        let free: Vec<usize> = (0..state.beta.len()).filter(is_free).collect();
        match step(state, &free, cache, tolerance, &mut spent) {
            None => break,
            Some(Arrived::AtBound) => last = f64::INFINITY,
            Some(Arrived::Inside) => {
                let gradients = free.iter().map(|&row| state.v[row]);
                let low = gradients.clone().fold(f64::INFINITY, f64::min);
                let gap = gradients.fold(f64::NEG_INFINITY, f64::max) - low;
                // Rounding errors and the least pivot leave something, which the next step sees, as long as that helps.
                if gap <= 0.5 * tolerance || gap > 0.5 * last {
                    break;
                }
                last = gap;
            }
        }
    }
    spent
}

/// Where a step ended.
enum Arrived {
    /// Where it would without bounds.
    Inside,
    /// At the first bound on the way.
    AtBound,
}

/// One step of the free rows; `None` if there is none that gains.
fn step(state: &mut State, free: &[usize], cache: &mut Cache, tolerance: f64, spent: &mut u64) -> Option<Arrived> {
    let (rows, direction) = direction(free, &state.v, cache, tolerance, spent)?;
    *spent += (rows.len() * state.beta.len()) as u64;
    let moves = || rows.iter().copied().zip(direction.iter().copied());
    let mut change = vec![0.0; state.v.len()];
    for (row, d) in moves() {
        cache.fetch(row);
        for (change, kernel) in change.iter_mut().zip(cache.row(row)) {
            *change += d * kernel;
        }
    }
    let slope: f64 = moves().map(|(row, d)| d * state.v[row]).sum();
    let curvature: f64 = moves().map(|(row, d)| d * change[row]).sum();
    // Also false of NaN.
    let gains = slope > 0.0 && slope.is_finite() && curvature.is_finite();
    if !gains {
        return None;
    }
    // Along a line without curvature the maximum is at a bound.
    let whole = if curvature > 0.0 {
        slope / curvature
    } else {
        f64::INFINITY
    };
    let room = |state: &State, row: usize, d: f64| {
        if d > 0.0 {
            state.rise[row] / d
        } else if d < 0.0 {
            state.fall[row] / -d
        } else {
            f64::INFINITY
        }
    };
    let length = moves().fold(whole, |length, (row, d)| length.min(room(state, row, d)));
    if !length.is_finite() {
        return None;
    }
    let mut arrived = Arrived::Inside;
    for (row, d) in moves() {
        if room(state, row, d) <= length {
            state.set_to_bound(row, d > 0.0);
            arrived = Arrived::AtBound;
        } else {
            state.set(row, state.beta[row] + length * d);
        }
    }
    for (v, change) in state.v.iter_mut().zip(&change) {
        *v -= length * change;
    }
    Some(arrived)
}

/// Rows among the `free` and the direction to the maximum of the dual in their β, as if they had no bounds, under Σ = 0; `v` is the
/// gradient. By Cholesky's factor of the curvature. A row that depends on those before brings nothing of its own, unless its gradient does
/// not agree with theirs: then the dual rises along a line without curvature, up to a bound, and the direction is that of the rows so
/// far. `None` if there are not two rows, too many are independent, or the kernel is beyond all numbers.
fn direction(
    free: &[usize],
    v: &[f64],
    cache: &mut Cache,
    tolerance: f64,
    spent: &mut u64,
) -> Option<(Vec<usize>, Vec<f64>)> {
    let (&base, others) = free.split_first()?;
    // The first row's β follows from the others', whose curvature is therefore that of differences from it.
    cache.fetch(base);
    let own = cache.diagonal[base];
    let to_base = cache.row(base).to_vec();
    let (mut rows, mut factor) = (Vec::new(), Vec::<Vec<f64>>::new());
    let mut solution: Vec<f64> = Vec::new();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    for &row in others {
        cache.fetch(row);
        let kernels = cache.row(row);
        let curvature = |other: usize| kernels[other] - to_base[row] - to_base[other] + own;
        let mut line = Vec::with_capacity(rows.len() + 1);
        for (j, above) in factor.iter().enumerate() {
            line.push((curvature(rows[j]) - dot(&above[..j], &line)) / above[j]);
        }
        *spent += (rows.len() * rows.len() / 2) as u64;
        let whole = curvature(row);
        let least = (LEAST_PIVOT * whole).max(1e-100);
        let pivot = whole - dot(&line, &line);
        if !pivot.is_finite() {
            return None;
        }
        let is_dependent = pivot <= least;
        let rest = v[row] - v[base] - dot(&line, &solution);
        if is_dependent && rest.abs() <= 0.25 * tolerance {
            continue;
        }
        let root = libm::sqrt(pivot.max(least));
        rows.push(row);
        solution.push(rest / root);
        line.push(root);
        factor.push(line);
        if is_dependent {
            break;
        }
        if rows.len() > MOST_ROWS {
            return None;
        }
    }
    if rows.is_empty() {
        return None;
    }
    for (i, line) in factor.iter().enumerate().rev() {
        solution[i] /= line[i];
        let value = solution[i];
        for (above, l) in solution.iter_mut().zip(&line[..i]) {
            *above -= l * value;
        }
    }
    rows.push(base);
    let sum: f64 = solution.iter().sum();
    solution.push(-sum);
    Some((rows, solution))
}
