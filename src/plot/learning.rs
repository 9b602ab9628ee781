//! How a trained model has learned, stage by stage.

use super::axis::Axis;
use super::chart::{Chart, Readout};
use super::confusion::{judged, waiting, whose};
use super::palette::{alpha, look};
use super::panel::{TITLE, only, words};
use super::pen::{Pen, Point};
use super::{Focus, beneath, headed, text};
use crate::protocol::{Judged, Learning};
use crate::view::View;
use crate::view::why::rounded;
use plotters::style::text_anchor::HPos;

/// The curve that belongs to what is looked at; else what stands in its place.
fn learned<'a>(view: &'a View, focus: &Focus) -> Result<(&'a Judged, &'a Learning), String> {
    let judged = judged(view, focus)
        .filter(|judged| judged.curve)
        .ok_or_else(|| waiting(view, focus))?;
    let learning = judged.learning.as_ref().filter(|l| !l.stages.is_empty());
    let learning = learning.ok_or_else(|| {
        format!(
            "The model of {}, does not learn step by step, so it has no curve.",
            whose(view, focus, judged)
        )
    })?;
    Ok((judged, learning))
}

/// The stage with the least loss on the rows held out, the first of equals.
fn least(learning: &Learning) -> (u32, f64, f64) {
    let stages = learning.stages.iter().copied().filter(|s| s.2.is_finite());
    let least = stages.reduce(|least, next| if next.2 < least.2 { next } else { least });
    least.unwrap_or_default()
}

pub(super) fn draw(pen: &mut Pen, view: &View, focus: &Focus, chart: &mut Chart) {
    let own = look(view, focus.lane, pen.theme);
    headed(pen, view, focus);
    let (judged, learning) = match learned(view, focus) {
        Ok(found) => found,
        Err(said) => {
            let whole = beneath(pen);
            return words(pen, whole, "", &said);
        }
    };
    let losses = learning.stages.iter().flat_map(|s| [s.1, s.2]);
    let y = Axis::values("log loss", losses.filter(|v| v.is_finite()));
    let last = learning.stages.last().map_or(1, |s| s.0);
    let panel = only(pen, Axis::counts(&learning.unit, 1.0, f64::from(last)), y, 18.0);
    panel.draw_y(pen, true);
    panel.draw_x(pen, panel.rect.bottom, "");
    chart.panel(panel.rect, &panel.x, &panel.y);
    let place =
        |stage: u32, v: f64| -> Option<Point> { Some(panel.point(panel.x.at(f64::from(stage))?, panel.y.at(v)?)) };
    let seen: Vec<Point> = learning.stages.iter().filter_map(|s| place(s.0, s.1)).collect();
    let unseen: Vec<Point> = learning.stages.iter().filter_map(|s| place(s.0, s.2)).collect();
    let (card, soft) = (pen.palette.card, pen.palette.soft);
    pen.dashes(&seen, alpha(own.color, 1.0), 1.6, (5.0, 4.0));
    pen.path(&unseen, alpha(own.color, 1.0), 2.2);
    let (stage, _, loss) = least(learning);
    if let Some(at) = place(stage, loss) {
        pen.marker(at, own, 4.2, card, 1.0);
    }
    let key = format!(
        "trial {} · line: held-out rows, its least marked · dashes: rows learned from",
        judged.trial + 1
    );
    let key = text::fit(&key, TITLE, pen.size.0 - 12.0);
    pen.text(&key, (6.0, pen.size.1 - 6.0), TITLE, soft, HPos::Left);
}

/// Both losses at a stage.
pub(super) fn read(view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    let (_, learning) = learned(view, focus).ok()?;
    let wanted = at.x_number?;
    let distance = |s: &(u32, f64, f64)| (f64::from(s.0) - wanted).abs();
    let stages = learning.stages.iter().copied();
    let (stage, seen, unseen) = stages.reduce(|a, b| if distance(&b) < distance(&a) { b } else { a })?;
    Some(format!(
        "{} {stage}\nlog loss on held-out rows {}\nlog loss on rows learned from {}",
        learning.unit,
        rounded(unseen),
        rounded(seen)
    ))
}

pub(super) fn tell(view: &View, focus: &Focus) -> String {
    let (judged, learning) = match learned(view, focus) {
        Ok(found) => found,
        Err(said) => return said,
    };
    let end = learning.stages.last().copied().unwrap_or_default();
    let (stage, _, loss) = least(learning);
    format!(
        "How the model of {}, learns on the first fold: after {} {} its log loss is {} on the rows it learns from and {} on those held out, \
         where it is least after {stage}, with {}.",
        whose(view, focus, judged),
        end.0,
        if end.0 == 1 {
            learning.unit.clone()
        } else {
            format!("{}s", learning.unit)
        },
        rounded(end.1),
        rounded(end.2),
        rounded(loss)
    )
}
