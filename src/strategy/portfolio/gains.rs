//! What members have been worth, read from the log.

use crate::space::Config;
use crate::strategy::memory::cost;
use crate::strategy::team::choice;
use crate::trial::History;

/// What the last choice carries on.
pub(super) struct Carried {
    /// Gains before it, a member each.
    pub(super) gains: Vec<f64>,
    /// The proposals it was made from, by member.
    pub(super) nominees: Vec<(usize, Config)>,
}

/// The last choice among `members` in the log.
pub(super) fn carried(history: &History, members: &[String]) -> Option<Carried> {
    let last = history.jobs().iter().rev().find_map(choice)?;
    let number = |name: &String| {
        let named = |(n, _): &&(String, f64)| n.strip_prefix("gain.") == Some(name);
        last.numbers.iter().find(named).map_or(0.0, |(_, v)| *v)
    };
    let member = |name: &String| members.iter().position(|m| m == name);
    Some(Carried {
        gains: members.iter().map(number).collect(),
        nominees: last
            .nominees
            .iter()
            .filter_map(|n| Some((member(&n.strategy)?, n.config.clone())))
            .collect(),
    })
}

/// Rewards of proposals by their means: how far below the average of all values seen, in their standard deviations, at most 3. Who
/// proposed nothing gets what the others get on average.
pub(super) fn rewards(history: &History, means: &[(usize, f64)], members: usize) -> Vec<f64> {
    let full = history.scored().filter(|(job, _)| job.fidelity >= 1.0);
    // Half of each value, so that sums of 1e308 stay finite.
    let values: Vec<f64> = full
        .map(|(_, score)| 0.5 * history.direction().minimized(score.value))
        .filter(|v| v.is_finite())
        .collect();
    let n = values.len() as f64;
    let center = values.iter().map(|v| v / n).sum::<f64>();
    let largest = values.iter().map(|v| (v - center).abs()).fold(0.0, f64::max);
    if means.is_empty() || largest <= 0.0 || !largest.is_finite() {
        return vec![0.0; members];
    }
    let share = |v: &f64| (v - center) / largest;
    let spread = largest * libm::sqrt(values.iter().map(|v| share(v) * share(v)).sum::<f64>() / n);
    let worth = |mean: f64| {
        let z = -(0.5 * mean - center) / spread;
        if z.is_finite() { z.clamp(-3.0, 3.0) } else { 0.0 }
    };
    let average = means.iter().map(|(_, mean)| worth(*mean)).sum::<f64>() / means.len() as f64;
    let mut rewards = vec![average; members];
    means.iter().for_each(|(m, mean)| rewards[*m] = worth(*mean));
    rewards
}

/// Shares of one in proportion to the exponentials.
pub(super) fn softmax(values: &[f64]) -> Vec<f64> {
    let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = values.iter().map(|v| libm::exp(v - top)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

/// A member as the bandit sees it; older trials weigh less.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arm {
    /// Weight of the trials it was chosen for, pending ones included.
    pub(super) asked: f64,
    /// Their rewards.
    pub(super) reward: f64,
}

impl Arm {
    /// The upper confidence bound on its reward; infinite if it was never asked.
    pub(super) fn bound(&self, all: &[Arm], explore: f64) -> f64 {
        if self.asked <= 0.0 {
            return f64::INFINITY;
        }
        let total: f64 = all.iter().map(|a| a.asked).sum();
        let chance = libm::sqrt(2.0 * libm::log(total.max(1.0)) / self.asked);
        self.reward / self.asked + explore * chance
    }
}

/// Every member's record. A trial's reward is the share of the best quarter of the values before it that it beats, ties half; a
/// failed one has none, and a pending one what its member has on average.
pub(super) fn arms(history: &History, members: &[String], memory: f64) -> Vec<Arm> {
    let mut arms = vec![Arm::default(); members.len()];
    // Values told at full fidelity so far, in order.
    let mut before: Vec<f64> = Vec::new();
    for (job, outcome) in history.trials() {
        let value = outcome.map(|o| cost(history, o));
        let member = choice(job).and_then(|c| members.iter().position(|m| *m == c.strategy));
        if let Some(member) = member {
            arms.iter_mut().for_each(|a| {
                a.asked *= memory;
                a.reward *= memory;
            });
            let arm = &mut arms[member];
            let usual = if arm.asked > 0.0 { arm.reward / arm.asked } else { 0.5 };
            arm.reward += value.map_or(usual, |v| reward(&before, v));
            arm.asked += 1.0;
        }
        if let Some(value) = value.filter(|v| v.is_finite() && job.fidelity >= 1.0) {
            before.insert(before.partition_point(|v| *v <= value), value);
        }
    }
    arms
}

fn reward(before: &[f64], value: f64) -> f64 {
    let best = &before[..before.len().div_ceil(4)];
    if !value.is_finite() || best.is_empty() {
        return if value.is_finite() { 0.5 } else { 0.0 };
    }
    let (below, up_to) = (
        best.partition_point(|v| *v < value),
        best.partition_point(|v| *v <= value),
    );
    1.0 - 0.5 * (below + up_to) as f64 / best.len() as f64
}
