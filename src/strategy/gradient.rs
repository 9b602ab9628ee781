//! Descent by hypergradients, from several starts.

mod descent;

use super::cube::{Cube, Kind};
use super::memory::{Memory, Seen};
use super::replay::{Replay, Rule};
use super::{Build, Plan};
use crate::math::sobol::Sobol;
use crate::mind::{Mind, Path, Waypoint};
use crate::registry::{Entry, Setting, SettingKind, Settings};
use crate::space::{Config, Space, rounded};
use crate::trial::{Direction, MoveOrigin, Need};
use descent::{Descent, Move, Told};

/// The registry's entry.
pub const ENTRY: Entry<Build> = Entry {
    id: "gradient",
    title: "Hypergradient descent",
    about: "Goes downhill by the gradient of the objective with respect to the hyperparameters, and starts anew elsewhere when a descent has \
        converged. Each gradient is worth as many values as there are parameters, so in smooth valleys with many parameters nothing is \
        quicker; of several valleys it knows only those it has started in. It needs real parameters and an objective that reports gradients: \
        test functions do, and models that differentiate through their training.",
    formula: "x ← P(x − α H ∇f(x)), P the projection onto the unit cube; H from the last steps (L-BFGS) or by coordinate (Adam)",
    paper: "Bengio 2000, Gradient-based optimization of hyperparameters, Neural Computation 12; Pedregosa 2016, Hyperparameter optimization with approximate gradient, ICML; Nocedal 1980 (L-BFGS); Kingma & Ba 2015, Adam, ICLR",
    settings: &[
        Setting {
            id: "method",
            about: "How steps are made: lbfgs learns the curvature from the gradients it has seen and takes only steps that improve; adam takes every step, scaled by each coordinate's usual gradient, and so forgives noisy gradients.",
            kind: SettingKind::Choice(&["lbfgs", "adam"]),
            default: "lbfgs",
        },
        Setting {
            id: "rate",
            about: "Length of a first step (lbfgs) and of every step, which then shrinks with the square root of their number (adam), as a share of a parameter's range.",
            kind: SettingKind::Float(1e-6, 1.0),
            default: "0.1",
        },
        Setting {
            id: "tolerance",
            about: "A start has converged when its projected gradient has shrunk to this share of its largest, or a step has moved no coordinate by more.",
            kind: SettingKind::Float(1e-12, 0.1),
            default: "0.001",
        },
        Setting {
            id: "steps",
            about: "Most trials of one start; 0 is a third of the planned trials, at least 15: enough for most valleys, and for a look at other ones.",
            kind: SettingKind::Int(0, 100_000),
            default: "0",
        },
    ],
    build: |space, settings, plan| {
        movable(space)?;
        let (cube, settings, own) = (Cube::new(space), settings.clone(), plan.clone());
        let start = Box::new({
            let cube = cube.clone();
            move || Box::new(Gradient::new(&cube, &settings, &own)) as Box<dyn Rule>
        });
        Ok(Box::new(Replay::new(&cube, plan, start)))
    },
};

/// Whether every parameter is a real number of its own.
fn movable(space: &std::sync::Arc<Space>) -> Result<(), String> {
    let cube = Cube::new(space);
    let stuck = (0..cube.dim()).filter_map(|axis| {
        let name = cube.name(axis);
        let why = match cube.kinds()[axis] {
            Kind::Categories(_) => "has categories",
            Kind::Ordered(_) => "goes by levels",
            Kind::Continuous if space.params().iter().any(|p| p.name == name && !p.when.is_empty()) => {
                "is not always active"
            }
            Kind::Continuous => return None,
        };
        Some(format!("{name} {why}"))
    });
    let stuck: Vec<String> = stuck.collect();
    if stuck.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "hypergradient descent moves real parameters only: {}; fix those, or take a strategy that needs no gradient",
            stuck.join(", ")
        ))
    }
}

struct Gradient {
    cube: Cube,
    settings: Settings,
    /// Most trials of one start.
    steps: usize,
    sequence: Sobol,
    /// Next point of the sequence.
    from: u32,
    descent: Descent,
    /// Why the start before this one ended.
    before: Option<String>,
    wanted: Vec<Config>,
    /// The gradient at the wanted point, if there was one.
    heard: Option<Vec<f64>>,
    ended: Option<String>,
    paths: Vec<Path>,
}

impl Gradient {
    fn new(cube: &Cube, settings: &Settings, plan: &Plan) -> Gradient {
        let sequence = Sobol::new(cube.dim(), plan.seed.derive("start", 0));
        let mut from = 0;
        let descent = Descent::new(cube.next_allowed(&sequence, &mut from), settings);
        let mut rule = Gradient {
            steps: match settings.int("steps") {
                0 => (plan.trials / 3).max(15),
                set => set as usize,
            },
            settings: settings.clone(),
            descent,
            sequence,
            from,
            before: None,
            wanted: Vec::new(),
            heard: None,
            ended: None,
            paths: vec![Path::default()],
            cube: cube.clone(),
        };
        rule.want();
        rule
    }

    fn want(&mut self) {
        self.wanted = vec![self.cube.config(self.descent.point())];
    }

    fn start(&mut self, point: Vec<f64>) {
        self.descent = Descent::new(point, &self.settings);
        self.paths.push(Path::default());
        self.want();
    }
}

impl Rule for Gradient {
    fn wanted(&self) -> &[Config] {
        &self.wanted
    }

    fn need(&self) -> Need {
        Need::Gradient
    }

    fn look(&mut self, memory: &Memory, seen: &[Seen], direction: Direction) {
        let id = seen.first().and_then(|s| s.id);
        let told = id.and_then(|id| memory.gradient(id)).and_then(|g| self.cube.part(g));
        let minimized = told.map(|g| g.into_iter().map(|g| direction.minimized(g)).collect::<Vec<_>>());
        self.heard = minimized.filter(|g| g.iter().all(|g| g.is_finite()));
    }

    fn ended(&self) -> Option<String> {
        self.ended.clone()
    }

    fn origin(&self, _k: usize) -> MoveOrigin {
        let start = self.paths.len();
        let at = self.descent.at();
        let place = at
            .id
            .map_or("the last point".to_string(), |id| format!("trial {}", id + 1));
        let step = self.descent.tried() + 1;
        let (name, why) = match self.descent.latest() {
            Move::Start => (
                format!("start {start}"),
                match &self.before {
                    None => "The first start of a descent: the first of evenly spread points.".to_string(),
                    Some(ended) => format!("{ended}, so a new one begins at the next of evenly spread points."),
                },
            ),
            Move::Step { pairs: 0, length } => (
                format!("start {start}, step {step}"),
                format!(
                    "From {place} straight against its gradient, {} of a range far.",
                    rounded(length)
                ),
            ),
            Move::Step { pairs, length } => (
                format!("start {start}, step {step}"),
                format!(
                    "From {place} against its gradient, bent by the curvature along the last {pairs} steps, {} of a range far.",
                    rounded(length)
                ),
            ),
            Move::Back { length } => (
                format!("start {start}, step {step}, shorter"),
                format!(
                    "The step from {place} went too far: it gained too little or nothing. So it is tried {} of a range far.",
                    rounded(length)
                ),
            ),
            Move::Adam { length } => (
                format!("start {start}, step {step}"),
                format!(
                    "From {place} against the running mean of its gradients, each coordinate by its usual size, {} of a range far.",
                    rounded(length)
                ),
            ),
        };
        let mut numbers = vec![("start".to_string(), start as f64), ("step".to_string(), step as f64)];
        if at.id.is_some() {
            numbers.push(("slope".into(), at.slope));
        }
        MoveOrigin {
            name,
            why,
            from: at.id.into_iter().collect(),
            numbers,
        }
    }

    fn advance(&mut self, seen: &[Seen]) {
        let Some(seen) = seen.first() else { return };
        if let (Some(id), None, true) = (seen.id, &self.heard, seen.value.is_finite()) {
            self.ended = Some(format!(
                "trial {} gave a value without a gradient, and this strategy has nothing else to go by: a finite derivative of the value by each of the {} parameters, in unit-cube coordinates",
                id + 1,
                self.cube.space().dim()
            ));
            self.wanted.clear();
            return;
        }
        let told = self.descent.tell(*seen, self.heard.take().unwrap_or_default());
        if let (Some(id), Some(path)) = (seen.id, self.paths.last_mut()) {
            let kept = told != Told::Refused;
            path.steps.push(Waypoint { id, kept });
        }
        let ended = match told {
            Told::Ended(why) => Some(why.to_string()),
            _ if self.descent.tried() >= self.steps => Some(format!("The descent had used its {} trials", self.steps)),
            _ => None,
        };
        match ended {
            Some(why) => {
                self.before = Some(why);
                let point = self.cube.next_allowed(&self.sequence, &mut self.from);
                self.start(point);
            }
            None => self.want(),
        }
    }

    fn relocate(&mut self, config: &Config, _seen: Seen) {
        self.before = Some("The descent met only points that it knew".into());
        let point = self.cube.point(config, &vec![0.5; self.cube.dim()]);
        self.start(point);
    }

    fn mind(&self) -> Mind {
        let begun = |p: &&Path| !p.steps.is_empty();
        Mind::Path(self.paths.iter().filter(begun).cloned().collect())
    }
}

#[cfg(test)]
mod tests;
