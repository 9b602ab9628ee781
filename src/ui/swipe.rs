//! Figures side by side; on a phone one at a time, and what is swiped into sight is what is looked at.

use super::act::Act;
use super::browser::{Timeout, next_frame};
use web_sys::HtmlElement;
use yew::prelude::*;

/// A swipe has come to rest when nothing moved for so long, in milliseconds.
const REST: i32 = 120;

/// Properties of [`Swiped`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// How many strategies there are.
    pub lanes: usize,
    /// The one looked at.
    pub lane: usize,
    /// What is wanted.
    pub act: Callback<Act>,
    /// Their figures.
    pub children: Html,
}

/// The row of figures.
#[function_component]
pub fn Swiped(props: &Props) -> Html {
    let row = use_node_ref();
    let resting = use_mut_ref(|| None::<Timeout>);
    {
        // Chosen by key, tap or elsewhere: it comes into sight.
        let row = row.clone();
        use_effect_with((props.lane, props.lanes), move |&(lane, lanes)| {
            if let Some(row) = row.cast::<HtmlElement>().filter(|r| in_sight(r, lanes) != Some(lane)) {
                row.set_scroll_left(place(&row, lanes, lane));
                // Figures that are only just there have no width yet.
                next_frame(move || row.set_scroll_left(place(&row, lanes, lane)));
            }
        });
    }
    let swiped = {
        let (row, act, lane, lanes) = (row.clone(), props.act.clone(), props.lane, props.lanes);
        Callback::from(move |_: Event| {
            let (row, act) = (row.clone(), act.clone());
            *resting.borrow_mut() = Some(Timeout::new(REST, move || {
                let seen = row.cast::<HtmlElement>().and_then(|r| in_sight(&r, lanes));
                if let Some(seen) = seen.filter(|&s| s != lane) {
                    act.emit(Act::Lane(seen));
                }
            }));
        })
    };
    html! {
        <div class={format!("figures of-{}", props.lanes)} ref={row} onscroll={swiped}>{ props.children.clone() }</div>
    }
}

/// Where the row is scrolled to when figure `lane` is in sight.
fn place(row: &HtmlElement, lanes: usize, lane: usize) -> i32 {
    let hidden = row.scroll_width() - row.client_width();
    hidden * lane as i32 / (lanes as i32 - 1).max(1)
}

/// The figure in sight, if the row shows one at a time.
fn in_sight(row: &HtmlElement, lanes: usize) -> Option<usize> {
    let hidden = row.scroll_width() - row.client_width();
    if lanes < 2 || hidden < row.client_width() / 2 {
        return None;
    }
    let share = f64::from(row.scroll_left()) / f64::from(hidden);
    Some((share * (lanes - 1) as f64).round() as usize)
}
