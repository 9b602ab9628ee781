//! All trials as a table of comma-separated values.

use crate::trial::Outcome;
use crate::view::{View, score};

/// A cell; what would break the table or be taken for a formula by a spreadsheet is quoted or disarmed.
fn cell(text: &str) -> String {
    let is_number = crate::number::read(text).is_some();
    let text = if !is_number && text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_string()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The table, a row a trial in the order of recording.
pub fn csv(view: &View) -> String {
    let params = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    let mut head = vec!["strategy", "trial", "fidelity"];
    head.extend(params.iter().map(|p| p.name.as_str()));
    // Only what was the best is tested, where there are rows for it.
    let tested = view.study.as_ref().is_some_and(|s| s.test_rows > 0);
    head.extend(["value", "train"]);
    head.extend(tested.then_some("test"));
    head.extend(["cost", "seconds", "failed"]);
    let row = |cells: Vec<String>| cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",") + "\r\n";
    let mut text = row(head.into_iter().map(str::to_string).collect());
    for trial in view.order.iter().filter_map(|&(lane, id)| view.trial(lane, id)) {
        let label = view.lanes.get(trial.lane).map_or("", |l| l.lane.label.as_str());
        let number = |v: Option<f64>| v.map_or(String::new(), |v| v.to_string());
        let mut cells = vec![
            label.to_string(),
            (trial.job.id + 1).to_string(),
            trial.job.fidelity.to_string(),
        ];
        cells.extend(
            params
                .iter()
                .map(|p| trial.job.config.get(&p.name).map_or(String::new(), ToString::to_string)),
        );
        let of = score(trial);
        cells.push(number(of.map(|s| s.value)));
        cells.push(number(of.and_then(|s| s.train)));
        if tested {
            cells.push(number(view.test_of(trial.lane, trial.job.id)));
        }
        cells.push(number(of.and_then(|s| s.cost)));
        cells.push(trial.seconds.to_string());
        cells.push(match &trial.outcome {
            Outcome::Failed { failed } => failed.clone(),
            Outcome::Value(_) => String::new(),
        });
        text += &row(cells);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_disarmed() {
        assert_eq!(cell("-1.5e-3"), "-1.5e-3");
        assert_eq!(cell("=SUM(A1)"), "'=SUM(A1)");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
