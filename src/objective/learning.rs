//! How a model learns: its loss after every stage of training.

use super::checkpoints::Leg;
use crate::context::Context;
use crate::dataset::{METRICS, Table};
use crate::model::Model;
use crate::protocol::Learning;
use crate::registry::find;
use crate::seed::Seed;

/// Stages told at most; of more, so many at equal distances.
const MOST: u32 = 60;

/// Mean log loss on the rows of `train` and of `validate` while a model trains along the legs of its trail, each stage going on from the
/// one before: what it has learned at any stage has the bits of a fit that ends there. `None` for a model without stages.
///
/// # Errors
/// Why training failed.
pub(super) fn curve(
    legs: &[(Leg, Box<dyn Model>)],
    [train, validate]: [&Table; 2],
    seed: Seed,
    context: &Context,
) -> Result<Option<Learning>, String> {
    let staged = legs.last().and_then(|(_, model)| model.stages());
    let (Some((unit, all)), Some(loss)) = (staged, find(METRICS, "logloss")) else {
        return Ok(None);
    };
    let mut told: Vec<u32> = (1..=MOST.min(all)).map(|i| all * i / MOST.min(all)).collect();
    told.dedup();
    let mut at = None;
    let mut under_way = 0;
    let mut stages = Vec::with_capacity(told.len());
    for stage in told {
        let share = f64::from(stage) / f64::from(all);
        loop {
            let (leg, model) = &legs[under_way];
            let ends = under_way + 1 < legs.len() && leg.until < share;
            let until = if ends { leg.until } else { share };
            let fitted = match &at {
                Some(checkpoint) => model.resume(checkpoint, train, until, seed, context)?,
                None => model.fit(train, until, seed, context)?,
            };
            at = fitted.checkpoint();
            if !ends {
                let [seen, unseen] = [train, validate].map(|rows| (loss.build.score)(rows, &fitted.predict(rows)));
                stages.push((stage, seen, unseen));
                break;
            }
            under_way += 1;
        }
    }
    Ok(Some(Learning {
        unit: unit.to_string(),
        stages,
    }))
}
