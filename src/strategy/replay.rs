//! Search rules that go step by step, made pure: a rule is a program that calls the objective, and the history is the memory of its calls.
//!
//! The program runs from its beginning. A point that the history knows is answered at once, by whomever it was proposed; at the first
//! one it does not know the program stops, and that is the next proposal. So the state is a function of the history alone, a point
//! that comes up again costs no trial, and other people's trials are used where the rule meets them. What was run is kept and
//! goes on from there as long as the history only grows.

use super::cube::Cube;
use super::memory::{Known, Memory, Seen};
use super::{Ask, Plan, Strategy, Tried};
use crate::context::Context;
use crate::mind::Mind;
use crate::seed::Seed;
use crate::space::{Config, Space};
use crate::trial::{Direction, History, Job, MoveOrigin, Need, Origin};
use std::sync::Arc;

/// A search rule. It draws only from the plan's seed, and knows of the history only what it is told.
pub(super) trait Rule: Send {
    /// The points whose outcomes it needs before it can go on: at least one, until it has ended.
    fn wanted(&self) -> &[Config];

    /// Why point `k` of them is wanted.
    fn origin(&self, k: usize) -> MoveOrigin;

    /// What it needs of an outcome beside the value.
    fn need(&self) -> Need {
        Need::Value
    }

    /// Looks up in the memory what else it needs of the wanted points, before it goes on with their values.
    fn look(&mut self, _memory: &Memory, _seen: &[Seen], _direction: Direction) {}

    /// Why it cannot go on, if it cannot. Then nothing is wanted any more.
    fn ended(&self) -> Option<String> {
        None
    }

    /// Goes on with the outcomes of all wanted points, in their order.
    fn advance(&mut self, seen: &[Seen]);

    /// Goes on from a point of another part of the space, because the rule has come up with nothing new for long.
    fn relocate(&mut self, config: &Config, seen: Seen);

    /// What it decides by.
    fn mind(&self) -> Mind {
        Mind::Nothing("this strategy keeps no model: it compares outcomes, and moves by its rule".into())
    }
}

/// Begins a rule anew.
pub(super) type Start = Box<dyn Fn() -> Box<dyn Rule> + Send>;

/// After so many points in a row that had all come up before, a random one is tried.
const PATIENCE: usize = 50;
/// Draws for an untried configuration.
const DRAWS: u32 = 1000;

/// A strategy that follows a rule.
pub(super) struct Replay {
    space: Arc<Space>,
    seed: Seed,
    size: Option<u64>,
    start: Start,
    memory: Memory,
    rule: Box<dyn Rule>,
    /// The configurations that the rule has met so far.
    met: Tried,
    /// Points in a row that it had met before.
    idle: usize,
    /// The random point under way, and how many there were.
    stray: Option<Config>,
    strays: u64,
}

impl Replay {
    pub(super) fn new(cube: &Cube, plan: &Plan, start: Start) -> Replay {
        Replay {
            space: cube.space().clone(),
            seed: plan.seed,
            size: cube.space().size(),
            memory: Memory::default(),
            rule: start(),
            start,
            met: Tried::default(),
            idle: 0,
            stray: None,
            strays: 0,
        }
    }

    /// Runs the rule as far as the history carries it.
    fn run(&mut self, history: &History, context: &Context) {
        if !self.memory.follow(history) {
            self.rule = (self.start)();
            self.met = Tried::default();
            (self.idle, self.stray, self.strays) = (0, None, 0);
        }
        while !context.stopped() {
            if self.idle >= PATIENCE && self.stray.is_none() {
                let mut rng = self.seed.derive("stray", self.strays).rng();
                self.stray = self.met.sample_untried(&self.space, &mut rng, DRAWS);
                // Where there is none this time there will be none next time: a live instance must not draw on.
                if self.stray.is_none() {
                    return;
                }
                self.strays += 1;
            }
            if let Some(config) = &self.stray {
                let Known::Told(seen) = self.memory.of(config, &self.space) else {
                    return;
                };
                self.met.insert(config);
                self.rule.relocate(config, seen);
                (self.idle, self.stray) = (0, None);
                continue;
            }
            let wanted = self.rule.wanted();
            let told = wanted.iter().map_while(|c| match self.memory.of(c, &self.space) {
                Known::Told(seen) => Some(seen),
                _ => None,
            });
            let seen: Vec<Seen> = told.collect();
            if seen.len() < wanted.len() || wanted.is_empty() {
                return;
            }
            for (config, seen) in wanted.iter().zip(&seen) {
                let new = seen.id.is_some() && self.met.insert(config);
                self.idle = if new { 0 } else { self.idle + 1 };
            }
            self.rule.look(&self.memory, &seen, history.direction());
            self.rule.advance(&seen);
        }
    }

    /// What is to be evaluated now, with reasons; some of it may be pending.
    fn open(&self) -> Vec<(Config, Origin)> {
        if let Some(config) = &self.stray {
            let reason = format!("the last {PATIENCE} points of the rule had all been tried before");
            return vec![(config.clone(), Origin::Fallback { reason })];
        }
        let wanted = self.rule.wanted().iter().enumerate();
        wanted
            .map(|(k, config)| (config.clone(), Origin::Move(Box::new(self.rule.origin(k)))))
            .collect()
    }
}

impl Strategy for Replay {
    fn ask(&mut self, history: &History, room: usize, context: &Context) -> Result<Ask, String> {
        self.run(history, context);
        if let Some(reason) = Tried::of(history).exhausted(self.size) {
            return Ok(Ask::Finished(reason));
        }
        if context.stopped() {
            return Ok(Ask::Wait);
        }
        if let Some(reason) = self.rule.ended() {
            return Ok(Ask::Finished(reason));
        }
        let mut handed = Tried::default();
        let mut jobs = Vec::new();
        let open = self.open();
        for (config, origin) in &open {
            let new = self.memory.of(config, &self.space) == Known::Untried && handed.insert(config);
            if new && jobs.len() < room {
                jobs.push(Job::full(
                    history.next_id() + jobs.len() as u32,
                    config.clone(),
                    origin.clone(),
                ));
            }
        }
        let pending = |(config, _): &(Config, Origin)| self.memory.of(config, &self.space) == Known::Pending;
        if !jobs.is_empty() {
            Ok(Ask::Jobs(jobs))
        } else if open.iter().any(pending) {
            Ok(Ask::Wait)
        } else {
            Ok(Ask::Finished(format!(
                "no allowed and untried configuration was found in {DRAWS} draws"
            )))
        }
    }

    fn mind(&mut self, history: &History, _at: &[Config]) -> Mind {
        self.run(history, &Context::new());
        self.rule.mind()
    }

    fn need(&self) -> Need {
        self.rule.need()
    }
}
