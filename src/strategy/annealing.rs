//! Simulated annealing.

use super::cube::{Cube, Kind};
use super::memory::Seen;
use super::replay::{Replay, Rule};
use super::{Build, Plan};
use crate::math::sobol::Sobol;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, uniform};
use crate::space::Config;
use crate::trial::MoveOrigin;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "annealing",
    title: "Simulated annealing",
    about: "Walks from point to point by random steps. A better point is always accepted; a worse one sometimes, often while the temperature is \
        high and hardly ever at the end of the planned trials, so that it can leave a poor valley early and settles late. Simple, needs \
        little thinking and any kind of space; one walk at a time, so it makes poor use of trials run at once.",
    formula: "P(accept) = min(1, exp(−(f′ − f) / T)),  T = T₀ · cooling^(trials / planned trials)",
    paper: "Kirkpatrick, Gelatt & Vecchi 1983, Optimization by simulated annealing, Science 220; Metropolis et al. 1953 (acceptance)",
    settings: &[
        Setting {
            id: "temperature",
            about: "Temperature at the start, as a multiple of the median difference between the values of the first points and their best: the walk knows no other unit of the objective.",
            kind: SettingKind::Float(0.0, 100.0),
            default: "0.1",
        },
        Setting {
            id: "cooling",
            about: "Temperature at the end of the planned trials, as a share of that at the start.",
            kind: SettingKind::Float(1e-12, 1.0),
            default: "0.01",
        },
        Setting {
            id: "step",
            about: "Standard deviation of a step at the start, as a share of each parameter's range on its own scale. It shrinks tenfold by the end; whole numbers move by at least one.",
            kind: SettingKind::Float(1e-6, 1.0),
            default: "0.3",
        },
    ],
    build: |space, settings, plan| {
        let (cube, settings, own) = (Cube::new(space), settings.clone(), plan.clone());
        let start = Box::new({
            let cube = cube.clone();
            move || Box::new(Annealing::new(&cube, &settings, &own)) as Box<dyn Rule>
        });
        Ok(Box::new(Replay::new(&cube, plan, start)))
    },
};

/// The step at the end of the planned trials, as a share of that at the start.
const NARROWING: f64 = 0.1;

struct Annealing {
    cube: Cube,
    seed: Seed,
    trials: usize,
    heat: f64,
    cooling: f64,
    step: f64,
    /// Finite values of the first points, of which the temperature's unit is made.
    first: Vec<f64>,
    /// How many of those are wanted.
    start: usize,
    /// Steps taken.
    steps: u64,
    /// The point the walk stands at.
    current: Option<(Vec<f64>, Seen)>,
    points: Vec<Vec<f64>>,
    wanted: Vec<Config>,
}

impl Annealing {
    fn new(cube: &Cube, settings: &Settings, plan: &Plan) -> Annealing {
        // Enough first points for a median, but no more than a tenth of the trials.
        let start = (plan.trials / 10).clamp(3, 10);
        let sequence = Sobol::new(cube.dim(), plan.seed.derive("start", 0));
        let mut from = 0;
        let points: Vec<Vec<f64>> = (0..start).map(|_| cube.next_allowed(&sequence, &mut from)).collect();
        Annealing {
            wanted: points.iter().map(|p| cube.config(p)).collect(),
            points,
            cube: cube.clone(),
            seed: plan.seed,
            trials: plan.trials.max(1),
            heat: settings.float("temperature"),
            cooling: settings.float("cooling"),
            step: settings.float("step"),
            first: Vec::new(),
            start,
            steps: 0,
            current: None,
        }
    }

    /// Share of the plan that is used up.
    fn progress(&self) -> f64 {
        ((self.start as u64 + self.steps) as f64 / self.trials as f64).min(1.0)
    }

    /// The median difference between the first values and their best.
    fn unit(&self) -> f64 {
        let mut sorted = self.first.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let differences: Vec<f64> = sorted
            .iter()
            .skip(1)
            .map(|v| v - sorted[0])
            .filter(|d| d.is_finite())
            .collect();
        differences.get(differences.len() / 2).copied().unwrap_or(0.0)
    }

    fn temperature(&self) -> f64 {
        (self.heat * self.unit() * libm::pow(self.cooling, self.progress())).min(f64::MAX)
    }

    fn size(&self) -> f64 {
        self.step * libm::pow(NARROWING, self.progress())
    }

    /// Whether the walk goes on to a point that is worse by `worse`.
    fn accepts(&self, worse: f64) -> bool {
        if worse <= 0.0 {
            return true;
        }
        let temperature = self.temperature();
        let draw = uniform(&mut self.seed.derive("accept", self.steps).rng());
        temperature > 0.0 && draw < libm::exp(-worse / temperature)
    }

    /// Draws the next step from where the walk stands.
    fn propose(&mut self) {
        let Some((from, _)) = &self.current else { return };
        let mut rng = self.seed.derive("step", self.steps).rng();
        let active = self.cube.active(&self.cube.config(from));
        let mut point = from.clone();
        // One coordinate surely and each other with probability 1/d: steps along an axis and diagonal ones.
        let sure = match active.len() {
            0 => 0,
            n => active[crate::seed::below(&mut rng, n as u64) as usize],
        };
        for &axis in &active {
            let chosen = axis == sure || uniform(&mut rng) * (active.len() as f64) < 1.0;
            if chosen {
                point[axis] = self.cube.step(axis, point[axis], self.size(), &mut rng);
            }
        }
        self.wanted = vec![self.cube.config(&point)];
        self.points = vec![point];
    }
}

impl Rule for Annealing {
    fn wanted(&self) -> &[Config] {
        &self.wanted
    }

    fn origin(&self, k: usize) -> MoveOrigin {
        let Some((_, seen)) = &self.current else {
            return MoveOrigin {
                name: format!("start {} of {}", k + 1, self.start),
                why: "One of the first points, spread evenly: the walk begins at the best of them, and their differences set the temperature.".into(),
                from: Vec::new(),
                numbers: Vec::new(),
            };
        };
        let from = seen
            .id
            .map_or("its place".to_string(), |id| format!("trial {}", id + 1));
        let flips = self.cube.kinds().iter().any(|kind| matches!(kind, Kind::Categories(_)));
        let flips = if flips {
            ", another category where one is changed"
        } else {
            ""
        };
        MoveOrigin {
            name: format!("step from {from}"),
            why: format!(
                "A random step from {from}, where the walk stands{flips}. If it is worse it is accepted all the same with probability exp(−difference / {}).",
                crate::space::number_text(self.temperature())
            ),
            from: seen.id.into_iter().collect(),
            numbers: vec![
                ("temperature".into(), self.temperature()),
                ("step size".into(), self.size()),
                ("steps taken".into(), self.steps as f64),
            ],
        }
    }

    fn advance(&mut self, seen: &[Seen]) {
        if self.first.len() < self.start {
            let room = self.start - self.first.len();
            self.first
                .extend(seen.iter().map(|s| s.value).filter(|v| v.is_finite()).take(room));
        }
        for (k, new) in seen.iter().enumerate() {
            let goes = match &self.current {
                None => true,
                // The first points are compared, not walked.
                Some((_, old)) if seen.len() > 1 => new.value < old.value,
                // Of two failures neither is worse.
                Some((_, old)) => new.value == old.value || self.accepts(new.value - old.value),
            };
            if goes {
                self.current = Some((self.points[k].clone(), *new));
            }
        }
        self.steps += u64::from(seen.len() == 1);
        self.propose();
    }

    fn relocate(&mut self, config: &Config, seen: Seen) {
        let otherwise = vec![0.5; self.cube.dim()];
        self.current = Some((self.cube.point(config, &otherwise), seen));
        self.propose();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{number, reached, space};

    #[test]
    fn leaves_a_local_valley_and_settles_in_the_deepest() {
        // Five by five valleys, each a fifth of the range wide. Below 0.005 is a disc of radius 0.0097 at the bottom of the deepest, which 200
        // uniform draws meet in 6 of 100 runs.
        let rugged = |c: &Config| {
            let (a, b) = (number(c, "a") - 0.42, number(c, "b") - 0.63);
            let wave = |v: f64| 4.0 * v * v + 0.1 - 0.1 * libm::cos(10.0 * std::f64::consts::PI * v);
            wave(a) + wave(b)
        };
        let count = reached(&ENTRY, &[("a", "0.0..1.0"), ("b", "0.0..1.0")], 200, rugged, 0.005);
        assert!(count >= 14);
    }

    #[test]
    fn worse_points_are_accepted_by_metropolis_rule_and_hardly_ever_at_the_end() {
        let plan = Plan::new(Seed(1), 4000);
        let cube = Cube::new(&space(&[("x", "0.0..1.0")]));
        let mut walk = Annealing::new(&cube, &Settings::defaults(ENTRY.settings), &plan);
        walk.first = vec![0.0, 10.0, 20.0];
        let mut accepted = |steps: std::ops::Range<u64>| {
            let of = steps.end - steps.start;
            let times = steps.filter(|step| {
                walk.steps = *step;
                walk.accepts(1.0)
            });
            times.count() as f64 / of as f64
        };
        // The unit is 20, so the temperature falls from 2 to 0.02: exp(−1/2) = 0.61 at first.
        let (early, late) = (accepted(0..200), accepted(3800..4000));
        assert!((early - 0.6).abs() < 0.1 && late < 0.01, "{early} {late}");
    }
}
