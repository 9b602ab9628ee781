//! What a trained model takes each class for.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::palette::{look, mix};
use super::panel::{TICK, TITLE, words};
use super::pen::{Pen, Rect};
use super::{Focus, beneath, best, finite, headed, name, text};
use crate::order;
use crate::protocol::Judged;
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

/// The answer that belongs to what is looked at, unless it is still to come.
pub(super) fn judged<'a>(view: &'a View, focus: &Focus) -> Option<&'a Judged> {
    let judged = view.judged.as_ref().filter(|j| j.lane == focus.lane)?;
    Some(judged).filter(|j| focus.trial.is_none_or(|id| id == j.trial))
}

/// What stands in place of the picture while there is no answer.
pub(super) fn waiting(view: &View, focus: &Focus) -> String {
    let title = name(view, focus.lane);
    let lane = view.lanes.get(focus.lane);
    match lane.and_then(|l| best::standing(l, view.direction())) {
        Some((value, id)) => format!(
            "{title}: its best model, trial {} with {}, is trained for this picture when the run rests.",
            id + 1,
            rounded(value)
        ),
        None => format!("{title} has trained no model yet."),
    }
}

/// The strategy, the trial and its value, whose model was judged.
pub(super) fn whose(view: &View, focus: &Focus, judged: &Judged) -> String {
    let trial = view.lanes.get(focus.lane).and_then(|l| l.trial(judged.trial));
    let value = trial.and_then(finite).map(|v| format!(" with {}", rounded(v)));
    let (name, id) = (name(view, focus.lane), judged.trial + 1);
    format!("{name}, trial {id}{}", value.unwrap_or_default())
}

fn rows_judged(judged: &Judged) -> &'static str {
    if judged.held_out {
        "rows that no trial has seen"
    } else {
        "the rows it learned from"
    }
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let (width, height) = pen.size;
    let whole = beneath(pen);
    let top = whole.top;
    let own = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let Some(judged) = judged(view, focus) else {
        return words(pen, whole, "", &waiting(view, focus));
    };
    let n = judged.classes.len();
    let widest = judged.classes.iter().map(|c| text::width(c, TICK)).fold(0.0, f64::max);
    let left = widest.min(width * 0.25) + 16.0;
    let (above, below) = (top + 2.0 * TITLE + 36.0, 10.0);
    let side = ((width - left - 12.0) / n as f64)
        .min((height - above - below) / n as f64)
        .clamp(3.0, 120.0);
    let wide = ((width - left - 12.0) / n as f64).clamp(side, side * 1.8);
    // In the middle, with the names before it.
    let left = left + ((width - left - 12.0 - wide * n as f64) / 2.0).max(0.0);
    let (ink, soft, card) = (pen.palette.ink, pen.palette.soft, pen.palette.card);
    let title = format!("trial {} · {}", judged.trial + 1, rows_judged(judged));
    pen.text(
        &text::fit(&title, TITLE, width - 10.0),
        (4.0, top + TITLE + 2.0),
        TITLE,
        soft,
        HPos::Left,
    );
    let across = (left + wide * n as f64 / 2.0, above - TICK - 12.0);
    pen.text("decided", across, TITLE, soft, HPos::Center);
    let label = text::fit("class", TITLE, widest.min(width * 0.25) + 8.0);
    pen.text(&label, (left - 6.0, above - 6.0), TITLE, soft, HPos::Right);
    let whole = Rect {
        left,
        top: above,
        right: left + wide * n as f64,
        bottom: above + side * n as f64,
    };
    let classes = judged.classes.clone();
    let upwards = classes.iter().rev().cloned().collect();
    chart.panel(
        whole,
        &Axis::levels("decided", classes),
        &Axis::levels("class", upwards),
    );
    for is in 0..n {
        let total: u32 = judged.counts[is * n..(is + 1) * n].iter().sum();
        let y = above + side * is as f64;
        let label = text::fit(&judged.classes[is], TICK, widest.min(width * 0.25) + 4.0);
        pen.text(
            &label,
            (left - 6.0, y + side / 2.0 + TICK * 0.36),
            TICK,
            soft,
            HPos::Right,
        );
        let over = text::fit(&judged.classes[is], TICK, wide - 4.0);
        pen.text(
            &over,
            (left + wide * (is as f64 + 0.5), above - 6.0),
            TICK,
            soft,
            HPos::Center,
        );
        for said in 0..n {
            let count = judged.counts[is * n + said];
            let share = f64::from(count) / f64::from(total.max(1));
            // Right ones in the strategy's colour, mistakes in that of warnings.
            let color = if is == said { own.color } else { (0xb3, 0x26, 0x1e) };
            let x = left + wide * said as f64;
            let cell = Rect {
                left: x + 1.0,
                top: y + 1.0,
                right: x + wide - 1.0,
                bottom: y + side - 1.0,
            };
            let tint = mix(card, color, if count > 0 { 0.14 + 0.6 * share } else { 0.04 });
            pen.fill(cell, super::palette::alpha(tint, 1.0));
            if side >= TICK + 2.0 {
                let at = (
                    (cell.left + cell.right) / 2.0,
                    (cell.top + cell.bottom) / 2.0 + TICK * 0.4,
                );
                let color = if count > 0 { ink } else { soft };
                pen.text(&count.to_string(), at, TICK + 1.0, color, HPos::Center);
            }
        }
    }
}

/// The rows of a cell.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let judged = judged(view, focus)?;
    let n = judged.classes.len();
    let index = |u: f64| ((u * n as f64) as usize).min(n.saturating_sub(1));
    let (is, said) = (index(1.0 - at.y_unit), index(at.x_unit));
    let row = judged.counts.get(is * n..(is + 1) * n)?;
    let (class, decided) = (judged.classes.get(is)?, judged.classes.get(said)?);
    Some(format!(
        "{} of {} rows of {class}\ndecided: {decided}",
        row[said],
        row.iter().sum::<u32>()
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let Some(judged) = judged(view, focus) else {
        return waiting(view, focus);
    };
    let n = judged.classes.len();
    let count = |is: usize, said: usize| judged.counts.get(is * n + said).copied().unwrap_or(0);
    let right: u32 = (0..n).map(|k| count(k, k)).sum();
    let mut mistakes: Vec<(u32, usize, usize)> = Vec::new();
    for is in 0..n {
        for said in (0..n).filter(|said| *said != is && count(is, *said) > 0) {
            mistakes.push((count(is, said), is, said));
        }
    }
    order::sort_by(&mut mistakes, |a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let named = |(many, is, said): &(u32, usize, usize)| {
        format!("{many} of {} taken for {}", judged.classes[*is], judged.classes[*said])
    };
    let worst: Vec<String> = mistakes.iter().take(5).map(named).collect();
    let worst = if worst.is_empty() {
        "no mistake".to_string()
    } else {
        worst.join("; ")
    };
    format!(
        "The model of {}, decides rightly for {right} of {} {}: {worst}.",
        whose(view, focus, judged),
        judged.counts.iter().sum::<u32>(),
        rows_judged(judged)
    )
}
