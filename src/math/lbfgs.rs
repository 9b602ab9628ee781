//! L-BFGS within box bounds, by projection.
//!
//! The two-loop recursion of Nocedal (1980) on the variables that are free to move, and a backtracking search along the projected path
//! (Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints").

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Most iterations.
    pub iterations: usize,
    /// Ends when no component of the projected gradient is larger.
    pub gradient_tolerance: f64,
    /// Ends when an iteration improves the value by less than this share of it.
    pub value_tolerance: f64,
}

/// Why a minimization ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The projected gradient is small.
    Gradient,
    /// The value no longer improves.
    Value,
    /// No step improves: the gradient is as exact as it gets.
    NoStep,
    /// The iterations are used up.
    Iterations,
    /// The value at the start is not finite.
    BadStart,
}

/// Where a minimization ended.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The best point.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// How often the function was evaluated.
    pub evaluations: usize,
    /// Why it ended.
    pub ended: Ended,
}

/// Pairs of steps and gradient changes that are kept.
pub const MEMORY: usize = 10;
/// Share of the predicted decrease that a step must give (Armijo).
const ARMIJO: f64 = 1e-4;

/// Minimizes `f` from `start` within `bounds` (low, high) a variable. `f` gives the value at a point and writes the gradient; a value that
/// is not finite is taken as a point not to go to.
pub fn minimize(
    mut f: impl FnMut(&[f64], &mut [f64]) -> f64,
    start: &[f64],
    bounds: &[(f64, f64)],
    options: Options,
) -> Minimum {
    let n = start.len();
    let project = |x: &mut [f64]| {
        x.iter_mut()
            .zip(bounds)
            .for_each(|(v, (low, high))| *v = v.max(*low).min(*high))
    };
    let mut x = start.to_vec();
    project(&mut x);
    let mut gradient = vec![0.0; n];
    let mut value = f(&x, &mut gradient);
    let mut evaluations = 1;
    let mut memory: Vec<Pair> = Vec::new();
    let ended = |x, value, evaluations, ended| Minimum {
        x,
        value,
        evaluations,
        ended,
    };
    if !value.is_finite() {
        return ended(x, value, evaluations, Ended::BadStart);
    }
    for _ in 0..options.iterations {
        let free: Vec<bool> = (0..n)
            .map(|i| !(x[i] <= bounds[i].0 && gradient[i] > 0.0 || x[i] >= bounds[i].1 && gradient[i] < 0.0))
            .collect();
        let steepest = (0..n)
            .filter(|&i| free[i])
            .map(|i| gradient[i].abs())
            .fold(0.0, f64::max);
        if steepest <= options.gradient_tolerance {
            return ended(x, value, evaluations, Ended::Gradient);
        }
        let mut direction = two_loops(&gradient, &free, &memory);
        if inner(&direction, &gradient) >= 0.0 {
            memory.clear();
            direction = two_loops(&gradient, &free, &memory);
        }
        // Without curvature to go by, a first step of moderate length.
        let mut step = if memory.is_empty() {
            (0.5 / steepest).min(1.0)
        } else {
            1.0
        };
        let (mut next, mut next_gradient) = (x.clone(), vec![0.0; n]);
        let found = (0..30).find_map(|_| {
            for i in 0..n {
                next[i] = x[i] + step * direction[i];
            }
            project(&mut next);
            let predicted: f64 = (0..n).map(|i| gradient[i] * (next[i] - x[i])).sum();
            if predicted >= 0.0 {
                step *= 0.5;
                return None;
            }
            let next_value = f(&next, &mut next_gradient);
            evaluations += 1;
            if next_value.is_finite() && next_value <= value + ARMIJO * predicted {
                return Some(next_value);
            }
            // The minimum of the parabola through value, slope and the new value, kept within bounds.
            let parabola = -0.5 * predicted / (next_value - value - predicted);
            step *= if parabola.is_finite() {
                parabola.clamp(0.1, 0.5)
            } else {
                0.1
            };
            None
        });
        let Some(next_value) = found else {
            if memory.is_empty() {
                return ended(x, value, evaluations, Ended::NoStep);
            }
            memory.clear();
            continue;
        };
        let moved: Vec<f64> = (0..n).map(|i| next[i] - x[i]).collect();
        let change: Vec<f64> = (0..n).map(|i| next_gradient[i] - gradient[i]).collect();
        remember(&mut memory, moved, change);
        let gain = value - next_value;
        (x, value, gradient) = (next, next_value, next_gradient);
        if gain <= options.value_tolerance * value.abs().max(1.0) {
            return ended(x, value, evaluations, Ended::Value);
        }
    }
    ended(x, value, evaluations, Ended::Iterations)
}

/// The inner product.
pub fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(p, q)| p * q).sum()
}

/// A step, the change of the gradient along it, and the inverse of their inner product.
pub type Pair = (Vec<f64>, Vec<f64>, f64);

/// Remembers the curvature along a step, the last [`MEMORY`] of them; not where it is too small to tell.
pub fn remember(memory: &mut Vec<Pair>, moved: Vec<f64>, change: Vec<f64>) {
    let curvature = inner(&moved, &change);
    if curvature > 1e-10 * inner(&change, &change) {
        if memory.len() == MEMORY {
            memory.remove(0);
        }
        memory.push((moved, change, 1.0 / curvature));
    }
}

/// −H g on the free variables, H the inverse Hessian approximation from the remembered pairs; zero on the others.
pub fn two_loops(gradient: &[f64], free: &[bool], memory: &[Pair]) -> Vec<f64> {
    let masked = |v: &[f64]| -> Vec<f64> { v.iter().zip(free).map(|(v, f)| if *f { *v } else { 0.0 }).collect() };
    let mut q = masked(gradient);
    let mut weights = Vec::with_capacity(memory.len());
    for (moved, change, rho) in memory.iter().rev() {
        let weight = rho * inner(moved, &q);
        q.iter_mut().zip(change).for_each(|(q, c)| *q -= weight * c);
        weights.push(weight);
    }
    if let Some((_, change, rho)) = memory.last() {
        let scale = 1.0 / (rho * inner(change, change));
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for ((moved, change, rho), weight) in memory.iter().zip(weights.into_iter().rev()) {
        let correction = weight - rho * inner(change, &q);
        q.iter_mut().zip(moved).for_each(|(q, m)| *q += correction * m);
    }
    let mut direction = masked(&q);
    direction.iter_mut().for_each(|v| *v = -*v);
    direction
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: Options = Options {
        iterations: 500,
        gradient_tolerance: 1e-9,
        value_tolerance: 0.0,
    };

    fn rosenbrock(x: &[f64], g: &mut [f64]) -> f64 {
        let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
        g[0] = -2.0 * a - 400.0 * x[0] * b;
        g[1] = 200.0 * b;
        a * a + 100.0 * b * b
    }

    #[test]
    fn finds_rosenbrocks_minimum() {
        let found = minimize(rosenbrock, &[-1.2, 1.0], &[(-5.0, 5.0); 2], EXACT);
        assert!(
            (found.x[0] - 1.0).abs() < 1e-7 && (found.x[1] - 1.0).abs() < 1e-7,
            "{found:?}"
        );
        assert!(found.evaluations < 80, "{found:?}");
    }

    #[test]
    fn stops_at_the_bounds() {
        // With x ≤ 0.5 the minimum lies at (0.5, 0.25).
        let found = minimize(rosenbrock, &[-1.2, 1.0], &[(-5.0, 0.5), (-5.0, 5.0)], EXACT);
        assert!(
            (found.x[0] - 0.5).abs() < 1e-9 && (found.x[1] - 0.25).abs() < 1e-7,
            "{found:?}"
        );
    }

    #[test]
    fn solves_a_badly_scaled_quadratic() {
        let scales: Vec<f64> = (0..8).map(|i| libm::pow(10.0, f64::from(i) / 2.0)).collect();
        let f = |x: &[f64], g: &mut [f64]| {
            (0..8).for_each(|i| g[i] = 2.0 * scales[i] * (x[i] - 0.3));
            (0..8).map(|i| scales[i] * (x[i] - 0.3) * (x[i] - 0.3)).sum()
        };
        let found = minimize(f, &[-1.0; 8], &[(-2.0, 2.0); 8], EXACT);
        assert!(found.x.iter().all(|v| (v - 0.3).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn avoids_points_without_a_value() {
        let f = |x: &[f64], g: &mut [f64]| {
            g[0] = 1.0 - 1.0 / x[0];
            if x[0] > 0.0 { x[0] - libm::log(x[0]) } else { f64::NAN }
        };
        let found = minimize(f, &[3.0], &[(-10.0, 10.0)], EXACT);
        assert!((found.x[0] - 1.0).abs() < 1e-6, "{found:?}");
    }
}
