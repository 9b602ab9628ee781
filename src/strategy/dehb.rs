//! DEHB: differential evolution in Hyperband's rungs.

use super::cube::Cube;
use super::de::Variation;
use super::memory::cost;
use super::rung::{
    Bracket, ETA, Ladder, Member, RUNGS, Step, begin, by_value, carried, climb, fill, fraction, hyperband_sizes, moved,
    resume, shown,
};
use super::{Ask, Build, Strategy, Tried};
use crate::context::Context;
use crate::mind::Mind;
use crate::order;
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{Seed, below};
use crate::space::{Config, rounded};
use crate::trial::{History, Job};
use rand::Rng;

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "dehb",
    title: "DEHB",
    about: "A population of differential evolution in every rung of Hyperband. The first bracket fills them as successive halving does; from then on \
            each rung breeds: parents are the best of the rung below, and a child takes its opponent's place in the rung if it is no worse there. What a \
            brief look taught so flows upwards without being eliminated for good. It needs no model, and copes with many and discrete parameters.",
    formula: "v = x_a + F · (x_b − x_c) from the best of the rung below,  u = crossover of v with x_i,  x_i ← the better of x_i and u at this rung",
    paper: "Awad, Mallik & Hutter 2021, DEHB: evolutionary Hyperband for scalable, robust and efficient hyperparameter optimization, IJCAI",
    settings: &[
        ETA,
        RUNGS,
        Setting {
            id: "f",
            about: "F, the length of the differences, 0.5 as in the paper; each is drawn within 0.2 of it.",
            kind: SettingKind::Float(0.0, 2.0),
            default: "0.5",
        },
        Setting {
            id: "cr",
            about: "Probability that a coordinate comes from the mutant, 0.5 as in the paper; one always does.",
            kind: SettingKind::Float(0.0, 1.0),
            default: "0.5",
        },
    ],
    build: |space, settings, plan| {
        let ladder = Ladder::of(settings);
        Ok(Box::new(Dehb {
            cube: Cube::new(space),
            seed: plan.seed,
            // A rung has most trials in the bracket that begins with it.
            capacity: (0..ladder.len()).map(|r| hyperband_sizes(&ladder, r).1[0]).collect(),
            ladder,
            variation: Variation {
                to_best: false,
                f: settings.float("f"),
                cr: settings.float("cr"),
            },
        }))
    },
};

/// Tries to breed something new before it is drawn.
const LITTERS: u64 = 50;
/// Members that one mutant is made of.
const PARENTS: usize = 3;

struct Dehb {
    cube: Cube,
    seed: Seed,
    ladder: Ladder,
    /// Members of each rung's population.
    capacity: Vec<usize>,
    variation: Variation,
}

/// A member of a rung's population.
#[derive(Clone, Debug)]
struct Individual {
    id: u32,
    /// Smaller is better; infinite if it failed.
    value: f64,
    point: Vec<f64>,
}

/// A log as this strategy reads it.
struct Reading {
    brackets: Vec<Bracket>,
    /// A population a rung, by slot.
    populations: Vec<Vec<Option<Individual>>>,
    /// Trials of ours so far in each rung: the slot that is challenged next follows.
    begun: Vec<usize>,
}

/// What comes next in a bracket: another trial in this rung of it.
enum Want {
    Trial(usize),
    Nothing,
}

impl Dehb {
    fn read(&self, history: &History) -> Reading {
        let mut reading = Reading {
            brackets: Vec::new(),
            populations: self.capacity.iter().map(|n| vec![None; *n]).collect(),
            begun: vec![0; self.ladder.len()],
        };
        for job in history.jobs() {
            if let Some(parent) = job.parent {
                let members = reading.brackets.iter_mut().flat_map(|b| b.rungs.iter_mut().flatten());
                members.filter(|m| m.id == parent).for_each(|m| m.promoted = true);
            }
            let Some(rung) = self.ladder.rung_of(job.fidelity) else {
                continue;
            };
            let own = carried(job, "bracket").map(|b| b as usize);
            if let Some(index) = own.filter(|b| *b <= reading.brackets.len()) {
                if index == reading.brackets.len() {
                    let (start, sizes) = hyperband_sizes(&self.ladder, index);
                    let rungs = vec![Vec::new(); sizes.len()];
                    reading.brackets.push(Bracket { start, sizes, rungs });
                }
                let bracket = &mut reading.brackets[index];
                if let Some(members) = rung.checked_sub(bracket.start).and_then(|r| bracket.rungs.get_mut(r)) {
                    members.push(Member::of(history, job, true));
                    let slot = reading.begun[rung] % self.capacity[rung];
                    reading.begun[rung] += 1;
                    self.challenge(history, job, &mut reading.populations[rung][slot]);
                    continue;
                }
            }
            // Somebody else's trial takes an empty place, or challenges the worst.
            let population = &mut reading.populations[rung];
            let worth = |i: &Option<Individual>| i.as_ref().map_or(f64::INFINITY, |i| i.value);
            let worst = (0..population.len()).max_by(|a, b| worth(&population[*a]).total_cmp(&worth(&population[*b])));
            if let Some(slot) = worst {
                self.challenge(history, job, &mut population[slot]);
            }
        }
        reading
    }

    /// A trial that was told takes a place if it is no worse.
    fn challenge(&self, history: &History, job: &Job, place: &mut Option<Individual>) {
        let Some(outcome) = history.outcome(job.id) else { return };
        let value = cost(history, outcome);
        if place.as_ref().is_none_or(|held| value <= held.value) {
            let point = self.cube.point(&job.config, &vec![0.5; self.cube.dim()]);
            let id = job.id;
            *place = Some(Individual { id, value, point });
        }
    }

    fn decide(&self, now: &History) -> Result<Step, String> {
        let tried = Tried::at_any_fidelity(now);
        if tried.exhausted(now.space().size()).is_some() {
            return Ok(climb(now, &self.ladder));
        }
        let reading = self.read(now);
        for (index, bracket) in reading.brackets.iter().enumerate() {
            if let Want::Trial(rung) = bracket.due() {
                return self.next(now, &reading, &tried, index, rung);
            }
        }
        // Every bracket waits or is done: the next begins, so that no room stays empty.
        self.next(now, &reading, &tried, reading.brackets.len(), 0)
    }

    /// The next trial of a bracket in its rung number `step`.
    fn next(&self, now: &History, reading: &Reading, tried: &Tried, index: usize, step: usize) -> Result<Step, String> {
        let start = reading
            .brackets
            .get(index)
            .map_or_else(|| hyperband_sizes(&self.ladder, index).0, |b| b.start);
        let rung = start + step;
        let numbers = [("bracket", index as f64), ("rung", rung as f64)];
        let slot = reading.begun[rung] % self.capacity[rung];
        let target = reading.populations[rung][slot].as_ref();
        if step > 0
            && target.is_none()
            && let Some(job) = self.promotion(now, &reading.brackets[index], step, &numbers)
        {
            return Ok(Step::Go(job));
        }
        let seed = self.seed.derive("proposal", u64::from(now.next_id()));
        if let Some(target) = target
            && let Some(job) = self.child(now, reading, tried, target, rung, step, &numbers, seed)
        {
            return Ok(Step::Go(job));
        }
        let fidelity = self.ladder.fidelities[rung];
        let config = tried.sample_untried(now.space(), &mut seed.rng(), 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let why = format!(
            "A uniform draw for a free place in the population at {}; its differences from others will be steps.",
            fraction(fidelity)
        );
        let origin = moved(format!("new, at {}", fraction(fidelity)), why, Vec::new(), &numbers);
        Ok(Step::Go(begin(now, config, fidelity, origin)))
    }

    /// The best of the bracket's rung below that has not gone on yet.
    fn promotion(&self, now: &History, bracket: &Bracket, step: usize, numbers: &[(&str, f64)]) -> Option<Job> {
        let below = &bracket.rungs[step - 1];
        let ranked = by_value(below);
        let rank = ranked.iter().position(|m| !m.promoted)?;
        let parent = &now.jobs()[ranked[rank].id as usize];
        let fidelity = self.ladder.fidelities[bracket.start + step];
        // Somebody else may have tried it with more effort by now.
        if now
            .jobs()
            .iter()
            .any(|j| j.fidelity == fidelity && j.config == parent.config)
        {
            return None;
        }
        let why = format!(
            "Number {} of {} at {}, with {}: the population at {} has a free place, and the best go on to it.",
            rank + 1,
            below.len(),
            fraction(parent.fidelity),
            rounded(now.direction().minimized(ranked[rank].value().unwrap_or(f64::NAN))),
            fraction(fidelity)
        );
        let origin = moved(
            format!("promoted to {}", fraction(fidelity)),
            why,
            vec![parent.id],
            numbers,
        );
        Some(resume(now, parent, fidelity, origin))
    }

    /// A child that challenges `target`, if a new one can be bred.
    #[allow(clippy::too_many_arguments, reason = "the parts of one decision")]
    fn child(
        &self,
        now: &History,
        reading: &Reading,
        tried: &Tried,
        target: &Individual,
        rung: usize,
        step: usize,
        numbers: &[(&str, f64)],
        seed: Seed,
    ) -> Option<Job> {
        let alive = |r: usize| reading.populations[r].iter().flatten().filter(|i| i.value.is_finite());
        // Above its first rung a bracket breeds from the best below, as many as this rung has in it.
        let from = if step > 0 { rung - 1 } else { rung };
        let mut parents: Vec<&Individual> = alive(from).filter(|i| i.id != target.id).collect();
        order::sort_by(&mut parents, |a, b| a.value.total_cmp(&b.value).then(a.id.cmp(&b.id)));
        if step > 0 {
            parents.truncate(self.capacity[rung].max(PARENTS));
        }
        let mut others = (0..reading.populations.len()).filter(|r| *r != from).flat_map(alive);
        while parents.len() < PARENTS {
            let next = others.find(|i| i.id != target.id && parents.iter().all(|p| p.id != i.id))?;
            parents.push(next);
        }
        let mut rng = seed.derive("child", 0).rng();
        for _ in 0..LITTERS {
            let [a, b, c] = three(&parents, &mut rng);
            let points = [target, a, b, c].map(|i| &i.point[..]);
            let config = self
                .cube
                .config(&self.variation.offspring(&self.cube, points, &mut rng));
            if !now.space().is_allowed(&config) || tried.contains(&config) {
                continue;
            }
            let fidelity = self.ladder.fidelities[rung];
            let why = format!(
                "Trial {} and a part of the difference of {} and {}, mixed with trial {}; if it is no worse than that one at {}, it takes its place. {}",
                a.id + 1,
                b.id + 1,
                c.id + 1,
                target.id + 1,
                fraction(fidelity),
                if step > 0 {
                    "The parents are among the best of the rung below."
                } else {
                    "The parents are of the same rung, which this bracket begins with."
                }
            );
            let name = format!("against {}, at {}", target.id + 1, fraction(fidelity));
            let from = vec![target.id, a.id, b.id, c.id];
            return Some(begin(now, config, fidelity, moved(name, why, from, numbers)));
        }
        None
    }
}

/// Three different ones of at least three.
fn three<'a>(parents: &[&'a Individual], rng: &mut impl Rng) -> [&'a Individual; PARENTS] {
    let mut left = parents.to_vec();
    std::array::from_fn(|_| left.swap_remove(below(rng, left.len() as u64) as usize))
}

impl Bracket {
    fn due(&self) -> Want {
        for (step, members) in self.rungs.iter().enumerate() {
            if members.len() < self.sizes[step] {
                return Want::Trial(step);
            }
            // The next rung breeds from what this one knows.
            if members.iter().any(|m| m.told.is_none()) {
                return Want::Nothing;
            }
        }
        Want::Nothing
    }
}

impl Strategy for Dehb {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now))
    }

    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        shown(history, &self.ladder, &self.read(history).brackets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Settings;
    use crate::strategy::testing::{build, number, space};
    use crate::trial::{Direction, Outcome};

    /// A bowl whose low fidelities are shifted a little; runs until `budget` is spent and gives the best at full fidelity.
    fn best(entry: &Entry<Build>, seed: u64, budget: f64) -> f64 {
        let space = space(&[
            ("a", "0.0..1.0"),
            ("b", "0.0..1.0"),
            ("c", "0.0..1.0"),
            ("d", "0.0..1.0"),
        ]);
        let mut strategy = build(entry, &space, seed, budget as usize);
        let mut history = History::new(space.clone(), Direction::Minimize);
        while history.spent() < budget {
            let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
                break;
            };
            for job in jobs {
                let part = |name: &str, at: f64| {
                    let off = number(&job.config, name) - at - 0.05 * (1.0 - job.fidelity);
                    off * off
                };
                let value = part("a", 0.3) + part("b", 0.7) + part("c", 0.2) + part("d", 0.9);
                let id = job.id;
                history.ask(job);
                history.tell(id, Outcome::of(value)).expect("pending");
            }
        }
        let (job, score) = history.best().expect("a best");
        assert!(job.fidelity >= 1.0);
        score.value
    }

    #[test]
    fn evolution_goes_on_where_hyperband_only_draws_again() {
        let median = |entry: &Entry<Build>| {
            let mut all: Vec<f64> = (0..9).map(|seed| best(entry, seed, 80.0)).collect();
            all.sort_unstable_by(f64::total_cmp);
            all[4]
        };
        let (own, plain) = (median(&ENTRY), median(&super::super::hyperband::ENTRY));
        assert!(own < 0.3 * plain, "{own} against {plain}");
    }

    #[test]
    fn the_first_bracket_is_successive_halving_and_later_ones_breed() {
        let space = space(&[("a", "0.0..1.0"), ("b", "0.0..1.0")]);
        let mut strategy = build(&ENTRY, &space, 1, 30);
        let mut history = History::new(space.clone(), Direction::Minimize);
        // Brackets 1 to 4 of the defaults: 27 + 9 + 3 + 1, 12 + 4 + 1, 6 + 2, 4, then again from the lowest.
        for _ in 0..(40 + 17 + 8 + 4 + 40) {
            let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
                panic!("no job")
            };
            for job in jobs {
                let (id, value) = (job.id, number(&job.config, "a"));
                history.ask(job);
                history.tell(id, Outcome::of(value)).expect("pending");
            }
        }
        let continued = history.jobs().iter().filter(|j| j.parent.is_some()).map(|j| j.id);
        assert!(
            continued.clone().take(13).eq(27..40),
            "{:?}",
            continued.collect::<Vec<_>>()
        );
        let settings = Settings::defaults(ENTRY.settings);
        let ladder = Ladder::of(&settings);
        let rungs: Vec<usize> = history.jobs()[69..]
            .iter()
            .filter_map(|j| ladder.rung_of(j.fidelity))
            .collect();
        assert_eq!(rungs[..27], [0; 27]);
        assert_eq!(rungs[27..], [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3]);
        let children = history.jobs()[69..].iter().filter(|j| j.parent.is_none());
        assert_eq!(children.count(), 40, "children are evaluated from their beginning");
    }
}
