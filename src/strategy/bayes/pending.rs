//! What is imagined of trials whose outcome has not come in, so that the next choice goes elsewhere.

use crate::math::normal::quantile;
use crate::math::sobol::Sobol;
use crate::registry::{Setting, SettingKind};
use crate::seed::Seed;
use crate::surrogate::gp::Gp;

pub(in crate::strategy) const SETTING: Setting = Setting {
    id: "batch",
    about: "What is imagined of trials under way: believer takes the predicted mean for their outcome; fantasies draws possible outcomes and \
            averages the acquisition over these (for expected improvement that is greedy q-EI); liar-min, liar-mean and liar-max take the best, \
            the mean or the worst value seen. On the problems kept for choosing, believer was as good as fantasies with four trials at a time \
            and better with eight, for a sixth of the work; the liars were behind.",
    kind: SettingKind::Choice(&["believer", "fantasies", "liar-min", "liar-mean", "liar-max"]),
    default: "believer",
};

/// Possible outcomes that are averaged over.
const FANTASIES: usize = 6;

/// How outcomes are imagined.
#[derive(Clone, Copy, Debug)]
pub(super) enum Batch {
    /// Draws from the joint posterior of what is pending (Snoek, Larochelle & Adams 2012).
    Fantasies,
    /// The posterior mean (the kriging believer of Ginsbourger, Le Riche & Carraro 2010): the mean stays as it is everywhere, the
    /// uncertainty shrinks around the point.
    Believer,
    /// Always the same value (the constant liar, ibid.).
    Liar(Lie),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Lie {
    Min,
    Mean,
    Max,
}

impl Batch {
    pub(super) fn of(word: &str) -> Batch {
        match word {
            "fantasies" => Batch::Fantasies,
            "liar-min" => Batch::Liar(Lie::Min),
            "liar-mean" => Batch::Liar(Lie::Mean),
            "liar-max" => Batch::Liar(Lie::Max),
            _ => Batch::Believer,
        }
    }

    /// `gps` with an outcome imagined for the pending trial at `input`, the `index`-th in the order of their ids. `told` are the values
    /// they were fitted to. One after the other gives the same as all anew.
    pub(super) fn imagine(self, gps: Vec<Gp>, input: &[f64], index: usize, told: &[f64], seed: Seed) -> Vec<Gp> {
        match self {
            Batch::Fantasies => {
                let n = if index == 0 {
                    gps.len().max(FANTASIES)
                } else {
                    gps.len()
                };
                let sobol = Sobol::new(index + 1, seed.derive("fantasies", 0));
                let fantasy = |i: usize| {
                    let gp = &gps[i % gps.len()];
                    let (mean, variance) = gp.posterior(input);
                    let sd = libm::sqrt(variance + gp.hyperparameters().noise);
                    observed(gp, input, mean + sd * quantile(sobol.point(i as u32)[index]))
                };
                (0..n).map(fantasy).collect()
            }
            Batch::Believer => gps
                .iter()
                .map(|gp| observed(gp, input, gp.posterior(input).0))
                .collect(),
            Batch::Liar(lie) => {
                let value = match lie {
                    Lie::Min => told.iter().copied().fold(f64::INFINITY, f64::min),
                    Lie::Mean => told.iter().sum::<f64>() / told.len().max(1) as f64,
                    Lie::Max => told.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                };
                gps.iter().map(|gp| observed(gp, input, value)).collect()
            }
        }
    }
}

/// A point that is known exactly already teaches nothing.
fn observed(gp: &Gp, input: &[f64], value: f64) -> Gp {
    gp.observe(input, value).unwrap_or_else(|_| gp.clone())
}
