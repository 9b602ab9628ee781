//! Regularized evolution.

use super::cube::Cube;
use super::memory::cost;
use super::{Ask, Build, Plan, Strategy, Tried};
use crate::context::Context;
use crate::math::sobol::Sobol;
use crate::mind::Mind;
use crate::order;
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{below, uniform};
use crate::space::Config;
use crate::trial::{History, Job, MoveOrigin, Origin, Outcome};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "evolution",
    title: "Regularized evolution",
    about: "Keeps the latest trials as a population, draws a few of them, and changes one parameter of the best of these. The oldest die, \
        however good: a configuration stays only through children that are good again, so a lucky score under noise does not rule forever. \
        At home in large discrete spaces such as architectures, with many trials; it never waits for one that is pending.",
    formula: "child = mutate(argmin of a random sample of S among the latest P trials)",
    paper: "Real, Aggarwal, Huang & Le 2019, Regularized evolution for image classifier architecture search, AAAI",
    settings: &[
        Setting {
            id: "population",
            about: "P, trials alive at a time. 0 is a fifth of the planned trials, 8 to 100 (the paper's, at thousands of trials).",
            kind: SettingKind::Int(0, 10_000),
            default: "0",
        },
        Setting {
            id: "sample",
            about: "S, trials drawn for each tournament: more press harder on the best. 0 is half of the population, as few trials leave little time.",
            kind: SettingKind::Int(0, 10_000),
            default: "0",
        },
        Setting {
            id: "step",
            about: "Standard deviation of a mutation, as a share of a parameter's range on its own scale; whole numbers move by at least one, categories to any other.",
            kind: SettingKind::Float(1e-6, 1.0),
            default: "0.2",
        },
    ],
    build: |space, settings, plan| {
        let population = match settings.int("population") {
            0 => (plan.trials / 5).clamp(8, 100),
            set => set as usize,
        };
        let sample = match settings.int("sample") {
            0 => population.div_ceil(2),
            set => set as usize,
        };
        Ok(Box::new(Evolution {
            cube: Cube::new(space),
            size: space.size(),
            plan: plan.clone(),
            population,
            sample,
            step: settings.float("step"),
        }))
    },
};

/// Mutations tried for a child that is allowed and new. Every ten that fail, one more parameter is changed.
const TRIES: usize = 200;

struct Evolution {
    cube: Cube,
    size: Option<u64>,
    plan: Plan,
    population: usize,
    sample: usize,
    step: f64,
}

/// One of the population: trial, configuration, value (smaller is better, infinite for failures).
type Member<'a> = (u32, &'a Config, f64);

impl Evolution {
    /// The latest told trials at full fidelity, whoever proposed them.
    fn alive<'a>(&self, history: &'a History) -> Vec<Member<'a>> {
        let full = (0..history.next_id()).rev().map(|id| &history.jobs()[id as usize]);
        let member = |job: &'a Job| {
            let outcome: &Outcome = history.outcome(job.id)?;
            (job.fidelity >= 1.0).then(|| (job.id, &job.config, cost(history, outcome)))
        };
        full.filter_map(member).take(self.population).collect()
    }

    /// The next of the first generation: evenly spread points.
    fn newcomer(&self, id: u32, tried: &Tried) -> Option<(Config, Origin)> {
        let sequence = Sobol::new(self.cube.dim(), self.plan.seed.derive("start", 0));
        let number = tried.len();
        let mut from = number as u32;
        let found = (0..1000)
            .map(|_| self.cube.config(&self.cube.next_allowed(&sequence, &mut from)))
            .find(|config| !tried.contains(config) && self.cube.space().is_allowed(config));
        let Some(config) = found else {
            return self.untried(id, tried, "the first generation has no new point here");
        };
        let origin = MoveOrigin {
            name: format!("first generation, {} of {}", number + 1, self.population),
            why: "One of the first generation: points spread evenly over the space, before there is anything to select from.".into(),
            from: Vec::new(),
            numbers: Vec::new(),
        };
        Some((config, Origin::Move(Box::new(origin))))
    }

    fn untried(&self, id: u32, tried: &Tried, reason: &str) -> Option<(Config, Origin)> {
        let mut rng = self.plan.seed.derive("untried", u64::from(id)).rng();
        let config = tried.sample_untried(self.cube.space(), &mut rng, 1000)?;
        let reason = reason.to_string();
        Some((config, Origin::Fallback { reason }))
    }

    /// A mutation of the best of a random sample.
    fn child(&self, id: u32, alive: &[Member], tried: &Tried) -> Option<(Config, Origin)> {
        let mut rng = self.plan.seed.derive("tournament", u64::from(id)).rng();
        let draws = (0..self.sample).map(|_| below(&mut rng, alive.len() as u64) as usize);
        let drawn: std::collections::BTreeSet<usize> = draws.collect();
        // The population is in order of age, the youngest first: of equals the youngest wins.
        let winner = drawn
            .iter()
            .copied()
            .min_by(|a, b| alive[*a].2.total_cmp(&alive[*b].2))?;
        let (parent, config, _) = alive[winner];
        let mut rng = self.plan.seed.derive("mutation", u64::from(id)).rng();
        let otherwise: Vec<f64> = (0..self.cube.dim()).map(|_| uniform(&mut rng)).collect();
        let at = self.cube.point(config, &otherwise);
        let active = self.cube.active(config);
        for attempt in 0..TRIES {
            if active.is_empty() {
                break;
            }
            let mut point = at.clone();
            let mut changed: Vec<&str> = Vec::new();
            for _ in 0..=attempt / 10 {
                let axis = active[below(&mut rng, active.len() as u64) as usize];
                point[axis] = self.cube.step(axis, point[axis], self.step, &mut rng);
                changed.push(self.cube.name(axis));
            }
            let child = self.cube.config(&point);
            if tried.contains(&child) || !self.cube.space().is_allowed(&child) {
                continue;
            }
            order::sort_by(&mut changed, Ord::cmp);
            changed.dedup();
            let origin = MoveOrigin {
                name: format!("mutation of trial {}", parent + 1),
                why: format!(
                    "Trial {} was the best of {} drawn from the latest {}; its {} was changed at random.",
                    parent + 1,
                    drawn.len(),
                    alive.len(),
                    changed.join(" and ")
                ),
                from: vec![parent],
                numbers: vec![
                    ("population".into(), alive.len() as f64),
                    ("sample".into(), drawn.len() as f64),
                ],
            };
            return Some((child, Origin::Move(Box::new(origin))));
        }
        self.untried(
            id,
            tried,
            &format!("{TRIES} mutations of trial {} were all tried or forbidden", parent + 1),
        )
    }
}

impl Strategy for Evolution {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        let mut tried = Tried::of(history);
        let alive = self.alive(history);
        let mut jobs: Vec<Job> = Vec::new();
        while jobs.len() < room && tried.exhausted(self.size).is_none() {
            let id = history.next_id() + jobs.len() as u32;
            let proposal = if tried.len() < self.population || alive.is_empty() {
                self.newcomer(id, &tried)
            } else {
                self.child(id, &alive, &tried)
            };
            let Some((config, origin)) = proposal else { break };
            tried.insert(&config);
            jobs.push(Job::full(id, config, origin));
        }
        Ok(tried.answer(jobs, self.size))
    }

    fn mind(&mut self, _history: &History, _at: &[Config]) -> Mind {
        Mind::Nothing(
            "this strategy keeps no model: it compares the latest outcomes, and changes the better ones".into(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{is, reached, run, space};

    const SIX: [(&str, &str); 6] = [
        ("a", "{p,q,r,s,t}"),
        ("b", "{p,q,r,s,t}"),
        ("c", "{p,q,r,s,t}"),
        ("d", "{p,q,r,s,t}"),
        ("e", "{p,q,r,s,t}"),
        ("f", "{p,q,r,s,t}"),
    ];

    fn wrong(c: &Config) -> f64 {
        SIX.iter().filter(|(name, _)| !is(c, name, "s")).count() as f64
    }

    #[test]
    fn gets_six_categories_right() {
        // One in 15,625; 300 uniform draws meet it in 2 of 100 runs.
        let count = reached(&ENTRY, &SIX, 300, wrong, 0.5);
        assert!(count >= 18);
    }

    #[test]
    fn the_old_die_however_good() {
        // The very first trial is lucky: best of all for ever, but a parent only while it is among the latest 8.
        let history = run(&ENTRY, &space(&[("x", "0.0..1.0")]), 3, 40, |c| {
            c.number("x").unwrap_or(0.0)
        });
        let parents = history.jobs().iter().filter_map(|job| match &job.origin {
            Origin::Move(m) => m.from.first().map(|parent| job.id - parent),
            _ => None,
        });
        let ages: Vec<u32> = parents.collect();
        assert!(ages.len() > 25 && ages.iter().all(|age| *age <= 8), "{ages:?}");
    }
}
