//! Colours and markers: the page's tokens, and one colour and shape for each strategy.

use super::{Frame, Theme};
use crate::view::View;
use plotters::style::RGBAColor;

/// A colour as red, green, blue.
pub type Rgb = (u8, u8, u8);

/// The page's tokens in one theme.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Text and rings.
    pub ink: Rgb,
    /// Labels.
    pub soft: Rgb,
    /// Guides.
    pub faint: Rgb,
    /// Grid lines and frames.
    pub line: Rgb,
    /// What pictures lie on.
    pub card: Rgb,
    /// Acquisition functions.
    pub acquisition: Rgb,
}

impl Palette {
    /// The tokens of `theme`.
    pub const fn of(theme: Theme) -> Palette {
        match theme {
            Theme::Light => Palette {
                ink: (0x1b, 0x1f, 0x24),
                soft: (0x5b, 0x65, 0x70),
                faint: (0x8b, 0x94, 0x9e),
                line: (0xe3, 0xe6, 0xea),
                card: (0xff, 0xff, 0xff),
                acquisition: (0x00, 0x80, 0x5d),
            },
            Theme::Dark => Palette {
                ink: (0xe8, 0xeb, 0xef),
                soft: (0xa6, 0xb0, 0xbb),
                faint: (0x7d, 0x87, 0x92),
                line: (0x2c, 0x33, 0x3b),
                card: (0x1a, 0x20, 0x27),
                acquisition: (0x4f, 0xd1, 0xa5),
            },
        }
    }
}

/// `color` with an opacity.
pub(super) fn alpha(color: Rgb, opacity: f64) -> RGBAColor {
    RGBAColor(color.0, color.1, color.2, opacity)
}

/// `a` with a share `t` of `b`.
pub(super) fn mix(a: Rgb, b: Rgb, t: f64) -> Rgb {
    let m = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    (m(a.0, b.0), m(a.1, b.1), m(a.2, b.2))
}

/// The shape of a strategy's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// ■
    Square,
    /// ●
    Circle,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ▼
    Down,
    /// ✚
    Plus,
    /// ★
    Star,
    /// ⬟
    Pentagon,
    /// ⬢
    Hexagon,
}

impl Marker {
    /// All shapes, in the order in which they are given to strategies without one of their own.
    pub const ALL: [Marker; 9] = [
        Marker::Down,
        Marker::Plus,
        Marker::Pentagon,
        Marker::Hexagon,
        Marker::Diamond,
        Marker::Square,
        Marker::Triangle,
        Marker::Circle,
        Marker::Star,
    ];

    /// Corners around the middle (0, 0), y downwards, of a shape that looks as large as a circle of radius 1.
    /// A circle is a polygon of many corners.
    pub fn corners(self) -> Vec<(f64, f64)> {
        let ring = |n: usize, radius: &dyn Fn(usize) -> f64, first: f64| -> Vec<(f64, f64)> {
            let corner = |i: usize| {
                let angle = first + std::f64::consts::TAU * i as f64 / n as f64;
                (radius(i) * libm::sin(angle), -radius(i) * libm::cos(angle))
            };
            (0..n).map(corner).collect()
        };
        match self {
            Marker::Square => vec![(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Marker::Circle => ring(32, &|_| 1.0, 0.0),
            Marker::Triangle => vec![(0.0, -1.15), (1.1, 0.8), (-1.1, 0.8)],
            Marker::Down => vec![(0.0, 1.15), (-1.1, -0.8), (1.1, -0.8)],
            Marker::Diamond => vec![(0.0, -1.3), (1.1, 0.0), (0.0, 1.3), (-1.1, 0.0)],
            Marker::Plus => {
                let (a, b) = (0.42, 1.15);
                vec![
                    (-a, -b),
                    (a, -b),
                    (a, -a),
                    (b, -a),
                    (b, a),
                    (a, a),
                    (a, b),
                    (-a, b),
                    (-a, a),
                    (-b, a),
                    (-b, -a),
                    (-a, -a),
                ]
            }
            Marker::Star => ring(10, &|i| if i % 2 == 0 { 1.4 } else { 0.62 }, 0.0),
            Marker::Pentagon => ring(5, &|_| 1.15, 0.0),
            Marker::Hexagon => ring(6, &|_| 1.1, std::f64::consts::FRAC_PI_6),
        }
    }

    /// The corners as the `points` of an SVG polygon of about `radius` around (`x`, `y`): for legends in HTML.
    pub fn svg_points(self, x: f64, y: f64, radius: f64) -> String {
        let corner = |(a, b): &(f64, f64)| format!("{:.2},{:.2}", x + a * radius, y + b * radius);
        self.corners().iter().map(corner).collect::<Vec<_>>().join(" ")
    }
}

/// How one strategy looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Its colour.
    pub color: Rgb,
    /// Its shape.
    pub marker: Marker,
}

impl Look {
    /// The colour as `#rrggbb`.
    pub fn css(&self) -> String {
        let (r, g, b) = self.color;
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// Colours in light and dark, with a shape: told apart by people with any colour vision, and by shape alone.
const OWN: &[(&str, Rgb, Rgb, Marker)] = &[
    // A person who takes part stands out from everything that computes.
    (
        crate::protocol::YOU,
        (0x1b, 0x1f, 0x24),
        (0xff, 0xff, 0xff),
        Marker::Star,
    ),
    ("grid", (0x00, 0x72, 0xb2), (0x5a, 0xb4, 0xee), Marker::Square),
    ("random", (0xc7, 0x77, 0x00), (0xf0, 0xa8, 0x3a), Marker::Circle),
    ("bayes", (0xb5, 0x30, 0x7e), (0xf0, 0x7f, 0xbd), Marker::Triangle),
    ("tpe", (0x00, 0x80, 0x5d), (0x4f, 0xd1, 0xa5), Marker::Diamond),
];
const FURTHER: &[(Rgb, Rgb)] = &[
    ((0x6a, 0x4f, 0xc4), (0xae, 0x9b, 0xf7)),
    ((0xb2, 0x3a, 0x2a), (0xff, 0x8f, 0x7d)),
    ((0x00, 0x7c, 0x91), (0x56, 0xcd, 0xe0)),
    ((0x6b, 0x6d, 0x1e), (0xcf, 0xd0, 0x5e)),
    ((0x84, 0x52, 0x2f), (0xd8, 0xa5, 0x80)),
];

/// A colour and shape for each of several classes.
pub(super) fn class(i: usize, theme: Theme) -> Look {
    let colors: Vec<(Rgb, Rgb)> = OWN
        .iter()
        .skip(1)
        .map(|o| (o.1, o.2))
        .chain(FURTHER.iter().copied())
        .collect();
    let (light, dark) = colors[i % colors.len()];
    let markers = [
        Marker::Circle,
        Marker::Square,
        Marker::Triangle,
        Marker::Diamond,
        Marker::Down,
        Marker::Star,
        Marker::Pentagon,
        Marker::Plus,
        Marker::Hexagon,
    ];
    Look {
        color: if theme == Theme::Dark { dark } else { light },
        marker: markers[i % markers.len()],
    }
}

/// How the strategy `lane` of `view` looks: by its id. A second strategy of the same id has another shade and shape.
pub fn look(view: &View, lane: usize, theme: Theme) -> Look {
    let id = |i: usize| view.lanes.get(i).map_or("", |l| l.lane.id.as_str());
    let own = id(lane);
    let is_first = |i: usize| (0..i).all(|k| id(k) != id(i));
    let has_own = |i: usize| OWN.iter().any(|o| o.0 == id(i));
    let pick = |light: Rgb, dark: Rgb| if theme == Theme::Light { light } else { dark };
    // Strategies without a colour of their own take the further ones in the order in which they stand in the study.
    let newcomers = |until: usize| (0..until).filter(|&i| is_first(i) && !has_own(i)).count();
    let first = (0..=lane).find(|&i| id(i) == own).unwrap_or(lane);
    let (color, marker) = match OWN.iter().find(|o| o.0 == own) {
        Some(&(_, light, dark, marker)) => (pick(light, dark), marker),
        None => {
            let k = newcomers(first);
            let (light, dark) = FURTHER[k % FURTHER.len()];
            (pick(light, dark), Marker::ALL[k % Marker::ALL.len()])
        }
    };
    let twin = (0..lane).filter(|&i| id(i) == own).count();
    if twin == 0 {
        return Look { color, marker };
    }
    // Shapes that no strategy of the study has by its id are free for twins.
    let twins_before = (0..lane).filter(|&i| !is_first(i)).count();
    let taken = newcomers(view.lanes.len());
    let marker = Marker::ALL[(taken + twins_before) % Marker::ALL.len()];
    let ink = Palette::of(theme).ink;
    let paler = Palette::of(theme).card;
    let color = if twin % 2 == 1 {
        mix(color, ink, 0.38)
    } else {
        mix(color, paler, 0.38)
    };
    Look { color, marker }
}

/// How a strategy among `ids` looks that another one has at hand: as its own lane does, where it has one.
pub(super) fn member(view: &View, ids: &[&str], at: usize, theme: Theme) -> Look {
    let lane = |id: &str| view.lanes.iter().position(|l| l.lane.id == id);
    let own = |id: &str| OWN.iter().find(|o| o.0 == id);
    if let Some(lane) = lane(ids[at]) {
        return look(view, lane, theme);
    }
    let pick = |light: Rgb, dark: Rgb| if theme == Theme::Light { light } else { dark };
    if let Some(&(_, light, dark, marker)) = own(ids[at]) {
        let color = pick(light, dark);
        return Look { color, marker };
    }
    let k = ids[..at]
        .iter()
        .filter(|id| lane(id).is_none() && own(id).is_none())
        .count()
        + view.lanes.len();
    let (light, dark) = FURTHER[k % FURTHER.len()];
    Look {
        color: pick(light, dark),
        marker: Marker::ALL[k % Marker::ALL.len()],
    }
}

impl Frame {
    /// The tokens of its theme.
    pub fn palette(&self) -> Palette {
        Palette::of(self.theme)
    }
}
