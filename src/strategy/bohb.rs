//! BOHB: Hyperband whose new configurations come from a density model.

use super::Build;
use super::rung::{Brackets, Density, ETA, Ladder, RUNGS, Schedule};
use crate::registry::{Entry, Setting, SettingKind};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "bohb",
    title: "BOHB",
    about: "Hyperband's brackets with configurations drawn where good trials are dense and others are not, by the highest rung that has enough trials to \
            tell. It starts as fast as Hyperband and goes on improving where Hyperband only draws again; misled where low rungs are.",
    formula: "x ~ argmax good(x)/other(x) over draws from good(x)",
    paper: "Falkner, Klein & Hutter 2018, BOHB: robust and efficient hyperparameter optimization at scale, ICML",
    settings: &[
        ETA,
        RUNGS,
        Setting {
            id: "random",
            about: "Share of new configurations drawn uniformly all the same, so that nothing is overlooked for good; a third as in the paper.",
            kind: SettingKind::Float(0.0, 1.0),
            default: "0.3333",
        },
        Setting {
            id: "good",
            about: "Share of a rung's trials that count as good, at least one more than there are parameters; 0.15 as in the paper.",
            kind: SettingKind::Float(0.01, 0.5),
            default: "0.15",
        },
        Setting {
            id: "draws",
            about: "Draws from the density of good trials, of which the best ratio is taken; 64 as in the authors' program.",
            kind: SettingKind::Int(1, 10_000),
            default: "64",
        },
    ],
    build: |_space, settings, plan| {
        Ok(Box::new(Brackets {
            seed: plan.seed,
            ladder: Ladder::of(settings),
            schedule: Schedule::Hyperband,
            density: Some(Density {
                random: settings.float("random"),
                good: settings.float("good"),
                draws: settings.int("draws") as usize,
            }),
        }))
    },
};
