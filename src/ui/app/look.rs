//! What is looked at: a strategy, a trial, the axes, the cut; and asking for the belief that belongs to it.

use super::App;
use crate::protocol::Command;
use crate::ui::browser::now;
use crate::view::View;

/// Strategies without a model, so that the belief panel begins with one that has one.
const MODEL_FREE: [&str; 9] = [
    "grid",
    "random",
    "sobol",
    "halton",
    "lhs",
    "de",
    "evolution",
    "annealing",
    "nelder_mead",
];
/// Least time between two questions while the worker computes, in milliseconds.
const BELIEF_PACE: f64 = 400.0;

impl App {
    pub(super) fn look_at(&mut self, lane: usize) {
        if lane < self.view.borrow().lanes.len() {
            self.lane = Some(lane);
            self.chosen = self.chosen.filter(|&(l, _)| l == lane);
        }
    }

    pub(super) fn select(&mut self, lane: usize, id: u32) {
        // A second click lets go.
        self.chosen = if self.chosen == Some((lane, id)) {
            None
        } else {
            Some((lane, id))
        };
        self.lane = Some(lane);
    }

    pub(super) fn set_axes(&mut self, x: String, y: Option<String>) {
        let value = y.as_ref().map_or(x.clone(), |y| format!("{x},{y}"));
        self.axes = Some((x, y));
        self.question.page.set("show", Some(&value));
        self.write_address();
        self.ask_truth();
    }

    /// The axes shown: the chosen ones if the space has them, else its first two.
    pub(super) fn axes_of(&self, view: &View) -> Option<(String, Option<String>)> {
        let study = view.study.as_ref()?;
        let has = |name: &str| study.space.index(name).is_some();
        let chosen = self
            .axes
            .clone()
            .filter(|(x, y)| has(x) && y.as_deref().is_none_or(has));
        chosen.or_else(|| crate::ui::picture::default_axes(view))
    }

    /// The strategy whose belief is shown.
    pub(super) fn lane_of(&self, view: &View) -> usize {
        let of_a_model = || {
            view.lanes
                .iter()
                .position(|l| !MODEL_FREE.contains(&l.lane.id.as_str()))
        };
        self.lane
            .filter(|&l| l < view.lanes.len())
            .or_else(of_a_model)
            .unwrap_or(0)
    }

    /// Whether no strategy of the study keeps a model, so that there is no belief to draw.
    pub(super) fn is_mindless(view: &View) -> bool {
        !view.lanes.is_empty() && view.lanes.iter().all(|l| MODEL_FREE.contains(&l.lane.id.as_str()))
    }

    /// The parameter along which the belief is cut.
    pub(super) fn cut_of(&self, view: &View) -> Option<String> {
        let params = view.study.as_ref()?.space.params();
        let free = || params.iter().filter(|p| !p.domain.is_fixed());
        let known = self.cut.clone().filter(|name| free().any(|p| p.name == *name));
        known.or_else(|| free().next().map(|p| p.name.clone()))
    }

    /// Asks for the belief that belongs to what is looked at, once.
    pub(super) fn ask_belief(&mut self) {
        // While the run is on, thinking about pictures must not slow it: none at full speed, few else.
        let hurried = self.busy && (self.speed == super::Speed::Max || now() - self.asked_at < BELIEF_PACE);
        if !self.prepared || hurried {
            return;
        }
        let question = {
            let shown = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
            let lane = self.lane_of(&shown);
            let Some(param) = self.cut_of(&shown) else { return };
            let chosen = self.chosen.filter(|&(l, id)| l == lane && shown.trial(l, id).is_some());
            let trial = chosen
                .map(|(_, id)| id)
                .or_else(|| shown.latest(lane).map(|t| t.job.id));
            (self.run, lane, trial, param)
        };
        if self.asked.as_ref() != Some(&question) {
            let (run, lane, trial, param) = question.clone();
            self.asked = Some(question);
            self.asked_at = now();
            self.send(&Command::Believe {
                run,
                lane,
                trial,
                param,
            });
        }
    }
}
