//! Nelder and Mead's simplex, with restarts.

mod simplex;

use super::cube::{Cube, Kind};
use super::memory::Seen;
use super::replay::{Replay, Rule};
use super::{Build, Plan};
use crate::math::sobol::Sobol;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::Seed;
use crate::space::Config;
use crate::trial::MoveOrigin;
use simplex::{Simplex, Stage};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "nelder_mead",
    title: "Nelder–Mead",
    about: "A simplex of d + 1 points crawls downhill: its worst corner is reflected through the others, stretched where that goes well, drawn in \
        where it does not. Needs no gradients and few trials to reach the bottom of a smooth valley with a few parameters; noise and many \
        parameters defeat it. Categories stand still within a simplex: before it begins and when it has shrunk, each is tried in \
        turn at its best point. When that gains nothing either, it starts anew elsewhere.",
    formula: "x_r = c + α (c − x_worst), c the centroid of the others; expansion β, contraction γ, shrinking δ depend on d",
    paper: "Nelder & Mead 1965, A simplex method for function minimization, Computer J. 7; Gao & Han 2012, Comput. Optim. Appl. 51 (coefficients by dimension); Audet & Dennis 2001, SIAM J. Optim. 11 (polling categories)",
    settings: &[
        Setting {
            id: "edge",
            about: "Edge of a new simplex, as a share of each parameter's range on its own scale, at least one level.",
            kind: SettingKind::Float(1e-3, 0.5),
            default: "0.3",
        },
        Setting {
            id: "tolerance",
            about: "A simplex smaller than this, in the same unit, starts anew elsewhere.",
            kind: SettingKind::Float(1e-12, 0.1),
            default: "0.001",
        },
    ],
    build: |space, settings, plan| {
        let (cube, settings, own) = (Cube::new(space), settings.clone(), plan.clone());
        let start = Box::new({
            let cube = cube.clone();
            move || Box::new(NelderMead::new(&cube, &settings, &own)) as Box<dyn Rule>
        });
        Ok(Box::new(Replay::new(&cube, plan, start)))
    },
};

/// Most other values of a category that are tried at a point.
const POLLED: usize = 8;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// Evenly spread points, of which the best will be the first corner.
    Spread,
    /// Other values of one category at the best point of the neighbourhood.
    Poll {
        /// The axis.
        axis: usize,
        /// Whether a simplex has shrunk here.
        shrunk: bool,
        /// Whether an axis before this one has gained.
        gained: bool,
    },
    Simplex,
}

struct NelderMead {
    cube: Cube,
    seed: Seed,
    sequence: Sobol,
    /// Next point of the sequence, and how many are spread at a start.
    from: u32,
    spread: usize,
    starts: u32,
    polls: u64,
    edge: f64,
    tolerance: f64,
    phase: Phase,
    simplex: Simplex,
    /// The best point of the neighbourhood, with its value; and of all.
    current: (Vec<f64>, Seen),
    best: (Vec<f64>, Seen),
    points: Vec<Vec<f64>>,
    wanted: Vec<Config>,
}

impl NelderMead {
    fn new(cube: &Cube, settings: &Settings, plan: &Plan) -> NelderMead {
        let nowhere = (
            vec![0.5; cube.dim()],
            Seen {
                id: None,
                value: f64::INFINITY,
            },
        );
        let mut rule = NelderMead {
            seed: plan.seed,
            sequence: Sobol::new(cube.dim(), plan.seed.derive("start", 0)),
            from: 0,
            // As many as a simplex has corners, but few of few trials.
            spread: (cube.dim() + 1).min(plan.trials / 10).max(1),
            starts: 0,
            polls: 0,
            edge: settings.float("edge"),
            tolerance: settings.float("tolerance"),
            phase: Phase::Spread,
            simplex: Simplex::new(Vec::new(), Vec::new(), Vec::new()),
            current: nowhere.clone(),
            best: nowhere,
            points: Vec::new(),
            wanted: Vec::new(),
            cube: cube.clone(),
        };
        rule.restart();
        rule
    }

    fn want(&mut self, phase: Phase, points: Vec<Vec<f64>>) {
        self.phase = phase;
        self.wanted = points.iter().map(|p| self.cube.config(p)).collect();
        self.points = points;
    }

    /// Begins anew at the next points of an even sequence; every second time with the categories of the best point so far.
    fn restart(&mut self) {
        let keep = self.starts % 2 == 1;
        self.starts += 1;
        let mut points = Vec::new();
        for _ in 0..self.spread {
            let mut point = self.cube.next_allowed(&self.sequence, &mut self.from);
            for (axis, kind) in self.cube.kinds().iter().enumerate() {
                if keep && matches!(kind, Kind::Categories(_)) {
                    point[axis] = self.best.0[axis];
                }
            }
            points.push(point);
        }
        self.want(Phase::Spread, points);
    }

    /// Tries the categories of the next axis from `axis` on; behind the last begins a simplex, or anew if there was one and nothing gained.
    fn poll(&mut self, axis: usize, shrunk: bool, gained: bool) {
        let active = self.cube.active(&self.cube.config(&self.current.0));
        let kinds = self.cube.kinds();
        let categories = active.into_iter().find_map(|a| match kinds[a] {
            Kind::Categories(count) if a >= axis => Some((a, count)),
            _ => None,
        });
        let Some((axis, count)) = categories else {
            return if shrunk && !gained {
                self.restart()
            } else {
                self.begin()
            };
        };
        let own = self.cube.level(axis, self.current.0[axis]);
        let mut others: Vec<u64> = (0..count).filter(|k| *k != own).collect();
        if others.len() > POLLED {
            crate::seed::shuffle(&mut self.seed.derive("poll", self.polls).rng(), &mut others);
            others.truncate(POLLED);
        }
        self.polls += 1;
        let with = |category: &u64| {
            let mut point = self.current.0.clone();
            point[axis] = self.cube.at_level(axis, *category);
            point
        };
        let points = others.iter().map(with).collect();
        self.want(Phase::Poll { axis, shrunk, gained }, points);
    }

    /// A simplex at the best point of the neighbourhood.
    fn begin(&mut self) {
        let start = self.current.0.clone();
        let mut axes = self.cube.active(&self.cube.config(&start));
        axes.retain(|axis| !matches!(self.cube.kinds()[*axis], Kind::Categories(_)));
        let edges = axes.iter().map(|axis| {
            let length = match self.cube.kinds()[*axis] {
                Kind::Ordered(count) => self.edge.max(1.0 / count as f64),
                _ => self.edge,
            };
            // To the side with more room.
            if start[*axis] > 0.5 { -length } else { length }
        });
        let edges = edges.collect();
        self.simplex = Simplex::new(start, axes, edges);
        self.want(Phase::Simplex, self.simplex.points().to_vec());
    }

    /// Whether there is nothing more to gain here: the simplex is small, or none of its levels differ.
    fn is_done(&self) -> bool {
        let corners = self.simplex.corners();
        let mut continuous = self
            .simplex
            .axes()
            .iter()
            .filter(|a| self.cube.kinds()[**a] == Kind::Continuous);
        let same = || {
            let first = self.cube.config(&corners[0].0);
            corners.iter().all(|(point, _)| self.cube.config(point) == first)
        };
        self.simplex.size() < self.tolerance || (continuous.next().is_none() && same())
    }
}

impl Rule for NelderMead {
    fn wanted(&self) -> &[Config] {
        &self.wanted
    }

    fn origin(&self, k: usize) -> MoveOrigin {
        let trial =
            |id: Option<u32>, otherwise: &str| id.map_or(otherwise.to_string(), |id| format!("trial {}", id + 1));
        let (name, why, from) = match self.phase {
            Phase::Spread => (
                format!("start {}, {} of {}", self.starts, k + 1, self.points.len()),
                if self.starts == 1 {
                    "One of the first points, spread evenly: the simplex begins at the best of them.".to_string()
                } else {
                    "The simplex before had shrunk to a point, so the search begins elsewhere, at the best of some evenly spread points."
                        .to_string()
                },
                Vec::new(),
            ),
            Phase::Poll { axis, .. } => {
                let (name, id) = (self.cube.name(axis), self.current.1.id);
                let place = trial(id, "the best point here");
                (
                    format!("other {name} than {place}"),
                    format!(
                        "As {place}, the best point here, with another {name}: without an order there is no direction to go, so others are tried."
                    ),
                    id.into_iter().collect(),
                )
            }
            Phase::Simplex => {
                let corners = self.simplex.corners().iter().filter_map(|(_, seen)| seen.id);
                let ids: Vec<u32> = corners.collect();
                let worst = trial(
                    self.simplex.corners().last().and_then(|(_, seen)| seen.id),
                    "the worst corner",
                );
                let (name, why) = self.simplex.stage().words(&worst);
                let first = trial(self.current.1.id, "the best point here");
                match self.simplex.stage() {
                    Stage::Corners => (name, format!("{why} {first}."), self.current.1.id.into_iter().collect()),
                    _ => (name, why, ids),
                }
            }
        };
        MoveOrigin {
            name,
            why,
            from,
            numbers: vec![
                ("start".into(), f64::from(self.starts)),
                ("size".into(), self.simplex.size()),
            ],
        }
    }

    fn advance(&mut self, seen: &[Seen]) {
        let told = self.points.drain(..).zip(seen.iter().copied());
        let Some(found) = told.min_by(|a, b| a.1.value.total_cmp(&b.1.value)) else {
            return;
        };
        if found.1.value < self.best.1.value {
            self.best = found.clone();
        }
        match self.phase {
            Phase::Spread => {
                self.current = found;
                self.poll(0, false, false);
            }
            Phase::Poll { axis, shrunk, gained } => {
                let gains = found.1.value < self.current.1.value;
                if gains {
                    self.current = found;
                }
                self.poll(axis + 1, shrunk, gained || gains);
            }
            Phase::Simplex => {
                self.simplex.advance(seen);
                if self.simplex.stage() != Stage::Corners && self.is_done() {
                    self.current = self.simplex.corners()[0].clone();
                    self.poll(0, true, false);
                } else {
                    self.want(Phase::Simplex, self.simplex.points().to_vec());
                }
            }
        }
    }

    fn relocate(&mut self, config: &Config, seen: Seen) {
        self.current = (self.cube.point(config, &self.best.0), seen);
        if seen.value < self.best.1.value {
            self.best = self.current.clone();
        }
        self.starts += 1;
        self.poll(0, false, false);
    }
}

#[cfg(test)]
mod tests;
