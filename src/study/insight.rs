//! What can be asked of a study beside its trials: standings, beliefs, the truth where it is cheap.

use super::Study;
use crate::objective::Task;
use crate::protocol::{Plane, Report, Slice};
use crate::space::{Config, Space};
use std::collections::BTreeSet;

/// Points of a slice along a continuous parameter.
const POINTS: usize = 201;

impl Study {
    /// A strategy's standing, with the held-out test of its best configuration. `None` for an unknown strategy.
    pub fn report(&mut self, lane: usize) -> Option<Report> {
        let objective = self.objective.clone();
        let context = self.context.clone();
        let l = self.lanes.get_mut(lane)?;
        let mut report = Report {
            lane,
            finished: l.finished.clone(),
            best: None,
            ties: 0,
            recommended: None,
            one_standard_error: None,
            test: None,
            test_failed: None,
        };
        let Some((job, score)) = l.history.best() else {
            return Some(report);
        };
        report.best = Some(job.id);
        let equals = l
            .history
            .scored()
            .filter(|(j, s)| s.value == score.value && j.fidelity == job.fidelity);
        report.ties = equals.map(|(j, _)| j.config.key()).collect::<BTreeSet<_>>().len() as u32;
        let task = Task::within(job, l.need, |id| l.history.jobs().get(id as usize));
        match objective.test(&task, &context) {
            Ok(test) => report.test = test.map(|t| (t.value, t.low, t.high, t.rows as u32)),
            Err(why) => report.test_failed = Some(why),
        }
        let best = job.id;
        let frugal = l.history.one_standard_error().map(|(job, _)| job.id);
        report.one_standard_error = frugal.filter(|id| *id != best);
        report.recommended = l.strategy.recommend(&l.history).and_then(|r| {
            let (mean, sd) = r.belief?;
            (r.id != best).then_some((r.id, mean, sd))
        });
        Some(report)
    }

    /// What a strategy believed along `param`, just before it chose `trial` (the latest if `None`), through that trial's configuration.
    ///
    /// # Errors
    /// If there is no such strategy, trial or parameter.
    pub fn believe(&mut self, lane: usize, trial: Option<u32>, param: &str) -> Result<Slice, String> {
        let objective = self.objective.clone();
        let l = self.lanes.get_mut(lane).ok_or("there is no such strategy")?;
        let space = l.history.space().clone();
        let index = space
            .index(param)
            .ok_or_else(|| format!("there is no parameter \"{param}\""))?;
        let trial = trial.or(l.history.next_id().checked_sub(1));
        let (past, through) = match trial {
            None => (l.history.at(0), Config::default()),
            Some(id) => {
                let job = l
                    .history
                    .jobs()
                    .get(id as usize)
                    .ok_or_else(|| format!("there is no trial {id}"))?;
                (l.history.before(id), job.config.clone())
            }
        };
        let (us, discrete) = Space::positions(&space.params()[index], POINTS);
        let configs: Vec<Config> = us.iter().map(|&u| space.moved(&through, &[(index, u)])).collect();
        let truth: Option<Vec<f64>> = configs.iter().map(|c| objective.truth(c)).collect();
        let mind = l.strategy.mind(&past, &configs);
        let through = if trial.is_some() {
            through
        } else {
            space.moved(&through, &[])
        };
        Ok(Slice {
            lane,
            trial,
            param: param.to_string(),
            through,
            us,
            discrete,
            mind,
            truth,
        })
    }

    /// The objective itself over two parameters, `cells` along each side, the others in the middle. `None` where it is not cheap.
    ///
    /// # Errors
    /// If there is no such parameter, or too many cells are asked for.
    pub fn truth(&self, x: &str, y: &str, cells: u32) -> Result<Option<Plane>, String> {
        let space = self.objective.space();
        let index = |name: &str| {
            space
                .index(name)
                .ok_or_else(|| format!("there is no parameter \"{name}\""))
        };
        let (ix, iy) = (index(x)?, index(y)?);
        if !(1..=256).contains(&cells) {
            return Err(format!("{cells} cells a side; 1 to 256 are accepted"));
        }
        let middle = |i: u32| (f64::from(i) + 0.5) / f64::from(cells);
        let place = |i: u32| space.moved(&Config::default(), &[(ix, middle(i % cells)), (iy, middle(i / cells))]);
        let values: Option<Vec<f64>> = (0..cells * cells).map(|i| self.objective.truth(&place(i))).collect();
        Ok(values.map(|values| Plane {
            x: x.to_string(),
            y: y.to_string(),
            cells,
            values,
        }))
    }
}
