//! Pictures, drawn through plotters from a [`View`] on any backend: canvas, SVG.
//!
//! All pictures are laid out in CSS pixels by one table of text widths and drawn on a [`Canvas`], which every plotters
//! backend is through [`Onto`]: so they look the same on the page, in a downloaded file and from the command line.
#![forbid(unsafe_code)]

mod axis;
mod bands;
mod belief;
mod best;
mod brush;
mod chart;
mod choice;
mod confusion;
mod decisions;
mod densities;
mod descent;
mod describe;
mod distribution;
mod focus;
mod folds;
mod gaps;
mod heading;
mod heat;
mod identity;
mod image;
mod importance;
mod learning;
mod legend;
mod light;
mod palette;
mod panel;
mod parallel;
mod pen;
mod pictures;
mod points;
mod regions;
mod remarks;
mod rungs;
mod scatter;
mod shape;
mod space;
mod surface;
/// Words of pictures and their widths, by one table.
pub mod text;
mod ticks;
mod truth;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

pub use best::{Across, Measure};
pub use brush::{Brush, brushed, readings};
pub use chart::{Chart, Readout};
pub use focus::{Focus, Frame, Theme, default_axes};
pub use heat::{Heat, viridis};
pub use light::Light;
pub use palette::{Look, Marker, Palette, Rgb, look};
pub use pictures::{Draw, PLOTS, applies};
pub use surface::{Canvas, Onto, TextHabit, TextLook};

use crate::registry::Entry;
use crate::view::View;
use heading::{beneath, headed, heading, heading_space};
use pen::Pen;
use pictures::entry;
use plotters::prelude::SVGBackend;
use plotters_backend::DrawingBackend;
use surface::Surface;

/// Draws a picture on a plotters backend whose pixels are `frame`'s device pixels. For SVG, [`svg`] is finer.
///
/// # Errors
/// An unknown kind, with those there are; or what the backend says.
pub fn draw<DB: DrawingBackend>(
    kind: &str,
    backend: DB,
    view: &View,
    focus: &Focus,
    frame: &Frame,
) -> Result<Chart, String> {
    draw_fine(kind, backend, view, focus, frame, 1)
}

/// As [`draw`], on a backend of which `fine` pixels make one of `frame`'s: a canvas with its context scaled by 1/`fine`.
/// Plotters' pixels are whole numbers, so this is what makes curves smooth. The chart stays in `frame`'s pixels.
///
/// # Errors
/// As [`draw`].
pub fn draw_fine<DB: DrawingBackend>(
    kind: &str,
    backend: DB,
    view: &View,
    focus: &Focus,
    frame: &Frame,
    fine: u32,
) -> Result<Chart, String> {
    let mut canvas = Onto::new(backend, TextHabit::CANVAS);
    draw_on(kind, &mut canvas, view, focus, frame, fine)
}

/// As [`draw_fine`], on a canvas of one's own.
///
/// # Errors
/// As [`draw`].
pub fn draw_on(
    kind: &str,
    canvas: &mut dyn Canvas,
    view: &View,
    focus: &Focus,
    frame: &Frame,
    fine: u32,
) -> Result<Chart, String> {
    paint(entry(kind)?, canvas, view, focus, frame, fine.max(1), false)
}

fn paint(
    plot: &Entry<Draw>,
    canvas: &mut dyn Canvas,
    view: &View,
    focus: &Focus,
    frame: &Frame,
    fine: u32,
    alone: bool,
) -> Result<Chart, String> {
    let size = (frame.width.saturating_mul(fine), frame.height.saturating_mul(fine));
    let mut pen = Pen::new(Surface::new(canvas, size), frame, fine, alone);
    let mut chart = Chart::new(pen.device);
    pen.background();
    (plot.build.paint)(&mut pen, view, focus, &mut chart);
    let hovered = focus.hover.and_then(|(x, y)| chart.hit(x, y));
    if let Some((x, y)) = hovered.and_then(|(lane, trial)| chart.position(lane, trial)) {
        let (ink, card) = (pen.palette.ink, pen.palette.card);
        pen.ring((x / pen.device, y / pen.device), 8.0, ink, card);
    }
    pen.finish()?;
    Ok(chart)
}

/// Units of an SVG's coordinates for each pixel: plotters writes whole numbers only.
const SVG_FINE: u32 = 8;

/// A picture as an SVG document that stands alone: with a heading or legend, its text alternative and a background.
///
/// # Errors
/// An unknown kind, with those there are.
pub fn svg(kind: &str, view: &View, focus: &Focus, frame: &Frame) -> Result<String, String> {
    let plot = entry(kind)?;
    let fine = (
        frame.width.saturating_mul(SVG_FINE),
        frame.height.saturating_mul(SVG_FINE),
    );
    let mut drawn = String::new();
    let mut canvas = Onto::new(SVGBackend::with_string(&mut drawn, fine), TextHabit::SVG);
    paint(plot, &mut canvas, view, focus, frame, SVG_FINE, true)?;
    drop(canvas);
    // plotters' own opening tag knows neither fine units nor accessible names.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let escape = |s: &str| {
        text::clean(&text::said(s))
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         stroke-linejoin=\"round\" font-variant-numeric=\"tabular-nums\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
        frame.width,
        frame.height,
        fine.0,
        fine.1,
        escape(plot.title),
        escape(&describe(kind, view, focus)),
    ))
}

/// A picture in words, for those who cannot see it; empty for an unknown kind.
pub fn describe(kind: &str, view: &View, focus: &Focus) -> String {
    let Ok(plot) = entry(kind) else { return String::new() };
    (plot.build.tell)(view, focus) + &brush::words(view, &focus.brush)
}

/// What a picture says of a place in it, in lines of words: the true values there. `None` where it says nothing.
pub fn read(kind: &str, view: &View, focus: &Focus, at: &Readout) -> Option<String> {
    entry(kind).ok().and_then(|plot| (plot.build.read)(view, focus, at))
}

/// A trial's value, if it is one that can be drawn.
fn finite(trial: &crate::protocol::Trial) -> Option<f64> {
    trial.outcome.value().filter(|v| v.is_finite())
}

/// A strategy's name: its title, or its call where two have the same title.
fn name(view: &View, lane: usize) -> &str {
    let Some(own) = view.lanes.get(lane) else { return "" };
    let same = view.lanes.iter().filter(|l| l.lane.title == own.lane.title).count();
    if same > 1 { &own.lane.label } else { &own.lane.title }
}
