//! The median stopping rule around a sampler.

use super::Build;
use super::rung::{Ladder, Rule, SAMPLER, Staged, Trail, Verdict, fraction};
use crate::registry::{Entry, Setting, SettingKind};
use crate::space::rounded;
use crate::trial::Need;

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "median",
    title: "Median stopping",
    about: "Gives each configuration its effort in even steps, and stops it where its best value so far is worse than the median of what the others \
            had shown on average by then. It assumes nothing about the shape of learning curves, and saves about half where they keep their order; \
            it is wasteful where a first look already tells everything, and wrong where late bloomers win.",
    formula: "stop at step s if best₁..s is worse than median over the others of mean₁..s",
    paper: "Golovin et al. 2017, Google Vizier: a service for black-box optimization, KDD",
    settings: &[
        Setting {
            id: "steps",
            about: "Even steps up to the full effort. 5 looks often enough to save, and seldom enough that each look shows something.",
            kind: SettingKind::Int(2, 100),
            default: "5",
        },
        Setting {
            id: "least",
            about: "Others that must have come as far before anything is stopped. With fewer than about 5 a median is chance.",
            kind: SettingKind::Int(1, 1000),
            default: "5",
        },
        SAMPLER,
    ],
    build: |space, settings, plan| {
        let ladder = Ladder::even(settings.int("steps") as usize);
        let least = settings.int("least") as usize;
        let rule = Box::new(move || -> Box<dyn Rule> {
            Box::new(Median {
                least,
                averages: Vec::new(),
            })
        });
        Ok(Box::new(Staged::new(space, settings, plan, ladder, Need::Value, rule)?))
    },
};

struct Median {
    least: usize,
    /// Mean value up to each step of all configurations that came so far, sorted.
    averages: Vec<Vec<f64>>,
}

impl Rule for Median {
    fn told(&mut self, trail: &Trail, step: usize, steps: usize) -> Verdict {
        self.averages.resize(steps, Vec::new());
        let others = &mut self.averages[step];
        let count = others.len();
        let best = trail.values.iter().copied().fold(f64::INFINITY, f64::min);
        // Half of two values is taken before their sum: sums of 1e308 are infinite.
        let median = match count {
            0 => f64::INFINITY,
            n if n % 2 == 1 => others[n / 2],
            n => others[n / 2 - 1] / 2.0 + others[n / 2] / 2.0,
        };
        let n = trail.values.len() as f64;
        let own = trail.values.iter().map(|v| v / n).sum::<f64>();
        others.insert(others.partition_point(|v| *v <= own), own);
        let at = fraction(trail.fidelity);
        if count < self.least {
            let why = format!(
                "Only {count} others have come to {at}, {} are needed to stop anything.",
                self.least
            );
            return Verdict::GoOn(why, Vec::new(), vec![("others", count as f64)]);
        }
        let (shown, middle) = (rounded(best.abs()), rounded(median.abs()));
        if best > median {
            return Verdict::Stop(format!("stopped at {at}: worse than the median of {count} others"));
        }
        let why = format!(
            "By {at} its best value ({shown} in size) is no worse than the median ({middle}) of the averages of {count} others."
        );
        Verdict::GoOn(
            why,
            Vec::new(),
            vec![("best", best), ("median", median), ("others", count as f64)],
        )
    }
}
