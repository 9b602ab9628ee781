//! How far the run is, and what it is doing.

use super::act::State;
use super::clock::duration;
use super::shown::Shown;
use crate::view::why::rounded;
use crate::view::{LaneView, View};
use yew::prelude::*;

/// Properties of [`Progress`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// What the run is doing.
    pub state: State,
    /// Seconds of computing so far.
    pub seconds: f64,
    /// Whether there are pauses to look, which no estimate knows of.
    pub paced: bool,
}

/// A bar with words.
#[function_component]
pub fn Progress(props: &Props) -> Html {
    let view = props.shown.view();
    let (done, all) = view.progress();
    let why = unspent(&view).filter(|_| props.state == State::Finished);
    // Trials at a part of the full effort count as that part.
    let has_parts = view.made() > done;
    let count = match &why {
        Some((lane, _)) if has_parts => {
            let spent = rounded(libm::round(lane.spent * 100.0) / 100.0);
            format!("{spent} of {} spent", lane.lane.trials)
        }
        _ if has_parts => format!("{done} of {all} full trials"),
        _ => format!("trial {done} of {all}"),
    };
    let title = why.map(|(lane, why)| format!("{}: {why}", lane.lane.title));
    // What is left then is not to come.
    let at = if props.state == State::Finished && view.finished {
        all
    } else {
        done
    };
    let words = words(
        count,
        (done, all),
        props.seconds,
        props.state == State::Running && !props.paced,
    );
    html! {
        <div class="progress">
            <progress class="bar" aria-label="Progress" aria-valuenow={done.to_string()} aria-valuemin="0" aria-valuemax={all.to_string()}
                aria-valuetext={words.clone()} role="progressbar" value={at.to_string()} max={all.max(1).to_string()} />
            <p><span class="state" role="status">{ state(&view, props.state) }</span><span class="count" {title}>{ words }</span></p>
        </div>
    }
}

/// The first strategy that ended with some of its trials left, and why, unless it has covered the space.
fn unspent(view: &View) -> Option<(&LaneView, &str)> {
    let whole = view.study.as_ref()?.configurations;
    let is_short = |l: &&LaneView| {
        let covered = whole.is_some_and(|n| l.trials.len() as u64 >= n);
        l.spent + 1e-9 < f64::from(l.lane.trials) && !covered
    };
    let short = view.lanes.iter().find(is_short).filter(|_| view.finished)?;
    Some((short, short.report.as_ref()?.finished.as_deref()?))
}

fn state(view: &View, state: State) -> String {
    match state {
        State::Starting => "Starting".into(),
        State::Refused => "Nothing to run".into(),
        State::Ready => "Ready".into(),
        State::Running | State::Step => "Running".into(),
        State::Paused => "Paused".into(),
        State::Turn => "Your turn".into(),
        State::Finished => finished(view),
    }
}

/// Why nothing is left to do.
fn finished(view: &View) -> String {
    let whole = view.study.as_ref().and_then(|s| s.configurations);
    let covered = |n: u64| view.planned().all(|l| l.trials.len() as u64 >= n);
    match whole {
        // An earlier position of the run is shown.
        _ if !view.finished => "Finished, looking back".into(),
        Some(n) if covered(n) => format!("Finished: all {n} tried"),
        _ => format!("Finished: {} trials", view.made()),
    }
}

fn words(count: String, (done, all): (usize, usize), seconds: f64, with_estimate: bool) -> String {
    let mut words = count;
    if done > 0 && seconds > 0.05 {
        words += &format!(" · {}", duration(seconds));
        if with_estimate && done < all {
            let left = seconds / done as f64 * (all - done) as f64;
            words += &format!(" · about {} left", duration(left));
        }
    }
    words
}
