//! The confidence bound.

use super::{Acquisition, Build, Moment};
use crate::registry::{Entry, Setting, SettingKind};

/// κₜσ − μ on minimized values: minus the lower confidence bound.
struct Ucb {
    kappa: f64,
    schedule: Schedule,
}

/// How κ changes with the number t of trials the belief rests on, in d dimensions. It begins at κ with the d + 1 points of an initial design.
#[derive(Clone, Copy, PartialEq)]
enum Schedule {
    Constant,
    /// As √(2 ln(t^(d/2+2) π² / 3δ)), δ = 0.1: the growth that guarantees that the regret of a mean vanishes.
    Growing,
    /// As 1/√t: explores first, exploits last.
    Decaying,
}

pub(super) const ENTRY: Entry<Build> = Entry {
    id: "ucb",
    title: "Confidence bound",
    about: "Optimism in the face of uncertainty: how good a point could well be, κ standard deviations better than expected. \
            κ = 0 only exploits, a large κ mostly explores. The upper bound when maximizing, the lower one when minimizing.",
    formula: "UCB(x) = κ σ(x) − μ(x)  (μ of the minimized values)",
    paper: "Srinivas, Krause, Kakade & Seeger 2010, Gaussian Process Optimization in the Bandit Setting; Cox & John 1992",
    settings: &[
        Setting {
            id: "kappa",
            about: "How many standard deviations of optimism. 1.96 bounds a 95 % interval.",
            kind: SettingKind::Float(0.0, 100.0),
            default: "1.96",
        },
        Setting {
            id: "schedule",
            about: "How κ changes with the trials: constant; growing as the theory of vanishing regret wants it; decaying as one over the root \
                    of their number, from exploring to exploiting.",
            kind: SettingKind::Choice(&["constant", "growing", "decaying"]),
            default: "constant",
        },
    ],
    build: |settings| {
        Box::new(Ucb {
            kappa: settings.float("kappa"),
            schedule: match settings.choice("schedule") {
                "growing" => Schedule::Growing,
                "decaying" => Schedule::Decaying,
                _ => Schedule::Constant,
            },
        })
    },
};

impl Acquisition for Ucb {
    fn utility(&self, mean: f64, sd: f64, _target: f64) -> (f64, f64, f64) {
        (self.kappa * sd - mean, -1.0, self.kappa)
    }

    fn value(&self, utility: f64) -> f64 {
        utility
    }

    fn is_log(&self) -> bool {
        false
    }

    fn at(&self, moment: &Moment) -> Option<Box<dyn Acquisition>> {
        let d = moment.dimensions as f64;
        let (first, t) = (d + 1.0, (moment.trials as f64).max(d + 1.0));
        let theory = |t: f64| {
            let pi = std::f64::consts::PI;
            2.0 * ((0.5 * d + 2.0) * libm::log(t) + libm::log(pi * pi / 0.3))
        };
        let factor = match self.schedule {
            Schedule::Constant => return None,
            Schedule::Growing => libm::sqrt(theory(t) / theory(first)),
            Schedule::Decaying => libm::sqrt(first / t),
        };
        Some(Box::new(Ucb {
            kappa: self.kappa * factor,
            schedule: Schedule::Constant,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_begin_at_kappa_and_go_their_way() {
        let kappa = |schedule, trials| {
            let moment = Moment {
                trials,
                dimensions: 3,
                spread: &[],
            };
            let own = Ucb { kappa: 2.0, schedule };
            own.at(&moment).map(|at| at.utility(0.0, 1.0, 0.0).0)
        };
        assert_eq!(kappa(Schedule::Constant, 50), None);
        for schedule in [Schedule::Growing, Schedule::Decaying] {
            assert_eq!(kappa(schedule, 2), Some(2.0));
            assert_eq!(kappa(schedule, 4), Some(2.0));
        }
        assert_eq!(kappa(Schedule::Decaying, 16), Some(1.0));
        // τₜ = 2 ln(t^(d/2+2) π²/3δ).
        let tau = |t: f64| 2.0 * libm::log(libm::pow(t, 3.5) * 9.869_604_401_089_358 / 0.3);
        let expected = 2.0 * libm::sqrt(tau(40.0) / tau(4.0));
        assert!(kappa(Schedule::Growing, 40).is_some_and(|k| (k - expected).abs() < 1e-12 && k > 2.0));
    }
}
