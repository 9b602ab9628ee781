//! Fitting the model to what is known.

use super::data::Data;
use super::grounds::Grounds;
use super::record::Record;
use super::scale::Scale;
use crate::order;
use crate::registry::{Setting, SettingKind, Settings, find};
use crate::seed::Seed;
use crate::surrogate::gp::{
    Axis, Coordinates, Fitting, Gp, Hyperparameters, KERNELS, Kernel, Matern52, Observations, Output, Priors, Problem,
};

pub(super) const KERNEL: Setting = Setting {
    id: "kernel",
    about: "How rough the objective is taken to be, from Matérn-1/2 (kinks everywhere) over 3/2 and 5/2 to rbf (smooth without end); rq is \
            the rational quadratic.",
    kind: SettingKind::Choice(&["matern52", "matern32", "matern12", "rbf", "rq"]),
    default: "matern52",
};

pub(super) const PRIOR: Setting = Setting {
    id: "prior",
    about: "What is believed of lengthscales beforehand: scaled grows with the root of the dimensions beyond six; fixed does not grow; both take \
            parameters to be alike until values say otherwise; broad grows from the first on, and is less sure (Hvarfner et al. 2024).",
    kind: SettingKind::Choice(&["scaled", "broad", "fixed"]),
    default: "scaled",
};

pub(super) const LENGTHSCALE: Setting = Setting {
    id: "lengthscale",
    about: "How far along a parameter values are taken to be alike, as a share of its range on its scale, for all parameters: small sees \
            ripples everywhere, large almost a plane. 0 learns one for each parameter from the values.",
    kind: SettingKind::Float(0.0, 100.0),
    default: "0",
};

pub(super) const NOISE: Setting = Setting {
    id: "noise",
    about: "The standard deviation of a value's noise, as a share of that of all values: small passes through every point, large smooths \
            them out. 0 learns it from the values.",
    kind: SettingKind::Float(0.0, 3.0),
    default: "0",
};

pub(super) const WARP_OUTPUT: Setting = Setting {
    id: "warp_output",
    about: "Whether values are warped (Yeo and Johnson 2000) so that they look more like a Gaussian process: auto where the evidence for it \
            is greater, none, or always (yeo-johnson).",
    kind: SettingKind::Choice(&["auto", "none", "yeo-johnson"]),
    default: "auto",
};

pub(super) const WARP_INPUT: Setting = Setting {
    id: "warp_input",
    about: "Whether numeric parameters are warped (Kumaraswamy's distribution function; Snoek et al. 2014), for objectives that vary faster at \
            one end of a range: auto where the evidence for it is greater, none, or always (kumaraswamy).",
    kind: SettingKind::Choice(&["auto", "none", "kumaraswamy"]),
    default: "none",
};

pub(super) const HYPER: Setting = Setting {
    id: "hyper",
    about: "Hyperparameters of the model: map takes the most probable ones; slice draws several, all that are probable, and averages the \
            acquisition over them (Snoek et al. 2012): more careful with few trials, and many times slower.",
    kind: SettingKind::Choice(&["map", "slice"]),
    default: "map",
};

pub(super) const SAMPLES: Setting = Setting {
    id: "samples",
    about: "For hyper:slice: how many draws.",
    kind: SettingKind::Int(1, 50),
    default: "8",
};

/// Up to this many values the model is fitted to each new one; beyond, when a twentieth has been added.
const EACH: usize = 100;
/// Values hyperparameters are fitted to, and values the process is conditioned on, at most: half of them the best, half the newest.
const FITTED: usize = 400;
const CONDITIONED: usize = 1000;
/// So many more may be conditioned on before the choice is made anew: until then a new value is one more row of the factor.
const STRIDE: usize = 100;
/// A fit for something beside the objective looks at no more values than this.
pub(super) const BESIDE: usize = 150;
/// Up to this many values a restart also tries the short and noisy start.
const FEW: usize = 150;

/// How the model is made: the settings.
pub(super) struct Modelling {
    kernel: &'static dyn Kernel,
    prior: String,
    /// A lengthscale and a standard deviation of the noise that are not learned.
    lengthscale: Option<f64>,
    noise: Option<f64>,
    /// Which warps are considered: none, some, or both.
    output: Vec<bool>,
    input: Vec<bool>,
    samples: Option<usize>,
    seed: Seed,
}

/// What is held possible after the data.
#[derive(Clone)]
pub(super) struct Model {
    /// A process for each draw of the hyperparameters: one, if they are the most probable ones.
    pub(super) gps: Vec<Gp>,
    pub(super) scale: Scale,
    /// The values they are conditioned on, in their unit.
    pub(super) told: Vec<f64>,
    pub(super) record: Record,
}

fn considered(word: &str) -> Vec<bool> {
    match word {
        "none" => vec![false],
        "auto" => vec![false, true],
        _ => vec![true],
    }
}

impl Modelling {
    pub(super) fn new(settings: &Settings, seed: Seed) -> Result<Modelling, String> {
        let known = |id| Some(settings.float(id)).filter(|value| *value > 0.0);
        Ok(Modelling {
            lengthscale: known(LENGTHSCALE.id),
            noise: known(NOISE.id),
            kernel: find(KERNELS, settings.choice("kernel")).ok_or("no such kernel")?.build,
            prior: settings.choice("prior").to_string(),
            output: considered(settings.choice("warp_output")),
            input: considered(settings.choice("warp_input")),
            samples: (settings.choice("hyper") == "slice").then(|| settings.int("samples") as usize),
            seed,
        })
    }

    fn priors(&self, dimensions: usize) -> Priors {
        let d = dimensions.max(1) as f64;
        let scaled = Priors::default_for(dimensions);
        let lengthscale = match self.prior.as_str() {
            "broad" => (std::f64::consts::SQRT_2 + 0.5 * libm::log(d), libm::sqrt(3.0)),
            "fixed" => (0.5, 1.0),
            _ => scaled.lengthscale,
        };
        // The literature's knows nothing of axes that are alike.
        let alike = if self.prior == "broad" { 0.0 } else { scaled.alike };
        Priors {
            lengthscale,
            alike,
            known_lengthscale: self.lengthscale,
            known_noise: self.noise.map(|sd| (sd * sd).max(scaled.noise_floor)),
            ..scaled
        }
    }

    /// The model for the data. What it has in common with `before` is not computed again.
    ///
    /// # Errors
    /// If the covariance stays singular.
    pub(super) fn model(
        &self,
        data: &Data,
        scale: Scale,
        grounds: &Grounds,
        before: Option<&Model>,
    ) -> Result<Model, String> {
        let n = data.values.len();
        let mut priors = self.priors(grounds.dim());
        if let Some(noise) = data.noise {
            // The folds' idea of the noise is the mean of its prior; the data still decide.
            priors.noise.1 = priors.noise.0 / noise.clamp(1e-4, 0.5);
        }
        let warm = data.warm.as_ref().filter(|warm| warm.fitted <= n);
        let due = |warm: &Record| n >= warm.fitted + if warm.fitted < EACH { 1 } else { warm.fitted / 20 };
        let mut record = match warm {
            Some(warm) if !due(warm) => warm.clone(),
            _ => self.fit(data, grounds, &priors, warm)?,
        };
        let output = Output::of(record.all[0].lambda, &data.values);
        let kept = subset(&data.values, CONDITIONED, STRIDE);
        let x: Vec<Vec<f64>> = kept.iter().map(|i| data.x[*i].clone()).collect();
        let told: Vec<f64> = kept.iter().map(|i| output.apply(data.values[*i])).collect();
        let observations = Observations::new(&x, &told);
        let mut gps = Vec::with_capacity(record.all.len());
        for (i, hyper) in record.all.iter_mut().enumerate() {
            // What was learned before these settings were in force.
            priors.impose(hyper);
            let earlier = before.and_then(|model| model.gps.get(i));
            let gp = Gp::condition(&grounds.axes, self.kernel, &observations, hyper, earlier)?;
            gps.push(gp.centered(priors.mean_sd));
            hyper.mean = gps[i].hyperparameters().mean;
        }
        Ok(Model {
            gps,
            scale: scale.with(output),
            told,
            record,
        })
    }

    fn problem<'a>(
        &self,
        axes: &'a [Axis],
        observations: &'a Observations,
        priors: &'a Priors,
        coordinates: &'a Coordinates,
    ) -> Problem<'a> {
        Problem {
            axes,
            kernel: self.kernel,
            observations,
            priors,
            coordinates,
        }
    }

    /// Hyperparameters for the data: from the last ones on, and now and then from new starts and with other warps, too.
    fn fit(&self, data: &Data, grounds: &Grounds, priors: &Priors, warm: Option<&Record>) -> Result<Record, String> {
        let n = data.values.len();
        let kept = subset(&data.values, FITTED, 1);
        let x: Vec<Vec<f64>> = kept.iter().map(|i| data.x[*i].clone()).collect();
        let values: Vec<f64> = kept.iter().map(|i| data.values[*i]).collect();
        let observations = Observations::new(&x, &values).standardized();
        let axes = &grounds.axes;
        let restart = warm.is_none_or(|warm| n >= warm.restarted + (warm.restarted / 4).max(1));
        let mut starts: Vec<Hyperparameters> = warm.iter().flat_map(|warm| warm.all.first().cloned()).collect();
        if restart {
            let fresh = priors.start(axes.len());
            starts.push(fresh.clone());
            if n <= FEW {
                starts.push(rough(&fresh));
            }
        }
        let mut best: Option<(Fitting, Coordinates)> = None;
        for output in &self.output {
            for input in &self.input {
                let other = |warm: &&Record| (warm.output, warm.input()) != (*output, *input);
                let choice = self.output.len() * self.input.len() > 1;
                if choice && !restart && warm.as_ref().is_some_and(other) {
                    continue;
                }
                let coordinates = Coordinates::new(axes, *output, *input);
                let fitted = self.problem(axes, &observations, priors, &coordinates).fit(&starts)?;
                if best.as_ref().is_none_or(|(b, _)| fitted.log_evidence > b.log_evidence) {
                    best = Some((fitted, coordinates));
                }
            }
        }
        let (fitted, coordinates) = best.ok_or("nothing was fitted")?;
        let mut all = vec![fitted.hyperparameters];
        if let Some(count) = self.samples {
            let seed = self.seed.derive("hyperparameters", n as u64);
            all = self
                .problem(axes, &observations, priors, &coordinates)
                .sample(&all[0], count, seed);
        }
        let restarted = if restart {
            n
        } else {
            warm.map_or(n, |warm| warm.restarted)
        };
        Ok(Record::new(all, n, restarted, coordinates.output))
    }
}

/// A process for standardized values of something else than the objective.
///
/// # Errors
/// If the covariance stays singular.
pub(super) fn plain(x: &[Vec<f64>], y: &[f64], grounds: &Grounds) -> Result<Gp, String> {
    // What fails, or costs, does so along one parameter as a rule.
    let priors = Priors {
        alike: 0.0,
        ..Priors::default_for(grounds.dim())
    };
    let fresh = priors.start(grounds.dim());
    let newest = y.len().saturating_sub(BESIDE);
    let observations = Observations::new(&x[newest..], &y[newest..]);
    let coordinates = Coordinates::new(&grounds.axes, false, false);
    let starts = [rough(&fresh), fresh];
    let problem = Problem {
        axes: &grounds.axes,
        kernel: &Matern52,
        observations: &observations,
        priors: &priors,
        coordinates: &coordinates,
    };
    let fitted = problem.fit(&starts)?;
    Gp::condition(&grounds.axes, &Matern52, &observations, &fitted.hyperparameters, None)
}

/// Short and noisy: where a fit goes that sees little structure.
fn rough(fresh: &Hyperparameters) -> Hyperparameters {
    Hyperparameters {
        lengthscales: vec![0.2; fresh.lengthscales.len()],
        noise: 0.1,
        ..fresh.clone()
    }
}

/// Which of the values count, if `limit` do, or fewer than `stride` more: the best half and the newest, in their order. The choice of the
/// best stays the same for `stride` values.
fn subset(values: &[f64], limit: usize, stride: usize) -> Vec<usize> {
    let n = values.len();
    if n < limit + stride {
        return (0..n).collect();
    }
    let newest = (n - limit / 2) / stride * stride;
    let mut older: Vec<usize> = (0..newest).collect();
    order::sort_by(&mut older, |a, b| values[*a].total_cmp(&values[*b]));
    older.truncate(limit - limit / 2);
    older.sort_unstable();
    older.extend(newest..n);
    older
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_and_the_newest_count() {
        assert_eq!(subset(&[3.0, 1.0, 2.0], 3, 1), [0, 1, 2]);
        assert_eq!(subset(&[9.0, 1.0, 8.0, 2.0, 7.0, 6.0], 4, 1), [1, 3, 4, 5]);
        let values: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20)).collect();
        let long = subset(&values[..18], 8, 4);
        assert_eq!(subset(&values[..19], 8, 4), [&long[..], &[18]].concat());
        assert_eq!(subset(&values, 8, 4).len(), 8);
    }
}
