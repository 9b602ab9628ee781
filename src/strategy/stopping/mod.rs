//! Stopping rules: when a search has done enough, beside having used its trials. One file each.

mod cost;
mod regret;
mod stagnation;

use super::Plan;
use crate::context::Context;
use crate::registry::{Entry, Settings, find, ids};
use crate::space::Space;
use crate::spec::Call;
use crate::trial::History;
use std::sync::Arc;

/// Decides from a history whether the search goes on. Asked again with the same history it says the same.
pub trait Stopping: Send {
    /// Why the search stops now, with the numbers behind it; `None` while it goes on.
    fn check(&mut self, history: &History, context: &Context) -> Option<String>;
}

/// How a rule is built for a space.
pub type BuildStopping = fn(&Arc<Space>, &Settings, &Plan) -> Result<Box<dyn Stopping>, String>;

/// Every stopping rule, in the order of menus.
pub static STOPPING: &[Entry<BuildStopping>] = &[cost::ENTRY, stagnation::ENTRY, regret::ENTRY];

/// Most rules at once.
const MOST: usize = 8;

/// Reads a list of rules: `cost(limit:1e9),stagnation(trials:20)`.
///
/// # Errors
/// What cannot be read and what is accepted.
pub fn read(text: &str) -> Result<Vec<Call>, String> {
    let calls = Call::parse_list(text)?;
    if calls.len() > MOST {
        return Err(format!("{} stopping rules; at most {MOST} are accepted", calls.len()));
    }
    for call in &calls {
        let entry = find(STOPPING, &call.id);
        let entry =
            entry.ok_or_else(|| format!("unknown stopping rule \"{}\"; accepted: {}", call.id, ids(STOPPING)))?;
        let (_, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
        if !wrong.is_empty() {
            return Err(wrong.join("; "));
        }
    }
    Ok(calls)
}

/// Several rules, of which the first that speaks stops the search.
#[derive(Default)]
pub struct Stops(Vec<Box<dyn Stopping>>);

impl Stops {
    /// The rules of `calls`, which were read before.
    ///
    /// # Errors
    /// Why one of them cannot judge this space.
    pub fn new(calls: &[Call], space: &Arc<Space>, plan: &Plan) -> Result<Stops, String> {
        let build = |call: &Call| {
            let entry = find(STOPPING, &call.id).ok_or_else(|| format!("no stopping rule \"{}\"", call.id))?;
            let (settings, _) = Settings::check(entry.id, entry.settings, &call.settings);
            (entry.build)(space, &settings, plan)
        };
        calls.iter().map(build).collect::<Result<_, _>>().map(Stops)
    }

    /// Why the search stops now.
    pub fn check(&mut self, history: &History, context: &Context) -> Option<String> {
        self.0.iter_mut().find_map(|rule| rule.check(history, context))
    }
}

#[cfg(test)]
mod tests;
