//! Stop by cost.

use super::{BuildStopping, Stopping};
use crate::context::Context;
use crate::registry::{Entry, Setting, SettingKind};
use crate::space::rounded;
use crate::trial::History;

/// The registry's entry.
pub(super) const ENTRY: Entry<BuildStopping> = Entry {
    id: "cost",
    title: "Cost",
    about: "Stops when the trials have cost so much. A trial that continues another counts with what it added. Costs are what the objective \
            reports: operations, counted rather than timed, for the models here; their own unit for outside programs. Where none is reported, a trial \
            at full effort costs 1.",
    formula: "stop when Σ cost ≥ limit",
    paper: "",
    settings: &[Setting {
        id: "limit",
        about: "The cost at which the search stops; a trial under way is finished.",
        kind: SettingKind::Float(0.0, 1e300),
        default: "1e9",
    }],
    build: |_space, settings, _plan| {
        Ok(Box::new(Cost {
            limit: settings.float("limit"),
        }))
    },
};

struct Cost {
    limit: f64,
}

impl Stopping for Cost {
    fn check(&mut self, history: &History, _context: &Context) -> Option<String> {
        let known: Vec<f64> = (0..history.next_id()).filter_map(|id| history.own_cost(id)).collect();
        let (spent, unit) = if known.is_empty() {
            (history.spent(), " full trials")
        } else {
            (known.iter().sum(), "")
        };
        (history.next_id() > 0 && spent >= self.limit).then(|| {
            format!(
                "stopped by cost: the trials have cost {}{unit}, and the limit is {}",
                rounded(spent),
                rounded(self.limit)
            )
        })
    }
}
