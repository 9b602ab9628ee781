//! Differential evolution.

use super::cube::{Cube, Kind};
use super::memory::Seen;
use super::replay::{Replay, Rule};
use super::{Build, Plan};
use crate::math::sobol::Sobol;
use crate::order;
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::seed::{Seed, below, uniform};
use crate::space::Config;
use crate::trial::MoveOrigin;
use rand::Rng;

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "de",
    title: "Differential evolution",
    about: "A population moves by its own differences: to a member is added the difference of two others, mixed with the member it may \
        replace, and the better of both stays. Steps so take the shape of the valley and shrink as the population gathers. Robust and nearly \
        without settings, on rugged functions too; it wants some hundred trials. A whole generation can be evaluated at once.",
    formula: "v = x_base + F · (x_b − x_c),  u = binomial crossover of v with x_i,  x_i ← the better of x_i and u",
    paper: "Storn & Price 1997, Differential evolution, J. Global Optimization 11; Zhang & Sanderson 2009, JADE, IEEE Trans. Evol. Comput. 13 (current-to-pbest)",
    settings: &[
        Setting {
            id: "population",
            about: "Members. 0 is a thirtieth of the planned trials, 10 to ten a parameter, but leaves time for four generations: with few trials a small population that moves often finds more.",
            kind: SettingKind::Int(0, 10_000),
            default: "0",
        },
        Setting {
            id: "base",
            about: "What differences are added to: a random member (rand/1), which explores most; or the member itself moved towards one of the best (current-to-pbest/1), which needs fewer trials.",
            kind: SettingKind::Choice(&["rand", "pbest"]),
            default: "pbest",
        },
        Setting {
            id: "f",
            about: "F, the length of the differences. Each is drawn within 0.2 of it, so that the population cannot fall into a lattice.",
            kind: SettingKind::Float(0.0, 2.0),
            default: "0.5",
        },
        Setting {
            id: "cr",
            about: "Probability that a coordinate comes from the mutant; one always does. High for parameters that act together.",
            kind: SettingKind::Float(0.0, 1.0),
            default: "0.9",
        },
    ],
    build: |space, settings, plan| {
        let (cube, settings, own) = (Cube::new(space), settings.clone(), plan.clone());
        let start = Box::new({
            let cube = cube.clone();
            move || Box::new(Differential::new(&cube, &settings, &own)) as Box<dyn Rule>
        });
        Ok(Box::new(Replay::new(&cube, plan, start)))
    },
};

/// How far F is varied from its setting.
const DITHER: f64 = 0.2;
/// Share of the population that counts as its best, for current-to-pbest.
const BEST: f64 = 0.2;
/// A population that differs by less than this share of each range starts anew.
const GATHERED: f64 = 1e-6;
/// Probability of any category where the population has no difference to offer: a category that died out can come back.
const RETURN: f64 = 0.05;

struct Differential {
    cube: Cube,
    seed: Seed,
    size: usize,
    variation: Variation,
    generation: u64,
    /// Where populations begin, and its next point; how many began.
    sequence: Sobol,
    from: u32,
    populations: u32,
    /// Points with their values; empty before the first generation is told.
    members: Vec<(Vec<f64>, Seen)>,
    points: Vec<Vec<f64>>,
    wanted: Vec<Config>,
    /// For each wanted point the members it was made of: replaced, base, and the two of the difference.
    made_of: Vec<[usize; 4]>,
}

impl Differential {
    fn new(cube: &Cube, settings: &Settings, plan: &Plan) -> Differential {
        let size = match settings.int("population") {
            0 => {
                let usual = (plan.trials / 30).clamp(10, 10.max(10 * cube.dim()));
                usual.min(plan.trials / 4).max(6)
            }
            // Four different members make one mutant.
            set => (set as usize).max(4),
        };
        let mut rule = Differential {
            sequence: Sobol::new(cube.dim(), plan.seed.derive("start", 0)),
            from: 0,
            populations: 0,
            wanted: Vec::new(),
            points: Vec::new(),
            cube: cube.clone(),
            seed: plan.seed,
            size,
            variation: Variation {
                to_best: settings.choice("base") == "pbest",
                f: settings.float("f"),
                cr: settings.float("cr"),
            },
            generation: 0,
            members: Vec::new(),
            made_of: Vec::new(),
        };
        rule.start();
        rule
    }

    /// A population at the next points of an even sequence; all but the best member so far are given up.
    fn start(&mut self) {
        self.populations += 1;
        let best = self.ranking().first().map(|k| self.members[*k].clone());
        let fresh = self.size - usize::from(best.is_some());
        self.members = best.into_iter().collect();
        self.made_of.clear();
        self.points = (0..fresh)
            .map(|_| self.cube.next_allowed(&self.sequence, &mut self.from))
            .collect();
        self.wanted = self.points.iter().map(|p| self.cube.config(p)).collect();
    }

    /// Whether the members are so close together that their differences lead nowhere.
    fn is_gathered(&self) -> bool {
        (0..self.cube.dim()).all(|axis| {
            let values = self.members.iter().map(|(point, _)| point[axis]);
            let (low, high) = values.fold((1.0_f64, 0.0_f64), |(l, h), u| (l.min(u), h.max(u)));
            match self.cube.kinds()[axis] {
                Kind::Continuous => high - low < GATHERED,
                _ => self.cube.level(axis, low) == self.cube.level(axis, high),
            }
        })
    }

    /// Members in order of their values.
    fn ranking(&self) -> Vec<usize> {
        let mut ranking: Vec<usize> = (0..self.members.len()).collect();
        order::sort_by(&mut ranking, |a, b| {
            self.members[*a].1.value.total_cmp(&self.members[*b].1.value)
        });
        ranking
    }

    fn breed(&mut self) {
        if self.is_gathered() {
            return self.start();
        }
        self.generation += 1;
        let ranking = self.ranking();
        let elite = ((self.size as f64 * BEST) as usize).max(2).min(ranking.len());
        let seed = self.seed.derive("generation", self.generation);
        (self.points, self.wanted, self.made_of) = Default::default();
        for i in 0..self.size {
            let mut rng = seed.derive("member", i as u64).rng();
            let mut others: Vec<usize> = (0..self.size).filter(|k| *k != i).collect();
            crate::seed::shuffle(&mut rng, &mut others);
            let base = if self.variation.to_best {
                ranking[below(&mut rng, elite as u64) as usize]
            } else {
                others[0]
            };
            let parts = [i, base, others[1], others[2]];
            let points = parts.map(|k| &self.members[k].0[..]);
            let point = self.variation.offspring(&self.cube, points, &mut rng);
            self.wanted.push(self.cube.config(&point));
            self.points.push(point);
            self.made_of.push(parts);
        }
    }
}

/// How a mutant is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variation {
    /// Whether differences are added to the member itself moved towards the base, instead of to the base.
    pub(super) to_best: bool,
    /// F, before it is varied.
    pub(super) f: f64,
    /// Probability that a coordinate comes from the mutant.
    pub(super) cr: f64,
}

impl Variation {
    /// The member `own` crossed with a mutant of `base` and the difference of `b` and `c`.
    pub(super) fn offspring(&self, cube: &Cube, parts: [&[f64]; 4], rng: &mut impl Rng) -> Vec<f64> {
        let [own, base, b, c] = parts;
        let f = self.f + DITHER * (2.0 * uniform(rng) - 1.0);
        let sure = below(rng, own.len().max(1) as u64) as usize;
        let mut point = own.to_vec();
        for axis in 0..own.len() {
            let crossed = axis == sure || uniform(rng) < self.cr;
            if !crossed {
                continue;
            }
            point[axis] = if let Kind::Categories(count) = cube.kinds()[axis] {
                // Categories have no differences: where b and c disagree, F is the probability of any category at all.
                let differ = cube.level(axis, b[axis]) != cube.level(axis, c[axis]);
                let any = uniform(rng) < if differ { f } else { RETURN };
                if any {
                    cube.at_level(axis, below(rng, count))
                } else {
                    base[axis]
                }
            } else {
                let start = if self.to_best {
                    own[axis] + f * (base[axis] - own[axis])
                } else {
                    base[axis]
                };
                let to = start + f * (b[axis] - c[axis]);
                // Beyond an end: halfway there, as in JADE.
                let inside = start.clamp(0.0, 1.0);
                if to < 0.0 {
                    0.5 * inside
                } else if to > 1.0 {
                    0.5 * (1.0 + inside)
                } else {
                    to
                }
            };
        }
        point
    }
}

impl Rule for Differential {
    fn wanted(&self) -> &[Config] {
        &self.wanted
    }

    fn origin(&self, k: usize) -> MoveOrigin {
        let member = |i: usize| self.members.get(i).and_then(|(_, seen)| seen.id);
        let Some(&[own, base, b, c]) = self.made_of.get(k) else {
            let why = match self.populations {
                1 => {
                    "One of the first generation: points spread evenly over the space, whose differences will be the first steps."
                }
                _ => {
                    "The population had gathered in one place, so all but its best starts anew, spread evenly over the space."
                }
            };
            return MoveOrigin {
                name: format!("population {}, {} of {}", self.populations, k + 1, self.points.len()),
                why: why.into(),
                from: Vec::new(),
                numbers: Vec::new(),
            };
        };
        let name = |i: usize| member(i).map_or("a forbidden point".to_string(), |id| format!("trial {}", id + 1));
        let how = if self.variation.to_best {
            format!(
                "{} moved towards {}, one of the best, and by a part of the difference of {} and {}",
                name(own),
                name(base),
                name(b),
                name(c)
            )
        } else {
            format!(
                "{} moved by a part of the difference of {} and {}, mixed with {}",
                name(base),
                name(b),
                name(c),
                name(own)
            )
        };
        MoveOrigin {
            name: format!("generation {}, against {}", self.generation + 1, name(own)),
            why: format!("It is {how}; if it is no worse than {}, it takes its place.", name(own)),
            from: [own, base, b, c].into_iter().filter_map(member).collect(),
            numbers: vec![
                ("generation".into(), self.generation as f64 + 1.0),
                ("population".into(), self.size as f64),
            ],
        }
    }

    fn advance(&mut self, seen: &[Seen]) {
        if self.made_of.is_empty() {
            self.members.extend(self.points.drain(..).zip(seen.iter().copied()));
        } else {
            for ((member, point), new) in self.members.iter_mut().zip(self.points.drain(..)).zip(seen) {
                // Equals too: on a plateau the population keeps moving.
                if new.value <= member.1.value {
                    *member = (point, *new);
                }
            }
        }
        self.breed();
    }

    fn relocate(&mut self, config: &Config, seen: Seen) {
        let anywhere = vec![0.5; self.cube.dim()];
        if self.made_of.is_empty() {
            // A population is about to begin: with this point as one of it.
            self.points[0] = self.cube.point(config, &anywhere);
            self.wanted[0] = config.clone();
            return;
        }
        if let Some(worst) = self.ranking().pop() {
            self.members[worst] = (self.cube.point(config, &anywhere), seen);
        }
        self.breed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{number, reached};

    #[test]
    fn finds_the_deepest_of_many_valleys() {
        // Rastrigin's function on [−5.12, 5.12]²: a hundred valleys, the next best only 1 higher than the best. 1000 uniform draws come below
        // 0.1 in one or two of a hundred runs.
        let rastrigin = |c: &Config| {
            let wave = |v: f64| v * v + 10.0 - 10.0 * libm::cos(2.0 * std::f64::consts::PI * v);
            wave(number(c, "a") - 1.3) + wave(number(c, "b") + 2.1)
        };
        let count = reached(
            &ENTRY,
            &[("a", "-5.12..5.12"), ("b", "-5.12..5.12")],
            1000,
            rastrigin,
            0.1,
        );
        assert!(count >= 14);
    }
}
