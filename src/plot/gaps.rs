//! Training, validation and test score over the run: how much better a model does on what it has seen, and on what it was chosen by.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{Look, Marker, alpha, look, mix};
use super::panel::{Panel, TITLE, only, words};
use super::pen::{Pen, Point};
use super::remarks::Remarks;
use super::{Focus, beneath, best, brushed, finite, headed, name, text};
use crate::order;
use crate::protocol::{Tested, Trial};
use crate::trial::Direction;
use crate::view::why::rounded;
use crate::view::{View, score};
use plotters::style::text_anchor::HPos;

/// Room to the right for the gap between validation and test.
const MARGIN: f64 = 66.0;

fn trials(view: &View, lane: usize) -> &[Trial] {
    view.lanes.get(lane).map_or(&[], |l| &l.trials)
}

fn training(trial: &Trial) -> Option<f64> {
    score(trial)?.train.filter(|v| v.is_finite())
}

/// The tests that are known of trials that are shown, the earliest first. Before any was asked for, that of the best.
fn tests(view: &View, lane: usize) -> Vec<Tested> {
    let shown = trials(view, lane).len() as u32;
    let known = view.held_out.iter().find(|h| h.lane == lane);
    let asked: Vec<Tested> = known.map_or_else(Vec::new, |h| h.tests.clone());
    let own: Vec<Tested> = asked.into_iter().filter(|t| t.trial < shown).collect();
    let report = view.lanes.get(lane).and_then(|l| l.report.as_ref());
    let last = report.and_then(|r| r.best.zip(r.test));
    match (own.is_empty(), last) {
        (true, Some((trial, (value, low, high, _)))) if trial < shown => vec![Tested {
            trial,
            value,
            low,
            high,
            failed: None,
        }],
        _ => own,
    }
}

/// How much worse the first value is than the second, in words.
fn worse(direction: Direction, test: f64, validation: f64) -> String {
    let gap = direction.minimized(test) - direction.minimized(validation);
    match rounded(gap.abs()) {
        zero if zero == "0" => "equal to validation".into(),
        gap_words if gap > 0.0 => format!("worse than validation by {gap_words}"),
        gap_words => format!("better than validation by {gap_words}"),
    }
}

/// A test that gave a score, with the trial's validation score.
fn scored<'a>(view: &View, lane: usize, tests: &'a [Tested]) -> Vec<(&'a Tested, f64)> {
    let of = |t: &'a Tested| Some((t, view.trial(lane, t.trial).and_then(finite)?));
    let known = tests.iter().filter(|t| t.failed.is_none() && t.value.is_finite());
    known.filter_map(of).collect()
}

/// Why there is no test score at all, or how many are still to come.
fn missing(view: &View, lane: usize, known: usize) -> Option<String> {
    let study = view.study.as_ref()?;
    if study.test_rows == 0 {
        return Some("no rows are held out from the trials, so there is no test".into());
    }
    let wanted = view.held_out.iter().find(|h| h.lane == lane).map(|h| h.wanted as usize);
    match wanted {
        None => Some("each new best is tested when the run rests".into()),
        Some(wanted) if known < wanted => Some(format!("{known} of {wanted} tested so far")),
        _ => None,
    }
}

/// The values that the axis goes over: all of them, unless a few bad ones would press the rest together.
fn central(direction: Direction, values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().map(|v| direction.minimized(*v)).collect();
    order::sort_by(&mut sorted, f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    if sorted.len() < 10 || at(1.0) - at(0.0) <= 3.0 * (at(0.85) - at(0.0)) {
        return values.to_vec();
    }
    let limit = at(0.85) + 0.5 * (at(0.85) - at(0.0));
    let near = sorted.iter().filter(|v| **v <= limit);
    near.map(|v| direction.minimized(*v)).collect()
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let whole = beneath(pen);
    let own = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let all = trials(view, focus.lane);
    let (Some(study), true) = (&view.study, all.iter().any(|t| training(t).is_some())) else {
        return words(pen, whole, "", &none(view, focus));
    };
    let tests = tests(view, focus.lane);
    let tested = scored(view, focus.lane, &tests);
    let values: Vec<f64> = all.iter().filter_map(finite).collect();
    let central = central(study.direction, &values);
    let seen = all
        .iter()
        .filter_map(|t| training(t).filter(|_| finite(t).is_some_and(|v| central.contains(&v))));
    let heights = central
        .iter()
        .copied()
        .chain(seen)
        .chain(tested.iter().map(|t| t.0.value));
    let y = Axis::measured(study, heights.collect::<Vec<_>>());
    let last = all
        .iter()
        .rfind(|t| finite(t).is_some())
        .map_or(2.0, |t| f64::from(t.job.id) + 1.0);
    let outside = values
        .iter()
        .filter(|v| y.at(**v).is_none_or(|v| !(0.0..=1.0).contains(&v)));
    let remarks = Remarks::of(key(view, focus.lane, &tests, outside.count()), pen.size.0);
    let mut panel = only(pen, Axis::counts("trial", 1.0, last), y, remarks.height());
    if !tested.is_empty() {
        panel.rect.right = (panel.rect.right - MARGIN).max(panel.rect.left + 20.0);
    }
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let kept = brushed(view, &focus.brush);
    let card = pen.palette.card;
    let mut ringed = None;
    for trial in all {
        let Some((at, inside)) = finite(trial).and_then(|v| place(&panel, trial.job.id, v)) else {
            continue;
        };
        let pale = !inside || !kept(trial);
        let shade = Look {
            color: if pale { mix(own.color, card, 0.7) } else { own.color },
            ..own
        };
        if let Some((seen, _)) = training(trial).and_then(|v| place(&panel, trial.job.id, v)) {
            pen.path(&[seen, at], alpha(mix(shade.color, card, 0.5), 1.0), 1.2);
            pen.hollow(seen, shade, 3.2);
        }
        pen.marker(at, shade, 3.6, card, 1.0);
        if kept(trial) {
            chart.mark(at, focus.lane, trial.job.id);
        }
        if focus.trial == Some(trial.job.id) {
            ringed = Some(at);
        }
    }
    held_out(pen, &panel, &tested, last as u32);
    if let Some(at) = ringed {
        pen.ring(at, 7.5, pen.palette.ink, card);
    }
    remarks.draw(pen);
}

/// What is said beneath: the marks, the gap at the end, what lies outside, and what is still to come.
fn key(view: &View, lane: usize, tests: &[Tested], outside: usize) -> impl Iterator<Item = String> {
    let marks = [
        "filled: validation",
        "hollow: training",
        "green: test of each new best, not used for choosing",
    ];
    let outside = (outside > 0).then(|| format!("{outside} worse ones at the edge"));
    let gap = scored(view, lane, tests).last().map(|(test, validation)| {
        let gap = worse(view.direction(), test.value, *validation);
        format!("trial {}: test {gap}", test.trial + 1)
    });
    let more = [gap, outside, missing(view, lane, tests.len())];
    marks.map(String::from).into_iter().chain(more.into_iter().flatten())
}

/// Where a score of a trial lies, and whether that is inside the panel; else it stands at the edge.
fn place(panel: &Panel, id: u32, value: f64) -> Option<(Point, bool)> {
    let (u, v) = (panel.x.at(f64::from(id) + 1.0)?, panel.y.at(value)?);
    Some((panel.point(u, v.clamp(0.0, 1.0)), (0.0..=1.0).contains(&v)))
}

/// The test of what was the best, over the trials for which it was, with its interval; the gap to validation at the end.
fn held_out(pen: &mut Pen, panel: &Panel, tested: &[(&Tested, f64)], last: u32) {
    let color = alpha(pen.palette.acquisition, 1.0);
    let pale = alpha(pen.palette.acquisition, 0.45);
    let round = Look {
        color: pen.palette.acquisition,
        marker: Marker::Circle,
    };
    let mut line: Vec<Point> = Vec::new();
    for (i, (test, _)) in tested.iter().enumerate() {
        let until = tested.get(i + 1).map_or(last.saturating_sub(1), |next| next.0.trial);
        let Some(((from, _), (to, _))) = place(panel, test.trial, test.value).zip(place(panel, until, test.value))
        else {
            continue;
        };
        line.extend([from, to]);
    }
    // The interval of each would hide the rest: that of the last, and of every one in words.
    if let Some((test, _)) = tested.last()
        && let (Some((low, _)), Some((high, _))) =
            (place(panel, test.trial, test.low), place(panel, test.trial, test.high))
    {
        pen.path(&[low, high], pale, 1.2);
    }
    pen.path(&line, color, 2.0);
    for (test, _) in tested {
        if let Some((at, _)) = place(panel, test.trial, test.value) {
            pen.hollow(at, round, 4.0);
        }
    }
    let Some((test, validation)) = tested.last() else {
        return;
    };
    let ends = (
        place(panel, test.trial, test.value),
        place(panel, test.trial, *validation),
    );
    let (Some((a, _)), Some((b, _))) = ends else { return };
    let x = panel.rect.right + 8.0;
    pen.path(&[(x - 4.0, a.1), (x, a.1), (x, b.1), (x - 4.0, b.1)], color, 1.6);
    let gap = text::fit(&rounded((test.value - validation).abs()), TITLE, MARGIN - 12.0);
    let at = (x + 5.0, (a.1 + b.1) / 2.0 + TITLE * 0.36);
    pen.text(&gap, at, TITLE, pen.palette.ink, HPos::Left);
}

/// What stands in place of the picture.
fn none(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    match &view.study {
        Some(study) if study.cheap => {
            format!("{title} trains nothing on a test function: there is no training, validation or test score.")
        }
        _ => format!("{title} has trained no model yet."),
    }
}

/// All scores of the trial at a place.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let id = at.x_number? - 1.0;
    let trial = trials(view, focus.lane).iter().find(|t| f64::from(t.job.id) == id)?;
    let mut text = format!("trial {}: validation {}", trial.job.id + 1, rounded(finite(trial)?));
    if let Some(seen) = training(trial) {
        text += &format!("\ntraining {}", rounded(seen));
    }
    for test in tests(view, focus.lane).iter().filter(|t| t.trial == trial.job.id) {
        text += "\n";
        text += &match &test.failed {
            Some(why) => format!("no test: {why}"),
            None => format!(
                "test {} (95 % interval {} to {})",
                rounded(test.value),
                rounded(test.low),
                rounded(test.high)
            ),
        };
    }
    Some(text)
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    let lane = view.lanes.get(focus.lane);
    let best = lane.and_then(|l| best::standing(l, view.direction()).and_then(|(v, id)| Some((v, l.trial(id)?))));
    let Some((value, trial)) = best else {
        return format!("{title}: no trial has given a value yet.");
    };
    let train = training(trial).map_or("no training score".into(), |v| {
        format!("{} on what it was trained on", rounded(v))
    });
    let tests = tests(view, focus.lane);
    let tested = scored(view, focus.lane, &tests);
    let own = tested.iter().find(|t| t.0.trial == trial.job.id);
    let test = own.map_or("not tested yet".into(), |t| {
        format!("{} on held-out rows", rounded(t.0.value))
    });
    let mut text = format!(
        "Training, validation and test over the run of {title}: its best trial {} has {} in validation, {train}, {test}.",
        trial.job.id + 1,
        rounded(value)
    );
    if let Some((test, validation)) = own {
        text += &format!(" Its test is {}.", worse(view.direction(), test.value, *validation));
    }
    if tested.len() > 1 {
        let each = tested
            .iter()
            .map(|(t, v)| format!("trial {} {} ({})", t.trial + 1, rounded(t.value), rounded(*v)));
        let each = each.collect::<Vec<_>>().join(", ");
        text +=
            &format!(" Test of each new best, which nothing was chosen by, and in brackets its validation: {each}.");
    }
    if let Some(why) = missing(view, focus.lane, tests.len()) {
        text += &format!(" Of the tests: {why}.");
    }
    text
}
