//! All strategies side by side in numbers.

use super::act::Act;
use super::picture::key;
use crate::view::View;
use crate::view::why::rounded;
use yew::prelude::*;

/// A row a strategy: how many trials, which one was best, how good, and how good on held-out rows.
pub fn comparison(view: &View, lane: usize, dark: bool, act: &Callback<Act>) -> Html {
    let trained = view.study.as_ref().is_some_and(|s| !s.cheap);
    let none = || "–".to_string();
    let row = |i: usize| {
        let of = &view.lanes[i];
        let best = of.best(view.direction());
        let report = of.report.as_ref();
        let test = match report.and_then(|r| r.test) {
            Some((value, low, high, _)) => html! {
                <>{ rounded(value) }<span class="roomy">{ format!(" ({}–{})", rounded(low), rounded(high)) }</span></>
            },
            None => html! { { none() } },
        };
        let spent = (of.spent + 1e-9) as usize;
        let done = match of.is_planned() {
            true => format!("{spent} of {}", of.lane.trials),
            false => spent.to_string(),
        };
        let choose = act.reform(move |_: MouseEvent| Act::Lane(i));
        html! {
            <tr key={i} class={classes!((i == lane).then_some("on"))}>
                <th scope="row"><button class="bare" onclick={choose} title={of.lane.title.clone()}>{ key(view, i, dark) }<span translate="no">{ &of.lane.label }</span></button></th>
                <td title={format!("{} evaluations", of.trials.len())}>{ done }</td>
                <td>{ best.map_or_else(none, |(t, _)| (t.job.id + 1).to_string()) }</td>
                <td>{ best.map_or_else(none, |(_, s)| rounded(s.value)) }</td>
                <td class="roomy">{ report.filter(|_| best.is_some()).map_or_else(none, |r| r.ties.to_string()) }</td>
                if trained { <td>{ test }</td> }
            </tr>
        }
    };
    let head = |name: &str| html! { <th scope="col">{ name }</th> };
    html! {
        <table class="compare">
            <thead><tr>
                { head("strategy") }{ head("trials") }{ head("best at") }{ head("best") }<th scope="col" class="roomy">{ "ties" }</th>
                if trained { <th scope="col">{ "test" }<span class="roomy">{ ", held-out (95 %)" }</span></th> }
            </tr></thead>
            <tbody>{ for (0..view.lanes.len()).map(row) }</tbody>
        </table>
    }
}
