//! What of a view a picture shows, and how large.

use super::{Across, Brush, Light};
use crate::order;
use crate::space::{Config, Domain, Param};
use crate::view::{Layer, View};

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
    pub brush: Vec<Brush>,
    /// Whether functions drawn from a posterior are shown.
    pub samples: bool,
    /// Whether the objective is shown along a slice, where it had to be evaluated; where it is cheap it always is.
    pub truth: bool,
    /// The part of a picture that is lit.
    pub light: Option<Light>,
    /// A pointer over the picture, in device pixels.
    pub hover: Option<(f64, f64)>,
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
