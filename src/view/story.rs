//! What goes on, in a sentence or two for who has never seen a search: before a run, during it, and at its end.

use super::View;
use super::why::rounded;

/// The sentence; none while there is no study.
pub fn story(view: &View) -> Option<String> {
    let study = view.study.as_ref()?;
    if view.order.is_empty() {
        return Some(opening(view));
    }
    let Some(leader) = view.leader() else {
        return Some("No trial has given a value yet: each row of the table says why.".into());
    };
    let lane = &view.lanes[leader];
    let (trial, score) = lane.best(view.direction())?;
    let (who, what, best) = (&lane.lane.title, &study.value_title, rounded(score.value));
    let (id, trials) = (trial.job.id + 1, view.order.len());
    Some(match (view.finished, view.lanes.len()) {
        (true, 1) => format!("After {trials} trials: the best {what} found is {best}, at trial {id}."),
        (true, _) => format!("{who} found the best {what} of all: {best}, at its trial {id}."),
        (false, 1) => format!("The best {what} after {trials} trials is {best}, from trial {id}."),
        (false, _) => format!("{who} leads after {trials} trials: its best {what} is {best}, from its trial {id}."),
    })
}

/// What is about to be searched, by whom.
fn opening(view: &View) -> String {
    let Some(study) = &view.study else { return String::new() };
    let fact = |name: &str| study.facts.iter().find(|f| f.0 == name).map(|f| f.1.as_str());
    let (trials, lanes) = (study.trials, view.lanes.len());
    let alone = view.lanes.first().filter(|_| lanes == 1).map(|l| &l.lane.title);
    if let Some(function) = fact("Function") {
        return match alone {
            Some(who) => format!(
                "{who} looks for the lowest point of {function}, by its value at up to {trials} points. Press Run: every mark is a point tried."
            ),
            None => format!(
                "{lanes} strategies look for the lowest point of {function}, by its value at up to {trials} points each. Press Run: every mark is a point tried."
            ),
        };
    }
    let model = fact("Model")
        .filter(|m| !m.contains(", "))
        .unwrap_or("the best of several models");
    let data = fact("Data").and_then(|d| d.split(" · ").next()).unwrap_or("the data");
    match alone {
        Some(who) => format!(
            "{who} looks for the settings with which {model} predicts {data} best. Press Run: every mark is a trial, which trains and scores a real model, up to {trials} of them."
        ),
        None => format!(
            "{lanes} strategies look for the settings with which {model} predicts {data} best. Press Run: every mark is a trial, which trains and scores a real model, up to {trials} for each strategy."
        ),
    }
}
