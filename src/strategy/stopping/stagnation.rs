//! Stop when nothing gets better any more.

use super::{BuildStopping, Stopping};
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind};
use crate::space::rounded;
use crate::trial::{Event, History};

/// The registry's entry.
pub(super) const ENTRY: Entry<BuildStopping> = Entry {
    id: "stagnation",
    title: "Stagnation",
    about: "Stops when the best value at full effort has not improved for so many trials. Simple, and blind: before a late discovery it looks \
            the same as at the end.",
    formula: "stop when best(n − k) − best(n) ≤ tolerance",
    paper: "",
    settings: &[
        Setting {
            id: "trials",
            about: "k, trials without improvement, in full-fidelity equivalents.",
            kind: SettingKind::Int(1, 100_000),
            default: "20",
        },
        Setting {
            id: "tolerance",
            about: "Improvements up to this, in the objective's own unit, are none. 0 takes any.",
            kind: SettingKind::Float(0.0, 1e300),
            default: "0",
        },
    ],
    build: |_space, settings, _plan| {
        Ok(Box::new(Stagnation {
            trials: settings.int("trials") as f64,
            tolerance: settings.float("tolerance"),
        }))
    },
};

/// Sums of shares such as 1/3 are exact to far less than this.
const TOLERANCE: f64 = 1e-9;

struct Stagnation {
    trials: f64,
    tolerance: f64,
}

impl Stopping for Stagnation {
    fn check(&mut self, history: &History, _context: &Context) -> Option<String> {
        // The best value that counted as an improvement, and what has been told since, in full-fidelity equivalents.
        let (mut best, mut since) = (f64::INFINITY, 0.0);
        for event in history.log() {
            let Event::Told(id, outcome) = event else { continue };
            let Some(job) = history.jobs().get(*id as usize) else {
                continue;
            };
            since += history.price(job);
            let value = outcome.value().map(|v| history.direction().minimized(v));
            let improved = value.is_some_and(|v| v < best && (best.is_infinite() || best - v > self.tolerance));
            if let Some(value) = value.filter(|_| improved && job.fidelity >= 1.0) {
                (best, since) = (value, 0.0);
            }
        }
        (since >= self.trials - TOLERANCE).then(|| {
            let trials = rounded(since);
            if best.is_infinite() {
                return format!("stopped by stagnation: {trials} trials have given no value at full effort");
            }
            format!(
                "stopped by stagnation: in the last {trials} trials nothing was better than {} by more than {}",
                rounded(history.direction().minimized(best)),
                rounded(self.tolerance)
            )
        })
    }
}
