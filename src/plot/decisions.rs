//! Whose proposals a strategy of strategies has taken, trial by trial: a row for each member.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{alpha, member};
use super::panel::{TITLE, only, words};
use super::pen::{Pen, Rect};
use super::{Focus, beneath, best, brushed, headed, name, text};
use crate::protocol::Trial;
use crate::trial::{ChosenOrigin, Origin};
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

/// Share of a row's height that a chance of 1 takes.
const TALL: f64 = 0.84;

/// The trials that one of several strategies proposed, with the reason why that one.
fn decided(view: &View, lane: usize) -> impl Iterator<Item = (&Trial, &ChosenOrigin)> {
    let trials = view.lanes.get(lane).into_iter().flat_map(|l| &l.trials);
    trials.filter_map(|t| match &t.job.origin {
        Origin::Chosen(chosen) => Some((t, chosen.as_ref())),
        _ => None,
    })
}

/// Whether there is anything to draw: only a strategy that has others at hand decides between them.
pub(super) fn any(view: &View, lane: usize) -> bool {
    decided(view, lane).next().is_some()
}

/// Ids of the members, in the order in which they are first spoken of, also those whose proposals were never taken.
fn members<'a>(decided: &[(&'a Trial, &'a ChosenOrigin)]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = Vec::new();
    for (_, chosen) in decided {
        // A portfolio tells where each of its members stands.
        let standing = chosen.numbers.iter().map(|(name, _)| name.as_str());
        let standing = standing.filter_map(|n| n.strip_prefix("gain.").or(n.strip_prefix("bound.")));
        let proposed = chosen.nominees.iter().map(|n| n.strategy.as_str());
        for id in standing.chain(proposed).chain([chosen.strategy.as_str()]) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// The chance with which a member's proposal was drawn, if it was by chance.
fn chance(chosen: &ChosenOrigin, id: &str) -> Option<f64> {
    let of = |(name, _): &&(String, f64)| name.strip_prefix("chance.") == Some(id);
    chosen.numbers.iter().find(of).map(|(_, v)| v.clamp(0.0, 1.0))
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let whole = beneath(pen);
    headed(pen, view, focus);
    let decided: Vec<_> = decided(view, focus.lane).collect();
    let Some((last, _)) = decided.last() else {
        let said = format!("{} has no other strategies to choose from.", name(view, focus.lane));
        return words(pen, whole, "", &said);
    };
    let ids = members(&decided);
    let count = f64::from(last.job.id) + 1.0;
    // The first member stands at the top.
    let rows = ids.iter().rev().map(ToString::to_string).collect();
    let x = Axis::counts("trial", 1.0, count);
    let panel = only(pen, x, Axis::levels("strategy", rows), 18.0);
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let (card, faint, ink) = (pen.palette.card, pen.palette.faint, pen.palette.ink);
    let step = panel.rect.width() / (count - 1.0).max(1.0);
    let radius = (step * 0.45).clamp(1.6, 4.4);
    let (left, right) = (panel.rect.left, panel.rect.right);
    let mut by_chance = false;
    let kept = brushed(view, &focus.brush);
    for (row, id) in ids.iter().enumerate() {
        let own = member(view, &ids, row, pen.theme);
        let share = 1.0 / ids.len() as f64;
        let height = share * panel.rect.height();
        let middle = 1.0 - (row as f64 + 0.5) * share;
        for (trial, chosen) in &decided {
            let Some(u) = panel.x.at(f64::from(trial.job.id) + 1.0) else {
                continue;
            };
            let (x, y) = panel.point(u, middle);
            if let Some(chance) = chance(chosen, id) {
                by_chance = true;
                let column = Rect {
                    left: (x - step / 2.0).max(left),
                    right: (x + step / 2.0).min(right),
                    top: y + height * TALL * (0.5 - chance),
                    bottom: y + height * TALL * 0.5,
                };
                pen.fill(column, alpha(own.color, 0.24));
            }
            if chosen.strategy != *id {
                if chosen.nominees.iter().any(|n| n.strategy == *id) {
                    pen.circle((x, y), (radius * 0.3).max(0.8), alpha(faint, 1.0), 1.0);
                }
                continue;
            }
            if !kept(trial) {
                pen.circle((x, y), radius * 0.6, alpha(faint, 1.0), 1.0);
            } else if trial.outcome.value().is_some() {
                pen.marker((x, y), own, radius, card, 1.0);
            } else {
                pen.cross((x, y), radius * 0.8, own.color, card);
            }
            if kept(trial) {
                chart.mark((x, y), focus.lane, trial.job.id);
            }
            if focus.trial == Some(trial.job.id) {
                pen.ring((x, y), radius + 4.0, ink, card);
            }
        }
    }
    let key = if by_chance {
        "marker: its proposal was taken · column: the chance that it would be"
    } else {
        "marker: its proposal was taken"
    };
    let key = text::fit(key, TITLE, pen.size.0 - 12.0);
    pen.text(&key, (6.0, pen.size.1 - 6.0), TITLE, pen.palette.soft, HPos::Left);
}

/// What a member proposed for a trial.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let wanted = at.x_number? - 1.0;
    let decided: Vec<_> = decided(view, focus.lane).collect();
    let (trial, chosen) = decided.iter().find(|(t, _)| f64::from(t.job.id) == wanted)?;
    let id = &at.y_text;
    let taken = chosen.strategy == *id;
    let nominee = chosen.nominees.iter().find(|n| n.strategy == *id);
    let config = if taken {
        Some(&trial.job.config)
    } else {
        nominee.map(|n| &n.config)
    };
    let proposed = config.map(|c| format!("\n{}", c.short())).unwrap_or_default();
    let chance = chance(chosen, id).map(|c| format!("\ntaken with chance {}", rounded(c)));
    let what = match (taken, nominee) {
        (true, _) => "its proposal was taken",
        (false, Some(_)) => "its proposal was not taken",
        (false, None) => "no proposal",
    };
    Some(format!(
        "trial {}, {id}: {what}{proposed}{}",
        trial.job.id + 1,
        chance.unwrap_or_default()
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    let lane = view.lanes.get(focus.lane);
    let standing = lane.and_then(|l| best::standing(l, view.direction()));
    let standing = standing.map_or("no value yet".into(), |(v, id)| {
        format!("its best value is {}, of trial {}", rounded(v), id + 1)
    });
    let decided: Vec<_> = decided(view, focus.lane).collect();
    let chosen = decided.iter().find(|(t, _)| focus.trial == Some(t.job.id));
    let Some((trial, why)) = chosen.or(decided.last()) else {
        return format!("{title} has no other strategies to choose from; {standing}.");
    };
    let counts = members(&decided).into_iter().map(|id| {
        let taken = decided.iter().filter(|(_, c)| c.strategy == id).count();
        format!("{id} {taken}")
    });
    format!(
        "Whose proposals {title} has taken in {} trials: {}; {standing}. Trial {} is by {}: {}",
        decided.len(),
        counts.collect::<Vec<_>>().join(", "),
        trial.job.id + 1,
        why.strategy,
        why.why
    )
}

#[cfg(test)]
mod tests {
    use crate::plot::examples::example;
    use crate::plot::{Focus, Frame, Theme, describe, draw};
    use plotters::prelude::SVGBackend;

    #[test]
    fn every_decision_stands_in_the_row_of_its_strategy() {
        let example = example("portfolio");
        let frame = Frame {
            width: 600,
            height: 300,
            scale: 1.0,
            theme: Theme::Light,
        };
        let mut drawn = String::new();
        let backend = SVGBackend::with_string(&mut drawn, (600, 300));
        let chart = draw("decisions", backend, &example.view, &example.focus, &frame).expect("a picture");
        let mut count = 0;
        for (lane, trial, x, y) in chart.points() {
            let read = chart.data_at(x, y).expect("inside the panel");
            let crate::trial::Origin::Chosen(chosen) = &example.view.trial(lane, trial).expect("it").job.origin else {
                panic!("trial {trial} was not chosen")
            };
            assert_eq!(
                (read.x_text, read.y_text),
                ((trial + 1).to_string(), chosen.strategy.clone())
            );
            count += 1;
        }
        assert_eq!(count, 23, "all but the one by hand");
        let words = describe(
            "decisions",
            &example.view,
            &Focus {
                trial: Some(4),
                ..example.focus
            },
        );
        assert!(words.contains("cmaes 0") && words.contains("Trial 5 is by"), "{words}");
    }
}
