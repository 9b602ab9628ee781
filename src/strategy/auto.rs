//! Automatic choice: which strategy is due, by what is known of the problem and by what the trials have shown.

mod rules;

use super::rung::{Step, fill};
use super::team::{Team, choice, chosen, seen_by};
use super::{Ask, Build, Recommendation, Strategy};
use crate::context::Context;
use crate::mind::Mind;
use crate::registry::Entry;
use crate::space::Config;
use crate::trial::{History, Job, Need};
use rules::{Pick, Terrain};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "auto",
    title: "Automatic choice",
    about: "Picks a strategy by the space, the objective, the trials there are and what they have shown, changes it when another one is due, and says \
            why in words. Every strategy learns from the trials of those before it. Its rules were set by measurements on problems of each kind: the \
            choice of somebody who knows the strategies and has not seen the problem.",
    formula: "",
    paper: "Rice 1976, The algorithm selection problem, Advances in Computers 15",
    settings: &[],
    build: |space, _settings, plan| {
        Ok(Box::new(Auto {
            terrain: Terrain::new(space, plan),
            team: Team::in_turn(space, plan),
        }))
    },
};

struct Auto {
    terrain: Terrain,
    team: Team,
}

impl Auto {
    fn decide(&mut self, now: &History, context: &Context) -> Result<Step, String> {
        let mut waits = false;
        let mut reason = String::from("no strategy has a proposal");
        // Where the one that is due has nothing to propose, the next best may.
        for pick in self.terrain.picks(now) {
            match self.team.ask(pick.name, now, context) {
                Ok(Ask::Jobs(jobs)) => {
                    if let Some(job) = jobs.into_iter().next() {
                        return Ok(Step::Go(explained(now, job, &pick)));
                    }
                }
                Ok(Ask::Wait) => waits = true,
                Ok(Ask::Finished(why)) | Err(why) => reason = why,
            }
            if waits {
                return Ok(Step::Wait);
            }
        }
        Ok(Step::Finished(reason))
    }
}

/// The job, with the reason for its strategy, and which one it follows where the strategy changes.
fn explained(now: &History, job: Job, pick: &Pick) -> Job {
    let before = now.jobs().iter().rev().find_map(choice);
    let why = match before.filter(|before| before.strategy != pick.name) {
        Some(before) => format!("From {} to {}: {}", before.strategy, pick.name, pick.why),
        None => pick.why.clone(),
    };
    let id = now.next_id();
    chosen(Job { id, ..job }, pick.name, why, pick.numbers.clone(), Vec::new())
}

impl Strategy for Auto {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        fill(history, room, &mut |now| self.decide(now, context))
    }

    /// The belief of the strategy that is due.
    fn mind(&mut self, history: &History, at: &[Config]) -> Mind {
        let pick = self.terrain.picks(history).swap_remove(0);
        match self.team.member(pick.name) {
            Ok(member) => member.mind(&seen_by(history, pick.name), at),
            Err(why) => Mind::Nothing(why),
        }
    }

    fn recommend(&mut self, history: &History) -> Option<Recommendation> {
        let pick = self.terrain.adviser(history);
        let member = self.team.member(pick.name).ok()?;
        member.recommend(&seen_by(history, pick.name))
    }

    fn need(&self) -> Need {
        if self.terrain.by_gradient() {
            Need::Gradient
        } else {
            Need::Value
        }
    }
}

#[cfg(test)]
mod tests;
