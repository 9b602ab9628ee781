//! Pictures as the page uses them: everything it asks of the plot room.

use super::surface::{FINE, Surface};
use crate::plot::{self, Across, Brush, Chart, Focus, Frame, Light, Readout, Theme};
use crate::space::Config;
use crate::view::{Layer, View};
use yew::prelude::*;

/// What a picture shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// A picture's id.
    pub kind: &'static str,
    /// Whose picture it is.
    pub lane: usize,
    /// The trial chosen, whoever tried it.
    pub chosen: Option<(usize, u32)>,
    /// Parameters on the axes.
    pub axes: Option<(String, Option<String>)>,
    /// What the best value is drawn over.
    pub across: Across,
    /// Whether the distance from the optimum is drawn.
    pub regret: Option<bool>,
    /// Ranges brushed in parallel coordinates.
    pub brush: Vec<Brush>,
    /// What lies beneath points.
    pub layer: Layer,
    /// A point picked by hand.
    pub point: Option<Config>,
    /// Whether functions drawn from the posterior are shown.
    pub samples: bool,
    /// Whether the objective is shown along a slice.
    pub truth: bool,
    /// The part that is lit.
    pub light: Option<Light>,
    /// Whether it is drawn for dark.
    pub dark: bool,
}

fn theme(dark: bool) -> Theme {
    if dark { Theme::Dark } else { Theme::Light }
}

fn focus(subject: &Subject) -> Focus {
    let (x, y) = subject.axes.clone().unwrap_or_default();
    // A trial of another strategy is ringed in that one's picture.
    let trial = subject.chosen.filter(|c| c.0 == subject.lane).map(|c| c.1);
    Focus {
        lane: subject.lane,
        trial,
        x,
        y,
        layer: subject.layer,
        point: subject.point.clone(),
        samples: subject.samples,
        truth: subject.truth,
        light: subject.light,
        across: subject.across,
        regret: subject.regret,
        brush: subject.brush.clone(),
        hover: None,
    }
}

/// Draws a picture of this size in device pixels; `scale` is device pixels for each pixel of the design.
pub fn draw(
    surface: &mut Surface,
    (width, height): (u32, u32),
    subject: &Subject,
    view: &View,
    scale: f64,
) -> Result<Chart, String> {
    surface.clear(width, height);
    let frame = Frame {
        width,
        height,
        scale,
        theme: theme(subject.dark),
    };
    plot::draw_on(subject.kind, surface, view, &focus(subject), &frame, FINE)
}

/// The same picture as a file, always light.
pub fn svg(subject: &Subject, view: &View, (width, height): (u32, u32)) -> Result<String, String> {
    let frame = Frame {
        width,
        height,
        scale: 1.0,
        theme: Theme::Light,
    };
    plot::svg(subject.kind, view, &focus(subject), &frame)
}

/// The picture in words.
pub fn words(subject: &Subject, view: &View) -> String {
    plot::describe(subject.kind, view, &focus(subject))
}

/// What the picture says of a place in it.
pub fn read(subject: &Subject, view: &View, at: &Readout) -> Option<String> {
    plot::read(subject.kind, view, &focus(subject), at)
}

/// The axes a space is shown on at first.
pub fn default_axes(view: &View) -> Option<(String, Option<String>)> {
    view.study.as_ref().map(|_| plot::default_axes(view))
}

/// A strategy's marker in its colour, for legends and tables.
pub fn key(view: &View, lane: usize, dark: bool) -> Html {
    let look = plot::look(view, lane, theme(dark));
    html! {
        <svg class="key" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <polygon points={look.marker.svg_points(6.0, 6.0, 4.2)} fill={look.css()} />
        </svg>
    }
}
