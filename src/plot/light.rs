//! Parts of a picture that symbols of a formula stand for: one lights up, the others fade.

/// Such a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// The predicted mean.
    Mean,
    /// The band of uncertainty.
    Sd,
    /// The acquisition.
    Acquisition,
    /// The density of good trials.
    Good,
    /// The density of the other trials.
    Others,
}

impl Light {
    /// All, with their names in cards.
    pub const ALL: [(Light, &'static str); 5] = [
        (Light::Mean, "mean"),
        (Light::Sd, "sd"),
        (Light::Acquisition, "acquisition"),
        (Light::Good, "good"),
        (Light::Others, "others"),
    ];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Light> {
        Light::ALL.iter().find(|l| l.1 == name).map(|l| l.0)
    }
}

/// How strongly a part is drawn, where one is lit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strength {
    /// Factor of an opacity.
    pub opacity: f64,
    /// Factor of a line's width.
    pub width: f64,
}

/// How strongly `part` is drawn while `lit` is.
pub(super) fn strength(lit: Option<Light>, part: Light) -> Strength {
    let (opacity, width) = match lit {
        None => (1.0, 1.0),
        Some(lit) if lit == part => (2.4, 1.9),
        Some(_) => (0.3, 1.0),
    };
    Strength { opacity, width }
}
