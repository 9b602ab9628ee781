//! The pictures in words: what someone who cannot see them should be told.

use super::axis::Axis;
use super::{Focus, best, descent, finite, name};
use crate::mind::{Densities, Gaussian, Mind, Path};
use crate::order;
use crate::protocol::Slice;
use crate::view::why::{acquisition, rounded, short};
use crate::view::{Ghost, LaneView, Layer, View};

fn counted(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// The best trial of a lane, in words.
fn best_words(view: &View, lane: &LaneView) -> String {
    let title = view.study.as_ref().map_or("value", |s| s.value_title.as_str());
    match best::standing(lane, view.direction()).and_then(|(v, id)| Some((v, lane.trial(id)?))) {
        Some((value, trial)) => {
            format!(
                "best {title} of {} at trial {} ({})",
                rounded(value),
                trial.job.id + 1,
                trial.job.config.short()
            )
        }
        None if lane.trials.is_empty() => "no trial yet".into(),
        None => "no trial has given a value".into(),
    }
}

pub(super) fn space(view: &View, focus: &Focus) -> String {
    let (Some(study), Some(lane)) = (&view.study, view.lanes.get(focus.lane)) else {
        return "No study yet: each strategy's trials will be drawn here.".into();
    };
    let axis = |name: &str| {
        let kind = Axis::of(&study.space, name).map_or("unknown", |a| a.kind());
        format!("{name} ({kind})")
    };
    let up = focus.y.as_deref().map_or_else(|| study.value_title.clone(), axis);
    let mut text = format!(
        "{}: {} over {}",
        name(view, focus.lane),
        counted(lane.trials.len(), "trial"),
        axis(&focus.x)
    );
    text += &format!(" across and {up} up; {}.", best_words(view, lane));
    let failed = lane.trials.iter().filter(|t| finite(t).is_none()).count();
    if failed > 0 {
        text += &format!(" {failed} failed.");
    }
    let distinct = |name: &str| {
        let values = || lane.trials.iter().filter_map(|t| t.job.config.get(name));
        // Numbers are told apart by their bits: thousands of them would take long to write out.
        let mut numbers: Vec<u64> = values().filter_map(|v| Some(v.number()?.to_bits())).collect();
        let mut words: Vec<String> = values()
            .filter(|v| v.number().is_none())
            .map(|v| v.to_string())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        order::sort_by(&mut words, Ord::cmp);
        words.dedup();
        counted(numbers.len() + words.len(), "distinct value") + &format!(" of {name}")
    };
    if !lane.trials.is_empty() {
        let names = [Some(&focus.x), focus.y.as_ref()];
        let both: Vec<String> = names.into_iter().flatten().map(|n| distinct(n)).collect();
        text += &format!(" {} tried.", both.join(" and "));
    }
    let ringed = focus.trial.and_then(|id| lane.trial(id)).or(lane.trials.last());
    if let Some(trial) = ringed {
        text += &format!(
            " Ringed: trial {} ({}), {}.",
            trial.job.id + 1,
            trial.job.config.short(),
            short(&trial.job.origin)
        );
    }
    if let Some(ghost) = view.ghost_of(focus.lane) {
        text += &ghost_words(view, ghost);
    }
    text += &layer_words(view, focus);
    if let Some(config) = view
        .map(focus.lane)
        .filter(|m| m.trial.is_none())
        .and_then(|m| m.next.as_ref())
    {
        text += &format!(" Next it would try {}.", config.short());
    }
    if let Some(config) = &focus.point {
        text += &format!(" Picked by hand: {}.", config.short());
    }
    text
}

/// The run that this one was forked from.
fn ghost_words(view: &View, ghost: &Ghost) -> String {
    format!(
        " Faint, the run it was forked from at trial {}: {}, {}, {}.",
        ghost.from + 1,
        ghost.of.lane.title,
        counted(ghost.of.trials.len(), "trial"),
        best_words(view, &ghost.of)
    )
}

/// What the colours beneath the points are, and where they are extreme.
fn layer_words(view: &View, focus: &Focus) -> String {
    let Some(y) = focus.y.as_deref() else {
        return String::new();
    };
    let Some(cells) = view.cells(focus.layer, focus.lane, &focus.x, y) else {
        return String::new();
    };
    let is_best = |a: f64, b: f64| match focus.layer {
        Layer::Truth | Layer::Mean => view.direction().better(a, b),
        Layer::Error => a.abs() > b.abs(),
        _ => a > b,
    };
    let known = cells.values.iter().copied().enumerate().filter(|(_, v)| v.is_finite());
    let Some((i, value)) = known.reduce(|best, next| if is_best(next.1, best.1) { next } else { best }) else {
        return String::new();
    };
    let what = match focus.layer {
        Layer::Plain => return String::new(),
        Layer::Truth => "the objective itself, bright where it is good; it is best",
        Layer::Mean => "what its model expects, bright where that is good; it expects most",
        Layer::Sd => "how unsure its model is, bright where it is; it is least sure",
        Layer::Acquisition => "how much it is worth to try a point, bright where much; most worth it is the point",
        Layer::Error => "how far its model is from the objective, blue too low and orange too high; farthest off",
    };
    let grid = crate::protocol::Grid {
        columns: cells.columns,
        rows: cells.rows,
        ..Default::default()
    };
    let (u, v) = grid.middle(i);
    let study = view.study.as_ref();
    let read = |name: &str, u: f64| {
        study
            .and_then(|s| Axis::of(&s.space, name))
            .map_or(String::new(), |a| a.read(u))
    };
    let mut text = format!(
        " The colours beneath are {what} at {} = {}, {y} = {} ({}).",
        focus.x,
        read(&focus.x, u),
        read(y, v),
        rounded(value)
    );
    if let Some(plane) = view
        .plane(&focus.x, y)
        .filter(|p| focus.layer.needs_truth() && p.done < p.grid.len())
    {
        text += &format!(
            " {} of {} cells of the objective are known so far.",
            plane.done,
            plane.grid.len()
        );
    }
    text
}

pub(super) fn best(view: &View, focus: &Focus) -> String {
    let Some(study) = &view.study else {
        return "No study yet: the best value of every strategy will be drawn here.".into();
    };
    let measure = best::Measure::of(view, focus.regret);
    let mut text = format!("Best {} so far, by number of trials", study.value_title);
    if measure.is_regret() {
        text += ", as distance from the known optimum on a log scale";
    }
    let lanes = view.lanes.iter().enumerate().map(|(i, lane)| {
        let n = counted(lane.trials.len(), "trial");
        format!("{} after {n}: {}", name(view, i), best_words(view, lane))
    });
    text += &format!(". {}.", lanes.collect::<Vec<_>>().join(". "));
    let direction = view.direction();
    let stands = |i: usize| {
        view.lanes
            .get(i)
            .and_then(|l| best::standing(l, direction))
            .map(|(v, _)| v)
    };
    let ahead = |&i: &usize| {
        let others = (0..view.lanes.len()).filter(|&k| k != i);
        let beats = |k: usize| stands(i).is_some_and(|a| stands(k).is_none_or(|b| direction.better(a, b)));
        view.lanes.len() > 1 && others.into_iter().all(beats)
    };
    if let Some(leader) = (0..view.lanes.len()).find(ahead) {
        text += &format!(" {} leads.", name(view, leader));
    }
    if let Some(ghost) = &view.ghost {
        text += &ghost_words(view, ghost);
    }
    if let Some(comparison) = &view.comparison {
        let bands = comparison.lanes.iter().enumerate().filter_map(|(i, band)| {
            let end = |values: &[f64]| values.last().map(|v| rounded(*v));
            let (median, low, high) = (end(&band.median)?, end(&band.low)?, end(&band.high)?);
            Some(format!("{}: {median} ({low} to {high})", name(view, i)))
        });
        let bands = bands.collect::<Vec<_>>().join("; ");
        text += &format!(
            " Over {} seeds, median and quartiles at the end: {bands}.",
            comparison.done
        );
    }
    text
}

pub(super) fn belief(view: &View, focus: &Focus) -> String {
    let Some(lane) = view.lanes.get(focus.lane) else {
        return "No study yet: what the chosen strategy believes will be drawn here.".into();
    };
    let title = name(view, focus.lane);
    let standing = best_words(view, lane);
    let Some(slice) = view.slice.as_ref().filter(|s| s.lane == focus.lane) else {
        return match focus.x.as_str() {
            "" => format!("{title}: its belief is not known yet; {standing}."),
            x => format!("{title}: its belief along {x} is not known yet; {standing}."),
        };
    };
    let posterior = match &slice.mind {
        Mind::Densities(densities) => {
            let truth = truth_words(view, focus, slice);
            return format!(
                "{}{truth}. So far: {standing}.",
                densities_words(view, slice, title, densities)
            );
        }
        Mind::Gaussian(gaussian) => {
            // A sentence of its own, as this one ends with numbers.
            let truth = truth_words(view, focus, slice).replacen("; the truth", ". The truth", 1);
            return format!(
                "{}{truth}. So far: {standing}.",
                gaussian_words(view, slice, title, gaussian)
            );
        }
        Mind::Posterior(posterior) => posterior,
        Mind::Path(paths) if paths.iter().any(|p| !p.steps.is_empty()) => {
            return descent_words(view, slice, title, paths, &standing);
        }
        other => {
            let why = other.words().unwrap_or_default();
            return format!("{title} has no belief to draw: {why} So far: {standing}.");
        }
    };
    let axis = view.study.as_ref().and_then(|s| Axis::of(&s.space, &slice.param));
    let read = |u: f64| axis.as_ref().map_or(String::new(), |a| a.read(u));
    let param = &slice.param;
    let mut text = format!("What {title} believes along {param}");
    if let Some(id) = slice.trial {
        text += &format!(", when it chose trial {}", id + 1);
    }
    let peak = |values: &[f64]| peak(slice, values);
    let minimized: Vec<f64> = posterior.mean.iter().map(|m| -view.direction().minimized(*m)).collect();
    if let Some(u) = peak(&minimized) {
        let mean = slice
            .us
            .iter()
            .position(|w| *w == u)
            .and_then(|i| posterior.mean.get(i));
        text += &format!("; its mean is best at {param} = {}", read(u));
        text += &mean.map_or(String::new(), |m| format!(" with {}", rounded(*m)));
    }
    if let Some(u) = peak(&posterior.sd) {
        text += &format!("; it is least sure at {param} = {}", read(u));
    }
    if let Some(u) = peak(&posterior.acquisition) {
        text += &format!(
            "; {} is highest at {param} = {}",
            acquisition(&posterior.acquisition_id),
            read(u)
        );
    }
    text += &forbidden_words(slice, read);
    text + &truth_words(view, focus, slice) + &format!(". So far: {standing}.")
}

/// What is known of the objective along a slice, as the rest of a sentence that is about one.
fn truth_words(view: &View, focus: &Focus, slice: &Slice) -> String {
    let axis = view.study.as_ref().and_then(|s| Axis::of(&s.space, &slice.param));
    let read = |u: f64| axis.as_ref().map_or(String::new(), |a| a.read(u));
    let Some(line) = super::truth::truth(view, focus, slice) else {
        return String::new();
    };
    let known = line.points.iter().filter(|p| p.1.is_finite());
    let best = known.reduce(|best, next| {
        if view.direction().better(next.1, best.1) {
            next
        } else {
            best
        }
    });
    let param = &slice.param;
    let mut text = best.map_or(String::new(), |(u, v)| {
        format!("; the truth is best at {param} = {} with {}", read(*u), rounded(*v))
    });
    if !line.is_whole() {
        text += &format!(
            "; {} of {} places of the truth are known so far",
            line.points.len(),
            line.all
        );
    }
    text
}

/// Where along a slice something is highest.
fn peak(slice: &Slice, values: &[f64]) -> Option<f64> {
    let pairs = slice.us.iter().zip(values).enumerate();
    pairs
        .filter(|(i, (_, v))| v.is_finite() && !slice.is_forbidden(*i))
        .map(|(_, pair)| pair)
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map(|(u, _)| *u)
}

/// What of a slice the space forbids.
fn forbidden_words(slice: &Slice, read: impl Fn(f64) -> String) -> String {
    let positions = || {
        (0..slice.us.len())
            .filter(|i| slice.is_forbidden(*i))
            .map(|i| read(slice.us[i]))
    };
    match slice.forbidden_stretches().as_slice() {
        [] => String::new(),
        _ if slice.discrete => format!(
            "; shaded, not allowed: {} = {}",
            slice.param,
            positions().collect::<Vec<_>>().join(", ")
        ),
        stretches => {
            let ranges = stretches
                .iter()
                .map(|(low, high)| format!("{} to {}", read(*low), read(*high)));
            format!(
                "; shaded, not allowed: {} = {}",
                slice.param,
                ranges.collect::<Vec<_>>().join(", ")
            )
        }
    }
}

fn densities_words(view: &View, slice: &Slice, title: &str, densities: &Densities) -> String {
    let axis = view.study.as_ref().and_then(|s| Axis::of(&s.space, &slice.param));
    let at = |values: &[f64]| {
        let u = peak(slice, values)?;
        Some(axis.as_ref().map_or(String::new(), |a| a.read(u)))
    };
    let param = &slice.param;
    let mut text = format!("Where {title} sees good and bad trials along {param}");
    if let Some(id) = slice.trial {
        text += &format!(", when it chose trial {}", id + 1);
    }
    for (what, values) in [
        ("good ones are densest", &densities.good),
        ("the others are densest", &densities.bad),
        ("the ratio is highest", &densities.ratio),
    ] {
        text += &at(values).map_or(String::new(), |read| format!("; {what} at {param} = {read}"));
    }
    text += &forbidden_words(slice, |u| axis.as_ref().map_or(String::new(), |a| a.read(u)));
    let candidates = &densities.candidates;
    let best = candidates.iter().map(|c| c.1).fold(0.0, f64::max);
    if !candidates.is_empty() {
        text += &format!(
            "; the best of {} candidates has a ratio of {}",
            candidates.len(),
            rounded(best)
        );
    }
    text
}

fn descent_words(view: &View, slice: &Slice, title: &str, paths: &[Path], standing: &str) -> String {
    let steps = || paths.iter().flat_map(|p| &p.steps);
    let begun = paths.iter().filter(|p| !p.steps.is_empty()).count();
    let refused = steps().filter(|s| !s.kept).count();
    let mut text = format!(
        "Where {title} went; points: {}, starts: {begun}, steps too far: {refused}.",
        steps().count()
    );
    let index = view.study.as_ref().and_then(|s| s.space.index(&slice.param));
    let slope = |id: u32| descent::gradient(view, slice.lane, id)?.get(index?).copied();
    let mut known = steps().filter_map(|s| Some((s.id, slope(s.id)?)));
    if let Some((id, slope)) = known.next_back() {
        text += &format!(
            " The hypergradient along {} was {} at trial {}.",
            slice.param,
            rounded(slope),
            id + 1
        );
    }
    text + &format!(" So far: {standing}.")
}

fn gaussian_words(view: &View, slice: &Slice, title: &str, gaussian: &Gaussian) -> String {
    let param = &slice.param;
    let mut text = format!("Where {title} draws its next points along {param}");
    if let Some(id) = slice.trial {
        text += &format!(", when it chose trial {}", id + 1);
    }
    let axis = view.study.as_ref().and_then(|s| Axis::of(&s.space, param));
    text += &match (gaussian.marginal(param), axis) {
        (Some((mean, sd)), Some(axis)) => format!(
            ": around {param} = {}, two thirds of them between {} and {}",
            axis.read(mean),
            axis.read((mean - sd).max(0.0)),
            axis.read((mean + sd).min(1.0))
        ),
        _ => ": its distribution is not over this parameter".into(),
    };
    text
}
