//! What a history teaches the model: inputs, values, pending points and the last fitted hyperparameters.

use super::grounds::Grounds;
use super::record::Record;
use super::scale::Scale;
use crate::strategy::Tried;
use crate::trial::{Event, History, Job, Origin, Outcome, Score};

/// Data of one fit. Equal data give an equal fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Data {
    pub(super) x: Vec<Vec<f64>>,
    /// In the unit of [`Scale::scaled`].
    pub(super) values: Vec<f64>,
    /// What the folds say of the variance of the noise, in the model's unit without a warp.
    pub(super) noise: Option<f64>,
    /// What the last fit left behind.
    pub(super) warm: Option<Record>,
}

/// A history as this strategy reads it. Only trials at full fidelity count: those at lower ones are not comparable.
pub(super) struct Reading {
    pub(super) data: Data,
    pub(super) scale: Scale,
    pub(super) pending: Vec<Vec<f64>>,
    /// Inputs of trials that failed.
    pub(super) failed: Vec<Vec<f64>>,
    /// All configurations asked.
    pub(super) tried: Tried,
    /// Trials asked, told, and told with a value.
    pub(super) asked: usize,
    pub(super) told: usize,
    pub(super) scored: usize,
}

/// A value that can be learned from; whatever else came of a trial is a failure.
fn finite(outcome: &Outcome) -> Option<&Score> {
    match outcome {
        Outcome::Value(score) if score.value.is_finite() => Some(score),
        _ => None,
    }
}

fn full(job: &Job) -> bool {
    job.fidelity >= 1.0
}

impl Reading {
    /// The trials of `history` from number `from` on.
    pub(super) fn of(history: &History, grounds: &Grounds, from: u32) -> Reading {
        let direction = history.direction();
        let trials = || history.trials().filter(|(job, _)| full(job) && job.id >= from);
        let scores: Vec<&Score> = trials().filter_map(|(_, outcome)| finite(outcome?)).collect();
        let values: Vec<f64> = scores.iter().map(|s| direction.minimized(s.value)).collect();
        let scale = Scale::of(direction, &values);
        let mut x = Vec::with_capacity(values.len());
        let (mut pending, mut failed) = (Vec::new(), Vec::new());
        for (job, outcome) in trials() {
            let input = grounds.input(&job.config);
            match outcome.map(finite) {
                None => pending.push(input),
                Some(None) => failed.push(input),
                Some(Some(_)) => x.push(input),
            }
        }
        Reading {
            scale,
            tried: Tried::of(history),
            asked: trials().count(),
            told: x.len() + failed.len(),
            scored: values.len(),
            pending,
            failed,
            data: Data {
                x,
                values: values.iter().map(|v| scale.scaled(*v)).collect(),
                noise: fold_noise(&scores).map(|variance| scale.standardized_variance(variance)),
                warm: warm_start(history, grounds),
            },
        }
    }
}

/// The record in the last model origin asked before the last outcome came in: so that asking for two jobs, and asking twice for one, start
/// alike.
fn warm_start(history: &History, grounds: &Grounds) -> Option<Record> {
    let log = history.log();
    let last_told = log.iter().rposition(|event| matches!(event, Event::Told(..)))?;
    log[..last_told].iter().rev().find_map(|event| match event {
        Event::Asked(Job {
            origin: Origin::Model(origin),
            ..
        }) => Record::read(&origin.hyperparameters, grounds),
        _ => None,
    })
}

/// The variance of a mean over folds that is left when the folds' own difficulty is taken out: with vᵢₖ the value of trial i on fold k, the
/// mean square of vᵢₖ − v̄ᵢ − v̄ₖ + v̄ with (n − 1)(K − 1) degrees of freedom, by K.
///
/// The spread of a trial's folds itself would be the wrong measure: all trials share their folds, so most of it is the same for all and plays
/// no part in which is better. What is left says how far two trials can differ by the luck of the rows they were tested on.
fn fold_noise(scores: &[&Score]) -> Option<f64> {
    let folds = scores.first()?.folds.len();
    let same = scores
        .iter()
        .filter(|s| s.folds.len() == folds && s.folds.iter().all(|v| v.is_finite()));
    let rows: Vec<&Vec<f64>> = same.map(|s| &s.folds).collect();
    if folds < 2 || rows.len() < 3 {
        return None;
    }
    let (n, k) = (rows.len() as f64, folds as f64);
    let of_trial: Vec<f64> = rows.iter().map(|row| row.iter().map(|v| v / k).sum()).collect();
    let of_fold: Vec<f64> = (0..folds).map(|f| rows.iter().map(|row| row[f] / n).sum()).collect();
    let mean: f64 = of_trial.iter().map(|v| v / n).sum();
    let rest = |(i, row): (usize, &&Vec<f64>)| {
        let off = row.iter().zip(&of_fold).map(|(v, fold)| v - of_trial[i] - fold + mean);
        off.map(|d| d * d).sum::<f64>()
    };
    let squares: f64 = rows.iter().enumerate().map(rest).sum();
    Some(squares / ((n - 1.0) * (k - 1.0)) / k).filter(|v| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(folds: &[f64]) -> Score {
        Score {
            value: folds.iter().sum::<f64>() / folds.len() as f64,
            train: None,
            folds: folds.to_vec(),
            cost: None,
            gradient: None,
        }
    }

    #[test]
    fn what_folds_share_is_not_noise() {
        // Folds differ by 0, 1 and 2, trials by 0, 5 and 7, and nothing else: no noise.
        let rows: Vec<Score> = [0.0, 5.0, 7.0].iter().map(|t| score(&[*t, t + 1.0, t + 2.0])).collect();
        let noise = fold_noise(&rows.iter().collect::<Vec<_>>()).expect("enough");
        assert!(noise < 1e-20);
        // The mean square of what is left is known here: ±1 in a pattern orthogonal to both.
        let rows = [score(&[1.0, -1.0]), score(&[-1.0, 1.0]), score(&[0.0, 0.0])];
        let noise = fold_noise(&rows.iter().collect::<Vec<_>>()).expect("enough");
        assert!((noise - 4.0 / 2.0 / 2.0).abs() < 1e-12);
        assert_eq!(fold_noise(&[&score(&[1.0, 2.0])]), None);
    }
}
