//! What is looked at: a strategy, a trial, the axes, the cut; and asking for the belief that belongs to it.

use super::App;
use crate::plot::brushed;
use crate::protocol::{Command, Trial};
use crate::space::{Config, Value};
use crate::ui::browser::now;
use crate::view::{Layer, View};

/// Strategies without a model, so that the belief panel begins with one that has one.
const MODEL_FREE: [&str; 10] = [
    crate::protocol::YOU,
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
/// The same for maps, which cost more.
const MAPS_PACE: f64 = 900.0;
/// Cells of a map along a continuous side.
const CELLS: u32 = 48;

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
        (self.lane, self.point) = (Some(lane), None);
        self.ask_truth();
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

    /// What lies beneath the points: as chosen, else the objective itself where it is cheap.
    pub(super) fn layer_of(&self, view: &View) -> Layer {
        let cheap = view.study.as_ref().is_some_and(|s| s.cheap);
        if self.is_blind() {
            return Layer::Plain;
        }
        self.layer.unwrap_or(if cheap { Layer::Truth } else { Layer::Plain })
    }

    pub(super) fn set_layer(&mut self, layer: Layer) {
        self.layer = Some(layer);
        let name = Layer::ALL.iter().find(|l| l.0 == layer).map(|l| l.1);
        self.question.page.set("layer", name);
        self.write_address();
        self.ask_truth();
    }

    /// Picks a point: what is looked at, with some parameters moved.
    pub(super) fn pick(&mut self, moves: &[(String, f64)]) {
        let picked = {
            let view = self.view.borrow();
            let Some(study) = &view.study else { return };
            let chosen = || Some(view.trial(self.chosen?.0, self.chosen?.1)?.job.config.clone());
            let base = self.point.clone().or_else(chosen).unwrap_or_default();
            let known = moves
                .iter()
                .filter_map(|(name, u)| Some((study.space.index(name)?, *u)));
            study.space.moved(&base, &known.collect::<Vec<_>>())
        };
        self.point = Some(picked);
        self.ask_truth();
    }

    /// Begins a point by hand with what is looked at, or gives one of its parameters a value.
    pub(super) fn own_point(&mut self, change: Option<(String, Value)>) {
        self.pick(&[]);
        let Some((name, value)) = change else { return };
        let picked = {
            let view = self.view.borrow();
            let (Some(study), Some(point)) = (&view.study, &self.point) else {
                return;
            };
            let with = point.clone().with(&name, value);
            // Another value of a parent brings others into play.
            let units: Vec<(usize, f64)> = study
                .space
                .params()
                .iter()
                .enumerate()
                .filter_map(|(i, p)| Some((i, p.domain.to_unit(with.get(&p.name)?))))
                .collect();
            study
                .space
                .check(&with)
                .unwrap_or_else(|_| study.space.moved(&with, &units))
        };
        self.point = Some(picked);
        self.ask_truth();
    }

    /// The configuration that says what the parameters are that are not on the axes; `None` for their defaults, and where there are no others.
    pub(super) fn plane_through(&self, view: &View) -> Option<Config> {
        let params = view.study.as_ref()?.space.params();
        if params.iter().filter(|p| !p.domain.is_fixed()).count() <= 2 {
            return None;
        }
        let chosen = || Some(view.trial(self.chosen?.0, self.chosen?.1)?.job.config.clone());
        self.point.clone().or_else(chosen)
    }

    /// Asks for the beliefs that belong to what is looked at, each once.
    pub(super) fn ask(&mut self) {
        // Beliefs are not a person's business while they play.
        if self.is_blind() {
            return;
        }
        self.ask_belief();
        self.ask_line();
        self.ask_maps();
        self.ask_importance();
        self.ask_decisions();
        self.ask_tests();
    }

    /// Asks what the model of the trial looked at decides, or of the best one, when that is looked at and the run rests.
    fn ask_decisions(&mut self) {
        if !matches!(self.picture, "confusion" | "regions" | "learning") || self.busy || !self.prepared {
            return;
        }
        let question = {
            let view = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
            let lane = self.lane_of(&view);
            let cheap = view.study.as_ref().is_none_or(|s| s.cheap);
            let own = view.lanes.get(lane).filter(|_| !cheap);
            let best = own.and_then(|l| l.best(view.direction())).map(|(t, _)| t.job.id);
            let chosen = self.chosen.filter(|c| c.0 == lane).map(|c| c.1);
            let Some(trial) = best.map(|best| chosen.unwrap_or(best)) else {
                return;
            };
            (self.run, lane, trial)
        };
        // The curve is a training of its own; who has seen it has the decisions, too.
        let curve = self.picture == "learning";
        if self
            .judged
            .is_none_or(|(asked, had)| asked != question || curve && !had)
        {
            self.judged = Some((question, curve));
            let (run, lane, trial) = question;
            self.send(&Command::Judge {
                run,
                lane,
                trial: Some(trial),
                curve,
            });
        }
    }

    /// Asks what another strategy would choose in place of the trial that is explained.
    pub(super) fn what_if(&mut self, call: String) {
        let view = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
        let lane = self.lane_of(&view);
        let chosen = self.chosen.filter(|c| c.0 == lane).map(|c| c.1);
        let trial = chosen.or_else(|| view.latest(lane).map(|t| t.job.id));
        drop(view);
        if !self.prepared {
            return;
        }
        if let Some(past) = &self.past {
            past.view.borrow_mut().wonder(lane, trial, &call);
        }
        self.view.borrow_mut().wonder(lane, trial, &call);
        let run = self.run;
        self.send(&Command::WhatIf { run, lane, trial, call });
    }

    /// Asks what matters in what is known and kept, when that is looked at and the run rests.
    fn ask_importance(&mut self) {
        if self.picture != "importance" || self.busy || !self.prepared {
            return;
        }
        let question = {
            let view = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
            let lane = self.lane_of(&view);
            let known: &[Trial] = view.lanes.get(lane).map_or(&[], |l| &l.trials);
            let within = brushed(&view, &self.brush);
            let part = self.past.is_some() || !self.brush.is_empty();
            let kept = part.then(|| known.iter().filter(|t| within(t)).map(|t| t.job.id).collect::<Vec<_>>());
            (self.run, lane, known.len(), kept)
        };
        if self.weighed.as_ref() != Some(&question) {
            self.weighed = Some(question.clone());
            let (run, lane, _, trials) = question;
            self.send(&Command::Weigh { run, lane, trials });
        }
    }

    /// Asks for the test scores of what was the best, when they are looked at and the run rests.
    fn ask_tests(&mut self) {
        if self.picture != "gaps" || self.busy || !self.prepared {
            return;
        }
        let view = self.view.borrow();
        let lane = self.lane_of(&view);
        let trials = view.lanes.get(lane).map_or(0, |l| l.trials.len());
        let tested = view.study.as_ref().is_some_and(|s| s.test_rows > 0);
        drop(view);
        let question = (self.run, lane, trials);
        if tested && trials > 0 && self.tested != Some(question) {
            self.tested = Some(question);
            let run = self.run;
            self.send(&Command::Test { run, lane });
        }
    }

    fn ask_belief(&mut self) {
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
            // In slow motion the belief is the one by which the next trial is chosen: it changes when something is learned.
            let slow = shown
                .slow
                .as_ref()
                .filter(|s| s.proposal.lane == lane && self.phase.is_some());
            let coming = slow.map(|_| shown.lanes[lane].trials.len() as u32);
            let trial = chosen
                .map(|(_, id)| id)
                .or(coming)
                .or_else(|| shown.latest(lane).map(|t| t.job.id));
            let proposed = || Some(slow?.job(&shown)?.config.clone());
            let best = || {
                let of = shown.lanes.get(lane)?;
                Some(of.best(shown.direction())?.0.job.config.clone())
            };
            let through = self
                .point
                .clone()
                .or_else(|| if self.through_best { best() } else { None })
                .or_else(|| proposed().filter(|_| chosen.is_none()));
            (self.run, lane, trial, param, through)
        };
        if self.asked.as_ref() != Some(&question) {
            let (run, lane, trial, param, through) = question.clone();
            self.asked = Some(question);
            self.asked_at = now();
            self.send(&Command::Believe {
                run,
                lane,
                trial,
                param,
                through,
            });
        }
    }

    /// Asks for the objective along the cut that is shown, where it has to be evaluated, when that is looked at and the run rests.
    fn ask_line(&mut self) {
        if !self.truth || self.busy || !self.prepared {
            return;
        }
        let question = {
            let view = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
            let lane = self.lane_of(&view);
            let cheap = view.study.as_ref().is_none_or(|s| s.cheap);
            let shown = view
                .slice
                .as_ref()
                .filter(|s| s.lane == lane && s.has_truth() && !cheap);
            let Some(slice) = shown else { return };
            (self.run, slice.param.clone(), slice.others())
        };
        if self.lined.as_ref() == Some(&question) {
            return;
        }
        self.lined = Some(question.clone());
        let (run, x, others) = question;
        let is_whole = self.view.borrow_mut().raise_plane(&x, "", Some(&others));
        if let Some(past) = &self.past {
            past.view.borrow_mut().raise_plane(&x, "", Some(&others));
        }
        if !is_whole {
            let (y, through) = (None, Some(others));
            self.send(&Command::Truth { run, x, y, through });
        }
    }

    /// Asks what each strategy believes over both axes, and what it would choose next.
    fn ask_maps(&mut self) {
        let hurried = self.busy && (self.speed == super::Speed::Max || now() - self.maps_at < MAPS_PACE);
        if !self.prepared || hurried {
            return;
        }
        let questions: Vec<MapQuestion> = {
            let shown = self.past.as_ref().map_or(&self.view, |p| &p.view).borrow();
            let Some((x, Some(y))) = self.axes_of(&shown) else {
                return;
            };
            let needs_mind = self.layer_of(&shown).needs_mind();
            // Ellipses and next points alone are looked at when the run rests.
            if self.busy && !needs_mind {
                return;
            }
            let through = self.plane_through(&shown);
            let present = self.view.borrow();
            let of = |lane: usize| {
                let len = shown.lanes[lane].trials.len() as u32;
                let chosen = self.chosen.filter(|c| c.0 == lane).map(|c| c.1).filter(|id| *id < len);
                // In the past, what was known is what the next trial was chosen by.
                let next = present.trial(lane, len).map(|t| t.job.id);
                MapQuestion {
                    run: self.run,
                    trial: chosen.or(next),
                    known: len,
                    axes: (x.clone(), y.clone()),
                    through: through.clone(),
                    cells: if needs_mind { CELLS } else { 0 },
                }
            };
            (0..shown.lanes.len()).map(of).collect()
        };
        self.maps.resize(questions.len(), None);
        for (lane, question) in questions.into_iter().enumerate() {
            if self.maps[lane].as_ref() == Some(&question) {
                continue;
            }
            let MapQuestion {
                run,
                trial,
                axes: (x, y),
                through,
                cells,
                ..
            } = question.clone();
            self.maps[lane] = Some(question);
            self.maps_at = now();
            self.send(&Command::Map {
                run,
                lane,
                trial,
                x,
                y,
                through,
                cells,
            });
            if self.busy {
                return;
            }
        }
    }
}

/// What was asked of a strategy's belief: run, strategy, trial, parameter, configuration cut through.
pub(super) type Question = (u32, usize, Option<u32>, String, Option<Config>);

/// What was asked of the objective along a cut: run, parameter, the others' values.
pub(super) type LineQuestion = (u32, String, Config);

/// What was asked of importance: run, strategy, trials known, and those of them that count, if not all.
pub(super) type Weighing = (u32, usize, usize, Option<Vec<u32>>);

/// What was asked of a strategy's map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MapQuestion {
    run: u32,
    trial: Option<u32>,
    known: u32,
    axes: (String, String),
    through: Option<Config>,
    cells: u32,
}
