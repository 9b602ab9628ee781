//! What was found: the best configuration of one strategy in large type.

use super::act::Act;
use super::shown::Shown;
use crate::protocol::Report;
use crate::view::why::rounded;
use crate::view::{LaneView, View};
use yew::prelude::*;

/// Properties of [`Numbers`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The strategy in large type.
    pub lane: usize,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// Large numbers.
#[function_component]
pub fn Numbers(props: &Props) -> Html {
    let view = props.shown.view();
    let Some(lane) = view.lanes.get(props.lane) else {
        return html! { <div class="numbers" /> };
    };
    let trained = view.study.as_ref().is_some_and(|s| !s.cheap);
    let best = lane.best(view.direction());
    let report = lane.report.as_ref();
    let folds = best.map(|(_, s)| s.folds.as_slice()).filter(|f| f.len() > 1);
    let title = view.study.as_ref().map_or(String::new(), |s| s.value_title.clone());
    let choose = best.map(|(t, _)| {
        let id = t.job.id;
        let lane = props.lane;
        props.act.reform(move |_: MouseEvent| Act::Select(lane, id))
    });
    html! {
        <div class="numbers">
            <div class="pair">
                <div>
                    <span>{ format!("best {title}, {}", lane.lane.label) }</span>
                    <b class="big">{ best.map_or("–".into(), |(_, s)| rounded(s.value)) }</b>
                    <span>{ folds.map_or("\u{a0}".into(), |f| format!("± {} over {} folds", rounded(sd(f)), f.len())) }</span>
                </div>
                if trained { { test(report) } }
                else if let Some(optimum) = view.study.as_ref().and_then(|s| s.optimum) {
                    <div><span>{ "the optimum" }</span><b class="big">{ rounded(optimum) }</b><span>{ best.map_or("\u{a0}".into(), |(_, s)| format!("{} away", rounded((s.value - optimum).abs()))) }</span></div>
                }
            </div>
            if let Some((trial, _)) = best {
                <dl class="config" translate="no">
                    { for trial.job.config.0.iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value.short() }</dd></div> }) }
                </dl>
                <p class="note">
                    <button class="bare link" onclick={choose.unwrap_or_default()}>{ format!("trial {}", trial.job.id + 1) }</button>
                    { for remarks(&view, lane, report).into_iter().map(Html::from) }
                </p>
            } else {
                <p class="note">{ "The best configuration will stand here." }</p>
            }
        </div>
    }
}

/// The held-out score, measured when the run rests.
fn test(report: Option<&Report>) -> Html {
    let (big, small) = match report {
        Some(Report {
            test: Some((value, low, high, rows)),
            ..
        }) => (
            rounded(*value),
            format!("95 % interval {}–{}, {rows} rows", rounded(*low), rounded(*high)),
        ),
        Some(Report {
            test_failed: Some(why), ..
        }) => ("–".into(), why.clone()),
        _ => ("–".into(), "measured at every pause".into()),
    };
    html! { <div><span>{ "on held-out test rows" }</span><b class="big">{ big }</b><span>{ small }</span></div> }
}

/// What there is to say of the best trial, piece by piece: each is a text of its own, which has its words in every language.
fn remarks(view: &View, lane: &LaneView, report: Option<&Report>) -> Vec<String> {
    let mut said = Vec::new();
    let Some(report) = report else { return said };
    if report.ties > 1 {
        said.push(format!(
            ", the first of {} configurations that share the best score",
            report.ties
        ));
    }
    if let Some((id, mean, sd)) = report.recommended {
        let config = lane.trial(id).map(|t| t.job.config.short()).unwrap_or_default();
        said.push(format!(
            ". The model recommends trial {} instead ({config}): it expects {} ± {} there, and the best observed value may be luck",
            id + 1,
            rounded(mean),
            rounded(sd)
        ));
    }
    if let (Some(why), true) = (&report.finished, view.finished) {
        let (first, rest) = why.split_at(why.chars().next().map_or(0, char::len_utf8));
        said.push(format!(". {}{rest}", first.to_uppercase()));
    }
    said
}

/// Standard deviation over folds.
fn sd(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    libm::sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0))
}

/// A title without the remark in parentheses, where room is scarce.
pub fn plain(title: &str) -> &str {
    title.split(" (").next().unwrap_or(title)
}
