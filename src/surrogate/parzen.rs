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
    let mut next = 0;
    let place = |param: &Param| {
        // A checked configuration has the space's order.
        let value = match config.0.get(next) {
            Some((name, value)) if *name == param.name => {
                next += 1;
                value
            }
            _ => config.get(&param.name)?,
        };
        let domain = &param.domain;
        let at = domain.to_unit(value);
        let few = domain.size().filter(|n| *n <= FEW && !domain.is_categorical());
        let share = few.zip(few.and_then(|_| domain.level_of(value)));
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

/// The kernels' factors for one parameter, kernel by kernel.
#[derive(Clone, Debug)]
enum Factors {
    /// Uniform.
    Flat,
    /// Truncated normals.
    Ordered(Vec<Normal>),
    /// Number of categories, own one of each kernel if it has one, probability of the own one and of each other.
    Categories {
        n: u64,
        own: Vec<Option<u64>>,
        raised: f64,
        other: f64,
    },
}

/// A normal truncated to [0, 1]; of no reach where it is flat.
#[derive(Clone, Copy, Debug)]
struct Normal {
    centre: f64,
    /// 1 / width; 0 is flat.
    sharp: f64,
    /// The logarithm of 1 / (share of the normal inside · width · √2π).
    height: f64,
}

const FLAT: Normal = Normal {
    centre: 0.5,
    sharp: 0.0,
    height: 0.0,
};

/// ln √2π.
const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_7;
/// Densities below this count as it, so that logarithms stay finite.
const LEAST: f64 = 1e-300;
/// Its logarithm.
const LEAST_LOG: f64 = -690.775_527_898_213_7;

/// A density over the configurations of a space.
#[derive(Debug)]
pub struct Parzen {
    /// By kernel; the last is the prior.
    weights: Vec<f64>,
    factors: Vec<Factors>,
    /// Whether kernels are products over all parameters, rather than each parameter having a mixture of its own.
    joint: bool,
}

impl Parzen {
    /// Kernels at `points` of weights `weights`, and a prior of weight 1.
    pub fn new(space: &Space, points: &[&Point], weights: &[f64], width: Width, joint: bool) -> Parzen {
        let n = points.len();
        let total: f64 = weights.iter().sum::<f64>() + 1.0;
        let narrowest = 1.0 / (n as f64 + 2.0).min(100.0);
        let free = space.params().iter().filter(|p| !p.domain.is_fixed()).count();
        let scott = 0.2 * libm::pow((n as f64).max(1.0), -1.0 / (free as f64 + 4.0));
        let factors = |(j, param): (usize, &Param)| {
            let places = || points.iter().map(|p| p[j]);
            match &param.domain {
                Domain::Fixed(_) => Factors::Flat,
                Domain::Categorical(values) => {
                    let k = values.len() as f64;
                    // The prior's weight, shared by the kernels, is spread over all categories; the prior itself is flat.
                    let spread = 1.0 / (n as f64 + 1.0);
                    Factors::Categories {
                        n: values.len() as u64,
                        own: places().map(|p| p.map(|p| (p.at * k) as u64)).chain([None]).collect(),
                        raised: (1.0 + spread) / (1.0 + k * spread),
                        other: spread / (1.0 + k * spread),
                    }
                }
                _ => {
                    let mut centres: Vec<f64> = places().flatten().map(|p| p.at).chain([0.5]).collect();
                    centres.sort_unstable_by(f64::total_cmp);
                    let kernel = |place: Option<Place>| {
                        let Some(place) = place else { return FLAT };
                        let width = match width {
                            Width::Scott => scott,
                            Width::Neighbour => neighbour(&centres, place.at),
                        };
                        Normal::new(place.at, width.clamp(narrowest, 1.0))
                    };
                    Factors::Ordered(places().map(kernel).chain([Normal::new(0.5, 1.0)]).collect())
                }
            }
        };
        Parzen {
            weights: weights.iter().chain([&1.0]).map(|w| w / total).collect(),
            factors: space.params().iter().enumerate().map(factors).collect(),
            joint,
        }
    }

    /// The logarithm of the density at each of `points`, over the parameters active there.
    pub fn log_densities(&self, points: &[Point]) -> Vec<f64> {
        let mut known: Vec<Vec<(Place, Vec<f64>)>> = vec![Vec::new(); self.factors.len()];
        points.iter().map(|point| self.log_density(point, &mut known)).collect()
    }

    /// `known` are the factors of levels that came before, by parameter.
    fn log_density(&self, at: &Point, known: &mut [Vec<(Place, Vec<f64>)>]) -> f64 {
        let mut sum = 0.0;
        let mut products: Vec<f64> = if self.joint {
            self.weights.iter().map(|w| libm::log(*w)).collect()
        } else {
            Vec::new()
        };
        for ((factors, place), known) in self.factors.iter().zip(at).zip(known) {
            let Some(place) = place else { continue };
            if matches!(factors, Factors::Flat) {
                continue;
            }
            let logs = if place.to > place.from || matches!(factors, Factors::Categories { .. }) {
                let found = known.iter().position(|(p, _)| p == place);
                let k = found.unwrap_or_else(|| {
                    known.push((*place, factors.logs(*place)));
                    known.len() - 1
                });
                &known[k].1
            } else {
                &factors.logs(*place)
            };
            if self.joint {
                products.iter_mut().zip(logs).for_each(|(p, l)| *p += l);
            } else {
                let mixture = self.weights.iter().zip(logs).map(|(w, l)| w * libm::exp(*l));
                sum += libm::log(mixture.sum());
            }
        }
        if !self.joint {
            return sum;
        }
        let most = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + libm::log(
            products
                .iter()
                .map(|l| l - most)
                .filter(|l| *l > -40.0)
                .map(libm::exp)
                .sum(),
        )
    }

    /// A point of the unit cube drawn from the density.
    pub fn sample(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let mut kernel = self.pick(rng);
        let coordinate = |factors: &Factors| {
            if !self.joint {
                kernel = self.pick(rng);
            }
            factors.sample(kernel, rng)
        };
        self.factors.iter().map(coordinate).collect()
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

/// The distance to the farther neighbour among sorted centres; at the ends to the only one.
fn neighbour(centres: &[f64], at: f64) -> f64 {
    let place = centres.partition_point(|c| *c < at);
    let below = place.checked_sub(1).map_or(0.0, |i| at - centres[i]);
    let above = centres.get(place + 1).map_or(0.0, |c| c - at);
    below.max(above)
}

impl Normal {
    fn new(centre: f64, width: f64) -> Normal {
        let inside = cdf((1.0 - centre) / width) - cdf(-centre / width);
        Normal {
            centre,
            sharp: 1.0 / width,
            height: -libm::log(inside * width) - HALF_LOG_TAU,
        }
    }

    /// The logarithm of its density at a place: of the mean over the place's share, if it has one.
    fn log(&self, place: Place) -> f64 {
        if self.sharp == 0.0 {
            return 0.0;
        }
        let z = |u: f64| (u - self.centre) * self.sharp;
        if place.to > place.from {
            let mean = (cdf(z(place.to)) - cdf(z(place.from))) / (place.to - place.from);
            // Height is of the density itself: what belongs to its shape alone is taken out again.
            return libm::log(mean.max(LEAST)) + self.height + HALF_LOG_TAU - libm::log(self.sharp);
        }
        (self.height - 0.5 * z(place.at) * z(place.at)).max(LEAST_LOG)
    }
}

impl Factors {
    /// The logarithm of each kernel's density at a place.
    fn logs(&self, place: Place) -> Vec<f64> {
        match self {
            Factors::Flat => Vec::new(),
            Factors::Ordered(kernels) => kernels.iter().map(|k| k.log(place)).collect(),
            Factors::Categories { n, own, raised, other } => {
                let at = (place.at * *n as f64) as u64;
                let [raised, other] = [raised, other].map(|p| libm::log(p * *n as f64));
                let log = |own: &Option<u64>| own.map_or(0.0, |k| if k == at { raised } else { other });
                own.iter().map(log).collect()
            }
        }
    }

    fn sample(&self, kernel: usize, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Factors::Categories { n, own, raised, other } => {
                let kept = own[kernel].filter(|_| uniform(rng) < raised - other);
                let category = kept.unwrap_or_else(|| below(rng, *n));
                (category as f64 + 0.5) / *n as f64
            }
            Factors::Ordered(kernels) if kernels[kernel].sharp > 0.0 => {
                let Normal { centre, sharp, .. } = kernels[kernel];
                // At least a third of the normal lies inside.
                let mut draws = (0..100).map(|_| centre + normal(rng) / sharp);
                draws.find(|u| (0.0..=1.0).contains(u)).unwrap_or(centre)
            }
            Factors::Flat | Factors::Ordered(_) => uniform(rng),
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
            let mut at = Vec::new();
            for i in 0..cells {
                for k in 0..3 {
                    for n in 0..5 {
                        let u = [
                            (f64::from(i) + 0.5) / f64::from(cells),
                            (f64::from(k) + 0.5) / 3.0,
                            (f64::from(n) + 0.5) / 5.0,
                        ];
                        at.push(point(&space, &space.at_unit(&u)));
                    }
                }
            }
            let sum = parzen.log_densities(&at).into_iter().map(libm::exp).sum::<f64>() / at.len() as f64;
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
                let expected = libm::exp(parzen.log_densities(&[point(&space, &config)])[0]) / 24.0;
                let found = counts.get(&config.key()).copied().unwrap_or(0.0);
                // Five standard deviations of a share of 40,000.
                let sd = libm::sqrt(expected / 40_000.0);
                assert!((found - expected).abs() < 5.0 * sd, "{config}: {found} and {expected}");
            }
        }
    }
}
