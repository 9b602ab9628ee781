//! What lies beneath the points of a search space: the objective itself, or what a strategy believes of it.

use super::View;
use crate::mind::Mind;
use crate::protocol::{Grid, Map, Plane};

/// What is shown in colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// Nothing beneath the points.
    Plain,
    /// The objective itself.
    #[default]
    Truth,
    /// The mean of the strategy's own model.
    Mean,
    /// Its standard deviation.
    Sd,
    /// What it chooses by: its acquisition function, or the ratio of its densities.
    Acquisition,
    /// Its mean less the objective itself.
    Error,
}

impl Layer {
    /// All, with the name for people.
    pub const ALL: [(Layer, &'static str); 6] = [
        (Layer::Plain, "points"),
        (Layer::Truth, "truth"),
        (Layer::Mean, "mean"),
        (Layer::Sd, "uncertainty"),
        (Layer::Acquisition, "acquisition"),
        (Layer::Error, "error"),
    ];

    /// Whether the objective itself is needed.
    pub fn needs_truth(self) -> bool {
        matches!(self, Layer::Truth | Layer::Error)
    }

    /// Whether a strategy's belief is needed.
    pub fn needs_mind(self) -> bool {
        !matches!(self, Layer::Plain | Layer::Truth)
    }
}

fn is_over(grid: &Grid, x: &str, y: &str) -> bool {
    !grid.is_empty() && (grid.x == x && grid.y == y || grid.x == y && grid.y == x)
}

/// A value for each cell of a grid over `x` and `y`, or over the two the other way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Cells across `x`.
    pub columns: usize,
    /// Cells along `y`.
    pub rows: usize,
    /// Row by row from the bottom; NaN where there is none.
    pub values: Vec<f64>,
}

impl Cells {
    fn new(grid: &Grid, x: &str, values: impl Fn(usize) -> f64) -> Cells {
        if grid.x == x {
            return Cells {
                columns: grid.columns,
                rows: grid.rows,
                values: (0..grid.len()).map(values).collect(),
            };
        }
        let turned = |i: usize| values((i % grid.rows) * grid.columns + i / grid.rows);
        Cells {
            columns: grid.rows,
            rows: grid.columns,
            values: (0..grid.len()).map(turned).collect(),
        }
    }
}

impl Map {
    /// The values of one layer.
    pub fn layer(&self, layer: Layer) -> Option<&[f64]> {
        let n = self.grid.len();
        let k = match (&self.mind, layer) {
            (Mind::Posterior(_), Layer::Mean | Layer::Error) | (Mind::Densities(_), Layer::Acquisition) => 0,
            (Mind::Posterior(_), Layer::Sd) => 1,
            (Mind::Posterior(_), Layer::Acquisition) => 2,
            _ => return None,
        };
        self.values.get(k * n..(k + 1) * n).filter(|values| !values.is_empty())
    }
}

impl View {
    /// The objective over these two parameters, as far as it is known.
    pub fn plane(&self, x: &str, y: &str) -> Option<&Plane> {
        let fits = |p: &&Plane| is_over(&p.grid, x, y) && p.values.len() == p.grid.len();
        self.planes.iter().rev().find(fits)
    }

    /// Makes a plane that is known the one that is shown; whether there is one that needs no further work.
    pub fn raise_plane(&mut self, x: &str, y: &str, through: Option<&crate::space::Config>) -> bool {
        let is_it = |p: &Plane| is_over(&p.grid, x, y) && p.grid.through.as_ref() == through;
        let Some(i) = self.planes.iter().position(is_it) else {
            return false;
        };
        let plane = self.planes.remove(i);
        let is_whole = plane.done >= plane.grid.len();
        self.planes.push(plane);
        is_whole
    }

    /// The latest belief of a strategy over two parameters.
    pub fn map(&self, lane: usize) -> Option<&Map> {
        self.maps.iter().find(|m| m.lane == lane)
    }

    /// What `layer` shows of a strategy over two parameters, if that is known.
    pub fn cells(&self, layer: Layer, lane: usize, x: &str, y: &str) -> Option<Cells> {
        let plane = || self.plane(x, y);
        match layer {
            Layer::Plain => None,
            Layer::Truth => plane().map(|p| Cells::new(&p.grid, x, |i| p.values[i])),
            _ => {
                let map = self.map(lane).filter(|m| is_over(&m.grid, x, y))?;
                let values = map.layer(layer)?;
                if layer != Layer::Error {
                    return Some(Cells::new(&map.grid, x, |i| values[i]));
                }
                let plane = plane().filter(|p| p.grid.through == map.grid.through)?;
                let truth = |i: usize| {
                    let (u, v) = map.grid.middle(i);
                    let (u, v) = if plane.grid.x == map.grid.x { (u, v) } else { (v, u) };
                    plane.grid.cell(u, v).map_or(f64::NAN, |cell| plane.values[cell])
                };
                Some(Cells::new(&map.grid, x, |i| values[i] - truth(i)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::Posterior;

    #[test]
    fn a_turned_map_shows_the_same_and_an_error_is_mean_less_truth() {
        let grid = Grid {
            x: "a".into(),
            y: "b".into(),
            columns: 3,
            rows: 2,
            through: None,
        };
        let mut view = View::new(0);
        view.planes.push(Plane {
            grid: Grid {
                columns: 2,
                rows: 1,
                x: "b".into(),
                y: "a".into(),
                ..grid.clone()
            },
            done: 2,
            values: vec![10.0, 20.0],
        });
        view.maps.push(Map {
            lane: 0,
            trial: None,
            grid,
            mind: Mind::Posterior(Posterior::default()),
            next: None,
            values: (0..18).map(f64::from).collect(),
        });
        let mean = view.cells(Layer::Mean, 0, "a", "b").expect("cells");
        assert_eq!((mean.columns, mean.rows), (3, 2));
        assert_eq!(mean.values, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let turned = view.cells(Layer::Mean, 0, "b", "a").expect("cells");
        assert_eq!((turned.columns, turned.rows), (2, 3));
        assert_eq!(turned.values, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_eq!(view.cells(Layer::Sd, 0, "a", "b").expect("cells").values[0], 6.0);
        // The truth knows b in two cells and a in one.
        let error = view.cells(Layer::Error, 0, "a", "b").expect("cells");
        assert_eq!(error.values, [-10.0, -9.0, -8.0, -17.0, -16.0, -15.0]);
        assert_eq!(view.cells(Layer::Mean, 1, "a", "b"), None);
        assert_eq!(view.cells(Layer::Truth, 0, "a", "c"), None);
    }
}
