//! What strategies made of other strategies share: a member sees the history as if it worked alone among people, and a job tells whose it is.

use super::{Ask, Plan, STRATEGIES, Strategy};
use crate::context::Context;
use crate::registry::{Settings, find};
use crate::space::Space;
use crate::spec::Call;
use crate::trial::{ChosenOrigin, Event, History, Job, Nominee, Origin};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Strategies at hand, each built when it is first asked.
pub(super) struct Team {
    space: Arc<Space>,
    plan: Plan,
    /// Whether members work one after the other: each is then seeded as it would be alone. At one time, the same seed would make them
    /// propose the same.
    in_turn: bool,
    members: BTreeMap<String, Box<dyn Strategy>>,
}

impl Team {
    /// A team whose members work side by side.
    pub(super) fn new(space: &Arc<Space>, plan: &Plan) -> Team {
        Team {
            space: space.clone(),
            plan: plan.clone(),
            in_turn: false,
            members: BTreeMap::new(),
        }
    }

    /// A team whose members work one after the other.
    pub(super) fn in_turn(space: &Arc<Space>, plan: &Plan) -> Team {
        Team {
            in_turn: true,
            ..Team::new(space, plan)
        }
    }

    /// The member of this name, in the study text's notation.
    ///
    /// # Errors
    /// If there is none, or it cannot search the space.
    pub(super) fn member(&mut self, name: &str) -> Result<&mut Box<dyn Strategy>, String> {
        if !self.members.contains_key(name) {
            let call = Call::parse(name)?;
            let entry = find(STRATEGIES, &call.id).ok_or_else(|| format!("there is no strategy \"{}\"", call.id))?;
            let (settings, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
            if !wrong.is_empty() {
                return Err(wrong.join("; "));
            }
            let seed = if self.in_turn {
                self.plan.seed
            } else {
                self.plan.seed.derive(&format!("member {name}"), 0)
            };
            let own = Plan {
                seed,
                ..self.plan.clone()
            };
            let built = (entry.build)(&self.space, &settings, &own)?;
            self.members.insert(name.to_string(), built);
        }
        self.members.get_mut(name).ok_or_else(|| "no such member".into())
    }

    /// One proposal of a member, if it has one now.
    ///
    /// # Errors
    /// Why it cannot search the space.
    pub(super) fn ask(&mut self, name: &str, history: &History, context: &Context) -> Result<Ask, String> {
        self.member(name)?.ask(&seen_by(history, name), 1, context)
    }
}

/// The history as a member sees it: its own trials with its own reasons, all others as a person's.
pub(super) fn seen_by(history: &History, name: &str) -> History {
    let mut seen = History::new(history.space().clone(), history.direction());
    for event in history.log() {
        match event {
            Event::Asked(job) => {
                let origin = match &job.origin {
                    Origin::Chosen(chosen) if chosen.strategy == name => chosen.origin.clone(),
                    _ => Origin::Person,
                };
                seen.ask(Job { origin, ..job.clone() });
            }
            // What a history holds was pending when it was told.
            Event::Told(id, outcome) => seen.tell(*id, outcome.clone()).unwrap_or_default(),
        }
    }
    seen
}

/// A member's proposal with the reason why that member.
pub(super) fn chosen(job: Job, name: &str, why: String, numbers: Vec<(String, f64)>, nominees: Vec<Nominee>) -> Job {
    let finite = numbers.into_iter().filter(|(_, v)| v.is_finite());
    Job {
        origin: Origin::Chosen(Box::new(ChosenOrigin {
            strategy: name.to_string(),
            why,
            numbers: finite.collect(),
            nominees,
            origin: job.origin.clone(),
        })),
        ..job
    }
}

/// Why a job was chosen, if one of several strategies proposed it.
pub(super) fn choice(job: &Job) -> Option<&ChosenOrigin> {
    match &job.origin {
        Origin::Chosen(chosen) => Some(chosen),
        _ => None,
    }
}
