//! A link to what is shown, and the lines that put it into another page.

use super::act::Act;
use super::browser::copy;
use super::icon::icon;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Share`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The link.
    pub link: String,
    /// Whether the study is about a table of the visitor's own, which no link holds.
    pub own: bool,
    /// Whether it is a game.
    pub game: bool,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel: copied already where the browser allows it, and there to copy by hand.
#[function_component]
pub fn Share(props: &Props) -> Html {
    let copied = use_state(|| false);
    {
        let copied = copied.clone();
        use_effect_with(props.link.clone(), move |link| copy(link, move |ok| copied.set(ok)));
    }
    let close = props.act.reform(|_: MouseEvent| Act::Share(false));
    let select = Callback::from(|e: FocusEvent| e.target_unchecked_into::<HtmlInputElement>().select());
    let base = props.link.split('#').next().unwrap_or_default();
    let base = base.rsplit_once('/').map_or(base, |(folder, _)| folder);
    let study = props
        .link
        .split_once('#')
        .map_or("", |(_, hash)| hash)
        .replace('&', "&amp;");
    let embed = format!("<script src=\"{base}/embed.js\" data-study=\"{study}\"></script>");
    let said = if props.game && *copied {
        "The link is copied. Who opens it plays this game: the same question, the same strategies, as many trials."
    } else if props.game {
        "Copy this link: who opens it plays this game, with the same question, the same strategies, as many trials."
    } else if *copied {
        "The link is copied. It opens this study and runs it as far as it is now."
    } else {
        "Copy this link: it opens this study and runs it as far as it is now."
    };
    let field = |label: &'static str, value: String| {
        html! { <label class="field"><span class="name">{ label }</span><input type="text" readonly=true aria-label={label} {value} onfocus={select.clone()} /></label> }
    };
    html! {
        <div class="notice share" role="region" aria-label="Share this study">
            <div>
                <p role="note">{ said }</p>
                if props.own { <p class="own">{ "Your table is not in the link: whoever opens it is asked for the file. It never leaves this machine." }</p> }
                { field("Link", props.link.clone()) }
                { field("To put it into a page of your own", embed) }
            </div>
            <button class="bare" onclick={close} aria-label="Close" title="Close">{ icon("close") }</button>
        </div>
    }
}
