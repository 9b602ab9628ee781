//! Successive halving.

use super::Build;
use super::rung::{Brackets, ETA, Ladder, RUNGS, Schedule};
use crate::registry::{Entry, Setting, SettingKind};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "halving",
    title: "Successive halving",
    about: "Begins many configurations with little effort each, gives the best one in η of them η times as much, and so on up to the full effort; then \
            begins the next bracket. It finds what random search finds for a fraction of the effort where a brief look shows who is good, and \
            eliminates the best where a brief look misleads.",
    formula: "n → ⌊n/η⌋ → ⌊n/η²⌋ → …, each with η times the effort",
    paper: "Jamieson & Talwalkar 2016, Non-stochastic best arm identification and hyperparameter optimization, AISTATS",
    settings: &[
        ETA,
        RUNGS,
        Setting {
            id: "size",
            about: "Configurations that a bracket begins with; 0 takes as many as leave one at the end, η^(rungs − 1).",
            kind: SettingKind::Int(0, 100_000),
            default: "0",
        },
    ],
    build: |_space, settings, plan| {
        let ladder = Ladder::of(settings);
        let size = match settings.int("size") {
            0 => libm::round(1.0 / ladder.fidelities[0]) as usize,
            set => set as usize,
        };
        Ok(Box::new(Brackets {
            seed: plan.seed,
            ladder,
            schedule: Schedule::Halving(size),
            density: None,
        }))
    },
};
