//! The rules: what the space and the objective are like, and which strategy that speaks for.

use crate::space::Space;
use crate::strategy::cube::{Cube, Kind};
use crate::strategy::{Facts, Plan};
use crate::trial::History;
use std::sync::Arc;

/// Real parameters from which on gradients beat values. At 12 and 60 trials a descent is ahead by far in one valley and a little behind a
/// model among many; at 20 it is ahead in both. With few parameters a model finds the best of several valleys, a descent the nearest.
const GRADIENT_FROM: usize = 10;
/// Share of the effort that goes into brief looks, where brief looks are to be had, and the trials from which on there is room for both.
const LOOKS: f64 = 1.0 / 3.0;
const ENOUGH_FOR_LOOKS: usize = 12;
/// Comparisons of brief looks with longer ones after which they can be judged, and the share of them in order below which they mislead.
const COMPARED: usize = 6;
const IN_ORDER: f64 = 0.5;
/// Values from which on fitting a Gaussian process at each trial takes longer than it gains.
const MANY_VALUES: usize = 300;

/// Values from which on every second point of a space with a real parameter is looked for in a trust region.
const REGION_FROM: usize = 50;

/// What does not change during a search.
pub(super) struct Terrain {
    facts: Facts,
    trials: usize,
    /// Searched parameters, those of them without order, and those that are not always active.
    parameters: usize,
    categories: usize,
    conditional: usize,
    is_real: bool,
    has_real: bool,
    size: Option<u64>,
}

/// A strategy and why it is due.
pub(super) struct Pick {
    pub(super) name: &'static str,
    pub(super) why: String,
    pub(super) numbers: Vec<(String, f64)>,
}

fn pick(name: &'static str, why: String, numbers: &[(&str, f64)]) -> Pick {
    Pick {
        name,
        why,
        numbers: numbers.iter().map(|(n, v)| (n.to_string(), *v)).collect(),
    }
}

impl Terrain {
    pub(super) fn new(space: &Arc<Space>, plan: &Plan) -> Terrain {
        let cube = Cube::new(space);
        let kinds = cube.kinds();
        let conditional = space.params().iter().filter(|p| !p.when.is_empty()).count();
        Terrain {
            facts: plan.facts.clone(),
            trials: plan.trials,
            parameters: kinds.len(),
            categories: kinds.iter().filter(|k| matches!(k, Kind::Categories(_))).count(),
            conditional,
            is_real: conditional == 0 && kinds.iter().all(|k| *k == Kind::Continuous),
            has_real: kinds.contains(&Kind::Continuous),
            size: space.size(),
        }
    }

    /// Whether gradients are there and worth more than a model.
    pub(super) fn by_gradient(&self) -> bool {
        self.facts.has_gradient
            && self.is_real
            && self.parameters >= GRADIENT_FROM
            && self.facts.noise.unwrap_or(0.0) == 0.0
    }

    /// The strategies that are due, the first choice first; never empty.
    pub(super) fn picks(&self, history: &History) -> Vec<Pick> {
        let mut picks = Vec::new();
        if self.by_gradient() {
            let why = format!(
                "The objective reports gradients, each worth {} values here, and all {} parameters are real: nothing learns a valley of so many dimensions as quickly.",
                self.parameters, self.parameters
            );
            picks.push(pick("gradient", why, &[]));
        }
        picks.extend(self.brief_looks(history));
        picks.extend(self.many_values(history));
        picks.extend(self.within_region(history));
        picks.push(self.model());
        picks.push(pick(
            "random",
            "The strategy that is due has nothing to propose.".into(),
            &[],
        ));
        picks
    }

    /// Brief looks first, where a share of the effort shows something and there are trials enough for both.
    fn brief_looks(&self, history: &History) -> Option<Pick> {
        let plan = self.trials as f64;
        let is_open = self.facts.has_fidelity
            && self.trials >= ENOUGH_FOR_LOOKS
            && history.spent() < LOOKS * plan
            && self.size.is_none_or(|size| size > self.trials as u64);
        if !is_open {
            return None;
        }
        let (pairs, ordered) = agreement(history);
        if pairs >= COMPARED && (ordered as f64) < IN_ORDER * pairs as f64 {
            return None;
        }
        let looks = libm::ceil(LOOKS * plan);
        let shown = if pairs >= COMPARED {
            format!(" So far they have put {ordered} of {pairs} pairs into the right order.")
        } else {
            String::new()
        };
        let why = format!(
            "A share of the effort shows a share of the truth{}, so the first {looks} of {} trials' effort goes into brief looks at many configurations; a model goes on from the best.{shown}",
            self.objective(),
            self.trials
        );
        Some(pick(
            "bohb",
            why,
            &[("pairs", pairs as f64), ("in order", ordered as f64)],
        ))
    }

    /// A cheaper model where there are many values.
    fn many_values(&self, history: &History) -> Option<Pick> {
        let values = history.scored().filter(|(job, _)| job.fidelity >= 1.0).count();
        if values < MANY_VALUES {
            return None;
        }
        let (name, what) = if self.is_real {
            (
                "cmaes",
                "a distribution that moves downhill takes no time to think and goes on improving",
            )
        } else {
            (
                "smac",
                "a forest takes any of them, and kinds of parameters as they are",
            )
        };
        let why = format!("{values} values are more than a Gaussian process is worth its time for: {what}.");
        Some(pick(name, why, &[("values", values as f64)]))
    }

    /// By turns with the model, a trust region around the best: in long searches it goes on improving where the model over the
    /// whole space takes its valley to be measured out, and the model goes on looking for a better valley (`docs/quality.md`). What has no
    /// real parameter cannot be measured more finely.
    fn within_region(&self, history: &History) -> Option<Pick> {
        let values = history.scored().filter(|(job, _)| job.fidelity >= 1.0).count();
        let is_exact = self.facts.noise.unwrap_or(0.0) == 0.0;
        let is_due = self.has_real && is_exact && values >= REGION_FROM && !history.jobs().len().is_multiple_of(2);
        is_due.then(|| {
            let why = format!(
                "After {values} values every second point is looked for in a trust region around the best, which goes on improving; the others look over the whole space."
            );
            pick("turbo", why, &[("values", values as f64)])
        })
    }

    /// The pick whose recommendation counts: the one that is due, and the model instead of a region, which knows itself alone.
    pub(super) fn adviser(&self, history: &History) -> Pick {
        let first = self.picks(history).swap_remove(0);
        if first.name == "turbo" { self.model() } else { first }
    }

    /// The model for the kind of space.
    fn model(&self) -> Pick {
        let n = self.parameters;
        let kinds = match (self.categories, self.conditional) {
            (0, 0) => String::new(),
            (c, 0) => format!(", {c} of them without order,"),
            (0, d) => format!(", {d} of them not always active,"),
            (c, d) => format!(", {c} of them without order and {d} not always active,"),
        };
        let noise = match self.facts.noise {
            Some(noise) if noise > 0.0 => {
                format!(" It averages over the noise, {noise} a value, instead of chasing it.")
            }
            _ => String::new(),
        };
        let coarse = match (self.facts.metric.as_deref(), self.facts.rows) {
            (Some(metric), Some(rows)) if rows < 1000 && matches!(metric, "accuracy" | "balanced" | "f1") => {
                format!(" The {metric} of {rows} rows has few distinct values, which it takes for noise.")
            }
            _ => String::new(),
        };
        let why = format!(
            "With {} trials{} and {n} parameters{kinds} each trial is worth thinking about: a Gaussian process learns most from few.{noise}{coarse}",
            self.trials,
            self.objective()
        );
        pick("bayes", why, &[("parameters", n as f64)])
    }

    fn objective(&self) -> String {
        match (self.facts.models.is_empty(), self.facts.rows) {
            (false, Some(rows)) => format!(" of {} on {rows} rows", self.facts.models.join(" or ")),
            _ => String::new(),
        }
    }
}

/// Pairs of configurations that continued from the same fidelity to the full effort, and how many of them kept their order.
fn agreement(history: &History) -> (usize, usize) {
    let value = |id: u32| history.outcome(id)?.value().map(|v| history.direction().minimized(v));
    let climbed = history.jobs().iter().filter_map(|job| {
        let parent = history.jobs().get(job.parent? as usize)?;
        let is_whole = parent.config == job.config && job.fidelity >= 1.0;
        is_whole.then_some((parent.fidelity, value(parent.id)?, value(job.id)?))
    });
    let climbed: Vec<(f64, f64, f64)> = climbed.collect();
    let (mut pairs, mut ordered) = (0, 0);
    for (i, a) in climbed.iter().enumerate() {
        for b in &climbed[..i] {
            if a.0 == b.0 && a.1 != b.1 && a.2 != b.2 {
                pairs += 1;
                ordered += usize::from((a.1 < b.1) == (a.2 < b.2));
            }
        }
    }
    (pairs, ordered)
}
