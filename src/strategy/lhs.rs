//! Latin hypercubes as a search.

use super::Build;
use super::cube::{Cube, Kind};
use super::spread::{Sequence, Spread};
use crate::registry::{Entry, Setting, SettingKind};
use crate::seed::{Seed, below, shuffle, uniform};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "lhs",
    title: "Latin hypercube",
    about: "Cuts every parameter into as many slices as there are trials and visits each slice once, in an order that keeps points far \
        apart (maximin, around the ends of the scales). Good when the number of trials is known: the design is even only once it is complete, and trials beyond the \
        plan begin a further one. It does not learn.",
    formula: "xᵢⱼ = (πⱼ(i) + u) / n,  π by swaps that lower φ = Σᵢ<ₖ ‖xᵢ − xₖ‖⁻¹⁶",
    paper: "McKay, Beckman & Conover 1979, Technometrics 21; Morris & Mitchell 1995, Exploratory designs for computational experiments, J. Stat. Plan. Inference 43 (maximin)",
    settings: &[Setting {
        id: "swaps",
        about: "Swaps of two points' slices that are tried for each point, to push close points apart; 0 leaves the design to chance. More than 100 gain little. Large designs get fewer, to stay fast.",
        kind: SettingKind::Int(0, 10_000),
        default: "100",
    }],
    build: |space, settings, plan| {
        let cube = Cube::new(space);
        let dim = cube.dim().max(1);
        let sequence = Hypercubes {
            size: plan.trials.clamp(1, (MOST_COORDINATES / dim).max(1)),
            swaps: settings.int("swaps") as usize,
            seed: plan.seed.derive("lhs", 0),
            cube,
            current: None,
        };
        Ok(Box::new(Spread::new(
            "Latin hypercube point",
            space,
            plan,
            Box::new(sequence),
        )))
    },
};

/// Most coordinates of one design. Longer plans get several designs.
const MOST_COORDINATES: usize = 1_000_000;
/// Most differences of coordinates that are looked at to improve a design.
const EFFORT: usize = 30_000_000;

/// One design after the other, each of `size` points.
struct Hypercubes {
    cube: Cube,
    size: usize,
    swaps: usize,
    seed: Seed,
    /// The design in use, with its number.
    current: Option<(u32, Vec<Vec<f64>>)>,
}

impl Hypercubes {
    fn design(&self, number: u32) -> Vec<Vec<f64>> {
        let seed = self.seed.derive("design", u64::from(number));
        let mut points = self.draw(seed.derive("draw", 0));
        let (n, dim) = (self.size, self.cube.dim());
        if n < 3 || dim < 2 {
            return points;
        }
        // What is compared are the values a point will have, not where in its share of a discrete scale it fell.
        let mut places: Vec<Vec<f64>> = points.iter().map(|p| self.levels(p)).collect();
        let mut rng = seed.derive("swaps", 0).fast_rng();
        for _ in 0..(self.swaps * n).min(EFFORT / (4 * n * dim)) {
            let (i, k, axis) = (
                below(&mut rng, n as u64) as usize,
                below(&mut rng, n as u64) as usize,
                below(&mut rng, dim as u64) as usize,
            );
            let (a, b) = (places[i][axis], places[k][axis]);
            if a == b {
                continue;
            }
            let before = self.crowding(&places, i, k);
            (places[i][axis], places[k][axis]) = (b, a);
            if self.crowding(&places, i, k) < before {
                let (a, b) = (points[i][axis], points[k][axis]);
                (points[i][axis], points[k][axis]) = (b, a);
            } else {
                (places[i][axis], places[k][axis]) = (a, b);
            }
        }
        points
    }

    fn draw(&self, seed: Seed) -> Vec<Vec<f64>> {
        let mut rng = seed.fast_rng();
        let mut points = vec![Vec::with_capacity(self.cube.dim()); self.size];
        let mut slices: Vec<usize> = (0..self.size).collect();
        for _ in 0..self.cube.dim() {
            shuffle(&mut rng, &mut slices);
            for (point, slice) in points.iter_mut().zip(&slices) {
                point.push((*slice as f64 + uniform(&mut rng)) / self.size as f64);
            }
        }
        points
    }

    /// The part of φ that points i and k have in it; the distance of the two from each other, which a swap leaves as it is, is left out.
    fn crowding(&self, places: &[Vec<f64>], i: usize, k: usize) -> f64 {
        let near = |own: usize| {
            let others = places
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != i && *other != k);
            let inverse = others.map(|(_, other)| 1.0 / (1e-6 + self.distance(&places[own], other)));
            let squared = |v: f64| v * v;
            inverse.map(|v| squared(squared(squared(v)))).sum::<f64>()
        };
        near(i) + near(k)
    }

    /// The squared distance, around the ends of scales as if they met: with the straight one, points of many parameters crowd at the
    /// borders, and the middle of the space stays empty. Two categories are half a scale apart, however far their shares.
    fn distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (kind, (a, b)) in self.cube.kinds().iter().zip(a.iter().zip(b)) {
            sum += match kind {
                Kind::Categories(_) => 0.25 * f64::from(u8::from(a != b)),
                _ => {
                    let apart = libm::fabs(a - b);
                    let around = apart.min(1.0 - apart);
                    around * around
                }
            };
        }
        sum
    }

    fn levels(&self, point: &[f64]) -> Vec<f64> {
        let level = |(axis, u): (usize, &f64)| match self.cube.kinds()[axis] {
            Kind::Continuous => *u,
            _ => self.cube.at_level(axis, self.cube.level(axis, *u)),
        };
        point.iter().enumerate().map(level).collect()
    }
}

impl Sequence for Hypercubes {
    fn point(&mut self, index: u32) -> Vec<f64> {
        let (number, place) = (index / self.size as u32, index as usize % self.size);
        if self.current.as_ref().is_none_or(|(n, _)| *n != number) {
            self.current = Some((number, self.design(number)));
        }
        self.current
            .as_ref()
            .map_or_else(Vec::new, |(_, points)| points[place].clone())
    }

    fn why(&self, index: u32) -> String {
        let (number, place, size) = (index / self.size as u32, index % self.size as u32, self.size);
        let which = match number {
            0 => "a maximin Latin hypercube".to_string(),
            n => format!(
                "Latin hypercube number {}: the ones before are used up, and a further one of the same size fills the gaps by chance",
                n + 1
            ),
        };
        format!(
            "Point {} of the {size} of {which}; what earlier trials found plays no part.",
            place + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::{first, is, space};

    fn hypercubes(swaps: usize) -> Hypercubes {
        Hypercubes {
            cube: Cube::new(&space(&[("x", "0.0..1.0"), ("y", "0.0..1.0")])),
            size: 20,
            swaps,
            seed: Seed(5),
            current: None,
        }
    }

    #[test]
    fn every_slice_is_visited_once_and_the_next_design_differs() {
        let mut lhs = hypercubes(5);
        for start in [0, 20] {
            for axis in 0..2 {
                let mut slices: Vec<u32> = (start..start + 20)
                    .map(|i| (lhs.point(i)[axis] * 20.0) as u32)
                    .collect();
                slices.sort_unstable();
                assert!(slices.into_iter().eq(0..20));
            }
        }
        assert_ne!(lhs.point(3), lhs.point(23));
        assert!(lhs.why(23).contains("number 2") && lhs.why(3).contains("Point 4 of the 20"));
    }

    #[test]
    fn swaps_push_the_closest_points_apart() {
        let closest = |swaps| {
            let lhs = hypercubes(swaps);
            let points = lhs.design(0);
            let pairs = (0..points.len()).flat_map(|i| (0..i).map(move |k| (i, k)));
            pairs
                .map(|(i, k)| lhs.distance(&points[i], &points[k]))
                .fold(1.0, f64::min)
        };
        // 20 points on a square lattice would be 0.22 apart; chance leaves the closest at about 0.05.
        assert!(libm::sqrt(closest(0)) < 0.1 && libm::sqrt(closest(100)) > 0.14);
    }

    #[test]
    fn categories_come_equally_often() {
        let space = space(&[("k", "{a,b,c}"), ("x", "0.0..1.0")]);
        let configs = first(&ENTRY, &space, 30);
        assert_eq!(
            ["a", "b", "c"].map(|k| configs.iter().filter(|c| is(c, "k", k)).count()),
            [10; 3]
        );
    }
}
