//! Population-based training: members that learn side by side, the worst of which go on from what the best have learned.

use super::cube::{Cube, Kind};
use super::memory::cost;
use super::rung::{Ladder, Member, Step, begin, carried, climb, fill, fraction, moved, resume, showing};
use super::{Ask, Build, Strategy, Tried};
use crate::context::Context;
use crate::mind::{self, Mind};
use crate::order;
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{Seed, below, uniform};
use crate::space::{Config, rounded};
use crate::trial::{History, Job, Need, Origin};
use rand::Rng;

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "pbt",
    title: "Population-based training",
    about: "A population trains side by side, some of the effort at a time. After each step the worst members copy what the best have learned, weights \
            and all, and go on with a disturbed copy of their configuration. So it searches for a schedule rather than a configuration: what wins is the whole \
            way of a member, and its last configuration trained from the beginning may do worse. It needs a model that goes on from a \
            checkpoint with other settings, and searches those that may change on the way.",
    formula: "exploit: the worst q of a step continue one of the best q;  explore: u ← u ± N(0, δ²) or drawn anew",
    paper: "Jaderberg, Dalibard, Osindero, Czarnecki et al. 2017, Population based training of neural networks, arXiv:1711.09846",
    settings: &[
        Setting {
            id: "population",
            about: "Members that train side by side; 0 is a third of the planned trials, 4 to 20: then a few populations follow each other. The paper has 10 to 80.",
            kind: SettingKind::Int(0, 10_000),
            default: "0",
        },
        Setting {
            id: "steps",
            about: "Even steps up to the full effort, after each of which members are compared. More give the search more turns, and less to go by at each.",
            kind: SettingKind::Int(2, 100),
            default: "5",
        },
        Setting {
            id: "quantile",
            about: "q, share of the population that is replaced, and that is copied; 0.2 as in the paper.",
            kind: SettingKind::Float(0.01, 0.5),
            default: "0.2",
        },
        Setting {
            id: "disturb",
            about: "δ, standard deviation of a disturbance, as a share of a parameter's range on its own scale.",
            kind: SettingKind::Float(1e-6, 1.0),
            default: "0.1",
        },
        Setting {
            id: "anew",
            about: "Probability that a parameter is drawn anew instead; categories change only so.",
            kind: SettingKind::Float(0.0, 1.0),
            default: "0.1",
        },
    ],
    build: |space, settings, plan| {
        Ok(Box::new(Pbt {
            cube: Cube::new(space),
            seed: plan.seed,
            ladder: Ladder::even(settings.int("steps") as usize),
            population: match settings.int("population") {
                0 => (plan.trials / 3).clamp(4, 20),
                set => set as usize,
            },
            quantile: settings.float("quantile"),
            disturb: settings.float("disturb"),
            anew: settings.float("anew"),
        }))
    },
};

/// Tries to disturb a configuration into one that nobody has tried.
const TRIES: u32 = 100;

struct Pbt {
    cube: Cube,
    seed: Seed,
    ladder: Ladder,
    population: usize,
    quantile: f64,
    disturb: f64,
    anew: f64,
}

/// A population as the log leaves it: the jobs of each step, by member.
struct Round {
    steps: Vec<Vec<u32>>,
}

impl Pbt {
    fn rounds(&self, history: &History) -> Vec<Round> {
        let mut rounds: Vec<Round> = Vec::new();
        for job in history.jobs() {
            let own = (carried(job, "round"), self.ladder.rung_of(job.fidelity));
            let (Some(round), Some(step)) = own else { continue };
            let index = (round as usize).min(rounds.len());
            if index == rounds.len() {
                let steps = vec![Vec::new(); self.ladder.len()];
                rounds.push(Round { steps });
            }
            rounds[index].steps[step].push(job.id);
        }
        rounds
    }

    fn decide(&self, now: &History) -> Result<Step, String> {
        let tried = Tried::at_any_fidelity(now);
        if tried.exhausted(now.space().size()).is_some() {
            return Ok(climb(now, &self.ladder));
        }
        let rounds = self.rounds(now);
        let Some(round) = rounds.last() else {
            return self.enter(now, &tried, 0, 0);
        };
        let index = rounds.len() - 1;
        for (step, jobs) in round.steps.iter().enumerate() {
            if jobs.len() < self.population {
                return match step {
                    0 => self.enter(now, &tried, index, jobs.len()),
                    _ => self.go_on(now, &tried, index, step, &round.steps[step - 1], jobs.len()),
                };
            }
            // Members are compared when all of them have come as far.
            if jobs.iter().any(|id| now.outcome(*id).is_none()) {
                return Ok(Step::Wait);
            }
        }
        self.enter(now, &tried, rounds.len(), 0)
    }

    /// Trials with a value, the best first.
    fn ranked<'a>(now: &'a History, jobs: impl Iterator<Item = &'a Job>) -> Vec<(&'a Job, f64)> {
        let value = |job: &'a Job| Some((job, cost(now, now.outcome(job.id)?)));
        let mut ranked: Vec<(&Job, f64)> = jobs.filter_map(value).filter(|(_, v)| v.is_finite()).collect();
        order::sort_by(&mut ranked, |a, b| a.1.total_cmp(&b.1).then(a.0.id.cmp(&b.0.id)));
        ranked
    }

    fn share(&self, of: usize) -> usize {
        (libm::ceil(self.quantile * of as f64 - 1e-9) as usize).min(of / 2)
    }

    /// A new member at the first step. In every population after the first, every other one starts near one of the best so far.
    fn enter(&self, now: &History, tried: &Tried, round: usize, member: usize) -> Result<Step, String> {
        let seed = self.seed.derive("proposal", u64::from(now.next_id()));
        let fidelity = self.ladder.fidelities[0];
        let numbers = [("round", round as f64), ("member", member as f64)];
        let mut rng = seed.rng();
        let whole = Pbt::ranked(now, now.jobs().iter().filter(|j| j.fidelity >= 1.0));
        let best = self.share(whole.len()).max(1).min(whole.len());
        if round > 0
            && member % 2 == 1
            && best > 0
            && let (near, _) = whole[below(&mut rng, best as u64) as usize]
            && let Some(config) = self.explore(now, tried, &near.config, &mut rng)
        {
            let why = format!(
                "A disturbed copy of trial {}, one of the best {best} with the full effort: the new population begins in part where the last one ended.",
                near.id + 1
            );
            let origin = moved(format!("new, near trial {}", near.id + 1), why, vec![near.id], &numbers);
            return Ok(Step::Go(begin(now, config, fidelity, origin)));
        }
        let config = tried.sample_untried(now.space(), &mut rng, 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let why = format!(
            "A uniform draw: member {} of {} of the population.",
            member + 1,
            self.population
        );
        let origin = moved(format!("new, at {}", fraction(fidelity)), why, Vec::new(), &numbers);
        Ok(Step::Go(begin(now, config, fidelity, origin)))
    }

    /// The next step of a member: its own way, or that of a better one.
    fn go_on(
        &self,
        now: &History,
        tried: &Tried,
        round: usize,
        step: usize,
        before: &[u32],
        member: usize,
    ) -> Result<Step, String> {
        let seed = self.seed.derive("proposal", u64::from(now.next_id()));
        let mut rng = seed.rng();
        let fidelity = self.ladder.fidelities[step];
        let numbers = [("round", round as f64), ("member", member as f64)];
        let jobs = before.iter().map(|id| &now.jobs()[*id as usize]);
        let ranked = Pbt::ranked(now, jobs);
        let own = &now.jobs()[before[member] as usize];
        let share = self.share(before.len());
        let rank = ranked.iter().position(|(job, _)| job.id == own.id);
        // Failed members rank behind all others.
        let is_worst = rank.is_none_or(|rank| rank >= (before.len() - share).max(1));
        let said = |value: f64| rounded(now.direction().minimized(value));
        let at = fraction(own.fidelity);
        let source = if is_worst && !ranked.is_empty() {
            Some(ranked[below(&mut rng, share.clamp(1, ranked.len()) as u64) as usize])
        } else {
            None
        };
        if let Some((better, value)) = source.filter(|(better, _)| better.id != own.id) {
            let standing = match rank {
                Some(rank) => format!(
                    "Member {} was number {} of {} at {at}, with {}",
                    member + 1,
                    rank + 1,
                    before.len(),
                    said(ranked[rank].1)
                ),
                None => format!("Member {} had failed by {at}", member + 1),
            };
            if let Some(config) = self.explore(now, tried, &better.config, &mut rng) {
                let why = format!(
                    "{standing}, so it goes on from what trial {} has learned ({}), with a disturbed copy of its configuration.",
                    better.id + 1,
                    said(value)
                );
                return Ok(Step::Go(
                    self.copy(now, better, config, fidelity, why, own.id, &numbers),
                ));
            }
        }
        let overtaken = now
            .jobs()
            .iter()
            .any(|j| j.config == own.config && j.fidelity == fidelity);
        if rank.is_some() && !overtaken {
            let why = format!(
                "Member {} was number {} of {} at {at}: it keeps its configuration and trains on.",
                member + 1,
                rank.unwrap_or(0) + 1,
                before.len()
            );
            let name = format!("goes on to {}", fraction(fidelity));
            let origin = moved(name, why, vec![own.id], &numbers);
            return Ok(Step::Go(resume(now, own, fidelity, origin)));
        }
        if rank.is_some()
            && let Some(config) = self.explore(now, tried, &own.config, &mut rng)
        {
            let why = format!(
                "Somebody else has tried this configuration at {} already, so member {} trains on with a disturbed copy of it.",
                fraction(fidelity),
                member + 1
            );
            return Ok(Step::Go(self.copy(now, own, config, fidelity, why, own.id, &numbers)));
        }
        let config = tried.sample_untried(now.space(), &mut rng, 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let why = format!(
            "Member {} has failed by {at} and there is nobody to learn from, so a uniform draw takes its place.",
            member + 1
        );
        let name = format!("new, at {}", fraction(fidelity));
        Ok(Step::Go(begin(
            now,
            config,
            fidelity,
            moved(name, why, Vec::new(), &numbers),
        )))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one job")]
    fn copy(
        &self,
        now: &History,
        parent: &Job,
        config: Config,
        fidelity: f64,
        why: String,
        own: u32,
        numbers: &[(&str, f64)],
    ) -> Job {
        let mut from = vec![parent.id];
        if own != parent.id {
            from.push(own);
        }
        let origin: Origin = moved(format!("from trial {}, disturbed", parent.id + 1), why, from, numbers);
        Job {
            config,
            ..resume(now, parent, fidelity, origin)
        }
    }

    /// A disturbed copy that nobody has tried yet.
    fn explore(&self, now: &History, tried: &Tried, config: &Config, rng: &mut impl Rng) -> Option<Config> {
        let point = self.cube.point(config, &vec![0.5; self.cube.dim()]);
        (0..TRIES).find_map(|_| {
            let one = |(axis, u): (usize, &f64)| match self.cube.kinds()[axis] {
                _ if uniform(rng) < self.anew => uniform(rng),
                Kind::Categories(_) => *u,
                _ => self.cube.step(axis, *u, self.disturb, rng),
            };
            let disturbed: Vec<f64> = point.iter().enumerate().map(one).collect();
            let config = self.cube.config(&disturbed);
            (now.space().is_allowed(&config) && !tried.contains(&config)).then_some(config)
        })
    }
}

impl Strategy for Pbt {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now))
    }

    fn need(&self) -> Need {
        Need::Lineage
    }

    /// A bracket a population: every step's trials, and which of them somebody continued.
    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        let shown = |(i, round): (usize, &Round)| {
            let rung = |(step, jobs): (usize, &Vec<u32>)| {
                let members = jobs.iter().map(|id| {
                    let mut member = Member::of(history, &history.jobs()[*id as usize], true);
                    member.promoted = history.jobs().iter().any(|j| j.parent == Some(*id));
                    member
                });
                showing(history, self.ladder.fidelities[step], &members.collect::<Vec<_>>())
            };
            mind::Bracket {
                title: format!("population {}", i + 1),
                rungs: round.steps.iter().enumerate().map(rung).collect(),
            }
        };
        Mind::Rungs(self.rounds(history).iter().enumerate().map(shown).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{build, number, space};
    use crate::trial::{Direction, Outcome};
    use std::collections::BTreeMap;

    /// A learner whose progress is kept: each step adds what its rate gives then. Early steps want a high rate, late ones a low one, so
    /// that every fixed rate loses against a schedule.
    fn search(seed: u64, trials: usize) -> (History, BTreeMap<u32, f64>) {
        let space = space(&[("rate", "0.0..1.0"), ("idle", "0.0..1.0")]);
        let mut strategy = build(&ENTRY, &space, seed, 30);
        let mut history = History::new(space.clone(), Direction::Maximize);
        let mut learned: BTreeMap<u32, f64> = BTreeMap::new();
        for _ in 0..trials {
            let Ok(Ask::Jobs(jobs)) = strategy.ask(&history, 1, &Context::new()) else {
                panic!("no job")
            };
            for job in jobs {
                let before = job.parent.map_or(0.0, |p| history.jobs()[p as usize].fidelity);
                let off = number(&job.config, "rate") - (1.0 - job.fidelity);
                let gain = (job.fidelity - before) * (1.0 - 4.0 * off * off);
                let value = job.parent.map_or(0.0, |p| learned[&p]) + gain;
                let id = job.id;
                learned.insert(id, value);
                history.ask(job);
                history.tell(id, Outcome::of(value)).expect("pending");
            }
        }
        (history, learned)
    }

    #[test]
    fn finds_a_schedule_that_no_fixed_configuration_can_follow() {
        // The best fixed rate, 0.4, gains 0.2 · (5 − 4 · 0.4) = 0.68.
        let wins = (0..10).filter(|seed| {
            let (history, _) = search(*seed, 150);
            history.best().is_some_and(|(_, score)| score.value > 0.68)
        });
        assert!(wins.count() >= 9);
    }

    #[test]
    fn the_worst_go_on_from_the_best_with_another_configuration() {
        let (history, learned) = search(3, 20);
        // Ten members: the second step has eight that go on and two that copy.
        let second = &history.jobs()[10..20];
        let copies: Vec<&Job> = second
            .iter()
            .filter(|j| j.parent.is_some_and(|p| history.jobs()[p as usize].config != j.config))
            .collect();
        assert_eq!(copies.len(), 2);
        let mut first: Vec<f64> = (0..10).map(|id| learned[&id]).collect();
        first.sort_by(|a, b| b.total_cmp(a));
        for copy in copies {
            let parent = copy.parent.expect("a parent");
            assert!(learned[&parent] >= first[1], "from one of the best two");
        }
    }
}
