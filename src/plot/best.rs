//! How good the best trial so far is, for every strategy: a step line each.

use super::axis::Axis;
use super::bands;
use super::chart::{Chart, Readout};
use super::palette::{alpha, look};
use super::panel::{Panel, TITLE, left_room, words};
use super::pen::{Pen, Point, Rect};
use super::{Focus, brushed, finite, legend, name, text};
use crate::protocol::Trial;
use crate::trial::{Direction, price};
use crate::view::{LaneView, View, score};
use plotters::style::text_anchor::HPos;

/// What the best value is drawn over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Across {
    /// Trials, in full-fidelity equivalents.
    #[default]
    Trials,
    /// What training cost, in operations.
    Cost,
    /// Seconds of evaluation, on this machine.
    Seconds,
}

impl Across {
    /// All, with their titles.
    pub const ALL: [(Across, &'static str); 3] = [
        (Across::Trials, "trials"),
        (Across::Cost, "training cost"),
        (Across::Seconds, "seconds"),
    ];

    fn title(self) -> &'static str {
        Across::ALL.iter().find(|a| a.0 == self).map_or("", |a| a.1)
    }

    /// What one trial adds.
    fn of(self, trial: &Trial, parent: Option<&Trial>) -> f64 {
        let cost = |t: &Trial| score(t).and_then(|s| s.cost).unwrap_or(0.0);
        let same = parent.filter(|p| p.job.config == trial.job.config);
        let added = match self {
            Across::Trials => price(&trial.job, parent.map(|t| &t.job)),
            Across::Cost => (cost(trial) - same.map_or(0.0, cost)).max(0.0),
            Across::Seconds => trial.seconds,
        };
        if added.is_finite() { added } else { 0.0 }
    }
}

/// A place on a strategy's line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// What is spent so far.
    pub(super) spent: f64,
    /// The best value so far.
    pub(super) value: f64,
    /// The trial it comes from.
    pub(super) best: u32,
    /// The trial that came in here.
    pub(super) trial: u32,
}

/// The best value at full fidelity up to and including each trial.
pub(super) fn best_so_far(lane: &LaneView, direction: Direction, across: Across) -> Vec<Step> {
    best_of(lane, direction, across, &|_| true)
}

/// The same among the trials that are kept.
fn best_of(lane: &LaneView, direction: Direction, across: Across, kept: &dyn Fn(&Trial) -> bool) -> Vec<Step> {
    let mut best: Option<(f64, u32)> = None;
    let mut line = Vec::new();
    let mut spent = 0.0;
    for trial in &lane.trials {
        let parent = trial.job.parent.and_then(|id| lane.trial(id));
        spent += across.of(trial, parent);
        if let Some(v) = finite(trial).filter(|_| trial.job.fidelity >= 1.0 && kept(trial))
            && best.is_none_or(|(b, _)| direction.better(v, b))
        {
            best = Some((v, trial.job.id));
        }
        if let Some((value, best)) = best {
            line.push(Step {
                spent,
                value,
                best,
                trial: trial.job.id,
            });
        }
    }
    line
}

/// The best value and the id of its trial, the earliest of equals.
pub(super) fn standing(lane: &LaneView, direction: Direction) -> Option<(f64, u32)> {
    let line = best_so_far(lane, direction, Across::Trials);
    line.last().map(|step| (step.value, step.best))
}

/// What is drawn upwards: the value, or its distance from the known optimum.
pub struct Measure {
    optimum: Option<f64>,
    direction: Direction,
    floor: f64,
    /// The least and the greatest value there can be.
    bounds: (Option<f64>, Option<f64>),
    pub(super) title: String,
}

impl Measure {
    /// `regret`: whether the distance from the optimum is drawn, where it is known; by itself where distances differ in size.
    pub fn of(view: &View, regret: Option<bool>) -> Measure {
        let title = view.study.as_ref().map_or(String::new(), |s| s.value_title.clone());
        let direction = view.direction();
        let plain = Measure {
            optimum: None,
            direction,
            floor: 0.0,
            bounds: view.study.as_ref().map_or((None, None), |s| s.bounds),
            title,
        };
        let Some(optimum) = view.study.as_ref().and_then(|s| s.optimum).filter(|o| o.is_finite()) else {
            return plain;
        };
        let regrets: Vec<f64> = view
            .lanes
            .iter()
            .flat_map(|l| best_so_far(l, direction, Across::Trials))
            .map(|step| direction.minimized(step.value) - direction.minimized(optimum))
            .filter(|r| *r > 0.0 && r.is_finite())
            .collect();
        let (low, high) = regrets
            .iter()
            .fold((f64::MAX, 0.0), |(a, b), r| (f64::min(a, *r), f64::max(b, *r)));
        // On a linear axis regrets of one size tell more; over several, all good strategies would lie on the floor.
        if regrets.is_empty() || !regret.unwrap_or(high / low >= 8.0) {
            return plain;
        }
        let title = "distance from the optimum".to_string();
        Measure {
            optimum: Some(optimum),
            floor: low * 0.3,
            title,
            ..plain
        }
    }

    /// Whether the distance from the optimum is drawn.
    pub fn is_regret(&self) -> bool {
        self.optimum.is_some()
    }

    pub(super) fn height(&self, value: f64) -> f64 {
        match self.optimum {
            None => value,
            Some(o) => (self.direction.minimized(value) - self.direction.minimized(o)).max(self.floor),
        }
    }
}

/// How far the axis across goes: to what is planned once that is in sight, before that to twice what is done.
fn horizon(view: &View) -> f64 {
    let done = view.lanes.iter().map(|l| l.spent).fold(0.0, f64::max);
    let planned = view.lanes.iter().map(|l| f64::from(l.lane.trials)).fold(done, f64::max);
    if planned <= (done * 4.0).max(60.0) {
        planned.max(2.0)
    } else {
        (done * 2.0).clamp(60.0, planned)
    }
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: width,
        bottom: height,
    };
    if view.study.is_none() || view.lanes.is_empty() {
        return words(
            pen,
            whole,
            "No study yet",
            "The best value of every strategy will be drawn here, trial by trial.",
        );
    }
    let measure = Measure::of(view, focus.regret);
    let across = focus.across;
    let lines: Vec<_> = view
        .lanes
        .iter()
        .map(|l| best_so_far(l, measure.direction, across))
        .collect();
    // Other seeds are told by trials alone.
    let with_bands = across == Across::Trials;
    let bands = if with_bands { bands::edges(view) } else { Vec::new() };
    let ghost = view
        .ghost
        .as_ref()
        .map(|g| best_so_far(&g.of, measure.direction, across));
    let all: Vec<_> = lines.iter().chain(&bands).chain(&ghost).cloned().collect();
    let heights: Vec<f64> = all.iter().flatten().map(|p| measure.height(p.value)).collect();
    let x = if across == Across::Trials {
        Axis::counts(across.title(), 1.0, horizon(view))
    } else {
        let spent = lines.iter().flatten().map(|step| step.spent).fold(0.0, f64::max);
        Axis::range(across.title(), 0.0, if spent > 0.0 { spent * 1.02 } else { 1.0 })
    };
    let (y, cut) = upward(&measure, &all, &heights);
    let legend = if pen.alone { legend::height(view, width) } else { 0.0 };
    let top = TITLE + 12.0;
    let bottom = (height - 42.0 - legend).max(top + 20.0);
    let left = left_room(&y, bottom - top, width) + 4.0;
    let panel = Panel {
        labels: left,
        gutter: 0.0,
        rect: Rect {
            left,
            top,
            right: (width - 12.0).max(left + 20.0),
            bottom,
        },
        x,
        y,
    };
    panel.draw_y(pen, true);
    panel.draw_x(pen, bottom, "");
    let title = match cut {
        Some(worst) => format!("{} · begins at {}", panel.y.title(), crate::view::why::rounded(worst)),
        None => panel.y.title(),
    };
    let title = match view.comparison.as_ref().filter(|_| with_bands).map(|c| c.done) {
        Some(seeds) => format!("{title} · dashed: {seeds} seeds"),
        None => title,
    };
    let title = text::fit(&title, TITLE, width - 10.0);
    pen.text(&title, (4.0, top - 10.0), TITLE, pen.palette.soft, HPos::Left);
    chart.panel(panel.rect, &panel.x, &panel.y);
    if heights.is_empty() {
        let done = view.lanes.iter().any(|l| !l.trials.is_empty());
        let said = if done {
            "No trial has given a value."
        } else {
            "No trial yet."
        };
        words(pen, panel.rect, "", said);
    }
    if with_bands {
        bands::draw(pen, view, &measure, &panel);
    }
    // The strategy in focus is drawn last, on top.
    let mut order: Vec<usize> = (0..lines.len()).filter(|&l| l != focus.lane).collect();
    order.extend((focus.lane < lines.len()).then_some(focus.lane));
    // With brushed ranges: the best among what lies within, over the pale line of all.
    let within: Vec<Vec<Step>> = if focus.brush.is_empty() {
        Vec::new()
    } else {
        let kept = brushed(view, &focus.brush);
        let of = |l: &LaneView| best_of(l, measure.direction, across, &*kept);
        view.lanes.iter().map(of).collect()
    };
    let every = Scene {
        view,
        focus,
        measure: &measure,
        panel: &panel,
        lines: &lines,
    };
    let scene = if within.is_empty() {
        every
    } else {
        order.iter().for_each(|&lane| every.pale(pen, lane));
        Scene {
            lines: &within,
            ..every
        }
    };
    if let (Some(ghost), Some(line)) = (&view.ghost, &ghost) {
        scene.ghost(pen, ghost.lane, line);
    }
    order.iter().for_each(|&lane| scene.line(pen, lane, chart));
    // The strategy in focus is the first to have its marker at the very end.
    order.reverse();
    scene.ends(pen, &order);
    scene.selected(pen);
    if pen.alone {
        legend::draw(pen, view, height - legend);
    }
}

/// The axis upwards. A bad beginning would squeeze what matters: then the axis starts where the strategies are after a
/// fifth of their trials, and the lines come in from the edge. The second result is the worst value cut off.
fn upward(measure: &Measure, lines: &[Vec<Step>], heights: &[f64]) -> (Axis, Option<f64>) {
    let finite = heights.iter().copied().filter(|h| h.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(a, b), h| (a.min(h), b.max(h)));
    if measure.is_regret() {
        return (Axis::logarithmic(&measure.title, low, high), None);
    }
    let late = lines.iter().flat_map(|l| l.iter().skip((l.len() / 5).max(2)));
    let late: Vec<f64> = late.map(|p| measure.height(p.value)).collect();
    let (near, far) = late
        .iter()
        .fold((f64::MAX, f64::MIN), |(a, b), h| (a.min(*h), b.max(*h)));
    let long = lines.iter().any(|l| l.len() >= 10);
    // Means of the same folds differ in their last digit, which is no difference.
    let is_flat = far - near <= 1e-9 * near.abs().max(far.abs());
    if !long || is_flat || (high - low) <= 3.0 * (far - near) {
        return (
            Axis::values(&measure.title, heights.iter().copied()).within(measure.bounds),
            None,
        );
    }
    let worst = if measure.direction == Direction::Minimize {
        high
    } else {
        low
    };
    let pad = (far - near) * 0.35;
    let ends = if measure.direction == Direction::Minimize {
        [low, far + pad]
    } else {
        [near - pad, high]
    };
    (Axis::values(&measure.title, ends).within(measure.bounds), Some(worst))
}

/// The best value of every strategy at a place across.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let spent = at.x_number?;
    let measure = Measure::of(view, focus.regret);
    let kept = brushed(view, &focus.brush);
    let mut text = match focus.across {
        Across::Trials => format!("after {} trials", at.x_text),
        Across::Cost => format!("training cost {}", at.x_text),
        Across::Seconds => format!("after {} seconds", at.x_text),
    };
    for (i, lane) in view.lanes.iter().enumerate() {
        let line = best_of(lane, measure.direction, focus.across, &*kept);
        let value = line
            .iter()
            .take_while(|step| step.spent <= spent + 1e-9)
            .last()
            .map(|s| s.value);
        let value = value.map_or("none yet".into(), crate::view::why::rounded);
        text += &format!("\n{}: {value}", name(view, i));
    }
    Some(text)
}

/// What the lines are drawn from.
struct Scene<'a> {
    view: &'a View,
    focus: &'a Focus,
    measure: &'a Measure,
    panel: &'a Panel,
    lines: &'a [Vec<Step>],
}

impl Scene<'_> {
    /// Strategies often share their best value: lines a little apart keep all of them in sight.
    fn dodge(&self, lane: usize) -> f64 {
        let n = self.lines.len() as f64;
        (lane as f64 - (n - 1.0) / 2.0) * (6.0 / n).min(2.0)
    }

    fn place(&self, lane: usize, step: &Step) -> Option<Point> {
        let (u, v) = (
            self.panel.x.at(step.spent)?,
            self.panel.y.at(self.measure.height(step.value))?,
        );
        let (x, y) = self.panel.point(u, v);
        Some((x, y + self.dodge(lane)))
    }

    fn line(&self, pen: &mut Pen, lane: usize, chart: &mut Chart) {
        let mut points: Vec<Point> = Vec::new();
        for step in &self.lines[lane] {
            let Some(at) = self.place(lane, step) else { continue };
            match points.last() {
                Some(last) if last.1 != at.1 => points.extend([(at.0, last.1), at]),
                Some(_) if points.len() > 1 && points[points.len() - 2].1 == at.1 => {
                    points.pop();
                    points.push(at);
                }
                _ => points.push(at),
            }
            // Only where the best changes is there a trial to be found.
            if step.best == step.trial && self.panel.rect.contains(at) {
                chart.mark(at, lane, step.best);
            }
        }
        let look = look(self.view, lane, pen.theme);
        for piece in self.panel.clipped(&points) {
            pen.path(&piece, alpha(look.color, 1.0), 2.3);
        }
    }

    /// A line without trials, beneath.
    fn pale(&self, pen: &mut Pen, lane: usize) {
        let mut points: Vec<Point> = Vec::new();
        for at in self.lines[lane].iter().filter_map(|step| self.place(lane, step)) {
            points.extend(points.last().map(|last| (at.0, last.1)));
            points.push(at);
        }
        let color = alpha(look(self.view, lane, pen.theme).color, 0.25);
        for piece in self.panel.clipped(&points) {
            pen.path(&piece, color, 1.4);
        }
    }

    /// The run that a strategy's was forked from: dashed, in its colour.
    fn ghost(&self, pen: &mut Pen, lane: usize, steps: &[Step]) {
        let mut points: Vec<Point> = Vec::new();
        for at in steps.iter().filter_map(|step| self.place(lane, step)) {
            let corner = points.last().map(|last| (at.0, last.1));
            points.extend(corner);
            points.push(at);
        }
        let color = alpha(look(self.view, lane, pen.theme).color, 0.75);
        for piece in self.panel.clipped(&points) {
            pen.dashes(&piece, color, 1.8, (5.0, 4.0));
        }
    }

    /// A marker at the end of each line; where one stands already, farther back on the line.
    fn ends(&self, pen: &mut Pen, order: &[usize]) {
        const APART: f64 = 11.0;
        let mut taken: Vec<Point> = Vec::new();
        for &lane in order {
            let steps: Vec<Point> = self.lines[lane].iter().filter_map(|s| self.place(lane, s)).collect();
            let Some(end) = steps.last() else { continue };
            let on_line = |x: f64| steps.iter().rev().find(|p| p.0 <= x).map(|p| (x, p.1));
            let free = |at: &Point| taken.iter().all(|t| libm::hypot(t.0 - at.0, t.1 - at.1) >= APART * 0.9);
            let places = (0..self.lines.len()).filter_map(|k| on_line(end.0 - APART * k as f64));
            let at = places.into_iter().find(free).unwrap_or(*end);
            if at.1 >= self.panel.rect.top - 4.0 && at.1 <= self.panel.rect.bottom + 4.0 {
                pen.marker(at, look(self.view, lane, pen.theme), 4.2, pen.palette.card, 1.0);
                taken.push(at);
            }
        }
    }

    /// A ring where the selected trial came in.
    fn selected(&self, pen: &mut Pen) {
        let lane = self.focus.lane;
        let at = self.focus.trial.zip(self.lines.get(lane)).and_then(|(id, line)| {
            let step = line.iter().find(|s| s.trial == id)?;
            self.place(lane, step).filter(|at| self.panel.rect.contains(*at))
        });
        if let Some(at) = at {
            pen.ring(at, 7.5, pen.palette.ink, pen.palette.card);
        }
    }
}
