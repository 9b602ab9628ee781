//! Pruning by folds: a configuration that is surely worse than the best one is not validated on the remaining folds.

use super::Build;
use super::rung::{Ladder, Rule, SAMPLER, Staged, Trail, Verdict};
use crate::math::student;
use crate::registry::{Entry, Setting, SettingKind};
use crate::trial::Need;

/// The registry's entry.
pub(super) const ENTRY: Entry<Build> = Entry {
    id: "folds",
    title: "Pruning by folds",
    about: "Validates each configuration fold by fold, and stops as soon as it is surely worse than the best one on the folds they share. All \
            configurations see the same folds, so the comparison is paired; the test allows for training sets that overlap. It saves most where \
            many configurations are bad, and nothing that matters where all are nearly equal.",
    formula: "t = mean(d) / √((1/k + 1/(K − 1)) · var(d)) over the differences d on k of K folds; stop if P(T_{k−1} > t) < alpha",
    paper: "Nadeau & Bengio 2003, Inference for the generalization error, Machine Learning 52; Thornton et al. 2013 (Auto-WEKA) for stopping between folds",
    settings: &[
        Setting {
            id: "alpha",
            about: "Chance of stopping a configuration that is as good as the best, at each look. 0.05 by custom; larger prunes more.",
            kind: SettingKind::Float(0.0001, 0.5),
            default: "0.05",
        },
        Setting {
            id: "least",
            about: "Folds before the first look. Two differences make a test, though a weak one.",
            kind: SettingKind::Int(2, 100),
            default: "2",
        },
        Setting {
            id: "folds",
            about: "Number of folds; 0 takes that of the study's validation, or 5 for a program's own objective. Trial k of a configuration has the fidelity \
                    k/K, and its value is the mean over the first k folds.",
            kind: SettingKind::Int(0, 1000),
            default: "0",
        },
        SAMPLER,
    ],
    build: |space, settings, plan| {
        let folds = match settings.int("folds") {
            0 => 5,
            set => (set as usize).max(2),
        };
        let (alpha, least) = (settings.float("alpha"), settings.int("least") as usize);
        let rule = Box::new(move || -> Box<dyn Rule> {
            Box::new(Paired {
                alpha,
                least,
                incumbent: None,
            })
        });
        let staged = Staged::new(space, settings, plan, Ladder::even(folds), Need::Folds, rule)?;
        Ok(Box::new(staged))
    },
};

struct Paired {
    alpha: f64,
    least: usize,
    /// The best whole configuration so far: its last trial, its value and its folds.
    incumbent: Option<(u32, f64, Vec<f64>)>,
}

impl Rule for Paired {
    fn told(&mut self, trail: &Trail, step: usize, steps: usize) -> Verdict {
        let done = step + 1;
        let go_on = |why: String| Verdict::GoOn(why, Vec::new(), Vec::new());
        let value = trail.values.last().copied().unwrap_or(f64::INFINITY);
        let id = trail.jobs.last().copied().unwrap_or(0);
        if done == steps {
            if trail.folds.len() == steps && self.incumbent.as_ref().is_none_or(|(_, v, _)| value < *v) {
                self.incumbent = Some((id, value, trail.folds.clone()));
            }
            return go_on("All folds are done.".into());
        }
        let Some((best, _, folds)) = &self.incumbent else {
            return go_on("No configuration has all folds yet, so there is nothing to compare with.".into());
        };
        if done < self.least || trail.folds.len() != done {
            return go_on(format!(
                "{done} of {steps} folds are too few to compare it with trial {}.",
                best + 1
            ));
        }
        let differences: Vec<f64> = trail.folds.iter().zip(folds).map(|(own, best)| own - best).collect();
        let Some((t, p)) = corrected(&differences, steps) else {
            return go_on(format!(
                "On {done} of {steps} folds its distance to trial {} does not vary, so no test can be made.",
                best + 1
            ));
        };
        if p < self.alpha {
            return Verdict::Stop(format!(
                "stopped after {done} of {steps} folds: worse than trial {} (p {p:.4})",
                best + 1
            ));
        }
        let why = format!(
            "On {done} of {steps} folds it is not surely worse than trial {}: corrected paired t {t:.2}, p {p:.3}.",
            best + 1
        );
        Verdict::GoOn(why, vec![*best], vec![("t", t), ("p", p)])
    }
}

/// The corrected t of `differences` on some of `folds` folds, and the one-sided chance of one as large. `None` if they do not vary or
/// are not finite.
///
/// A fold's training rows are mostly those of the others, so the plain variance of the mean, s²/k, is too small; Nadeau & Bengio add
/// the ratio of validation to training rows, which is 1/(K − 1) for K folds.
fn corrected(differences: &[f64], folds: usize) -> Option<(f64, f64)> {
    let k = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / k;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (k - 1.0);
    let overlap = 1.0 / (folds as f64 - 1.0);
    let t = mean / libm::sqrt((1.0 / k + overlap) * variance);
    if !t.is_finite() || variance <= 1e-24 * mean * mean {
        return None;
    }
    let tail = student::two_sided(t, differences.len() as u32 - 1) / 2.0;
    Some((t, if t > 0.0 { tail } else { 1.0 - tail }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correction_makes_the_test_more_careful() {
        // By hand: mean 2, variance 1, k = 3 of K = 5: t = 2 / √(1/3 + 1/4).
        let (t, p) = corrected(&[1.0, 2.0, 3.0], 5).expect("a test");
        assert!((t - 2.0 / (7.0_f64 / 12.0).sqrt()).abs() < 1e-12, "{t}");
        // Without it, t = 2√3 with p 0.037: it would be stopped at 0.05.
        assert!(p > 0.05 && p < 0.07, "{p}");
        assert_eq!(corrected(&[0.5, 0.5], 5), None);
        assert!(corrected(&[-1.0, -1.2], 5).is_some_and(|(_, p)| p > 0.5));
    }
}
