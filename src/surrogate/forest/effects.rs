//! How much of a forest's variance over the unit cube each coordinate explains by itself (Hutter, Hoos & Leyton-Brown 2014).

use super::{Forest, Kind, Tree};

/// The part of one coordinate that a leaf's box covers.
#[derive(Clone)]
enum Side {
    Range(f64, f64),
    Levels(Vec<f64>),
}

impl Forest {
    /// For each tree the shares Vᵢ / V: V is the variance of its prediction under uniform coordinates, Vᵢ that of its mean given coordinate
    /// i alone. Exact, leaf by leaf. `levels` holds every value a category can have, and nothing for an ordered coordinate. Trees without variance
    /// are left out.
    pub fn effects(&self, levels: &[Vec<f64>]) -> Vec<Vec<f64>> {
        self.trees.iter().filter_map(|tree| tree.effects(levels)).collect()
    }
}

impl Tree {
    fn effects(&self, levels: &[Vec<f64>]) -> Option<Vec<f64>> {
        let whole = |levels: &Vec<f64>| match levels.is_empty() {
            true => Side::Range(0.0, 1.0),
            false => Side::Levels(levels.clone()),
        };
        let share = |side: &Side, i: usize| match side {
            Side::Range(low, high) => (high - low).max(0.0),
            Side::Levels(own) => own.len() as f64 / levels[i].len().max(1) as f64,
        };
        let boxes = self.boxes(levels.iter().map(whole).collect());
        let weight = |sides: &[Side], but: usize| -> f64 {
            let others = sides.iter().enumerate().filter(|(i, _)| *i != but);
            others.map(|(i, side)| share(side, i)).product()
        };
        let mean: f64 = boxes.iter().map(|(sides, leaf)| weight(sides, usize::MAX) * leaf).sum();
        let deviation = |v: f64| (v - mean) * (v - mean);
        let variance: f64 = boxes
            .iter()
            .map(|(sides, leaf)| weight(sides, usize::MAX) * deviation(*leaf))
            .sum();
        if variance <= 0.0 || !variance.is_finite() {
            return None;
        }
        let own = |i: usize| {
            // The mean given this coordinate is constant between neighbouring ends of the leaves' sides, and at each level.
            let mut cuts: Vec<f64> = vec![0.0, 1.0];
            for (sides, _) in &boxes {
                if let Side::Range(low, high) = sides[i] {
                    cuts.extend([low, high]);
                }
            }
            cuts.sort_unstable_by(f64::total_cmp);
            cuts.dedup();
            let pieces: Vec<(f64, f64)> = if levels[i].is_empty() {
                cuts.windows(2).map(|c| ((c[0] + c[1]) / 2.0, c[1] - c[0])).collect()
            } else {
                levels[i]
                    .iter()
                    .map(|level| (*level, 1.0 / levels[i].len() as f64))
                    .collect()
            };
            let covers = |side: &Side, at: f64| match side {
                Side::Range(low, high) => *low < at && at <= *high,
                Side::Levels(own) => own.contains(&at),
            };
            let given = |at: f64| -> f64 {
                let here = boxes.iter().filter(|(sides, _)| covers(&sides[i], at));
                here.map(|(sides, leaf)| weight(sides, i) * leaf).sum()
            };
            pieces
                .iter()
                .map(|(at, width)| width * deviation(given(*at)))
                .sum::<f64>()
                / variance
        };
        Some((0..levels.len()).map(own).collect())
    }

    /// Every leaf with its box.
    fn boxes(&self, whole: Vec<Side>) -> Vec<(Vec<Side>, f64)> {
        let mut boxes = Vec::with_capacity(self.nodes.len() / 2 + 1);
        let mut open = vec![(0, whole)];
        while let Some((at, sides)) = open.pop() {
            let node = self.nodes[at];
            // A leaf leads to itself.
            if node.right as usize == at {
                boxes.push((sides, self.means[at]));
                continue;
            }
            let (mut left, mut right) = (sides.clone(), sides);
            let feature = usize::from(node.feature);
            match (&mut left[feature], &mut right[feature], node.kind) {
                (Side::Range(_, high), Side::Range(low, _), Kind::Ordered) => {
                    *high = node.split.min(*high);
                    *low = node.split.max(*low);
                }
                (Side::Levels(is), Side::Levels(others), Kind::Category) => {
                    is.retain(|level| *level == node.split);
                    others.retain(|level| *level != node.split);
                }
                _ => {}
            }
            open.push((at + 1, left));
            open.push((node.right as usize, right));
        }
        boxes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Seed, uniform};

    #[test]
    fn shares_are_those_of_the_function_a_forest_has_learned() {
        // y = 3a + category effect of size 1, c plays no part: variances 9/12 and 1/4.
        let mut rng = Seed(4).rng();
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for i in 0..600 {
            let (a, b, c) = (
                uniform(&mut rng),
                if i % 2 == 0 { 0.25 } else { 0.75 },
                uniform(&mut rng),
            );
            x.extend([a, b, c]);
            y.push(3.0 * a + 2.0 * b);
        }
        let kinds = [Kind::Ordered, Kind::Category, Kind::Ordered];
        let forest = Forest::fit(&x, &y, &kinds, 16, 4, 1, Seed(9));
        let effects = forest.effects(&[vec![], vec![0.25, 0.75], vec![]]);
        assert_eq!(effects.len(), 16);
        let mean = |i: usize| effects.iter().map(|e| e[i]).sum::<f64>() / 16.0;
        let expected = [0.75 / (0.75 + 0.25), 0.25 / (0.75 + 0.25), 0.0];
        for (i, share) in expected.into_iter().enumerate() {
            assert!((mean(i) - share).abs() < 0.04, "{i}: {} for {share}", mean(i));
        }
    }

    #[test]
    fn a_flat_forest_explains_nothing() {
        let forest = Forest::fit(&[0.1, 0.5, 0.9], &[2.0; 3], &[Kind::Ordered], 4, 2, 1, Seed(1));
        assert!(forest.effects(&[vec![]]).is_empty());
    }
}
