//! Trust-region Bayesian optimization.

use super::{Build, bayes};
use crate::registry::{Entry, Setting, SettingKind};

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "turbo",
    title: "TuRBO (trust region)",
    about: "Bayesian optimization within a box around the best point, which doubles after successes and halves after failures; when it has \
            become tiny, another begins elsewhere. It gives up the view of the whole for progress: for ten parameters and more, where a \
            global model finds everything far away and uncertain, and for hundreds of trials.",
    formula: "x⁺ = argmin g(x) over the trust region,  g ~ GP posterior",
    paper: "Eriksson, Pearce, Gardner, Turner & Poloczek 2019, Scalable Global Optimization via Local Bayesian Optimization",
    settings: &[
        Setting {
            id: "acq",
            about: "How points within the region are scored; the paper draws a function from the posterior (thompson).",
            kind: SettingKind::Choice(&["thompson", "logei", "ei", "pi", "ucb", "mes", "kg", "eips"]),
            default: "thompson",
        },
        Setting {
            id: "initial",
            about: "Points a region begins with; 0 is twice as many as there are parameters, at least 4, at most a third of the trials.",
            kind: SettingKind::Int(0, 1000),
            default: "0",
        },
        bayes::BATCH,
        super::prior::SETTING,
    ],
    build: bayes::within_trust_regions,
};
