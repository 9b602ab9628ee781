//! Hyperband.

use super::Build;
use super::rung::{Brackets, ETA, Ladder, RUNGS, Schedule};
use crate::registry::Entry;

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "hyperband",
    title: "Hyperband",
    about: "Successive halving hedged: brackets in turn, from many configurations begun with little effort to few begun with all of it, each about equally \
            dear. Where a brief look misleads it loses a constant factor against random search instead of everything.",
    formula: "bracket s = s_max … 0: n = ⌈(s_max + 1)/(s + 1) · η^s⌉ configurations from fidelity η^−s",
    paper: "Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar 2018, Hyperband: a novel bandit-based approach to hyperparameter optimization, JMLR 18",
    settings: &[ETA, RUNGS],
    build: |_space, settings, plan| {
        Ok(Box::new(Brackets {
            seed: plan.seed,
            ladder: Ladder::of(settings),
            schedule: Schedule::Hyperband,
            density: None,
        }))
    },
};
