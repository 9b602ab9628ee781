//! How far the folds of the best trials lie apart, and which of them are as good as the best one within a standard error.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{Look, alpha, look, mix};
use super::panel::{only, words};
use super::pen::{Pen, Rect};
use super::remarks::Remarks;
use super::{Focus, best, brushed, headed, name};
use crate::order;
use crate::protocol::Trial;
use crate::view::why::rounded;
use crate::view::{View, score};

/// Width of a trial's column at least.
const COLUMN: f64 = 26.0;

/// Full-effort trials with several folds, the best first: mean and standard error of the mean.
fn ranked(view: &View, lane: usize) -> Vec<(&Trial, f64, f64)> {
    let direction = view.direction();
    let trials = view.lanes.get(lane).into_iter().flat_map(|l| &l.trials);
    let full = trials.filter(|t| t.job.fidelity >= 1.0);
    let of = |t: &'_ Trial| {
        let s = score(t)?;
        let n = s.folds.len() as f64;
        let variance = s.folds.iter().map(|f| (f - s.value) * (f - s.value)).sum::<f64>() / (n - 1.0);
        let error = libm::sqrt(variance / n);
        (s.folds.len() > 1 && error.is_finite()).then_some((s.value, error))
    };
    let mut all: Vec<_> = full
        .filter_map(|t| of(t).map(|(value, error)| (t, value, error)))
        .collect();
    order::sort_by(&mut all, |a, b| {
        direction.minimized(a.1).total_cmp(&direction.minimized(b.1))
    });
    all.dedup_by(|a, b| a.0.job.config == b.0.job.config);
    all
}

/// The cheapest to train of those within one standard error of the best (Breiman et al. 1984): the one-standard-error choice.
fn choice<'a>(view: &View, ranked: &[(&'a Trial, f64, f64)]) -> Option<&'a Trial> {
    let (_, value, error) = *ranked.first()?;
    let direction = view.direction();
    let limit = direction.minimized(value) + error;
    let within = ranked.iter().filter(|r| direction.minimized(r.1) <= limit);
    let cost = |t: &Trial| score(t).and_then(|s| s.cost).unwrap_or(f64::INFINITY);
    within
        .map(|r| r.0)
        .reduce(|best, t| if cost(t) < cost(best) { t } else { best })
}

/// The trial that the strategy's model recommends, with what it expects there: mean and standard deviation.
fn recommended(view: &View, lane: usize) -> Option<(&Trial, f64, f64)> {
    let lane = view.lanes.get(lane)?;
    let (id, mean, sd) = lane.report.as_ref()?.recommended?;
    Some((lane.trial(id)?, mean, sd))
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let ranked = ranked(view, focus.lane);
    let whole = super::beneath(pen);
    let look = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let (Some(study), Some(first)) = (&view.study, ranked.first()) else {
        let said = format!("{} has no trial with several folds yet.", name(view, focus.lane));
        return words(pen, whole, "", &said);
    };
    let most = ((pen.size.0 - 90.0) / COLUMN).max(1.0) as usize;
    let shown = &ranked[..ranked.len().min(most)];
    let folds = shown
        .iter()
        .filter_map(|r| score(r.0))
        .flat_map(|s| s.folds.iter().copied());
    let y = Axis::measured(study, folds);
    let names = shown.iter().map(|r| (r.0.job.id + 1).to_string()).collect();
    let simple = choice(view, &ranked);
    let model = recommended(view, focus.lane).map(|r| r.0);
    let of = |what: &str, trial: Option<&Trial>| trial.map(|t| format!("{what}: trial {}", t.job.id + 1));
    let more = shown.len() < ranked.len();
    let key = [
        of("green ring, one standard error", simple),
        of("square, recommended by its model", model),
        more.then(|| format!("the best {} of {} configurations", shown.len(), ranked.len())),
    ];
    let remarks = Remarks::of(key.into_iter().flatten(), pen.size.0);
    let panel = only(pen, Axis::levels("trial, the best first", names), y, remarks.height());
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let direction = study.direction;
    let limit = direction.minimized(direction.minimized(first.1) + first.2);
    // All that is not worse than the best by more than its standard error.
    if let (Some(a), Some(b)) = (panel.y.at(first.1), panel.y.at(limit)) {
        let (_, top) = panel.point(0.0, a.max(b).min(1.0));
        let (_, bottom) = panel.point(0.0, a.min(b).max(0.0));
        let band = Rect {
            top,
            bottom,
            ..panel.rect
        };
        pen.fill(band, alpha(pen.palette.acquisition, 0.14));
    }
    let simple = simple.map(|t| t.job.id);
    let n = shown.len() as f64;
    let card = pen.palette.card;
    let kept = brushed(view, &focus.brush);
    for (i, (trial, value, error)) in shown.iter().enumerate() {
        let kept = kept(trial);
        let look = if kept {
            look
        } else {
            Look {
                color: mix(look.color, card, 0.75),
                ..look
            }
        };
        let u = (i as f64 + 0.5) / n;
        let height = |v: f64| panel.y.at(v).map(|v| panel.point(u, v.clamp(0.0, 1.0)));
        let pale = Look {
            color: mix(look.color, card, 0.55),
            ..look
        };
        for fold in score(trial).into_iter().flat_map(|s| &s.folds) {
            if let Some(at) = height(*fold) {
                pen.marker(at, pale, 2.6, card, 1.0);
            }
        }
        if let (Some(low), Some(high)) = (height(value - error), height(value + error)) {
            pen.path(&[low, high], alpha(look.color, 1.0), 2.0);
        }
        let Some(at) = height(*value) else { continue };
        pen.marker(at, look, 4.6, card, 1.0);
        if kept {
            chart.mark(at, focus.lane, trial.job.id);
        }
        // One configuration may have been tried twice; it stands here once.
        if model.is_some_and(|m| m.job.config == trial.job.config) {
            let half = 8.5;
            let corners = [
                (-half, -half),
                (half, -half),
                (half, half),
                (-half, half),
                (-half, -half),
            ];
            let square: Vec<_> = corners.iter().map(|(x, y)| (at.0 + x, at.1 + y)).collect();
            pen.path(&square, alpha(pen.palette.ink, 1.0), 1.6);
        }
        if simple == Some(trial.job.id) {
            pen.ring(at, 8.0, pen.palette.acquisition, card);
        }
        if focus.trial == Some(trial.job.id) {
            pen.ring(at, 10.5, pen.palette.ink, card);
        }
    }
    remarks.draw(pen);
}

/// The trial of a column.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let ranked = ranked(view, focus.lane);
    let (trial, value, error) = ranked.iter().find(|(t, ..)| (t.job.id + 1).to_string() == at.x_text)?;
    let folds = score(trial)?.folds.iter().map(|v| rounded(*v));
    Some(format!(
        "trial {}: {} ± {} (standard error)\nfolds: {}",
        trial.job.id + 1,
        rounded(*value),
        rounded(*error),
        folds.collect::<Vec<_>>().join(", ")
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let ranked = ranked(view, focus.lane);
    let title = name(view, focus.lane);
    let Some((best, value, error)) = ranked.first() else {
        let lane = view.lanes.get(focus.lane);
        let standing = lane.and_then(|l| best::standing(l, view.direction()));
        let standing = standing.map_or("no value yet".into(), |(v, _)| {
            format!("its best value is {}", rounded(v))
        });
        return format!("{title}: no trial with several folds yet; {standing}.");
    };
    let simple = choice(view, &ranked).map_or(String::new(), |t| {
        format!(
            " The cheapest to train within one standard error is trial {} ({}).",
            t.job.id + 1,
            t.job.config.short()
        )
    });
    let model = recommended(view, focus.lane).map_or(String::new(), |(t, mean, sd)| {
        format!(
            " Its model recommends trial {}, where it expects {} ± {}.",
            t.job.id + 1,
            rounded(mean),
            rounded(sd)
        )
    });
    format!(
        "The folds of the best trials of {title}: trial {} has {} ± {} (standard error).{simple}{model}",
        best.job.id + 1,
        rounded(*value),
        rounded(*error)
    )
}
