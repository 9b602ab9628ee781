//! The rungs of halving methods: a panel a bracket, a column a rung, a line for each configuration that went on.

use super::axis::Axis;
use super::brush::Brush;
use super::chart::Chart;
use super::palette::{Look, alpha, mix};
use super::panel::{Panel, TITLE, left_room};
use super::pen::{Pen, Point, Rect};
use super::{brushed, text};
use crate::mind::{Bracket, Fate, Member};
use crate::view::View;
use plotters::style::text_anchor::HPos;

/// Width below which a bracket cannot be read.
const NARROW: f64 = 130.0;

/// What is drawn.
pub(super) struct Scene<'a> {
    pub(super) view: &'a View,
    pub(super) lane: usize,
    pub(super) look: Look,
    pub(super) selected: Option<u32>,
    pub(super) brush: &'a [Brush],
}

/// A share of the effort, as people say it.
fn share(fidelity: f64) -> String {
    let parts = 1.0 / fidelity.max(1e-6);
    if (parts - parts.round()).abs() < 1e-6 && parts >= 1.5 {
        format!("1/{}", parts.round())
    } else {
        crate::view::why::rounded(fidelity)
    }
}

/// How many there are on each rung.
fn sizes(bracket: &Bracket) -> String {
    let sizes: Vec<String> = bracket.rungs.iter().map(|r| r.members.len().to_string()).collect();
    sizes.join(" → ")
}

impl Scene<'_> {
    pub(super) fn draw(&self, pen: &mut Pen, brackets: &[Bracket], top: f64, chart: &mut Chart) {
        let (width, height) = pen.size;
        let most = ((width - 60.0) / NARROW).max(1.0) as usize;
        // The latest ones, if there are too many.
        let shown = &brackets[brackets.len().saturating_sub(most)..];
        let members = || shown.iter().flat_map(|b| &b.rungs).flat_map(|r| &r.members);
        let values = members().filter_map(|m| m.value);
        let title = self.view.study.as_ref().map_or("", |s| s.value_title.as_str());
        let y = Axis::values(title, values);
        let y = y.within(self.view.study.as_ref().map_or((None, None), |s| s.bounds));
        let room = (width - left_room(&y, height, width) - 16.0) / shown.len().max(1) as f64 - 12.0;
        let whole = |b: &Bracket| text::width(&format!("{}: {}", b.title, sizes(b)), TITLE);
        // Where name and numbers have no room beside each other, the name stands above.
        let stacked = shown.iter().any(|b| whole(b) > room);
        let head = if stacked {
            3.0 * TITLE + 20.0
        } else {
            2.0 * TITLE + 16.0
        };
        let (top, bottom) = (top + head, (height - 42.0).max(top + head + TITLE + 24.0));
        let left = left_room(&y, bottom - top, width) + 4.0;
        let text = text::fit(&y.title(), TITLE, width - 10.0);
        pen.text(
            &text,
            (4.0, top - head + TITLE + 3.0),
            TITLE,
            pen.palette.soft,
            HPos::Left,
        );
        let each = (width - left - 12.0) / shown.len().max(1) as f64;
        for (i, bracket) in shown.iter().enumerate() {
            let start = left + each * i as f64;
            let names = bracket.rungs.iter().map(|r| share(r.fidelity)).collect();
            let panel = Panel {
                rect: Rect {
                    left: start,
                    top,
                    right: (start + each - 12.0).max(start + 10.0),
                    bottom,
                },
                x: Axis::levels(if each > 180.0 { "share of the effort" } else { "effort" }, names),
                y: y.clone(),
                labels: left,
                gutter: 0.0,
            };
            self.bracket(pen, &panel, bracket, (i == 0, stacked), chart);
        }
    }

    fn bracket(
        &self,
        pen: &mut Pen,
        panel: &Panel,
        bracket: &Bracket,
        (first, stacked): (bool, bool),
        chart: &mut Chart,
    ) {
        if first {
            panel.draw_y(pen, true);
        } else {
            panel.draw_y_lines(pen);
        }
        panel.draw_x_lines(pen);
        panel.draw_x_within(pen, panel.rect.bottom);
        let lines = if stacked {
            vec![sizes(bracket), bracket.title.clone()]
        } else {
            vec![format!("{}: {}", bracket.title, sizes(bracket))]
        };
        for (i, line) in lines.iter().enumerate() {
            let at = (panel.rect.left, panel.rect.top - 8.0 - (TITLE + 3.0) * i as f64);
            let line = text::fit(line, TITLE, panel.rect.width());
            pen.text(&line, at, TITLE, pen.palette.ink, HPos::Left);
        }
        chart.panel(panel.rect, &panel.x, &panel.y);
        let n = bracket.rungs.len().max(1) as f64;
        let place = |rung: usize, member: &Member| -> Option<Point> {
            let v = panel.y.at(member.value.filter(|v| v.is_finite())?)?;
            Some(panel.point((rung as f64 + 0.5) / n, v))
        };
        let find = |rung: usize, id: u32| bracket.rungs.get(rung)?.members.iter().find(|m| m.id == id);
        // What was left behind lies beneath what went on.
        for rung in 1..bracket.rungs.len() {
            for member in &bracket.rungs[rung].members {
                let parent = self.view.trial(self.lane, member.id).and_then(|t| t.job.parent);
                let from = parent
                    .and_then(|id| find(rung - 1, id))
                    .and_then(|m| place(rung - 1, m));
                if let (Some(from), Some(to)) = (from, place(rung, member)) {
                    pen.path(&[from, to], alpha(self.look.color, 0.8), 1.5);
                }
            }
        }
        let kept = brushed(self.view, self.brush);
        let kept = |id: u32| self.view.trial(self.lane, id).is_none_or(&kept);
        for (rung, of) in bracket.rungs.iter().enumerate() {
            for member in &of.members {
                let Some(at) = place(rung, member) else { continue };
                let card = pen.palette.card;
                let faded = Look {
                    color: mix(self.look.color, card, 0.62),
                    ..self.look
                };
                let last = rung + 1 == bracket.rungs.len();
                match member.fate {
                    _ if !kept(member.id) => pen.circle(at, 2.0, alpha(pen.palette.soft, 0.45), 1.0),
                    Fate::Pending => pen.hollow(at, self.look, 4.0),
                    Fate::Promoted => pen.marker(at, self.look, 4.2, card, 1.0),
                    _ if last => pen.marker(at, self.look, 4.2, card, 1.0),
                    _ => pen.marker(at, faded, 3.6, card, 1.0),
                }
                if self.selected == Some(member.id) {
                    pen.ring(at, 8.0, pen.palette.ink, card);
                }
                if kept(member.id) {
                    chart.mark(at, self.lane, member.id);
                }
            }
            // Without a value they have no height: on the floor.
            let failed = of.members.iter().filter(|m| m.fate == Fate::Failed);
            for (k, _) in failed.enumerate().take(12) {
                let (x, y) = panel.point((rung as f64 + 0.5) / n, 0.0);
                pen.cross(
                    (x - 20.0 + 7.0 * k as f64, y - 7.0),
                    3.0,
                    self.look.color,
                    pen.palette.card,
                );
            }
        }
    }
}
