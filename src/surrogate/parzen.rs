//! A Parzen estimator: the density of configurations as a mixture of kernels around known ones.
//!
//! Every kernel is a product over the parameters, in unit coordinates: a normal truncated to [0, 1] for ordered ones, of which a level of a
//! discrete domain takes its share; for categories the own one raised above the others. One kernel more is the prior: wide and centred. A
//! parameter that is inactive in a configuration has the prior's factor there: nothing is known of it.

use crate::math::normal::cdf;
use crate::seed::{below, normal, uniform};
use crate::space::{Config, Domain, Param, Space};
use rand_chacha::ChaCha8Rng;

/// Levels of a discrete domain that are integrated over; longer ones are as good as continuous.
const FEW: u64 = 64;

/// How wide the kernels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Each parameter by itself: a kernel reaches to its farther neighbour (Bergstra et al. 2011).
    Neighbour,
    /// One width for all kernels of a parameter, narrower as they grow in number: 0.2 n^(−1/(d + 4)) (Scott 1992).
    Scott,
}

/// A point as the estimator sees it: a place for each parameter, or none where it is inactive.
pub type Point = Vec<Option<Place>>;

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its unit coordinate.
    at: f64,
    /// The share of [0, 1] that stands for it; empty for a continuous domain.
    from: f64,
    to: f64,
}

/// The place of each parameter of a configuration.
pub fn point(space: &Space, config: &Config) -> Point {
    let place = |param: &Param| {
        let value = config.get(&param.name)?;
        let domain = &param.domain;
        let at = domain.to_unit(value);
        let share = domain.size().filter(|n| *n <= FEW).zip(domain.level_of(value));
        let (from, to) = share.map_or((at, at), |(n, k)| {
            let middle = |k: u64| domain.to_unit(&domain.level(k));
            let from = if k == 0 { 0.0 } else { (middle(k - 1) + at) / 2.0 };
            let to = if k + 1 >= n { 1.0 } else { (middle(k + 1) + at) / 2.0 };
            (from, to)
        });
        Some(Place { at, from, to })
    };
    space.params().iter().map(place).collect()
}

/// One kernel's factor for one parameter.
#[derive(Clone, Copy, Debug)]
enum Factor {
    /// Centre, width, and the share of the normal that lies in [0, 1].
    Ordered { centre: f64, width: f64, inside: f64 },
    /// Number of categories, own one, probability of the own one and of each other.
    Category { n: u64, own: u64, raised: f64, other: f64 },
    /// Uniform.
    Flat,
}

/// A density over the configurations of a space.
#[derive(Debug)]
pub struct Parzen {
    /// By kernel; the last is the prior.
    weights: Vec<f64>,
    /// kernels × parameters.
    factors: Vec<Factor>,
    dim: usize,
    /// Whether kernels are products over all parameters, rather than each parameter having a mixture of its own.
    joint: bool,
}

impl Parzen {
    /// Kernels at `points` of weights `weights`, and a prior of weight 1.
    pub fn new(space: &Space, points: &[&Point], weights: &[f64], width: Width, joint: bool) -> Parzen {
        let (n, dim) = (points.len(), space.dim());
        let total: f64 = weights.iter().sum::<f64>() + 1.0;
        let narrowest = 1.0 / (n as f64 + 2.0).min(100.0);
        let free = space.params().iter().filter(|p| !p.domain.is_fixed()).count();
        let scott = 0.2 * libm::pow((n as f64).max(1.0), -1.0 / (free as f64 + 4.0));
        let mut factors = vec![Factor::Flat; (n + 1) * dim];
        for (j, param) in space.params().iter().enumerate() {
            let mut centres: Vec<f64> = points.iter().filter_map(|p| p[j]).map(|p| p.at).chain([0.5]).collect();
            centres.sort_by(f64::total_cmp);
            for i in 0..=n {
                // The prior is centred; categories and what is unknown are flat in it.
                let place = points.get(i).map(|p| p[j]);
                factors[i * dim + j] = match (&param.domain, place) {
                    (Domain::Fixed(_), _) | (_, Some(None)) | (Domain::Categorical(_), None) => Factor::Flat,
                    (Domain::Categorical(values), Some(Some(place))) => {
                        let k = values.len() as f64;
                        // The prior's weight, shared by the kernels, is spread over all categories.
                        let spread = 1.0 / (n as f64 + 1.0);
                        Factor::Category {
                            n: values.len() as u64,
                            own: (place.at * k) as u64,
                            raised: (1.0 + spread) / (1.0 + k * spread),
                            other: spread / (1.0 + k * spread),
                        }
                    }
                    (_, None) => ordered(0.5, 1.0),
                    (_, Some(Some(place))) => {
                        let width = match width {
                            Width::Scott => scott,
                            Width::Neighbour => neighbour(&centres, place.at),
                        };
                        ordered(place.at, width.clamp(narrowest, 1.0))
                    }
                };
            }
        }
        Parzen {
            weights: weights.iter().chain([&1.0]).map(|w| w / total).collect(),
            factors,
            dim,
            joint,
        }
    }

    /// The logarithm of the density at a point, over the parameters active there.
    pub fn log_density(&self, at: &Point) -> f64 {
        let kernels = || self.weights.iter().zip(self.factors.chunks_exact(self.dim));
        if self.joint {
            let logs: Vec<f64> = kernels()
                .map(|(weight, factors)| {
                    let product: f64 = factors.iter().zip(at).map(|(f, p)| libm::log(f.density(*p))).sum();
                    libm::log(*weight) + product
                })
                .collect();
            let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            return most + libm::log(logs.iter().map(|l| libm::exp(l - most)).sum());
        }
        let mixture = |j: usize| kernels().map(|(w, factors)| w * factors[j].density(at[j])).sum::<f64>();
        (0..self.dim).map(|j| libm::log(mixture(j))).sum()
    }

    /// A point of the unit cube drawn from the density.
    pub fn sample(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let mut kernel = self.pick(rng);
        (0..self.dim)
            .map(|j| {
                if !self.joint {
                    kernel = self.pick(rng);
                }
                self.factors[kernel * self.dim + j].sample(rng)
            })
            .collect()
    }

    fn pick(&self, rng: &mut ChaCha8Rng) -> usize {
        let mut left = uniform(rng);
        let fits = |w: &f64| {
            left -= w;
            left < 0.0
        };
        self.weights.iter().position(fits).unwrap_or(self.weights.len() - 1)
    }
}

fn ordered(centre: f64, width: f64) -> Factor {
    Factor::Ordered {
        centre,
        width,
        inside: cdf((1.0 - centre) / width) - cdf(-centre / width),
    }
}

/// The distance to the farther neighbour among sorted centres; at the ends to the only one.
fn neighbour(centres: &[f64], at: f64) -> f64 {
    let place = centres.partition_point(|c| *c < at);
    let below = place.checked_sub(1).map_or(0.0, |i| at - centres[i]);
    let above = centres.get(place + 1).map_or(0.0, |c| c - at);
    below.max(above)
}

impl Factor {
    /// The density by unit coordinate.
    fn density(&self, at: Option<Place>) -> f64 {
        let Some(place) = at else { return 1.0 };
        match *self {
            Factor::Flat => 1.0,
            Factor::Category { n, own, raised, other } => {
                let p = if (place.at * n as f64) as u64 == own {
                    raised
                } else {
                    other
                };
                p * n as f64
            }
            Factor::Ordered { centre, width, inside } => {
                let z = |u: f64| (u - centre) / width;
                let density = if place.to > place.from {
                    (cdf(z(place.to)) - cdf(z(place.from))) / (place.to - place.from)
                } else {
                    crate::math::normal::pdf(z(place.at)) / width
                };
                // A level far away keeps a trace, so that logarithms stay finite.
                (density / inside).max(1e-300)
            }
        }
    }

    fn sample(&self, rng: &mut ChaCha8Rng) -> f64 {
        match *self {
            Factor::Flat => uniform(rng),
            Factor::Category { n, own, raised, other } => {
                let category = if uniform(rng) < raised - other {
                    own
                } else {
                    below(rng, n)
                };
                (category as f64 + 0.5) / n as f64
            }
            Factor::Ordered { centre, width, .. } => {
                // At least a third of the normal lies inside.
                let draws = (0..100).map(|_| centre + width * normal(rng));
                let found = draws.into_iter().find(|u| (0.0..=1.0).contains(u));
                found.unwrap_or(centre)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn space(domains: &[(&str, &str)]) -> Space {
        let param = |(name, text): &(&str, &str)| Param::new(name, Domain::parse(text).expect("a domain"));
        Space::new(domains.iter().map(param).collect(), vec![]).expect("a space")
    }

    fn estimator(space: &Space, joint: bool, width: Width) -> Parzen {
        let mut rng = Seed(3).rng();
        let points: Vec<Point> = (0..7)
            .filter_map(|_| space.sample(&mut rng))
            .map(|c| point(space, &c))
            .collect();
        let weights: Vec<f64> = (1..=points.len()).map(|i| i as f64 / 7.0).collect();
        Parzen::new(space, &points.iter().collect::<Vec<_>>(), &weights, width, joint)
    }

    #[test]
    fn the_density_integrates_to_one() {
        let space = space(&[("x", "-2.0..3.0"), ("k", "{a,b,c}"), ("n", "1..5")]);
        for (joint, width) in [(true, Width::Scott), (false, Width::Neighbour)] {
            let parzen = estimator(&space, joint, width);
            let cells = 400;
            let mut sum = 0.0;
            for i in 0..cells {
                for k in 0..3 {
                    for n in 0..5 {
                        let u = [
                            (f64::from(i) + 0.5) / f64::from(cells),
                            (f64::from(k) + 0.5) / 3.0,
                            (f64::from(n) + 0.5) / 5.0,
                        ];
                        let at = point(&space, &space.at_unit(&u));
                        sum += libm::exp(parzen.log_density(&at)) / f64::from(cells * 15);
                    }
                }
            }
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }

    #[test]
    fn draws_follow_the_density() {
        let space = space(&[("k", "{a,b,c,d}"), ("n", "1..6")]);
        for joint in [true, false] {
            let parzen = estimator(&space, joint, Width::Neighbour);
            let mut rng = Seed(5).rng();
            let mut counts = std::collections::BTreeMap::new();
            for _ in 0..40_000 {
                *counts
                    .entry(space.at_unit(&parzen.sample(&mut rng)).key())
                    .or_insert(0.0) += 1.0 / 40_000.0;
            }
            for config in space.list() {
                let expected = libm::exp(parzen.log_density(&point(&space, &config))) / 24.0;
                let found = counts.get(&config.key()).copied().unwrap_or(0.0);
                // Five standard deviations of a share of 40,000.
                let sd = libm::sqrt(expected / 40_000.0);
                assert!((found - expected).abs() < 5.0 * sd, "{config}: {found} and {expected}");
            }
        }
    }
}
