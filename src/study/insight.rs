//! What can be asked of a study beside its trials: standings, beliefs, the truth where it is cheap.

use super::Study;
use crate::mind::Mind;
use crate::order;
use crate::protocol::{Choice, Importance, Judged, Map, Report, Slice};
use crate::registry::{Settings, find};
use crate::seed::Seed;
use crate::space::{Config, Domain, Param, Space};
use crate::spec::StudyText;
use crate::strategy::{Ask, Plan, STRATEGIES};
use crate::surrogate::forest::{Forest, Kind};
use crate::trial::{Job, Origin};
use std::collections::BTreeSet;

/// Points of a slice along a continuous parameter.
const POINTS: usize = 201;
/// Trees that say what matters, and trials they learn from at most.
const TREES: usize = 24;
const MOST_WEIGHED: usize = 500;
/// Functions drawn from a posterior.
const SAMPLES: usize = 5;

/// Every other one: the places of samples along a continuous parameter.
fn every_other(configs: &[Config]) -> Vec<Config> {
    configs.iter().step_by(2).cloned().collect()
}

impl Study {
    /// A strategy's standing, with the held-out test of its best configuration. `None` for an unknown strategy.
    #[inline(never)]
    pub fn report(&mut self, lane: usize) -> Option<Report> {
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
        let best = job.id;
        let frugal = l.history.one_standard_error().map(|(job, _)| job.id);
        report.one_standard_error = frugal.filter(|id| *id != best);
        report.recommended = l.strategy.recommend(&l.history).and_then(|r| {
            let (mean, sd) = r.belief?;
            (r.id != best).then_some((r.id, mean, sd))
        });
        match self.test_of(lane, best) {
            Ok(test) => report.test = test.map(|t| (t.value, t.low, t.high, t.rows as u32)),
            Err(why) => report.test_failed = Some(why),
        }
        Some(report)
    }

    /// What a strategy believed along `param`, just before it chose `trial` (the latest if `None`; the one to come has the number after it),
    /// through that trial's configuration or through another one.
    ///
    /// # Errors
    /// If there is no such strategy, trial or parameter.
    #[inline(never)]
    pub fn believe(
        &mut self,
        lane: usize,
        trial: Option<u32>,
        param: &str,
        through: Option<&Config>,
    ) -> Result<Slice, String> {
        let other = through;
        let objective = self.objective.clone();
        let l = self.lanes.get_mut(lane).ok_or("there is no such strategy")?;
        let space = l.history.space().clone();
        let index = space
            .index(param)
            .ok_or_else(|| format!("there is no parameter \"{param}\""))?;
        let trial = trial.or(l.history.next_id().checked_sub(1));
        let (past, through) = match trial {
            None => (l.history.at(0), Config::default()),
            // What the next one is chosen by.
            Some(id) if id == l.history.next_id() => (l.history.clone(), Config::default()),
            Some(id) => {
                let job = l
                    .history
                    .jobs()
                    .get(id as usize)
                    .ok_or_else(|| format!("there is no trial {id}"))?;
                (l.history.before(id), job.config.clone())
            }
        };
        let through = other.cloned().unwrap_or(through);
        let (mut us, discrete) = Space::positions(&space.params()[index], POINTS);
        // A narrow peak at the point itself, or at a runner-up on the cut, must not fall between two positions.
        let job = trial.and_then(|id| l.history.jobs().get(id as usize));
        let runners_up = match job.map(|job| job.origin.own()) {
            Some(Origin::Model(m)) => m.runners_up.as_slice(),
            _ => &[],
        };
        let others = through.without(param);
        let on_cut = runners_up
            .iter()
            .map(|r| &r.config)
            .filter(|c| c.without(param) == others);
        let peaks = on_cut.chain([&through]).filter(|_| !discrete);
        for own in peaks.filter_map(|c| Some(space.params()[index].domain.to_unit(c.get(param)?))) {
            if let Err(place) = us.binary_search_by(|u| u.total_cmp(&own)) {
                us.insert(place, own);
            }
        }
        let configs: Vec<Config> = us.iter().map(|&u| space.moved(&through, &[(index, u)])).collect();
        let forbidden = match space.is_unrestricted() {
            true => Vec::new(),
            false => configs.iter().map(|c| !space.is_allowed(c)).collect(),
        };
        let truth: Option<Vec<f64>> = configs.iter().map(|c| objective.truth(c)).collect();
        let mind = l.strategy.mind(&past, &configs);
        // Functions on a coarse grid are as smooth as the eye sees, at an eighth of the cost.
        let samples = match (&mind, discrete) {
            (Mind::Posterior(_), false) => l.strategy.samples(&past, &every_other(&configs), SAMPLES),
            (Mind::Posterior(_), true) => l.strategy.samples(&past, &configs, SAMPLES),
            _ => Vec::new(),
        };
        let through = if trial.is_some() || other.is_some() {
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
            forbidden,
            mind,
            truth,
            samples,
        })
    }

    /// What a strategy believes over two parameters just before it chose `trial`, or with everything known, and what it would choose then.
    /// `cells` along a continuous side; 0 for the shape of its model alone.
    ///
    /// # Errors
    /// If there is no such strategy, trial or parameter, or too many cells are asked for.
    #[inline(never)]
    pub fn map(
        &mut self,
        lane: usize,
        trial: Option<u32>,
        (x, y): (&str, &str),
        through: Option<&Config>,
        cells: u32,
    ) -> Result<Map, String> {
        if cells > 128 {
            return Err(format!("{cells} cells a side; 0 to 128 are accepted"));
        }
        let context = self.context.clone();
        let l = self.lanes.get_mut(lane).ok_or("there is no such strategy")?;
        let space = l.history.space().clone();
        let mut grid = super::survey::grid(&space, x, y, through, cells.max(1) as usize)?;
        let mut configs = super::survey::middles(&space, &grid);
        if cells == 0 {
            configs.clear();
            (grid.columns, grid.rows) = (0, 0);
        }
        let past = match trial {
            None => l.history.clone(),
            Some(id) if id < l.history.next_id() => l.history.before(id),
            Some(id) => return Err(format!("there is no trial {id}")),
        };
        let mut mind = l.strategy.mind(&past, &configs);
        let next = match trial {
            Some(id) => l.history.jobs().get(id as usize).map(|job| job.config.clone()),
            None if l.finished.is_some() => None,
            None => match l.strategy.ask(&past, 1, &context) {
                Ok(Ask::Jobs(jobs)) => jobs.into_iter().next().map(|job| job.config),
                _ => None,
            },
        };
        let mut values = match &mut mind {
            Mind::Posterior(p) => [&mut p.mean, &mut p.sd, &mut p.acquisition]
                .map(std::mem::take)
                .concat(),
            Mind::Densities(d) => {
                (d.good, d.bad, d.candidates) = (Vec::new(), Vec::new(), Vec::new());
                std::mem::take(&mut d.ratio)
            }
            _ => Vec::new(),
        };
        // A cell in which one of the two plays no part, or which the space forbids, has no place on the map.
        let is_on = |c: &Config| super::survey::has_both(&grid, c) && space.is_allowed(c);
        let absent: Vec<bool> = configs.iter().map(|c| !is_on(c)).collect();
        for layer in values.chunks_exact_mut(grid.len().max(1)) {
            layer
                .iter_mut()
                .zip(&absent)
                .filter(|(_, absent)| **absent)
                .for_each(|(v, _)| *v = f64::NAN);
        }
        Ok(Map {
            lane,
            trial,
            grid,
            mind,
            next,
            values,
        })
    }

    /// How much of the variance of a strategy's values each parameter explains by itself: mean and standard deviation over the trees of a forest.
    /// Empty while fewer than five values, or no two different ones, are known. `trials` are the ids of those that count, all if `None`.
    ///
    /// # Errors
    /// If there is no such strategy.
    #[inline(never)]
    pub fn importance(&self, lane: usize, trials: Option<&[u32]>) -> Result<Importance, String> {
        let l = self.lanes.get(lane).ok_or("there is no such strategy")?;
        let (space, direction) = (l.history.space(), l.history.direction());
        let full: Vec<_> = l
            .history
            .scored()
            .filter(|(job, s)| job.fidelity >= 1.0 && s.value.is_finite())
            .filter(|(job, _)| trials.is_none_or(|ids| ids.contains(&job.id)))
            .collect();
        let newest = &full[full.len().saturating_sub(MOST_WEIGHED)..];
        let rows: Vec<f64> = newest.iter().flat_map(|(job, _)| space.to_unit(&job.config)).collect();
        let values: Vec<f64> = newest.iter().map(|(_, s)| direction.minimized(s.value)).collect();
        let mut shares = Vec::new();
        if values.len() >= 5 {
            let is_category = |p: &Param| matches!(p.domain, Domain::Categorical(_));
            let kind = |p: &Param| if is_category(p) { Kind::Category } else { Kind::Ordered };
            let kinds: Vec<Kind> = space.params().iter().map(kind).collect();
            let levels = |p: &Param| match p.domain.size().filter(|_| is_category(p)) {
                Some(n) => (0..n).map(|k| p.domain.to_unit(&p.domain.level(k))).collect(),
                None => Vec::new(),
            };
            let levels: Vec<Vec<f64>> = space.params().iter().map(levels).collect();
            let seed = Seed(0).derive("importance", lane as u64);
            let trees = Forest::fit(&rows, &values, &kinds, TREES, 3, 1, seed).effects(&levels);
            let n = trees.len() as f64;
            for (i, param) in space.params().iter().enumerate().filter(|(_, p)| !p.domain.is_fixed()) {
                let mean = trees.iter().map(|t| t[i]).sum::<f64>() / n;
                let variance = trees.iter().map(|t| (t[i] - mean) * (t[i] - mean)).sum::<f64>() / n;
                if mean.is_finite() {
                    shares.push((param.name.clone(), mean, libm::sqrt(variance)));
                }
            }
            order::sort_by(&mut shares, |a: &(String, f64, f64), b| b.1.total_cmp(&a.1));
        }
        Ok(Importance {
            lane,
            trials: values.len() as u32,
            shares,
        })
    }

    /// What the model of a trial's configuration decides, or of the best one's; with a `curve`, how it learned, too.
    ///
    /// # Errors
    /// If there is no such strategy, trial or model, or training fails.
    #[inline(never)]
    pub fn judge(&self, lane: usize, trial: Option<u32>, curve: bool) -> Result<Judged, String> {
        let l = self.lanes.get(lane).ok_or("there is no such strategy")?;
        let best = || l.history.best().map(|(job, _)| job);
        let job = match trial {
            Some(id) => l.history.jobs().get(id as usize),
            None => best(),
        };
        let job = job.ok_or("there is no such trial")?;
        let judged = self.objective.judge(&l.task(job), curve, &self.context)?;
        let judged = judged.ok_or("nothing is trained here, so nothing is decided")?;
        Ok(Judged { lane, ..judged })
    }

    /// Which point another strategy would choose in place of `trial` (the next one if `None`) from what was known then, or why it has none: there
    /// is no such strategy or trial, or it cannot search this space. The run goes on as if nobody had asked.
    #[inline(never)]
    pub fn what_if(&self, lane: usize, trial: Option<u32>, asked: &str) -> Choice {
        let mut call = asked.to_string();
        let answer = self.proposal(lane, trial, &mut call);
        Choice {
            lane,
            trial,
            asked: asked.to_string(),
            call,
            answer,
        }
    }

    /// As [`Study::what_if`]; `call` becomes the call with the settings alone that differ from the defaults.
    fn proposal(&self, lane: usize, trial: Option<u32>, call: &mut String) -> Result<Job, String> {
        let l = self.lanes.get(lane).ok_or("there is no such strategy")?;
        let calls = super::resolve::read_strategies(call.as_str())?;
        let other = calls.first().ok_or("no strategy is named")?;
        let entry = find(STRATEGIES, &other.id).ok_or("there is no such strategy")?;
        let (settings, _) = Settings::check(entry.id, entry.settings, &other.settings);
        *call = super::resolve::plain(entry, &settings);
        // The seed it has in a study of its own: who goes on from here with it finds the point that was shown.
        let (text, _) = StudyText::parse(&self.prepared.text);
        let seed = text.get("seed").and_then(|s| s.parse().ok()).unwrap_or(0);
        let plan = Plan {
            seed: super::resolve::strategy_seed(Seed(seed), call),
            ..l.plan.clone()
        };
        let mut strategy = (entry.build)(l.history.space(), &settings, &plan)?;
        self.objective.meets(strategy.need())?;
        let past = match trial {
            None => l.history.clone(),
            Some(id) if id < l.history.next_id() => l.history.before(id),
            Some(id) => return Err(format!("there is no trial {id}")),
        };
        let job = match strategy.ask(&past, 1, &self.context)? {
            Ask::Jobs(jobs) => jobs.into_iter().next(),
            Ask::Finished(why) => return Err(why),
            Ask::Wait => None,
        };
        job.ok_or_else(|| "it has nothing to propose".to_string())
    }
}
