//! The covariance matrix adaptation evolution strategy, with restarts, and margins for discrete parameters.

mod categories;
mod distribution;
mod margin;
mod rates;

use super::cube::{Cube, Kind};
use super::memory::Seen;
use super::replay::{Replay, Rule};
use super::{Build, Plan};
use crate::mind::{Gaussian, Mind};
use crate::order;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, uniform};
use crate::space::Config;
use crate::trial::MoveOrigin;
use categories::Categories;
use distribution::Distribution;
use rates::Rates;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "cmaes",
    title: "CMA-ES",
    about: "Draws a generation from a normal distribution, moves its centre to the better half, and learns from the steps that paid how long \
        and in which directions to search: a stretched valley at any angle becomes round. For continuous and integer parameters, \
        five to a hundred, from some hundred trials on; with fewer, a model-based search is ahead. When it has converged it starts \
        anew elsewhere. A whole generation can be evaluated at once.",
    formula: "x ~ N(m, σ² C);  m ← m + σ Σ wᵢ yᵢ,  C ← (1 − c₁ − c_μ) C + c₁ p pᵀ + c_μ Σ wᵢ yᵢ yᵢᵀ",
    paper: "Hansen 2016, The CMA evolution strategy: a tutorial, arXiv:1604.00772; Hansen 2009 (BIPOP restarts); Hamano et al. 2022 (margin), 2024 (categories), GECCO",
    settings: &[
        Setting {
            id: "sigma",
            about: "Standard deviation at the start, as a share of each parameter's range on its own scale. 0.3 reaches the whole range from its middle.",
            kind: SettingKind::Float(1e-6, 1.0),
            default: "0.3",
        },
        Setting {
            id: "population",
            about: "Points a generation. 0 is 4 + 3 ln d, the usual one; more for rugged or noisy objectives.",
            kind: SettingKind::Int(0, 10_000),
            default: "0",
        },
        Setting {
            id: "restarts",
            about: "After convergence: bipop turns between growing populations, for rugged objectives, and small ones with small steps, for local valleys; ipop doubles the population each time.",
            kind: SettingKind::Choice(&["bipop", "ipop"]),
            default: "bipop",
        },
    ],
    build: |space, settings, plan| {
        let (cube, settings, own) = (Cube::new(space), settings.clone(), plan.clone());
        let start = Box::new({
            let cube = cube.clone();
            move || Box::new(Cmaes::new(&cube, &settings, &own)) as Box<dyn Rule>
        });
        Ok(Box::new(Replay::new(&cube, plan, start)))
    },
};

/// Draws for a point inside the unit cube and allowed; then it is moved to the border, or counts as failed.
const DRAWS: usize = 50;
/// Standard deviations below this, as a share of the range, have converged.
const CONVERGED: f64 = 1e-9;

/// So have the best values of many generations, if they differ by less than this share of the first generation's range.
const FLAT: f64 = 1e-9;

/// One point of a generation.
struct Sample {
    /// Its coordinates on the numeric axes, unrounded.
    x: Vec<f64>,
    /// Its categories.
    choices: Vec<usize>,
}

struct Cmaes {
    cube: Cube,
    seed: Seed,
    sigma: f64,
    /// Points a generation before any restart.
    usual: usize,
    doubling_only: bool,
    /// Axes with an order, and those without.
    numeric: Vec<usize>,
    categories: Categories,
    distribution: Distribution,
    rates: Rates,
    restarts: u64,
    generation: u64,
    /// Evaluations spent with growing populations and with small ones; times the population was doubled; whether it is small now.
    spent: [usize; 2],
    doubled: u32,
    small: bool,
    samples: Vec<Sample>,
    wanted: Vec<Config>,
    /// The best value of each generation since the start, and the range of the first generation's.
    bests: Vec<f64>,
    range: f64,
    /// The trials of the better half of the last generation.
    parents: Vec<u32>,
}

impl Cmaes {
    fn new(cube: &Cube, settings: &Settings, plan: &Plan) -> Cmaes {
        let (mut numeric, mut choices) = (Vec::new(), Vec::new());
        for (axis, kind) in cube.kinds().iter().enumerate() {
            match kind {
                Kind::Categories(count) => choices.push((axis, *count as usize)),
                _ => numeric.push(axis),
            }
        }
        let usual = match settings.int("population") {
            0 => 4 + (3.0 * libm::log(cube.dim().max(1) as f64)) as usize,
            set => (set as usize).max(4),
        };
        let mut rule = Cmaes {
            cube: cube.clone(),
            seed: plan.seed,
            sigma: settings.float("sigma"),
            usual,
            doubling_only: settings.choice("restarts") == "ipop",
            distribution: Distribution::new(vec![0.5; numeric.len()], settings.float("sigma")),
            rates: Rates::new(numeric.len(), usual),
            categories: Categories::new(choices),
            numeric,
            restarts: 0,
            generation: 0,
            spent: [0, 0],
            doubled: 0,
            small: false,
            samples: Vec::new(),
            wanted: Vec::new(),
            bests: Vec::new(),
            range: 0.0,
            parents: Vec::new(),
        };
        rule.draw();
        rule
    }

    fn population(&self) -> usize {
        self.rates.population
    }

    /// Begins anew around `mean`, or a random point.
    fn restart(&mut self, mean: Option<Vec<f64>>) {
        self.restarts += 1;
        let mut rng = self.seed.derive("restart", self.restarts).rng();
        let random: Vec<f64> = self.numeric.iter().map(|_| uniform(&mut rng)).collect();
        self.small = !self.doubling_only && self.spent[1] < self.spent[0];
        let (population, sigma) = if self.small {
            // Between the usual population and half of the largest, mostly small; steps down to a hundredth.
            let share = uniform(&mut rng);
            let ratio = 0.5 * libm::exp2(f64::from(self.doubled));
            let grown = libm::pow(ratio.max(1.0), share * share);
            let narrow = libm::pow(10.0, -2.0 * uniform(&mut rng));
            ((self.usual as f64 * grown) as usize, self.sigma * narrow)
        } else {
            // Beyond some thousand points a generation there is nothing left to learn from.
            self.doubled = (self.doubled + 1).min(8);
            (self.usual << self.doubled, self.sigma)
        };
        self.rates = Rates::new(self.numeric.len(), population);
        self.distribution = Distribution::new(mean.unwrap_or(random), sigma);
        self.categories.forget();
        self.bests.clear();
        self.parents.clear();
        self.draw();
    }

    /// Draws the next generation.
    fn draw(&mut self) {
        let seed = self.seed.derive("generation", self.generation);
        self.generation += 1;
        self.samples.clear();
        self.wanted.clear();
        for k in 0..self.population() {
            let (mut sample, mut config) = (None, Config::default());
            for attempt in 0..DRAWS {
                let mut rng = seed.derive("member", k as u64).derive("draw", attempt as u64).rng();
                let mut x = self.distribution.sample(&mut rng);
                let choices = self.categories.sample(&mut rng);
                let mut inside = true;
                for (value, axis) in x.iter_mut().zip(&self.numeric) {
                    // Discrete coordinates have their last level beyond the ends too: rounding takes care of them.
                    if self.cube.kinds()[*axis] == Kind::Continuous {
                        inside &= (0.0..=1.0).contains(value);
                        *value = value.clamp(0.0, 1.0);
                    }
                }
                config = self.cube.config(&self.point(&x, &choices));
                sample = Some(Sample { x, choices });
                if inside && self.cube.space().is_allowed(&config) {
                    break;
                }
            }
            self.samples.extend(sample);
            self.wanted.push(config);
        }
    }

    fn point(&self, x: &[f64], choices: &[usize]) -> Vec<f64> {
        let mut point = vec![0.5; self.cube.dim()];
        self.numeric
            .iter()
            .zip(x)
            .for_each(|(axis, u)| point[*axis] = u.clamp(0.0, 1.0));
        let chosen = self.categories.axes().zip(choices);
        chosen.for_each(|(axis, k)| point[axis] = self.cube.at_level(axis, *k as u64));
        point
    }

    /// Whether this start has nothing more to find.
    fn is_done(&self) -> bool {
        let patience = 10 + 30 * self.cube.dim() / self.population();
        let flat = self.bests.len() > patience && {
            let last = &self.bests[self.bests.len() - patience..];
            let (low, high) = last
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
            high - low <= FLAT * self.range
        };
        let converged = !self.numeric.is_empty() && self.distribution.widest() < CONVERGED;
        flat || converged || self.distribution.is_degenerate()
    }
}

impl Rule for Cmaes {
    fn wanted(&self) -> &[Config] {
        &self.wanted
    }

    fn origin(&self, k: usize) -> MoveOrigin {
        let (generation, count) = (self.generation, self.population());
        let sd = self.distribution.sigma;
        let why = match self.bests.is_empty() {
            true if self.restarts == 0 => "Drawn from the first search distribution, round and around the middle of the space.".to_string(),
            true => format!("The search had converged or came up with nothing new, so it begins anew elsewhere: restart {}.", self.restarts),
            false => "Drawn from the search distribution, whose centre and shape come from the better half of the generations before.".to_string(),
        };
        MoveOrigin {
            name: format!("generation {generation}, {} of {count}", k + 1),
            why,
            from: self.parents.clone(),
            numbers: vec![
                ("sigma".into(), sd),
                ("widest".into(), self.distribution.widest()),
                ("generation".into(), generation as f64),
                ("restart".into(), self.restarts as f64),
            ],
        }
    }

    fn advance(&mut self, seen: &[Seen]) {
        self.spent[usize::from(self.small)] += seen.len();
        let mut order: Vec<usize> = (0..seen.len()).collect();
        order::sort_by(&mut order, |a, b| seen[*a].value.total_cmp(&seen[*b].value));
        let best = seen[order[0]].value;
        if best == f64::INFINITY {
            // All failed: which were the better half, nobody knows.
            return self.restart(None);
        }
        if self.bests.is_empty() {
            let worst = order.iter().rev().map(|k| seen[*k].value).find(|v| v.is_finite());
            self.range = worst.map_or(0.0, |worst| worst - best);
        }
        self.bests.push(best);
        self.parents = order[..self.rates.parents()]
            .iter()
            .filter_map(|k| seen[*k].id)
            .collect();
        let ranked: Vec<&[f64]> = order.iter().map(|k| self.samples[*k].x.as_slice()).collect();
        let chosen: Vec<&[usize]> = order.iter().map(|k| self.samples[*k].choices.as_slice()).collect();
        self.categories.update(&chosen, &self.rates);
        self.distribution.update(&ranked, &self.rates);
        margin::keep(&mut self.distribution, &self.cube, &self.numeric, self.rates.population);
        if self.is_done() {
            self.restart(None);
        } else {
            self.draw();
        }
    }

    fn relocate(&mut self, config: &Config, _seen: Seen) {
        let point = self.cube.point(config, &vec![0.5; self.cube.dim()]);
        self.restart(Some(self.numeric.iter().map(|axis| point[*axis]).collect()));
    }

    fn mind(&self) -> Mind {
        if self.numeric.is_empty() {
            return Mind::Nothing(
                "no parameter has an order here, and its probabilities of categories are no picture".into(),
            );
        }
        let d = &self.distribution;
        Mind::Gaussian(Gaussian {
            params: self
                .numeric
                .iter()
                .map(|axis| self.cube.name(*axis).to_string())
                .collect(),
            mean: d.mean.clone(),
            covariance: d.shape(),
            sigma: d.sigma,
        })
    }
}

#[cfg(test)]
mod tests;
