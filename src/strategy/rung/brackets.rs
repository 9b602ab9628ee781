//! Synchronous brackets: a rung is filled, all of it is told, the best part goes on to the next rung.

use super::density::{self, Density};
use super::{Ladder, Member, Step, begin, by_value, carried, climb, fill, fraction, moved, resume, showing};
use crate::context::Context;
use crate::mind::{self, Mind};
use crate::seed::{Seed, uniform};
use crate::space::{Config, rounded};
use crate::strategy::{Ask, Strategy, Tried};
use crate::trial::History;

/// Which brackets come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::strategy) enum Schedule {
    /// All from the lowest rung, with so many configurations.
    Halving(usize),
    /// In turn from every rung, the lowest first, about equally dear.
    Hyperband,
}

/// Hyperband's bracket number `bracket`: its lowest rung, and how many configurations each rung from there on has.
pub(in crate::strategy) fn hyperband_sizes(ladder: &Ladder, bracket: usize) -> (usize, Vec<usize>) {
    let start = bracket % ladder.len();
    let above = ladder.len() - 1 - start;
    // n = ⌈(s_max + 1) / (s + 1) · η^s⌉, where η^s is the inverse of the starting fidelity.
    let first = ladder.len() as f64 / (above + 1) as f64 / ladder.fidelities[start];
    (start, sizes(ladder, libm::ceil(first - 1e-9) as usize, above + 1))
}

fn sizes(ladder: &Ladder, first: usize, rungs: usize) -> Vec<usize> {
    let mut size = first as f64;
    let mut sizes = Vec::with_capacity(rungs);
    for _ in 0..rungs {
        sizes.push((libm::floor(size + 1e-9) as usize).max(1));
        size /= ladder.eta;
    }
    sizes
}

/// A bracket as it stands.
pub(in crate::strategy) struct Bracket {
    pub(in crate::strategy) start: usize,
    pub(in crate::strategy) sizes: Vec<usize>,
    /// From the starting rung on.
    pub(in crate::strategy) rungs: Vec<Vec<Member>>,
}

/// Brackets for a picture, in the order they were begun.
pub(in crate::strategy) fn shown(history: &History, ladder: &Ladder, brackets: &[Bracket]) -> Mind {
    let one = |(i, b): (usize, &Bracket)| mind::Bracket {
        title: format!("bracket {}", i + 1),
        rungs: b
            .rungs
            .iter()
            .zip(&ladder.fidelities[b.start..])
            .map(|(members, fidelity)| showing(history, *fidelity, members))
            .collect(),
    };
    Mind::Rungs(brackets.iter().enumerate().map(one).collect())
}

/// What a bracket wants next.
enum Want {
    /// A new configuration in its starting rung.
    New,
    /// A promotion: of this member, from this rung of the bracket, with its rank, and the best one left out.
    Promotion(u32, usize, usize, Option<f64>),
    /// Nothing now, or ever.
    Nothing,
}

/// Successive halving, Hyperband, and Hyperband with a density model.
pub(in crate::strategy) struct Brackets {
    pub(in crate::strategy) seed: Seed,
    pub(in crate::strategy) ladder: Ladder,
    pub(in crate::strategy) schedule: Schedule,
    /// How new configurations are drawn, if not uniformly.
    pub(in crate::strategy) density: Option<Density>,
}

impl Brackets {
    fn sizes(&self, bracket: usize) -> (usize, Vec<usize>) {
        match self.schedule {
            Schedule::Halving(first) => (0, sizes(&self.ladder, first, self.ladder.len())),
            Schedule::Hyperband => hyperband_sizes(&self.ladder, bracket),
        }
    }

    /// The brackets as the log leaves them. A trial that others proposed competes in the bracket that was open then, in the rung of its fidelity.
    fn brackets(&self, history: &History) -> Vec<Bracket> {
        let mut brackets: Vec<Bracket> = Vec::new();
        for job in history.jobs() {
            let own = carried(job, "bracket").map(|b| b as usize);
            let is_climb = own.is_none() && carried(job, "rung").is_some();
            let last = own.unwrap_or(brackets.len().max(1) - 1);
            // A number that this search did not write opens no more than one bracket.
            let index = last.min(brackets.len());
            if index == brackets.len() && !is_climb {
                let (start, sizes) = self.sizes(index);
                let rungs = vec![Vec::new(); sizes.len()];
                brackets.push(Bracket { start, sizes, rungs });
            }
            if let Some(parent) = job.parent {
                let members = brackets.iter_mut().flat_map(|b| b.rungs.iter_mut().flatten());
                members.filter(|m| m.id == parent).for_each(|m| m.promoted = true);
            }
            let Some(bracket) = brackets.get_mut(index).filter(|_| !is_climb) else {
                continue;
            };
            let rung = self
                .ladder
                .rung_of(job.fidelity)
                .and_then(|r| r.checked_sub(bracket.start));
            if let Some(members) = rung.and_then(|r| bracket.rungs.get_mut(r)) {
                members.push(Member::of(history, job, own.is_some()));
            }
        }
        brackets
    }

    fn decide(&self, now: &History) -> Result<Step, String> {
        let brackets = self.brackets(now);
        let tried = Tried::at_any_fidelity(now);
        let is_covered = tried.exhausted(now.space().size()).is_some();
        for (index, bracket) in brackets.iter().enumerate() {
            match bracket.want(is_covered) {
                Want::New => return self.draw(now, &tried, index, bracket.start),
                Want::Promotion(id, rung, rank, left_out) => {
                    return Ok(self.promote(now, index, bracket, id, rung, rank, left_out));
                }
                Want::Nothing => {}
            }
        }
        if is_covered {
            return Ok(climb(now, &self.ladder));
        }
        // Every bracket waits or is done: the next begins, so that no room stays empty.
        let (start, _) = self.sizes(brackets.len());
        self.draw(now, &tried, brackets.len(), start)
    }

    fn draw(&self, now: &History, tried: &Tried, bracket: usize, rung: usize) -> Result<Step, String> {
        let seed = self.seed.derive("proposal", u64::from(now.next_id()));
        let fidelity = self.ladder.fidelities[rung];
        let numbers = [("bracket", bracket as f64), ("rung", rung as f64)];
        let modelled = match &self.density {
            // Hyperband's guarantee holds for the share that stays uniform.
            Some(model) if uniform(&mut seed.derive("interleave", 0).rng()) >= model.random => {
                density::propose(model, now, &self.ladder, tried, seed)
            }
            _ => None,
        };
        if let Some(found) = modelled {
            let why = format!(
                "The densities of the {} best and the {} other trials at {} of the effort differ most here among {} draws from the good one (ratio {}); it begins bracket {} at {}.",
                found.good,
                found.bad,
                fraction(found.fidelity),
                found.draws,
                rounded(found.ratio),
                bracket + 1,
                fraction(fidelity)
            );
            let numbers = [&numbers[..], &[("ratio", found.ratio), ("good", found.good as f64)]].concat();
            let name = format!("density, at {}", fraction(fidelity));
            return Ok(Step::Go(begin(
                now,
                found.config,
                fidelity,
                moved(name, why, found.from, &numbers),
            )));
        }
        let config = tried.sample_untried(now.space(), &mut seed.rng(), 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let why = format!(
            "A uniform draw begins bracket {} with {} of the effort; what it shows decides whether it gets more.",
            bracket + 1,
            fraction(fidelity)
        );
        let name = format!("new, at {}", fraction(fidelity));
        Ok(Step::Go(begin(
            now,
            config,
            fidelity,
            moved(name, why, Vec::new(), &numbers),
        )))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one comparison")]
    fn promote(
        &self,
        now: &History,
        index: usize,
        bracket: &Bracket,
        id: u32,
        rung: usize,
        rank: usize,
        left_out: Option<f64>,
    ) -> Step {
        let parent = &now.jobs()[id as usize];
        let direction = now.direction();
        let value = now.outcome(id).and_then(|o| o.value()).unwrap_or(f64::NAN);
        let fidelity = self.ladder.fidelities[bracket.start + rung + 1];
        let of = bracket.rungs[rung].len();
        let mut why = format!(
            "Number {rank} of {of} at {} of the effort in bracket {}, with {}: the best {} go on",
            fraction(parent.fidelity),
            index + 1,
            rounded(value),
            bracket.sizes[rung + 1]
        );
        let mut numbers = vec![
            ("bracket", index as f64),
            ("rung", (bracket.start + rung + 1) as f64),
            ("value", value),
            ("rank", rank as f64),
            ("of", of as f64),
        ];
        if let Some(cut) = left_out.map(|v| direction.minimized(v)) {
            why += &format!("; the best one left behind has {}", rounded(cut));
            numbers.push(("cut", cut));
        }
        let name = format!("promoted to {}", fraction(fidelity));
        Step::Go(resume(
            now,
            parent,
            fidelity,
            moved(name, why + ".", vec![id], &numbers),
        ))
    }
}

impl Bracket {
    fn want(&self, is_covered: bool) -> Want {
        let planned = self.rungs[0].iter().filter(|m| m.planned).count();
        if planned < self.sizes[0] && !is_covered {
            return Want::New;
        }
        for rung in 0..self.rungs.len() - 1 {
            let members = &self.rungs[rung];
            // The comparison is among all: nobody goes on before the last one is told.
            if members.iter().any(|m| m.told.is_none()) {
                return Want::Nothing;
            }
            let ranked = by_value(members);
            let allowed = self.sizes[rung + 1].min(ranked.len());
            if members.iter().filter(|m| m.promoted).count() < allowed
                && let Some(i) = ranked.iter().take(allowed).position(|m| !m.promoted)
            {
                let left_out = ranked.get(allowed).and_then(|m| m.value());
                return Want::Promotion(ranked[i].id, rung, i + 1, left_out);
            }
        }
        Want::Nothing
    }
}

impl Strategy for Brackets {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now))
    }

    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        shown(history, &self.ladder, &self.brackets(history))
    }
}
