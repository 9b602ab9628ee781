//! Which of the observed trials to take.

use super::{History, Job, Score};

impl History {
    /// The one-standard-error choice (Breiman et al. 1984, section 3.4.3): of the trials whose value is within one standard error of the best
    /// observed one's, the cheapest; of equally cheap ones the better, then the earlier. The standard error is that of the best trial's mean
    /// over its folds, sd / √K. What trains and predicts with the fewest operations is also the simplest there is a measure for.
    ///
    /// `None` if the best has no two folds, or costs are not known of all of them.
    pub fn one_standard_error(&self) -> Option<(&Job, &Score)> {
        let (best, score) = self.best()?;
        let k = score.folds.len() as f64;
        if k < 2.0 {
            return None;
        }
        let mean = score.folds.iter().map(|v| v / k).sum::<f64>();
        let variance = score
            .folds
            .iter()
            .map(|v| (v - mean) * (v - mean) / (k - 1.0))
            .sum::<f64>();
        let error = libm::sqrt(variance / k);
        let value = |s: &Score| self.direction.minimized(s.value);
        let limit = value(score) + error;
        let near = self
            .scored()
            .filter(|(job, s)| job.fidelity == best.fidelity && value(s) <= limit);
        let mut cheapest: Option<(&Job, &Score)> = None;
        for (job, s) in near {
            let rank = |s: &Score| Some((s.cost?, value(s)));
            let (cost, own) = rank(s)?;
            let is_better = match cheapest.and_then(|(_, c)| rank(c)) {
                None => true,
                Some((least, other)) => cost < least || cost == least && own < other,
            };
            if is_better {
                cheapest = Some((job, s));
            }
        }
        cheapest
    }
}

#[cfg(test)]
mod tests {
    use crate::space::{Domain, Param, Space};
    use crate::trial::{Direction, History, Job, Origin, Outcome, Score};
    use std::sync::Arc;

    fn history(trials: &[(&[f64], Option<f64>)]) -> History {
        let space = Space::new(vec![Param::new("n", Domain::int(1, 99))], vec![]).expect("a space");
        let mut history = History::new(Arc::new(space), Direction::Maximize);
        for (id, (folds, cost)) in (0..).zip(trials) {
            let config = history.space().at_unit(&[f64::from(id) / 10.0]);
            history.ask(Job::full(id, config, Origin::Person));
            let score = Score {
                value: folds.iter().sum::<f64>() / folds.len() as f64,
                train: None,
                folds: folds.to_vec(),
                cost: *cost,
                gradient: None,
            };
            history.tell(id, Outcome::Value(score)).expect("pending");
        }
        history
    }

    fn choice(trials: &[(&[f64], Option<f64>)]) -> Option<u32> {
        history(trials).one_standard_error().map(|(job, _)| job.id)
    }

    #[test]
    fn the_cheapest_within_one_standard_error_of_the_best() {
        // Mean 0.9, standard error 0.0456: down to 0.8544.
        let best: (&[f64], _) = (&[0.8, 0.85, 0.95, 1.0], Some(900.0));
        let sd = libm::sqrt((0.01 + 0.0025 + 0.0025 + 0.01) / 3.0);
        assert!((sd / 2.0 - 0.0456).abs() < 1e-3);
        let (near, far): ((&[f64], _), (&[f64], _)) = ((&[0.86, 0.86], Some(100.0)), (&[0.84, 0.84], Some(1.0)));
        assert_eq!(choice(&[best, far, near]), Some(2));
        assert_eq!(choice(&[best, far]), Some(0));
        assert_eq!(
            choice(&[best, near, (&[0.87, 0.87], Some(100.0))]),
            Some(2),
            "equally cheap: the better"
        );
        assert_eq!(
            choice(&[best, near, (&[0.86, 0.86], Some(100.0))]),
            Some(1),
            "equal: the earlier"
        );
    }

    #[test]
    fn nothing_where_folds_or_costs_are_missing() {
        assert_eq!(choice(&[(&[0.9], Some(1.0))]), None);
        assert_eq!(choice(&[(&[0.8, 1.0], Some(1.0)), (&[0.88, 0.9], None)]), None);
        assert_eq!(choice(&[]), None);
    }
}
