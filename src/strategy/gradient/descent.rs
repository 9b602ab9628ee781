//! One descent within the unit cube, told one value and gradient at a time.

use crate::math::lbfgs::{Pair, inner, remember, two_loops};
use crate::registry::Settings;
use crate::strategy::memory::Seen;

/// How steps are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Limited-memory BFGS with a backtracking search along the projected path.
    Lbfgs,
    /// Adam, its steps shrinking with the square root of their number.
    Adam,
}

/// How the point to be told next was reached; lengths are the largest move of a coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Move {
    Start,
    Step { pairs: usize, length: f64 },
    Back { length: f64 },
    Adam { length: f64 },
}

/// What became of the point told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The descent stands there now.
    Kept,
    /// It stays where it was, and tries a shorter step.
    Refused,
    /// It is over, and why.
    Ended(&'static str),
}

/// Where a descent stands.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    x: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    /// The trial; `None` before the start is told.
    pub(super) id: Option<u32>,
    /// Largest component of the gradient that does not point out of the cube.
    pub(super) slope: f64,
}

/// Share of the predicted decrease that a step must give (Armijo).
const ARMIJO: f64 = 1e-4;
/// Decay of Adam's running means of the gradient and of its square. The paper's 0.999 for the square takes a thousand steps to
/// forget a steep start.
const DECAY: [f64; 2] = [0.9, 0.95];

pub(super) struct Descent {
    method: Method,
    rate: f64,
    tolerance: f64,
    at: Stand,
    steepest: f64,
    point: Vec<f64>,
    latest: Move,
    tried: usize,
    /// Along which the point lies, and how far.
    direction: Vec<f64>,
    step: f64,
    memory: Vec<Pair>,
    /// Adam's running means, and steps taken; every failed step counts twice, for a smaller rate.
    means: [Vec<f64>; 2],
    taken: usize,
}

impl Descent {
    pub(super) fn new(start: Vec<f64>, settings: &Settings) -> Descent {
        let zero = vec![0.0; start.len()];
        Descent {
            method: if settings.choice("method") == "adam" {
                Method::Adam
            } else {
                Method::Lbfgs
            },
            rate: settings.float("rate"),
            tolerance: settings.float("tolerance"),
            at: Stand {
                x: start.clone(),
                value: f64::INFINITY,
                gradient: zero.clone(),
                id: None,
                slope: 0.0,
            },
            steepest: 0.0,
            point: start,
            latest: Move::Start,
            tried: 0,
            direction: zero.clone(),
            step: 1.0,
            memory: Vec::new(),
            means: [zero.clone(), zero],
            taken: 0,
        }
    }

    /// The point whose outcome it needs.
    pub(super) fn point(&self) -> &[f64] {
        &self.point
    }

    /// Where it stands.
    pub(super) fn at(&self) -> &Stand {
        &self.at
    }

    /// How the point was reached.
    pub(super) fn latest(&self) -> Move {
        self.latest
    }

    /// Points told so far.
    pub(super) fn tried(&self) -> usize {
        self.tried
    }

    /// Goes on with the value and gradient (minimized) of the point; a point that failed has an infinite value.
    pub(super) fn tell(&mut self, seen: Seen, gradient: Vec<f64>) -> Told {
        self.tried += 1;
        let is_start = self.latest == Move::Start;
        if !seen.value.is_finite() {
            return match self.method {
                _ if is_start => Told::Ended("The start before this one failed"),
                Method::Lbfgs => self.back(f64::INFINITY, 0.0),
                Method::Adam => {
                    self.taken += 1;
                    self.adam_step();
                    Told::Refused
                }
            };
        }
        let moved: Vec<f64> = self.point.iter().zip(&self.at.x).map(|(a, b)| a - b).collect();
        if !is_start && self.method == Method::Lbfgs {
            let predicted = inner(&self.at.gradient, &moved);
            if seen.value > self.at.value + ARMIJO * predicted {
                return self.back(seen.value, predicted);
            }
            let change = gradient.iter().zip(&self.at.gradient).map(|(a, b)| a - b).collect();
            remember(&mut self.memory, moved.clone(), change);
        }
        let length = largest(&moved);
        self.at = Stand {
            x: self.point.clone(),
            value: seen.value,
            gradient,
            id: seen.id,
            slope: 0.0,
        };
        self.at.slope = (0..self.at.x.len())
            .filter(|i| self.is_free(*i))
            .map(|i| self.at.gradient[i].abs())
            .fold(0.0, f64::max);
        self.steepest = self.steepest.max(self.at.slope);
        if self.at.slope <= self.tolerance * self.steepest {
            return Told::Ended("The gradient had become small");
        }
        if !is_start && length <= self.tolerance {
            return Told::Ended("The last step hardly moved");
        }
        match self.method {
            Method::Lbfgs => self.lbfgs_step(),
            Method::Adam => {
                self.taken += 1;
                self.adam_step();
            }
        }
        Told::Kept
    }

    /// Whether going against the gradient keeps coordinate `i` in the cube.
    fn is_free(&self, i: usize) -> bool {
        let (x, g) = (self.at.x[i], self.at.gradient[i]);
        !(x <= 0.0 && g > 0.0 || x >= 1.0 && g < 0.0)
    }

    /// Along −H g from where it stands.
    fn lbfgs_step(&mut self) {
        let free: Vec<bool> = (0..self.at.x.len()).map(|i| self.is_free(i)).collect();
        self.direction = two_loops(&self.at.gradient, &free, &self.memory);
        if inner(&self.direction, &self.at.gradient) >= 0.0 {
            self.memory.clear();
            self.direction = two_loops(&self.at.gradient, &free, &self.memory);
        }
        // Without curvature to go by the gradient says nothing of lengths: its unit is the objective's.
        self.step = if self.memory.is_empty() {
            self.rate / largest(&self.direction)
        } else {
            1.0
        };
        self.aim();
        self.latest = Move::Step {
            pairs: self.memory.len(),
            length: self.length(),
        };
    }

    /// A shorter step: to the minimum of the parabola through value, slope and the new value, kept within a tenth and a half.
    fn back(&mut self, value: f64, predicted: f64) -> Told {
        let parabola = -0.5 * predicted / (value - self.at.value - predicted);
        self.step *= if parabola.is_finite() && value.is_finite() {
            parabola.clamp(0.1, 0.5)
        } else {
            0.1
        };
        self.aim();
        let length = self.length();
        if length <= 0.1 * self.tolerance {
            if self.memory.is_empty() {
                return Told::Ended("No step against the gradient improved any more");
            }
            self.memory.clear();
            self.lbfgs_step();
        } else {
            self.latest = Move::Back { length };
        }
        Told::Refused
    }

    fn adam_step(&mut self) {
        let count = self.taken as i32;
        let powers = DECAY.map(|decay| 1.0 - libm::pow(decay, f64::from(count)));
        let rate = self.rate / libm::sqrt(f64::from(count));
        for i in 0..self.at.x.len() {
            // Coordinates at their bound stand still, and so do their means.
            let g = if self.is_free(i) { self.at.gradient[i] } else { 0.0 };
            self.means[0][i] = DECAY[0] * self.means[0][i] + (1.0 - DECAY[0]) * g;
            self.means[1][i] = DECAY[1] * self.means[1][i] + (1.0 - DECAY[1]) * g * g;
            let spread = libm::sqrt(self.means[1][i] / powers[1]);
            self.direction[i] = if spread > 0.0 {
                -rate * self.means[0][i] / powers[0] / spread
            } else {
                0.0
            };
        }
        self.step = 1.0;
        self.aim();
        self.latest = Move::Adam { length: self.length() };
    }

    fn aim(&mut self) {
        for (i, slot) in self.point.iter_mut().enumerate() {
            let to = self.at.x[i] + self.step * self.direction[i];
            // A gradient of 1e300 can give no number.
            *slot = if to.is_nan() { self.at.x[i] } else { to.clamp(0.0, 1.0) };
        }
    }

    fn length(&self) -> f64 {
        let moved: Vec<f64> = self.point.iter().zip(&self.at.x).map(|(a, b)| a - b).collect();
        largest(&moved)
    }
}

fn largest(v: &[f64]) -> f64 {
    v.iter().map(|v| v.abs()).fold(0.0, f64::max)
}
