//! The penalized loss of multinomial logistic regression, with its gradient and its Hessian's products, in coordinates that suit a solver.
//!
//! Features are centred (with an intercept) and divided by the root of the Hessian's diagonal at equal probabilities; and the solver's
//! own coordinates v are those in which that Hessian, L Lᵀ for every logit, is the identity: coefficients are L⁻ᵀ v. So neither the
//! condition of the data nor that of the penalty matters much, and the minimum is the same.

use super::Strength;
use crate::dataset::Table;
use crate::math::cholesky::Cholesky;
use crate::math::exp::softmax;
use crate::math::rows::{add_rows, dot};
use std::cell::RefCell;

pub(super) struct Problem {
    /// Scaled features of every row, and a 1 where there is an intercept: rows × `width`.
    z: Vec<f64>,
    width: usize,
    /// Position of every row's class among those that occur.
    y: Vec<usize>,
    /// The classes that occur.
    present: Vec<usize>,
    /// Every row's weight, over the number of rows.
    weights: Vec<f64>,
    /// Per column of `z`: the penalty of its squared coefficient.
    ridge: Vec<f64>,
    /// Per feature: what is taken off, and what the rest is multiplied by.
    centre: Vec<f64>,
    scale: Vec<f64>,
    /// L, unless there are so many features that it would take longer than it saves.
    factor: Option<Cholesky>,
    scratch: RefCell<Scratch>,
}

#[derive(Default)]
struct Scratch {
    /// Scores, then probabilities, then residuals: logits × rows.
    s: Vec<f64>,
    row: Vec<f64>,
}

/// Logits of two classes.
const BINARY: usize = 1;

/// More columns than this are not factored: that takes about as long as a few hundred looks at as many rows.
const MOST_FACTORED: usize = 300;

impl Problem {
    /// The problem of the rows of `train`, features being penalized by `strength`.
    ///
    /// # Errors
    /// If a feature is so large that its squares overflow.
    pub fn new(train: &Table, strength: &Strength, intercept: bool, balanced: bool) -> Result<Problem, String> {
        let (rows, features) = (train.rows(), train.features());
        let n = rows as f64;
        let counts = train.class_counts();
        let present: Vec<usize> = (0..counts.len()).filter(|&k| counts[k] > 0).collect();
        let mut place = vec![0; counts.len()];
        present.iter().enumerate().for_each(|(i, &k)| place[k] = i);
        let y: Vec<usize> = train.y().iter().map(|&k| place[k as usize]).collect();
        let classes = present.len() as f64;
        let weight = |&class: &u32| match balanced {
            true => 1.0 / (classes * counts[class as usize] as f64),
            false => 1.0 / n,
        };
        let weights: Vec<f64> = train.y().iter().map(weight).collect();

        let mut centre = vec![0.0; features];
        if intercept {
            for (row, weight) in train.x().chunks_exact(features).zip(&weights) {
                centre.iter_mut().zip(row).for_each(|(c, x)| *c += weight * x);
            }
        }
        let mut squares = vec![0.0; features];
        for (row, weight) in train.x().chunks_exact(features).zip(&weights) {
            for ((square, x), c) in squares.iter_mut().zip(row).zip(&centre) {
                *square += weight * (x - c) * (x - c);
            }
        }
        // p (1 − p) at equal probabilities.
        let flat = (classes - 1.0) / (classes * classes);
        let penalty: Vec<f64> = (0..features).map(|j| 1.0 / (strength.of(j, features) * n)).collect();
        let scale: Vec<f64> = (0..features)
            .map(|j| 1.0 / f64::sqrt(flat * squares[j] + penalty[j]))
            .collect();
        if let Some(j) = (0..features).find(|&j| !(scale[j].is_finite() && scale[j] > 0.0 && centre[j].is_finite())) {
            return Err(format!("logistic: the values of feature {j} are too large to square"));
        }
        let mut ridge: Vec<f64> = (0..features).map(|j| penalty[j] * scale[j] * scale[j]).collect();
        let mut z = Vec::with_capacity(rows * (features + 1));
        for row in train.x().chunks_exact(features) {
            z.extend((0..features).map(|j| (row[j] - centre[j]) * scale[j]));
            z.extend(intercept.then_some(1.0));
        }
        ridge.extend(intercept.then_some(0.0));
        let factor = factor(&z, &weights, flat, &ridge);
        Ok(Problem {
            z,
            width: ridge.len(),
            y,
            present,
            weights,
            ridge,
            centre,
            scale,
            factor,
            scratch: RefCell::default(),
        })
    }

    /// The classes that occur.
    pub fn present(&self) -> &[usize] {
        &self.present
    }

    /// Rows of coefficients: one for two classes, else one a class.
    pub fn logits(&self) -> usize {
        if self.present.len() == 2 {
            BINARY
        } else {
            self.present.len()
        }
    }

    /// Number of coefficients: logits × columns.
    pub fn len(&self) -> usize {
        self.logits() * self.width
    }

    pub fn rows(&self) -> usize {
        self.y.len()
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.z[i * self.width..][..self.width]
    }

    /// Scores of every row, logits × rows.
    fn scores(&self, v: &[f64], s: &mut Vec<f64>) {
        s.clear();
        for coefficients in v.chunks_exact(self.width) {
            s.extend(self.z.chunks_exact(self.width).map(|row| dot(row, coefficients)));
        }
    }

    /// Σᵢ residuals[k, i] · zᵢ, into `out`, logits × columns.
    fn pull(&self, residuals: &[f64], out: &mut [f64]) {
        let rows = self.y.len();
        for (out, residuals) in out.chunks_exact_mut(self.width).zip(residuals.chunks_exact(rows)) {
            out.fill(0.0);
            add_rows(out, residuals, |i| self.row(i));
        }
    }

    /// Coefficients of the columns at `v`: L⁻ᵀ v.
    fn coefficients(&self, v: &[f64]) -> Vec<f64> {
        match &self.factor {
            Some(factor) => v
                .chunks_exact(self.width)
                .flat_map(|v| factor.solve_transposed(v))
                .collect(),
            None => v.to_vec(),
        }
    }

    /// A derivative by the coefficients as one by v: L⁻¹ g.
    fn by_v(&self, g: &[f64]) -> Vec<f64> {
        match &self.factor {
            Some(factor) => g.chunks_exact(self.width).flat_map(|g| factor.half_solve(g)).collect(),
            None => g.to_vec(),
        }
    }

    /// The mean loss and half of the penalty; writes the gradient.
    pub fn value(&self, v: &[f64], gradient: &mut [f64]) -> f64 {
        let rows = self.y.len();
        let v = &self.coefficients(v);
        let mut scratch = self.scratch.borrow_mut();
        let Scratch { s, row } = &mut *scratch;
        self.scores(v, s);
        let mut loss = 0.0;
        if self.logits() == BINARY {
            for ((s, &class), weight) in s.iter_mut().zip(&self.y).zip(&self.weights) {
                let (p, surprise) = logistic(*s, class);
                loss += weight * surprise;
                *s = weight * (p - class as f64);
            }
        } else {
            for i in 0..rows {
                row.clear();
                row.extend((0..self.logits()).map(|k| s[k * rows + i]));
                let most = row
                    .iter()
                    .fold(f64::NEG_INFINITY, |most, &s| if s > most { s } else { most });
                let own = row[self.y[i]] - most;
                softmax(row);
                // The most probable class's share is 1 over the sum of powers.
                let top = row.iter().fold(0.0, |top, &p| if p > top { p } else { top });
                loss += self.weights[i] * (-libm::log(top) - own);
                row[self.y[i]] -= 1.0;
                for (k, residual) in row.iter().enumerate() {
                    s[k * rows + i] = self.weights[i] * residual;
                }
            }
        }
        self.pull(s, gradient);
        for (gradient, v) in gradient.chunks_exact_mut(self.width).zip(v.chunks_exact(self.width)) {
            for ((g, v), ridge) in gradient.iter_mut().zip(v).zip(&self.ridge) {
                *g += ridge * v;
                loss += 0.5 * ridge * v * v;
            }
        }
        gradient.copy_from_slice(&self.by_v(gradient));
        loss
    }

    /// The probabilities at `v`, classes × rows: of the second of two classes only, if there are two.
    fn probabilities(&self, v: &[f64]) -> Vec<f64> {
        let (rows, logits) = (self.y.len(), self.logits());
        let mut s = Vec::new();
        self.scores(&self.coefficients(v), &mut s);
        if logits == BINARY {
            s.iter_mut().for_each(|s| *s = logistic(*s, 1).0);
            return s;
        }
        let mut row = vec![0.0; logits];
        for i in 0..rows {
            (0..logits).for_each(|k| row[k] = s[k * rows + i]);
            softmax(&mut row);
            (0..logits).for_each(|k| s[k * rows + i] = row[k]);
        }
        s
    }

    /// x with H x = `g`, H the Hessian at `v`, by conjugate gradients (Hestenes & Stiefel 1952).
    pub fn solve(&self, v: &[f64], g: &[f64]) -> Vec<f64> {
        let p = self.probabilities(v);
        let n = g.len();
        let (mut x, mut residual, mut direction) = (vec![0.0; n], g.to_vec(), g.to_vec());
        let mut product = vec![0.0; n];
        let mut size = dot(&residual, &residual);
        let enough = size * 1e-24;
        for _ in 0..4 * n + 100 {
            if size <= enough || size == 0.0 {
                break;
            }
            self.hessian_times(&p, &direction, &mut product);
            let bend = dot(&direction, &product);
            if bend.is_nan() || bend <= 0.0 {
                break;
            }
            let step = size / bend;
            for i in 0..n {
                x[i] += step * direction[i];
                residual[i] -= step * product[i];
            }
            let next = dot(&residual, &residual);
            let share = next / size;
            direction
                .iter_mut()
                .zip(&residual)
                .for_each(|(d, r)| *d = r + share * *d);
            size = next;
        }
        x
    }

    /// H u at the probabilities `p`.
    fn hessian_times(&self, p: &[f64], u: &[f64], out: &mut [f64]) {
        let (rows, logits) = (self.y.len(), self.logits());
        let mut scratch = self.scratch.borrow_mut();
        let s = &mut scratch.s;
        let u = &self.coefficients(u);
        self.scores(u, s);
        for i in 0..rows {
            let mean = if logits == BINARY {
                p[i] * s[i]
            } else {
                (0..logits).map(|k| p[k * rows + i] * s[k * rows + i]).sum()
            };
            for k in 0..logits {
                let at = k * rows + i;
                s[at] = self.weights[i] * p[at] * (s[at] - mean);
            }
        }
        self.pull(s, out);
        for (out, u) in out.chunks_exact_mut(self.width).zip(u.chunks_exact(self.width)) {
            for ((out, u), ridge) in out.iter_mut().zip(u).zip(&self.ridge) {
                *out += ridge * u;
            }
        }
        out.copy_from_slice(&self.by_v(out));
    }

    /// Coefficients of the features as they are, logits × features, and the intercepts.
    pub fn plain(&self, v: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let features = self.scale.len();
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for v in self.coefficients(v).chunks_exact(self.width) {
            let own: Vec<f64> = (0..features).map(|j| v[j] * self.scale[j]).collect();
            let shift = dot(&own, &self.centre);
            intercepts.push(v.get(features).map_or(0.0, |b| b - shift));
            coefficients.extend(own);
        }
        (coefficients, intercepts)
    }

    /// A derivative by coefficients and intercepts as [`Problem::plain`] gives them, as one by the solver's.
    pub fn scaled(&self, by_coefficients: &[f64], by_intercepts: &[f64]) -> Vec<f64> {
        let features = self.scale.len();
        let mut all = Vec::with_capacity(self.len());
        for (own, by) in by_coefficients.chunks_exact(features).zip(by_intercepts) {
            // An intercept moves against its row's coefficients times the centre; without one the centre is 0.
            all.extend((0..features).map(|j| self.scale[j] * (own[j] - by * self.centre[j])));
            all.extend((self.width > features).then_some(*by));
        }
        self.by_v(&all)
    }

    /// How the solution moves with the penalty of each feature, seen along `u`: −uᵀ ∂∇F/∂λⱼ, summed over logits.
    pub fn by_penalty(&self, v: &[f64], u: &[f64]) -> Vec<f64> {
        let mut slopes = vec![0.0; self.scale.len()];
        let (v, u) = (self.coefficients(v), self.coefficients(u));
        for (v, u) in v.chunks_exact(self.width).zip(u.chunks_exact(self.width)) {
            for (j, slope) in slopes.iter_mut().enumerate() {
                *slope -= u[j] * self.scale[j] * self.scale[j] * v[j];
            }
        }
        slopes
    }
}

/// The factor of the Hessian of one logit at equal probabilities: `flat` times the weighted squares of the columns, and the penalty.
fn factor(z: &[f64], weights: &[f64], flat: f64, ridge: &[f64]) -> Option<Cholesky> {
    let width = ridge.len();
    if width > MOST_FACTORED {
        return None;
    }
    let mut hessian = vec![0.0; width * width];
    for j in 0..width {
        let column: Vec<f64> = z
            .chunks_exact(width)
            .zip(weights)
            .map(|(row, w)| flat * w * row[j])
            .collect();
        let target = &mut hessian[j * width + j..(j + 1) * width];
        target[0] = ridge[j];
        add_rows(target, &column, |i| &z[i * width + j..(i + 1) * width]);
    }
    Cholesky::new(width, &hessian)
}

/// The probability of class 1 at a score, and −ln of that of `class`.
pub(super) fn logistic(score: f64, class: usize) -> (f64, f64) {
    // Of the two powers the one that is at most 1.
    let power = crate::math::exp::exp(-score.abs());
    let p = if score >= 0.0 {
        1.0 / (1.0 + power)
    } else {
        power / (1.0 + power)
    };
    let against = if class == 1 { -score } else { score };
    (p, against.max(0.0) + libm::log1p(power))
}
