//! The objective itself over two parameters, or along one: at once where it is cheap, else by real evaluations in the background, coarse
//! cells first.

use super::{Study, evaluate, known_key};
use crate::objective::{Clock, Task};
use crate::order;
use crate::protocol::{Grid, Plane};
use crate::space::{Config, Param, Space};
use crate::trial::{Job, Origin};

/// Cells along a continuous side of a cheap objective, and of one that trains.
const CELLS: (usize, usize) = (64, 32);
/// Cells along one continuous parameter: a whole number of the first, coarse blocks, and the end.
const ALONG: usize = 65;
/// Side of the first, coarse blocks; a power of two.
const COARSE: usize = 8;
/// Cells evaluated at once at most.
const MOST_AT_ONCE: usize = 64;

/// A survey under way.
pub struct Survey {
    grid: Grid,
    configs: Vec<Config>,
    /// The cells in the order of evaluation: corners of coarse blocks, then of finer ones.
    order: Vec<usize>,
    values: Vec<Option<f64>>,
    done: usize,
    at_once: usize,
}

fn param<'a>(space: &'a Space, name: &str) -> Result<&'a Param, String> {
    let index = space.index(name).and_then(|i| space.params().get(i));
    index.ok_or_else(|| format!("there is no parameter \"{name}\""))
}

/// The cells along one parameter of `space`.
///
/// # Errors
/// If there is no such parameter.
fn line(space: &Space, x: &str, through: Option<&Config>) -> Result<Grid, String> {
    Ok(Grid {
        x: x.to_string(),
        y: String::new(),
        columns: Space::positions(param(space, x)?, ALONG).0.len(),
        rows: 1,
        through: through.cloned(),
    })
}

/// The cells over two parameters of `space`: `most` along a continuous side, every level of a discrete one that has no more.
///
/// # Errors
/// If there is no such parameter, or both are the same.
pub(super) fn grid(space: &Space, x: &str, y: &str, through: Option<&Config>, most: usize) -> Result<Grid, String> {
    let side = |name: &str| {
        let param = param(space, name)?;
        // Levels on a logarithmic scale are not evenly spaced.
        let levels = param.domain.size().filter(|_| !param.domain.is_log());
        Ok::<usize, String>(levels.map_or(most, |n| n.min(most as u64) as usize))
    };
    if x == y {
        return Err(format!("\"{x}\" is on both axes; two parameters are needed"));
    }
    Ok(Grid {
        x: x.to_string(),
        y: y.to_string(),
        columns: side(x)?,
        rows: side(y)?,
        through: through.cloned(),
    })
}

/// The configuration each cell stands for.
pub(super) fn middles(space: &Space, grid: &Grid) -> Vec<Config> {
    let through = grid.through.clone().unwrap_or_default();
    if let (true, Some(x)) = (grid.is_line(), space.index(&grid.x)) {
        let places = grid.places(space).into_iter();
        return places.map(|u| space.moved(&through, &[(x, u)])).collect();
    }
    let (Some(x), Some(y)) = (space.index(&grid.x), space.index(&grid.y)) else {
        return Vec::new();
    };
    let at = |i: usize| {
        let (u, v) = grid.middle(i);
        space.moved(&through, &[(x, u), (y, v)])
    };
    (0..grid.len()).map(at).collect()
}

/// Whether a parameter plays a part in a configuration: where it does not, a cell has no value of its own.
pub(super) fn has_both(grid: &Grid, config: &Config) -> bool {
    config.get(&grid.x).is_some() && (grid.is_line() || config.get(&grid.y).is_some())
}

impl Study {
    /// Begins a survey over two parameters, or along `x` alone; of a cheap objective it is finished at once.
    ///
    /// # Errors
    /// If there is no such parameter.
    #[inline(never)]
    pub fn survey(&self, x: &str, y: Option<&str>, through: Option<&Config>) -> Result<Survey, String> {
        let space = self.objective.space();
        let cheap = self.prepared.cheap;
        let grid = match y {
            Some(y) => grid(space, x, y, through, if cheap { CELLS.0 } else { CELLS.1 })?,
            None => line(space, x, through)?,
        };
        let configs = middles(space, &grid);
        let mut values: Vec<Option<f64>> = vec![None; grid.len()];
        let is_possible = |c: &Config| has_both(&grid, c) && space.is_allowed(c);
        let mut order: Vec<usize> = (0..grid.len()).filter(|&i| is_possible(&configs[i])).collect();
        let skipped = grid.len() - order.len();
        order::sort_by(&mut order, |&i, &j| block(&grid, j).cmp(&block(&grid, i)));
        let mut done = skipped;
        if cheap {
            for &i in &order {
                values[i] = self.objective.truth(&configs[i]);
            }
            done = grid.len();
        }
        Ok(Survey {
            grid,
            configs,
            order,
            values,
            done,
            at_once: 1,
        })
    }

    /// Evaluates cells for about `seconds`. What is evaluated is known to the trials, too, and the other way round.
    #[inline(never)]
    pub fn survey_on(&mut self, survey: &mut Survey, seconds: f64, clock: Clock) {
        let start = clock();
        while !survey.is_finished() {
            let first = survey.done - (survey.grid.len() - survey.order.len());
            let next: Vec<usize> = survey.order[first..].iter().copied().take(survey.at_once).collect();
            let job = |i: &usize| Job::full(0, survey.configs[*i].clone(), Origin::Person);
            let jobs: Vec<Job> = next.iter().map(job).collect();
            let began = clock();
            let tasks: Vec<Task> = jobs.iter().map(Task::new).collect();
            evaluate(&*self.objective, &tasks, &mut self.known, &self.context, clock);
            for (i, task) in next.iter().zip(&tasks) {
                let outcome = self.known.get(&known_key(task));
                survey.values[*i] = outcome.and_then(|(outcome, _)| outcome.value());
            }
            survey.done += next.len();
            // Enough at once for all threads, few enough that messages are heard in time.
            if clock() - began < seconds / 2.0 {
                survey.at_once = (2 * survey.at_once).min(MOST_AT_ONCE);
            } else if clock() - began > 2.0 * seconds {
                survey.at_once = (survey.at_once / 2).max(1);
            }
            if clock() - start >= seconds {
                break;
            }
        }
    }
}

impl Survey {
    /// Whether every cell is known.
    pub fn is_finished(&self) -> bool {
        self.done >= self.grid.len()
    }

    /// Whether it goes along one parameter.
    pub fn is_line(&self) -> bool {
        self.grid.is_line()
    }

    /// What is known so far: a cell that is not known yet shows the corner of the smallest block around it that is. Along one parameter it
    /// shows nothing: a curve goes through what is known.
    #[inline(never)]
    pub fn plane(&self) -> Plane {
        let first = self.done - (self.grid.len() - self.order.len());
        let mut known = vec![false; self.grid.len()];
        self.order[..first.min(self.order.len())]
            .iter()
            .for_each(|&i| known[i] = true);
        let columns = self.grid.columns.max(1);
        let value = |i: usize| {
            let (column, row) = (i % columns, i / columns);
            let coarse = if self.is_line() { 1 } else { COARSE };
            let mut side = 1;
            while side <= coarse {
                let corner = (row - row % side) * columns + (column - column % side);
                if known[corner] && has_both(&self.grid, &self.configs[i]) {
                    return self.values[corner].unwrap_or(f64::NAN);
                }
                side *= 2;
            }
            f64::NAN
        };
        let values = if self.is_finished() {
            self.values.iter().map(|v| v.unwrap_or(f64::NAN)).collect()
        } else {
            (0..self.grid.len()).map(value).collect()
        };
        Plane {
            grid: self.grid.clone(),
            done: self.done,
            values,
        }
    }
}

/// Side of the largest block, up to the coarsest, whose corner a cell is.
fn block(grid: &Grid, i: usize) -> usize {
    let (column, row) = (i % grid.columns, i / grid.columns);
    let mut side = COARSE;
    while column % side != 0 || row % side != 0 {
        side /= 2;
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(text: &str) -> Study {
        Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    #[test]
    fn a_survey_holds_what_trials_at_the_same_places_get() {
        let mut study =
            study("data=iris&model=forest(trees:5)&cv=3&p.max_depth=1..6&p.min_samples_leaf=1..5&s=grid&n=30&seed=3");
        let mut survey = study
            .survey("max_depth", Some("min_samples_leaf"), None)
            .expect("a survey");
        let mut last = 0;
        while !survey.is_finished() {
            // A clock that stands still lets it run to the end; the steps are seen through the plane.
            study.survey_on(&mut survey, 1.0, || 0.0);
            assert!(survey.plane().done > last, "it goes on");
            last = survey.plane().done;
        }
        let plane = survey.plane();
        assert_eq!((plane.grid.columns, plane.grid.rows, plane.done), (6, 5, 30));
        while !study.is_finished() {
            for trial in study.step(false) {
                let level = |name: &str| trial.job.config.number(name).expect("a number") as usize - 1;
                let cell = level("min_samples_leaf") * 6 + level("max_depth");
                assert_eq!(trial.outcome.value(), Some(plane.values[cell]), "{}", trial.job.config);
            }
        }
    }

    #[test]
    fn an_unfinished_plane_shows_coarse_blocks() {
        let study = study("fn=branin&s=random&n=3");
        let mut survey = study.survey("x1", Some("x2"), None).expect("a survey");
        assert!(survey.is_finished());
        let full = survey.plane();
        // As if only the corners of the coarsest blocks were known.
        survey.done = 64;
        let coarse = survey.plane();
        assert!(coarse.values.iter().all(|v| v.is_finite()));
        for i in 0..coarse.values.len() {
            let corner = (i / 64 / COARSE * COARSE) * 64 + i % 64 / COARSE * COARSE;
            assert_eq!(coarse.values[i], full.values[corner]);
        }
    }

    #[test]
    fn along_one_parameter_it_holds_what_trials_there_get_from_end_to_end() {
        let text = "data=iris&model=knn&cv=3&p.n_neighbors=1..60&p.weights=uniform|distance&s=sobol&n=40&seed=3";
        let mut study = study(text);
        let through = Config(vec![("weights".into(), crate::space::Value::Text("distance".into()))]);
        let mut survey = study.survey("n_neighbors", None, Some(&through)).expect("a survey");
        // The first eighth alone: what is not known yet has no value.
        study.survey_on(&mut survey, 0.0, || 0.0);
        let first = survey.plane();
        assert_eq!(first.values.iter().filter(|v| v.is_finite()).count(), first.done);
        while !survey.is_finished() {
            study.survey_on(&mut survey, 1.0, || 0.0);
        }
        let plane = survey.plane();
        assert_eq!((plane.grid.columns, plane.grid.rows, plane.done), (60, 1, 60));
        let places = plane.grid.places(&study.prepared().space);
        let domain = &study.prepared().space.params()[0].domain;
        let levels: Vec<String> = places.iter().map(|u| domain.at_unit(*u).to_string()).collect();
        assert_eq!(levels, (1..=60).map(|n| n.to_string()).collect::<Vec<_>>());
        let mut met = 0;
        while !study.is_finished() {
            for trial in study.step(false) {
                let config = &trial.job.config;
                if config.get("weights").is_some_and(|w| w.to_string() == "distance") {
                    let level = config.number("n_neighbors").expect("a number") as usize - 1;
                    assert_eq!(trial.outcome.value(), Some(plane.values[level]), "{config}");
                    met += 1;
                }
            }
        }
        assert!(met > 10, "{met} trials lie on it");
    }

    #[test]
    fn a_line_through_a_continuous_parameter_has_its_ends() {
        let study = study("fn=branin&s=random&n=3");
        let survey = study.survey("x1", None, None).expect("a survey");
        let plane = survey.plane();
        assert_eq!((plane.grid.columns, survey.is_finished()), (ALONG, true));
        let places = plane.grid.places(&study.prepared().space);
        assert_eq!((places[0], places[ALONG - 1]), (0.0, 1.0));
        assert!(study.survey("zzz", None, None).is_err());
    }

    #[test]
    fn wrong_axes_are_named() {
        let study = study("fn=branin&s=random&n=3");
        let refused = |x, y| study.survey(x, Some(y), None).err().unwrap_or_default();
        assert!(refused("x1", "zzz").contains("zzz"));
        assert!(refused("x1", "x1").contains("both"));
    }
}
