//! Pictures, drawn through plotters from a [`View`] on any backend: canvas, SVG.
//!
//! All pictures are laid out in CSS pixels by one table of text widths and drawn on a [`Canvas`], which every plotters
//! backend is through [`Onto`]: so they look the same on the page, in a downloaded file and from the command line.
#![forbid(unsafe_code)]

mod axis;
mod bands;
mod belief;
mod best;
mod chart;
mod choice;
mod confusion;
mod decisions;
mod densities;
mod describe;
mod distribution;
mod folds;
mod gaps;
mod heat;
mod image;
mod importance;
mod learning;
mod legend;
mod light;
mod palette;
mod panel;
mod parallel;
mod pen;
mod points;
mod regions;
mod rungs;
mod scatter;
mod shape;
mod space;
mod surface;
/// Words of pictures and their widths, by one table.
pub mod text;
mod ticks;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

pub use best::Across;
pub use chart::{Chart, Readout};
pub use heat::{Heat, viridis};
pub use light::Light;
pub use palette::{Look, Marker, Palette, Rgb, look};
pub use parallel::brushed;
pub use surface::{Canvas, Onto, TextHabit, TextLook};

use crate::order;
use crate::registry::{Entry, find, ids};
use crate::space::{Config, Domain, Param};
use crate::view::{Layer, View};
use pen::{Pen, Rect};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::HPos;
use plotters_backend::DrawingBackend;
use surface::Surface;

/// Size and look of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width in device pixels.
    pub width: u32,
    /// Height in device pixels.
    pub height: u32,
    /// Device pixels for each CSS pixel: all fonts, strokes and radii grow with it.
    pub scale: f64,
    /// Light or dark.
    pub theme: Theme,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// What of a view is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    /// Which strategy, by position.
    pub lane: usize,
    /// The selected trial; the latest one if `None`.
    pub trial: Option<u32>,
    /// The parameter across.
    pub x: String,
    /// The parameter up; the objective's value if `None`.
    pub y: Option<String>,
    /// What lies beneath the points of a search space.
    pub layer: Layer,
    /// A configuration picked by hand.
    pub point: Option<Config>,
    /// What the best value is drawn over.
    pub across: Across,
    /// Whether the distance from the optimum is drawn, where it is known; `None` decides by itself.
    pub regret: Option<bool>,
    /// Ranges brushed in parallel coordinates: parameter, ends in [0, 1].
    pub brush: Vec<(String, f64, f64)>,
    /// Whether functions drawn from a posterior are shown.
    pub samples: bool,
    /// The part of a picture that is lit.
    pub light: Option<Light>,
    /// A pointer over the picture, in device pixels.
    pub hover: Option<(f64, f64)>,
}

/// How one picture is drawn and told.
pub struct Draw {
    paint: fn(&mut Pen, &View, &Focus, &mut Chart),
    tell: fn(&View, &Focus) -> String,
}

/// The pictures there are.
pub static PLOTS: &[Entry<Draw>] = &[
    Entry {
        id: "space",
        title: "Where it looked",
        about: "The trials of one strategy over two parameters, with their projections on both margins: how many distinct values of each parameter were tried. Later ones are larger. With one parameter, its value goes up. Beneath, by choice, the objective itself, or the mean, uncertainty, acquisition or error of the strategy's own model; with an ellipse where it draws its points from a normal distribution.",
        formula: "",
        paper: "James Bergstra and Yoshua Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13, 2012, figure 1",
        settings: &[],
        build: Draw {
            paint: space::draw,
            tell: describe::space,
        },
    },
    Entry {
        id: "best",
        title: "Best so far",
        about: "The best value of every strategy after each trial. Where the optimum is known, the distance from it on a logarithmic scale.",
        formula: "best(t) = min or max of value(1), …, value(t)",
        paper: "",
        settings: &[],
        build: Draw {
            paint: best::draw,
            tell: describe::best,
        },
    },
    Entry {
        id: "belief",
        title: "What it believes",
        about: "A strategy's own model along one parameter, through one configuration: mean and a band of two standard deviations, and beneath it the acquisition function, whose maximum is the next trial.",
        formula: "mean(x) ± 2 sd(x); argmax of acquisition(x)",
        paper: "Eric Brochu, Vlad M. Cora and Nando de Freitas, A Tutorial on Bayesian Optimization of Expensive Cost Functions, 2010, figure 1",
        settings: &[],
        build: Draw {
            paint: belief::draw,
            tell: describe::belief,
        },
    },
    Entry {
        id: "parallel",
        title: "Parallel coordinates",
        about: "An axis for each parameter and one for the value, a line for each trial of one strategy, bright where it is good.",
        formula: "",
        paper: "Alfred Inselberg, The Plane with Parallel Coordinates, The Visual Computer 1, 1985",
        settings: &[],
        build: Draw {
            paint: parallel::draw,
            tell: parallel::tell,
        },
    },
    Entry {
        id: "importance",
        title: "What matters",
        about: "How much of the values' variance over the whole space each parameter explains by itself, by a forest fitted to the trials; the line is the spread over its trees.",
        formula: "Vᵢ / V with Vᵢ = Var of E[y | xᵢ]",
        paper: "Hutter, Hoos & Leyton-Brown 2014, An Efficient Approach for Assessing Hyperparameter Importance",
        settings: &[],
        build: Draw {
            paint: importance::draw,
            tell: importance::tell,
        },
    },
    Entry {
        id: "scatter",
        title: "One at a time",
        about: "Every parameter against the value, all trials of one strategy; early ones are pale.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: scatter::draw,
            tell: scatter::tell,
        },
    },
    Entry {
        id: "distribution",
        title: "Distribution",
        about: "For every strategy the share of its trials that are at least as good as a value: the empirical distribution function.",
        formula: "F(v) = share of trials with value ≤ v, or ≥ v where larger is better",
        paper: "",
        settings: &[],
        build: Draw {
            paint: distribution::draw,
            tell: distribution::tell,
        },
    },
    Entry {
        id: "folds",
        title: "Folds",
        about: "The folds of the best trials with their mean and its standard error. The band holds what is not worse than the best by more than its error; the green ring is the cheapest to train among those.",
        formula: "se = sd of the folds / √folds",
        paper: "Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees, section 3.4.3: the 1 SE rule",
        settings: &[],
        build: Draw {
            paint: folds::draw,
            tell: folds::tell,
        },
    },
    Entry {
        id: "gaps",
        title: "Overfitting",
        about: "Training and validation score of every trial and the held-out test score of the best: the gaps tell how much is learned by heart.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: gaps::draw,
            tell: gaps::tell,
        },
    },
    Entry {
        id: "learning",
        title: "Learning curve",
        about: "The log loss of the model of the best trial, or of the one chosen, after every epoch or iteration of its training on the first fold: on the rows it learns from, and on those held out. Where the second turns up while the first still falls, it learns by heart.",
        formula: "log loss = mean of -ln p(true class)",
        paper: "",
        settings: &[],
        build: Draw {
            paint: learning::draw,
            tell: learning::tell,
        },
    },
    Entry {
        id: "confusion",
        title: "Confusion",
        about: "What the model of the best trial, or of the one chosen, takes each class for, on rows that no trial has seen: a row of cells for each class, a column for each decision. Off the diagonal are the mistakes.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: confusion::draw,
            tell: confusion::tell,
        },
    },
    Entry {
        id: "regions",
        title: "Decisions",
        about: "Where the model of the best trial, or of the one chosen, decides for which class: over both features where there are two, else over the plane through the mean along the first two principal components of the standardized features. Points are rows that no trial has seen, a ring marks a mistake; a row off the plane may be decided otherwise than what lies beneath it.",
        formula: "",
        paper: "Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, chapter 2",
        settings: &[],
        build: Draw {
            paint: regions::draw,
            tell: regions::tell,
        },
    },
    Entry {
        id: "decisions",
        title: "Whose proposals",
        about: "A strategy that has others at hand: for each trial the one whose proposal was taken, a row each. A portfolio that draws by gains shows the chance that each had, and as dots the proposals not taken.",
        formula: "",
        paper: "Hoffman, Brochu & de Freitas 2011, Portfolio allocation for Bayesian optimization, UAI",
        settings: &[],
        build: Draw {
            paint: decisions::draw,
            tell: decisions::tell,
        },
    },
];

fn entry(kind: &str) -> Result<&'static Entry<Draw>, String> {
    find(PLOTS, kind).ok_or_else(|| format!("there is no picture \"{kind}\"; accepted: {}", ids(PLOTS)))
}

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
        escape(&(plot.build.tell)(view, focus)),
    ))
}

/// A picture in words, for those who cannot see it; empty for an unknown kind.
pub fn describe(kind: &str, view: &View, focus: &Focus) -> String {
    entry(kind).map_or(String::new(), |plot| (plot.build.tell)(view, focus))
}

/// Whether the picture `kind` has something to draw of a strategy by its kind, whatever it has tried: only one that has others at hand
/// decides between them, and only trained models have folds and decisions.
pub fn applies(kind: &str, view: &View, lane: usize) -> bool {
    match kind {
        "folds" | "gaps" | "confusion" | "regions" => view.study.as_ref().is_none_or(|s| !s.cheap),
        "decisions" => decisions::any(view, lane),
        "learning" => view.study.as_ref().is_some_and(|s| s.staged),
        _ => true,
    }
}

/// The two parameters to show at first: numbers before lists before categories, unconditional ones first, in the space's
/// order. The second is `None` if the space has one parameter to search.
pub fn default_axes(view: &View) -> (String, Option<String>) {
    let Some(study) = &view.study else {
        return (String::new(), None);
    };
    let mut params: Vec<_> = study.space.params().iter().collect();
    let rank = |p: &Param| {
        let kind = match p.domain {
            Domain::Float { .. } | Domain::Int { .. } => 0,
            Domain::Ordinal(_) => 1,
            Domain::Categorical(_) => 2,
            Domain::Fixed(_) => 3,
        };
        (p.domain.is_fixed(), !p.when.is_empty(), kind)
    };
    order::sort_by(&mut params, |a, b| rank(a).cmp(&rank(b)));
    let second = params.get(1).filter(|p| !p.domain.is_fixed()).map(|p| p.name.clone());
    (params.first().map_or(String::new(), |p| p.name.clone()), second)
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

/// Height of a heading.
const HEADING: f64 = 26.0;

/// Room that the heading takes: only pictures that leave the page have one.
fn heading_space(pen: &Pen) -> f64 {
    if pen.alone { HEADING } else { 0.0 }
}

/// What the heading leaves of the picture.
fn beneath(pen: &Pen) -> Rect {
    Rect {
        left: 0.0,
        top: heading_space(pen),
        right: pen.size.0,
        bottom: pen.size.1,
    }
}

/// The heading of a picture about one strategy, where it has one.
fn headed(pen: &mut Pen, view: &View, focus: &Focus) {
    if pen.alone {
        heading(pen, name(view, focus.lane), look(view, focus.lane, pen.theme), "");
    }
}

/// A strategy's marker and name on the left, a remark on the right.
fn heading(pen: &mut Pen, title: &str, look: Look, remark: &str) {
    let (ink, soft, card, width) = (pen.palette.ink, pen.palette.soft, pen.palette.card, pen.size.0);
    let remark = text::fit(remark, 12.0, width * 0.4);
    let room = width - 36.0 - text::width(&remark, 12.0) - 12.0;
    pen.marker((13.0, 15.0), look, 4.8, card, 1.0);
    // Bold is wider than the table says.
    pen.bold(&text::fit(title, 14.3, room), (24.0, 20.0), 13.0, ink, HPos::Left);
    pen.text(&remark, (width - 10.0, 20.0), 12.0, soft, HPos::Right);
}
