//! Sizes that may be given as shares.

use crate::model::params::whole;
use crate::space::Value;

/// A number of rows, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Size {
    Count(u32),
    Share(f64),
}

impl Size {
    /// In rows, shares rounded up.
    pub(super) fn of(self, rows: usize) -> u32 {
        match self {
            Size::Count(count) => count,
            Size::Share(share) => libm::ceil(share * rows as f64) as u32,
        }
    }

    pub(super) fn read(value: &Value, least: u32) -> Option<Size> {
        match value {
            Value::Float(share) if *share > 0.0 && *share < 1.0 => Some(Size::Share(*share)),
            value => whole(value).filter(|n| *n >= least).map(Size::Count),
        }
    }
}

/// How many features a node draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Draws {
    Sqrt,
    Log2,
    All,
    Size(Size),
}

impl Draws {
    pub(super) fn read(value: &Value) -> Option<Draws> {
        match value {
            Value::None => Some(Draws::All),
            Value::Text(word) if word == "sqrt" => Some(Draws::Sqrt),
            Value::Text(word) if word == "log2" => Some(Draws::Log2),
            Value::Float(1.0) => Some(Draws::All),
            value => Size::read(value, 1).map(Draws::Size),
        }
    }

    pub(super) fn of(self, features: usize) -> usize {
        let drawn = match self {
            Draws::Sqrt => features.isqrt(),
            Draws::Log2 => features.ilog2() as usize,
            Draws::All => features,
            Draws::Size(Size::Count(count)) => count as usize,
            // Shares are rounded down here, as scikit-learn does.
            Draws::Size(Size::Share(share)) => (share * features as f64) as usize,
        };
        drawn.clamp(1, features)
    }
}
