//! ASHA: successive halving that never waits.

use super::rung::{
    ETA, Ladder, Member, RUNGS, Step, begin, by_value, carried, climb, fill, fraction, moved, resume, showing,
};
use super::{Ask, Build, Strategy, Tried};
use crate::context::Context;
use crate::mind::{self, Mind};
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::Seed;
use crate::space::{Config, rounded};
use crate::trial::{History, Job};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "asha",
    title: "Asynchronous halving (ASHA)",
    about: "Successive halving for many workers: whoever is free promotes a trial that is in the best η-th part of its rung so far, from the highest rung \
            down, or begins a new one. Nobody waits for a rung to fill; in exchange some early promotions are wrong. Its workers are virtual: \
            each trial takes as long as it cost, so the same search comes again wherever it runs.",
    formula: "promote from rung k if among the best ⌊n_k/η⌋ and not promoted yet, else draw anew",
    paper: "Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht & Talwalkar 2020, A system for massively parallel hyperparameter tuning, MLSys",
    settings: &[
        ETA,
        RUNGS,
        Setting {
            id: "workers",
            about: "Virtual workers. A decision knows only the trials that were over by then on their clock, which is cost. 0: none; what is told is known, \
                    for programs whose own workers are asynchronous.",
            kind: SettingKind::Int(0, 1000),
            default: "4",
        },
    ],
    build: |_space, settings, plan| {
        Ok(Box::new(Asha {
            seed: plan.seed,
            ladder: Ladder::of(settings),
            workers: settings.int("workers") as usize,
        }))
    },
};

struct Asha {
    seed: Seed,
    ladder: Ladder,
    workers: usize,
}

/// No sum of costs on the clock goes beyond this: it must stay a number that a file can hold.
const LATEST: f64 = 1e300;

/// Who works next, from when on.
struct Shift {
    worker: usize,
    time: f64,
}

impl Asha {
    /// When a trial of ours is over on the virtual clock; a failed one frees its worker at once. `None` while it is pending.
    fn end(history: &History, job: &Job, start: f64) -> Option<f64> {
        history.outcome(job.id)?;
        let failed = history.outcome(job.id).is_some_and(|o| o.value().is_none());
        let duration = if failed {
            0.0
        } else {
            history.own_cost(job.id).unwrap_or_else(|| history.price(job))
        };
        Some((start + duration).min(LATEST))
    }

    /// The worker that is free first, and since when; `None` if all are busy with pending trials. The clock never goes back.
    fn shift(&self, history: &History) -> Option<Shift> {
        if self.workers == 0 {
            return Some(Shift {
                worker: 0,
                time: LATEST,
            });
        }
        let mut free: Vec<Option<f64>> = vec![Some(0.0); self.workers];
        let mut now: f64 = 0.0;
        for job in history.jobs() {
            if let (Some(worker), Some(start)) = (carried(job, "worker"), carried(job, "start"))
                && let Some(slot) = free.get_mut(worker as usize)
            {
                *slot = Asha::end(history, job, start);
                now = now.max(start);
            }
        }
        let idle = free.iter().enumerate().filter_map(|(w, end)| end.map(|end| (w, end)));
        let (worker, end) = idle.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(Shift {
            worker,
            time: end.max(now),
        })
    }

    /// The rungs with what is known at `time`.
    fn rungs(&self, history: &History, time: f64) -> Vec<Vec<Member>> {
        let mut rungs: Vec<Vec<Member>> = vec![Vec::new(); self.ladder.len()];
        for job in history.jobs() {
            if let Some(parent) = job.parent {
                let members = rungs.iter_mut().flatten();
                members.filter(|m| m.id == parent).for_each(|m| m.promoted = true);
            }
            let Some(rung) = self.ladder.rung_of(job.fidelity) else {
                continue;
            };
            let mut member = Member::of(history, job, true);
            let start = carried(job, "start");
            if start
                .and_then(|s| Asha::end(history, job, s))
                .is_some_and(|end| end > time)
            {
                member.told = None;
            }
            rungs[rung].push(member);
        }
        rungs
    }

    fn decide(&self, now: &History) -> Result<Step, String> {
        let Some(shift) = self.shift(now) else {
            return Ok(Step::Wait);
        };
        let rungs = self.rungs(now, shift.time);
        let mut numbers = vec![("worker", shift.worker as f64), ("start", shift.time)];
        if self.workers == 0 {
            numbers.clear();
        }
        for rung in (0..rungs.len() - 1).rev() {
            let ranked = by_value(&rungs[rung]);
            let told = rungs[rung].iter().filter(|m| m.told.is_some()).count();
            let best = libm::floor(told as f64 / self.ladder.eta + 1e-9) as usize;
            let Some(rank) = ranked.iter().take(best).position(|m| !m.promoted) else {
                continue;
            };
            let parent = &now.jobs()[ranked[rank].id as usize];
            let sign = |m: &Member| m.value().map(|v| now.direction().minimized(v)).unwrap_or(f64::NAN);
            let (value, fidelity) = (sign(ranked[rank]), self.ladder.fidelities[rung + 1]);
            let mut why = format!(
                "Number {} of the {told} known at {} of the effort, with {}: among the best {best}, which may go on",
                rank + 1,
                fraction(parent.fidelity),
                rounded(value)
            );
            numbers.extend([
                ("rung", rung as f64 + 1.0),
                ("value", value),
                ("rank", rank as f64 + 1.0),
                ("of", told as f64),
            ]);
            if let Some(next) = ranked.get(best) {
                why += &format!("; the next has {}", rounded(sign(next)));
                numbers.push(("cut", sign(next)));
            }
            let name = format!("promoted to {}", fraction(fidelity));
            let origin = moved(name, why + ".", vec![parent.id], &numbers);
            return Ok(Step::Go(resume(now, parent, fidelity, origin)));
        }
        let tried = Tried::at_any_fidelity(now);
        if tried.exhausted(now.space().size()).is_some() {
            return Ok(climb(now, &self.ladder));
        }
        let seed = self.seed.derive("proposal", u64::from(now.next_id()));
        let config = tried.sample_untried(now.space(), &mut seed.rng(), 1000);
        let config = config.ok_or("no allowed and untried configuration was found in a thousand draws")?;
        let fidelity = self.ladder.fidelities[0];
        numbers.push(("rung", 0.0));
        let why = format!(
            "No trial known by now deserves more effort, so the free worker begins a uniform draw at {}.",
            fraction(fidelity)
        );
        let origin = moved(format!("new, at {}", fraction(fidelity)), why, Vec::new(), &numbers);
        Ok(Step::Go(begin(now, config, fidelity, origin)))
    }
}

impl Strategy for Asha {
    fn ask(&mut self, history: &History, room: usize, _context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now))
    }

    /// One bracket, with everything that is told.
    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        let rungs = self.rungs(history, f64::INFINITY);
        let shown = rungs.iter().zip(&self.ladder.fidelities);
        Mind::Rungs(vec![mind::Bracket {
            title: "rungs".into(),
            rungs: shown
                .map(|(members, fidelity)| showing(history, *fidelity, members))
                .collect(),
        }])
    }
}
