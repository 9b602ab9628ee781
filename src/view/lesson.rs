//! Lessons that drive the page: data in `www/lessons/`, with numbers that come from the run.

use super::View;
use super::why::rounded;
use crate::spec::StudyText;
use serde::Deserialize;

/// One lesson.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// What it goes back to.
    pub paper: String,
    /// Where that can be read.
    pub link: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// One step: a study to set, something to look at, something to read, and perhaps a question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// The study text that is set when the step begins; empty to keep what is there.
    #[serde(default)]
    pub study: String,
    /// The panel to look at, or nothing.
    #[serde(default)]
    pub light: String,
    /// What is to read.
    pub text: String,
    /// What is to be predicted before the study runs.
    #[serde(default)]
    pub question: Option<Question>,
}

/// A prediction: the run decides which choice is right.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Question {
    /// What is asked.
    pub ask: String,
    /// The number asked for, as [`measure`] knows it.
    pub measure: String,
    /// What can be answered.
    pub choices: Vec<Choice>,
    /// What is told after the run; `{MEASURE}` stands for a number of it.
    pub reveal: String,
}

/// One answer, right where the number lies within its bounds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Choice {
    /// The answer in words.
    pub say: String,
    /// Smallest number it stands for.
    pub from: f64,
    /// Largest number it stands for.
    pub to: f64,
}

impl Question {
    /// The answer that the run gave, if it is among the choices.
    pub fn right(&self, view: &View) -> Option<usize> {
        let value = measure(view, &self.measure)?;
        self.choices.iter().position(|c| value >= c.from && value <= c.to)
    }
}

/// Whether the run has come to its end, all seeds included.
pub fn is_over(view: &View) -> bool {
    let Some(study) = view.study.as_ref().filter(|_| view.finished) else {
        return false;
    };
    let text = StudyText::parse(&study.text).0;
    let seeds: u32 = text.get("reps").and_then(|n| n.parse().ok()).unwrap_or(1);
    seeds <= 1 || view.comparison.as_ref().is_some_and(|c| c.done >= seeds)
}

/// A number of the run by name, strategies counted from 0:
///
/// | name | number |
/// |---|---|
/// | `distinct:S:PARAM` | different values of a parameter that strategy S tried |
/// | `times:S:PARAM` | trials of S for each such value |
/// | `best:S` | its best value |
/// | `median:S` | median over the seeds of its best value at the end |
/// | `wins:S:R` | seeds in which S ended strictly better than R |
/// | `seeds` | seeds compared |
pub fn measure(view: &View, name: &str) -> Option<f64> {
    let mut parts = name.split(':');
    let kind = parts.next()?;
    if kind == "seeds" {
        return Some(f64::from(view.comparison.as_ref()?.done));
    }
    let strategy: usize = parts.next()?.parse().ok()?;
    let lane = view.lanes.get(strategy)?;
    let direction = view.direction();
    Some(match kind {
        "distinct" | "times" => {
            let param = parts.next()?;
            let mut seen: Vec<String> = Vec::new();
            for trial in &lane.trials {
                let value = trial.job.config.get(param)?.to_string();
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            match kind {
                "times" => lane.trials.len() as f64 / (seen.len() as f64).max(1.0),
                _ => seen.len() as f64,
            }
        }
        "best" => lane.best(direction)?.1.value,
        "median" => *view.comparison.as_ref()?.lanes.get(strategy)?.median.last()?,
        "wins" => {
            let other: usize = parts.next()?.parse().ok()?;
            let lanes = &view.comparison.as_ref()?.lanes;
            let (own, theirs) = (&lanes.get(strategy)?.last, &lanes.get(other)?.last);
            let pairs = own.iter().zip(theirs);
            pairs
                .filter(|(a, b)| direction.minimized(**a) < direction.minimized(**b))
                .count() as f64
        }
        _ => return None,
    })
}

/// A text with every `{MEASURE}` replaced by its number, shortened; `–` where the run has none.
pub fn filled(view: &View, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        out += before;
        out += &measure(view, name).map_or("–".into(), rounded);
        rest = after;
    }
    out + rest
}
