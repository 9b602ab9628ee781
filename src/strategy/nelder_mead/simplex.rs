//! The simplex and its steps.

use crate::order;
use crate::strategy::memory::Seen;

/// What the points that are waited for are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The corners of a new simplex.
    Corners,
    /// The worst corner reflected through the centroid of the others.
    Reflection,
    /// Farther in that direction.
    Expansion,
    /// Between the centroid and the reflected point.
    Outside,
    /// Between the centroid and the worst corner.
    Inside,
    /// All corners drawn towards the best.
    Shrinking,
}

impl Stage {
    /// A few words, and a sentence why; that of a corner is to be ended with where it starts from.
    pub(super) fn words(self, worst: &str) -> (String, String) {
        let (name, why) = match self {
            Stage::Corners => (
                "corner of a new simplex",
                "One step along a parameter from the simplex's first corner,".into(),
            ),
            Stage::Reflection => (
                "reflection",
                format!("The worst corner, {worst}, reflected through the middle of the others."),
            ),
            Stage::Expansion => (
                "expansion",
                "The reflected point was the best of this simplex, so it goes on in that direction.".into(),
            ),
            Stage::Outside => (
                "contraction outside",
                format!("The reflected point was better than {worst} only, so the step is shortened."),
            ),
            Stage::Inside => (
                "contraction inside",
                format!(
                    "The reflected point was no better than {worst}, so that corner is drawn towards the middle of the others."
                ),
            ),
            Stage::Shrinking => (
                "shrinking",
                "Neither reflection nor contraction helped, so all corners are drawn towards the best.".into(),
            ),
        };
        (name.to_string(), why)
    }
}

/// Corners in the unit cube that differ along some axes only.
pub(super) struct Simplex {
    axes: Vec<usize>,
    /// In order of value, once they are told.
    corners: Vec<(Vec<f64>, Seen)>,
    stage: Stage,
    points: Vec<Vec<f64>>,
    /// The reflected corner, while one farther or nearer is looked at.
    reflected: Option<(Vec<f64>, Seen)>,
}

impl Simplex {
    /// `start`, and a corner at the distance of each of `edges` along each of `axes`.
    pub(super) fn new(start: Vec<f64>, axes: Vec<usize>, edges: Vec<f64>) -> Simplex {
        let mut points = vec![start.clone()];
        for (axis, edge) in axes.iter().zip(edges) {
            let mut corner = start.clone();
            corner[*axis] = (corner[*axis] + edge).clamp(0.0, 1.0);
            points.push(corner);
        }
        Simplex {
            axes,
            corners: Vec::new(),
            stage: Stage::Corners,
            points,
            reflected: None,
        }
    }

    /// The points whose outcomes are needed.
    pub(super) fn points(&self) -> &[Vec<f64>] {
        &self.points
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    pub(super) fn axes(&self) -> &[usize] {
        &self.axes
    }

    /// The corners, best first; empty before the first are told.
    pub(super) fn corners(&self) -> &[(Vec<f64>, Seen)] {
        &self.corners
    }

    /// The largest difference along an axis between the best corner and another.
    pub(super) fn size(&self) -> f64 {
        let Some((best, _)) = self.corners.first() else {
            return 0.0;
        };
        let differences = self
            .corners
            .iter()
            .flat_map(|(p, _)| self.axes.iter().map(|a| libm::fabs(p[*a] - best[*a])));
        differences.fold(0.0, f64::max)
    }

    /// The point at `t` on the line from the centroid of all corners but the worst (0) to the worst (−1).
    fn along(&self, t: f64) -> Vec<f64> {
        let others = &self.corners[..self.corners.len() - 1];
        let mut point = self.corners[others.len()].0.clone();
        for axis in &self.axes {
            let centre = others.iter().map(|(p, _)| p[*axis]).sum::<f64>() / others.len() as f64;
            point[*axis] = (centre + t * (centre - point[*axis])).clamp(0.0, 1.0);
        }
        point
    }

    /// Goes on with the outcomes of `points`.
    pub(super) fn advance(&mut self, seen: &[Seen]) {
        let told: Vec<(Vec<f64>, Seen)> = self.points.drain(..).zip(seen.iter().copied()).collect();
        // Coefficients by dimension: with the classic ones the simplex degenerates where there are many (Gao & Han 2012). In one dimension
        // theirs would make every contraction and shrinking collapse it.
        let d = self.axes.len().max(2) as f64;
        let (expansion, contraction) = (1.0 + 2.0 / d, 0.75 - 0.5 / d);
        match (self.stage, told) {
            (Stage::Corners | Stage::Shrinking, told) => {
                self.corners.extend(told);
                self.reflect();
            }
            (Stage::Reflection, mut told) => {
                let Some((point, new)) = told.pop() else { return };
                let n = self.corners.len();
                let value = |k: usize| self.corners[k].1.value;
                let (best, second, worst) = (value(0), value(n.saturating_sub(2)), value(n - 1));
                if new.value >= best && new.value < second {
                    return self.replace_worst((point, new));
                }
                let (stage, t) = if new.value < best {
                    (Stage::Expansion, expansion)
                } else if new.value < worst {
                    (Stage::Outside, contraction)
                } else {
                    (Stage::Inside, -contraction)
                };
                self.stage = stage;
                self.points = vec![self.along(t)];
                self.reflected = Some((point, new));
            }
            (stage, mut told) => {
                let (Some(reached), Some(reflected)) = (told.pop(), self.reflected.take()) else {
                    return;
                };
                let worst = self.corners.last().map_or(f64::INFINITY, |c| c.1.value);
                match stage {
                    Stage::Expansion if reached.1.value < reflected.1.value => self.replace_worst(reached),
                    Stage::Expansion => self.replace_worst(reflected),
                    Stage::Outside if reached.1.value <= reflected.1.value => self.replace_worst(reached),
                    Stage::Inside if reached.1.value < worst => self.replace_worst(reached),
                    _ => self.shrink(1.0 - 1.0 / d),
                }
            }
        }
    }

    fn replace_worst(&mut self, corner: (Vec<f64>, Seen)) {
        self.corners.pop();
        self.corners.push(corner);
        self.reflect();
    }

    /// Puts the corners in order (of equals the older first) and wants the worst reflected.
    fn reflect(&mut self) {
        order::sort_by(&mut self.corners, |a, b| a.1.value.total_cmp(&b.1.value));
        self.stage = Stage::Reflection;
        self.points = if self.corners.len() < 2 {
            vec![self.corners[0].0.clone()]
        } else {
            vec![self.along(1.0)]
        };
    }

    fn shrink(&mut self, share: f64) {
        self.stage = Stage::Shrinking;
        let best = self.corners[0].0.clone();
        let mut others = self.corners.split_off(1);
        for (point, _) in &mut others {
            self.axes
                .iter()
                .for_each(|a| point[*a] = best[*a] + share * (point[*a] - best[*a]));
        }
        self.points = others.into_iter().map(|(point, _)| point).collect();
    }
}
