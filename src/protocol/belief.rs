//! What strategies believe, and what is true: along a parameter, over two, and over all.

use crate::mind::Mind;
use crate::space::{Config, Space};
use crate::trial::Job;
use serde::{Deserialize, Serialize};

/// A strategy's belief along one parameter, through one configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial that is explained: the belief is the one by which it was chosen. `None` before the first.
    pub trial: Option<u32>,
    /// The parameter along which the cut goes.
    pub param: String,
    /// The configuration through which it goes.
    pub through: Config,
    /// Positions in the parameter's unit interval: each level of a short discrete domain, else evenly spaced.
    pub us: Vec<f64>,
    /// Whether `us` are the levels of a discrete domain.
    pub discrete: bool,
    /// Which positions the space forbids: there nothing is ever tried. Empty where it forbids nothing at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<bool>,
    /// The belief at each position.
    pub mind: Mind,
    /// The objective itself at each position, where it is cheap; noiseless.
    pub truth: Option<Vec<f64>>,
    /// Functions drawn from the posterior, where the model can draw them: a value at each position of a discrete domain, at every other
    /// position of a continuous one.
    #[serde(default)]
    pub samples: Vec<Vec<f64>>,
}

impl Slice {
    /// Whether the objective can be drawn beside the belief: where the belief is along the parameter.
    pub fn has_truth(&self) -> bool {
        matches!(self.mind, Mind::Posterior(_) | Mind::Densities(_) | Mind::Gaussian(_))
    }

    /// Whether the space forbids the position `i`.
    pub fn is_forbidden(&self, i: usize) -> bool {
        self.forbidden.get(i).copied().unwrap_or(false)
    }

    /// The curve of `values` where something may be tried: its pieces between what is forbidden, as positions and values. What is not finite is
    /// left out and makes no gap.
    pub fn pieces(&self, values: impl Iterator<Item = f64>) -> Vec<Vec<(f64, f64)>> {
        let mut pieces = vec![Vec::new()];
        for (i, (u, value)) in self.us.iter().copied().zip(values).enumerate() {
            if self.is_forbidden(i) {
                pieces.push(Vec::new());
            } else if let (Some(piece), true, true) = (pieces.last_mut(), u.is_finite(), value.is_finite()) {
                piece.push((u, value));
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// Stretches of the unit interval that the space forbids: each reaches halfway to the nearest position that it allows.
    pub fn forbidden_stretches(&self) -> Vec<(f64, f64)> {
        let mut stretches: Vec<(f64, f64)> = Vec::new();
        let middle = |i: usize, k: usize| Some((self.us.get(i)? + self.us.get(k)?) / 2.0);
        for i in (0..self.us.len()).filter(|i| self.is_forbidden(*i)) {
            let low = i.checked_sub(1).and_then(|before| middle(before, i)).unwrap_or(0.0);
            let high = middle(i, i + 1).unwrap_or(1.0);
            match stretches.last_mut() {
                Some(last) if last.1 >= low => last.1 = high,
                _ => stretches.push((low, high)),
            }
        }
        stretches
    }

    /// The configuration cut through, without the parameter along which it is cut.
    pub fn others(&self) -> Config {
        self.through.without(&self.param)
    }
}

/// Cells over two parameters: every level of a short discrete domain, else evenly spaced ones. Each cell stands for the configuration in
/// its middle. Along one parameter it has one row, and its cells stand for [`Grid::places`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Parameter across.
    pub x: String,
    /// Parameter up; empty along one parameter.
    pub y: String,
    /// Cells across.
    pub columns: usize,
    /// Cells up.
    pub rows: usize,
    /// What the other parameters are; `None` for their defaults.
    pub through: Option<Config>,
}

impl Grid {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the middle of cell `i` lies, counted row by row from the bottom, each from left to right.
    pub fn middle(&self, i: usize) -> (f64, f64) {
        let share = |k: usize, n: usize| (k as f64 + 0.5) / n.max(1) as f64;
        (
            share(i % self.columns.max(1), self.columns),
            share(i / self.columns.max(1), self.rows),
        )
    }

    /// Whether it goes along one parameter.
    pub fn is_line(&self) -> bool {
        self.y.is_empty()
    }

    /// Along one parameter, the places of its cells in the unit interval: from end to end, each where the parameter has a value.
    pub fn places(&self, space: &Space) -> Vec<f64> {
        let Some(param) = space.index(&self.x).and_then(|i| space.params().get(i)) else {
            return Vec::new();
        };
        let own = |u: f64| param.domain.to_unit(&param.domain.at_unit(u));
        Space::positions(param, self.columns).0.into_iter().map(own).collect()
    }

    /// The cell at a place in the unit square.
    pub fn cell(&self, u: f64, v: f64) -> Option<usize> {
        let index = |at: f64, n: usize| ((at.clamp(0.0, 1.0) * n as f64) as usize).min(n.checked_sub(1)?).into();
        let (column, row): (Option<usize>, Option<usize>) = (index(u, self.columns), index(v, self.rows));
        Some(row? * self.columns + column?)
    }
}

/// The objective over two parameters, or along one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// The cells.
    pub grid: Grid,
    /// How many of them are known. The others show what a known one near them has; along one parameter they have none.
    pub done: usize,
    /// A value for each cell; NaN where there is none. They travel beside the text.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// What a strategy believes over two parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial before which it believed that; `None` for now.
    pub trial: Option<u32>,
    /// The cells.
    pub grid: Grid,
    /// Its belief. What a posterior or densities say of the cells stands in `values`, not here.
    pub mind: Mind,
    /// The point it would choose next, if it knows one.
    pub next: Option<Config>,
    /// Mean, standard deviation and acquisition of a posterior, or the ratio of densities: one after the other, a value for each cell.
    /// They travel beside the text.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// How much of the variance of a strategy's values each parameter explains by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// Which strategy, by position.
    pub lane: usize,
    /// Number of values it is of.
    pub trials: u32,
    /// Parameter, share of the variance, its standard deviation over the trees; the largest share first. Empty if too little is known.
    pub shares: Vec<(String, f64, f64)>,
}

/// The point that another strategy would choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// In whose place, by position.
    pub lane: usize,
    /// In place of which trial; `None` for the next one.
    pub trial: Option<u32>,
    /// The strategy as it was asked for: an answer to an earlier question is told by it.
    pub asked: String,
    /// The strategy asked, with the settings that differ from its defaults.
    pub call: String,
    /// What it would try, and why; or why it has nothing to propose.
    pub answer: Result<Job, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forbidden_cuts_a_curve_in_pieces_and_reaches_halfway_to_what_is_allowed() {
        let slice = Slice {
            lane: 0,
            trial: None,
            param: "x".into(),
            through: Config::default(),
            us: vec![0.0, 0.25, 0.5, 0.75, 1.0],
            discrete: false,
            forbidden: vec![true, false, true, true, false],
            mind: Mind::Nothing(String::new()),
            truth: None,
            samples: Vec::new(),
        };
        assert_eq!(slice.forbidden_stretches(), [(0.0, 0.125), (0.375, 0.875)]);
        let pieces = slice.pieces([1.0, 2.0, 3.0, 4.0, 5.0].into_iter());
        assert_eq!(pieces, [vec![(0.25, 2.0)], vec![(1.0, 5.0)]]);
        let free = Slice {
            forbidden: Vec::new(),
            ..slice
        };
        assert_eq!(
            (free.forbidden_stretches(), free.pieces([1.0; 5].into_iter()).len()),
            (vec![], 1)
        );
    }
}
