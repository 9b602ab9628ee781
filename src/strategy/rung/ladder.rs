//! The fidelities of the rungs: a geometric ladder up to the full effort.

use crate::registry::{Setting, SettingKind, Settings};
use crate::space::number_text;

/// The setting of the ratio between rungs.
pub(in crate::strategy) const ETA: Setting = Setting {
    id: "eta",
    about: "η: each rung has η times the effort of the one below, and one in η is promoted to it. 3 as in the papers: theory has its optimum near e.",
    kind: SettingKind::Float(1.5, 10.0),
    default: "3",
};

/// The setting of the number of rungs.
pub(in crate::strategy) const RUNGS: Setting = Setting {
    id: "rungs",
    about: "Number of rungs: the lowest has the share 1/η^(rungs − 1) of the full effort, by default 1/27. More rungs try more configurations more briefly, \
            and err more where a brief look misleads.",
    kind: SettingKind::Int(2, 8),
    default: "4",
};

/// The rungs, from the lowest fidelity to 1.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::strategy) struct Ladder {
    pub(in crate::strategy) eta: f64,
    pub(in crate::strategy) fidelities: Vec<f64>,
}

impl Ladder {
    /// That of the settings [`ETA`] and [`RUNGS`].
    pub(in crate::strategy) fn of(settings: &Settings) -> Ladder {
        let eta = settings.float("eta");
        let rungs = settings.int("rungs").max(1) as usize;
        let mut fidelities = vec![1.0];
        // 1/η, 1/η², …: by division, so that 1/27 is exactly what 1.0/27.0 is.
        let mut power = 1.0;
        for _ in 1..rungs {
            power *= eta;
            fidelities.push(1.0 / power);
        }
        fidelities.reverse();
        Ladder { eta, fidelities }
    }

    /// Evenly spaced steps: 1/n, 2/n, …, 1.
    pub(in crate::strategy) fn even(steps: usize) -> Ladder {
        let fidelities = (1..=steps).map(|k| k as f64 / steps as f64).collect();
        Ladder { eta: 1.0, fidelities }
    }

    /// Number of rungs.
    pub(in crate::strategy) fn len(&self) -> usize {
        self.fidelities.len()
    }

    /// The rung of a fidelity.
    pub(in crate::strategy) fn rung_of(&self, fidelity: f64) -> Option<usize> {
        self.fidelities.iter().position(|f| (f - fidelity).abs() < 1e-9)
    }

    /// The fidelity of the first rung above `fidelity`.
    pub(in crate::strategy) fn above(&self, fidelity: f64) -> f64 {
        let above = self.fidelities.iter().find(|f| **f > fidelity + 1e-9);
        above.copied().unwrap_or(1.0)
    }
}

/// A fidelity as people write it: 1/27, 2/5, 0.37.
pub(in crate::strategy) fn fraction(fidelity: f64) -> String {
    for denominator in 1..=100 {
        let numerator = libm::round(fidelity * f64::from(denominator));
        if numerator >= 1.0 && (numerator - fidelity * f64::from(denominator)).abs() < 1e-9 {
            return if denominator == 1 {
                "the full effort".into()
            } else {
                format!("{numerator}/{denominator}")
            };
        }
    }
    let inverse = 1.0 / fidelity;
    if (inverse - libm::round(inverse)).abs() < 1e-6 {
        return format!("1/{}", libm::round(inverse));
    }
    number_text(libm::round(fidelity * 1e4) / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_are_a_geometric_ladder() {
        let settings = Settings::defaults(&[ETA, RUNGS]);
        let ladder = Ladder::of(&settings);
        assert_eq!(ladder.fidelities, [1.0 / 27.0, 1.0 / 9.0, 1.0 / 3.0, 1.0]);
        assert_eq!((ladder.above(0.2), ladder.above(1.0)), (1.0 / 3.0, 1.0));
        let texts: Vec<String> = ladder.fidelities.iter().map(|f| fraction(*f)).collect();
        assert_eq!(texts, ["1/27", "1/9", "1/3", "the full effort"]);
        assert_eq!((fraction(1.0 / 729.0), fraction(0.4)), ("1/729".into(), "2/5".into()));
    }
}
