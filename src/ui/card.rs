//! A card: what a strategy, an acquisition function or a kernel does in one sentence, its formula, and what each symbol stands for in the
//! pictures. The cards are files of the site (`www/cards/`), fetched when they are asked for.

use super::act::Act;
use super::browser;
use super::icon::icon;
use crate::plot::Light;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};
use yew::prelude::*;

/// Which card: its folder and its name there.
pub type Which = (&'static str, String);

/// Properties of [`Card`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The card.
    pub which: Which,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The card beside the pictures.
#[function_component]
pub fn Card(props: &Props) -> Html {
    let text = use_state(|| None::<Result<AttrValue, ()>>);
    let body = use_node_ref();
    let close_button = use_node_ref();
    {
        let (text, close_button) = (text.clone(), close_button.clone());
        use_effect_with(props.which.clone(), move |(folder, name)| {
            text.set(None);
            if let Some(button) = close_button.cast::<web_sys::HtmlElement>() {
                let _ = button.focus();
            }
            browser::fetch_text(&format!("cards/{folder}/{name}.html"), move |got| {
                text.set(Some(got.map(AttrValue::from).ok_or(())));
            });
        });
    }
    // A symbol under the pointer, or with the focus, is lit: in the formula, in the list, and where it stands in the pictures.
    let light = {
        let (body, act) = (body.clone(), props.act.clone());
        move |at: Option<Element>| {
            let of = |e: Element| e.closest("[data-symbol]").ok()??.get_attribute("data-symbol");
            // The pointer may leave because what lies under it has moved: the focus stays.
            let symbol = at
                .and_then(of)
                .or_else(|| browser::document().active_element().and_then(of));
            act.emit(Act::Light(mark(body.cast::<Element>(), symbol.as_deref())));
        }
    };
    let over = {
        let light = light.clone();
        Callback::from(move |e: MouseEvent| light(target(&e)))
    };
    let focused = {
        let light = light.clone();
        Callback::from(move |e: FocusEvent| light(target(&e)))
    };
    let leave = {
        let light = light.clone();
        Callback::from(move |_: MouseEvent| light(None))
    };
    let blur = Callback::from(move |_: FocusEvent| light(None));
    // Who presses it wants to see it.
    let press = Callback::from(|e: MouseEvent| {
        let light = target(&e)
            .and_then(|e| e.closest("[data-light]").ok().flatten())
            .and_then(|e| e.get_attribute("data-light"));
        let Some(light) = light else { return };
        let panel = if Light::named(&light).is_some() {
            "belief"
        } else {
            &light
        };
        if let Ok(Some(panel)) = browser::document().query_selector(&format!(".panel.{panel}")) {
            panel.scroll_into_view();
        }
    });
    let content = html! {
            <div ref={body} onclick={press} onmouseover={over} onmouseleave={leave} onfocusin={focused} onfocusout={blur}>
                { match &*text {
                    Some(Ok(text)) => Html::from_html_unchecked(text.clone()),
                    Some(Err(())) => html! { <p role="alert">{ "This card could not be fetched. Check the connection and open it again." }</p> },
                    None => html! { <p class="soft">{ "…" }</p> },
                } }
            </div>
    };
    frame(&close_button, content, &props.act)
}

/// What is around every card, with the button that closes it.
pub fn frame(close: &NodeRef, content: Html, act: &Callback<Act>) -> Html {
    let leave = act.reform(|_: MouseEvent| Act::Card(None));
    html! {
        <aside class="card" aria-label="Explanation">
            <button class="bare close" ref={close.clone()} onclick={leave} aria-label="Close the card" title="Close (Esc)">{ icon("close") }</button>
            { content }
        </aside>
    }
}

fn target(e: &Event) -> Option<Element> {
    e.target().and_then(|t| t.dyn_into::<Element>().ok())
}

/// Marks every place of a symbol in the card, and says what it lights in the pictures.
fn mark(body: Option<Element>, symbol: Option<&str>) -> Option<String> {
    let all = body?.query_selector_all("[data-symbol]").ok()?;
    let mut lit = None;
    for i in 0..all.length() {
        let Some(e) = all.item(i).and_then(|n| n.dyn_into::<Element>().ok()) else {
            continue;
        };
        let is_it = symbol.is_some() && e.get_attribute("data-symbol").as_deref() == symbol;
        let _ = e.class_list().toggle_with_force("lit", is_it);
        if is_it {
            lit = lit.or_else(|| e.get_attribute("data-light"));
        }
    }
    lit
}

/// The small button that opens a card.
pub fn opener(which: Which, title: &str, act: &Callback<Act>) -> Html {
    let open = act.reform(move |_: MouseEvent| Act::Card(Some(which.clone())));
    html! { <button type="button" class="bare opener" onclick={open} aria-label={format!("What is {title}?")} title={format!("What is {title}?")}>{ icon("card") }</button> }
}
