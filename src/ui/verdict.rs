//! The end of a game: who won, with the numbers.

use super::act::Act;
use super::picture::key;
use super::play::Turn;
use super::shown::Shown;
use crate::view::View;
use crate::view::game::{Standing, player, standings, turns, verdict};
use crate::view::why::rounded;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`Verdict`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// Whether somebody still computes.
    pub running: bool,
    /// Whether colours are for dark.
    pub dark: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel.
#[function_component]
pub fn Verdict(props: &Props) -> Html {
    let title = use_node_ref();
    {
        let title = title.clone();
        use_effect_with((), move |()| {
            if let Some(title) = title.cast::<HtmlElement>() {
                let _ = title.focus();
            }
        });
    }
    let view = props.shown.view();
    let all = standings(&view);
    let (done, planned) = turns(&view);
    let turn = |turn: fn() -> Turn| props.act.reform(move |_: MouseEvent| Act::Play(turn()));
    let is_function = view.study.as_ref().is_some_and(|s| s.cheap);
    let with_regret = all.iter().any(|s| s.regret.is_some());
    // A value that is still computed would change the ranks.
    let over = !props.running || view.lanes.iter().all(|l| l.spent + 1e-9 >= done as f64);
    let said = if over {
        verdict(&view, &all)
    } else {
        "The others finish.".to_string()
    };
    let next = if is_function {
        "Again: the same function, mirrored and stretched in another way. Its lowest value stays what it is and lies elsewhere."
    } else {
        "Again: the rows are split anew, or the data drawn anew. The landscape stays much the same, so what you have learned helps."
    };
    html! {
        <section class="verdict" aria-labelledby="verdict">
            <div class="head"><h2 id="verdict" ref={title} tabindex="-1">{ "You against the optimizer" }</h2></div>
            <p class="sentence" role="status">{ said }</p>
            <div class="board">
                <table class="compare">
                    <caption class="note">{ format!("After {done} of {planned} trials each") }</caption>
                    <thead><tr><th scope="col">{ "participant" }</th><th scope="col">{ "rank" }</th><th scope="col">{ "best" }</th>
                        if with_regret { <th scope="col">{ "from the optimum" }</th> }
                        <th scope="col">{ "found at trial" }</th></tr></thead>
                    <tbody>{ for all.iter().map(|s| row(props, &view, s, with_regret)) }</tbody>
                </table>
                <div class="onward">
                    <div class="tabs">
                        <button class="primary" onclick={turn(|| Turn::Again)}>{ "Play again" }</button>
                        <button onclick={props.act.reform(|_: MouseEvent| Act::Share(true))}>{ "Share this game" }</button>
                        <button onclick={turn(|| Turn::Leave)}>{ "Leave the game" }</button>
                    </div>
                    <p class="note">{ next }</p>
                </div>
            </div>
        </section>
    }
}

fn row(props: &Props, view: &View, s: &Standing, with_regret: bool) -> Html {
    let of = &view.lanes[s.lane].lane;
    let none = || "–".to_string();
    let own = player(view) == Some(s.lane);
    let lane = s.lane;
    let found = s.best.map(|(_, id)| {
        let see = props.act.reform(move |_: MouseEvent| Act::Select(lane, id));
        html! { <button class="bare link" onclick={see}>{ (id + 1).to_string() }</button> }
    });
    html! {
        <tr key={s.lane} class={classes!(own.then_some("on"))}>
            <th scope="row">{ key(view, s.lane, props.dark) }{ if own { &of.title } else { &of.label } }</th>
            <td>{ s.rank.map_or_else(none, |r| r.to_string()) }</td>
            <td>{ s.best.map_or_else(none, |(v, _)| rounded(v)) }</td>
            if with_regret { <td>{ s.regret.map_or_else(none, rounded) }</td> }
            <td>{ found.unwrap_or_else(|| html! { { none() } }) }</td>
        </tr>
    }
}
