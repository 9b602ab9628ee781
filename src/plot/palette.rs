//! Colours and markers: the page's tokens, and what strategies and classes are drawn with.

pub use super::identity::look;
pub(super) use super::identity::member;
use super::{Frame, Theme};
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
    /// All shapes, in the order in which they are given to strategies whose own is taken.
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

/// Colours in light and dark, far apart for most eyes; for others the shapes tell. Each stands out at 3 : 1 or more.
pub(super) const COLORS: [(Rgb, Rgb); 11] = [
    // Blue, orange, magenta, green: of the strategies met most often, and of nobody else's choice.
    ((0x00, 0x72, 0xb2), (0x5a, 0xb4, 0xee)),
    ((0xc7, 0x77, 0x00), (0xf0, 0xa8, 0x3a)),
    ((0xb5, 0x30, 0x7e), (0xf0, 0x7f, 0xbd)),
    ((0x00, 0x80, 0x5d), (0x4f, 0xd1, 0xa5)),
    // Indigo, red, teal, olive, brown, leaf, violet.
    ((0x4a, 0x34, 0xb4), (0x8d, 0x8f, 0xd8)),
    ((0xcf, 0x23, 0x23), (0xff, 0x5f, 0x62)),
    ((0x00, 0x93, 0xa6), (0x4c, 0xe9, 0xf4)),
    ((0x6e, 0x6a, 0x00), (0xdc, 0xee, 0x5c)),
    ((0x75, 0x39, 0x13), (0xff, 0xca, 0xb8)),
    ((0x2e, 0x94, 0x00), (0x88, 0xa0, 0x4e)),
    ((0xa1, 0x60, 0xf5), (0xdf, 0x54, 0xff)),
];

/// A colour and shape for each of several classes.
pub(super) fn class(i: usize, theme: Theme) -> Look {
    let (light, dark) = COLORS[i % COLORS.len()];
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

impl Frame {
    /// The tokens of its theme.
    pub fn palette(&self) -> Palette {
        Palette::of(self.theme)
    }
}
