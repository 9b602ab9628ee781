//! "You against the optimizer": the choice of a game, and the panel a person plays by.

use super::act::Act;
use super::field::Field;
use super::icon::icon;
use super::shown::Shown;
use crate::protocol::CatalogEntry;
use crate::space::{Config, Param, Value};
use crate::trial::Direction;
use crate::view::game::{told, turns};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// What can happen in a game.
#[derive(Debug)]
pub enum Turn {
    /// Open or close the choice of games.
    Choose(bool),
    /// Begin one: about this study text, or about the question as it is.
    Start(Option<String>),
    /// Make no more trials, and see.
    GiveUp,
    /// Another one of the same kind.
    Again,
    /// Leave it.
    Leave,
}

/// Games that are offered: a preset, and how many trials everybody has. Few enough to play in minutes.
const OFFERED: [(&str, u32, &str); 3] = [
    (
        "forrester",
        10,
        "One parameter: find the lowest place of a hidden curve.",
    ),
    (
        "branin",
        15,
        "Two parameters: find the lowest place of a hidden landscape.",
    ),
    (
        "svm-iris",
        15,
        "Real data: find C and gamma of a support vector machine on Iris.",
    ),
];

/// Steps of a slider from one end of a range to the other.
const STEPS: f64 = 200.0;

/// Properties of [`Games`].
#[derive(Properties, PartialEq)]
pub struct GamesProps {
    /// The presets there are.
    pub presets: Vec<CatalogEntry>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The choice of a game.
#[function_component]
pub fn Games(props: &GamesProps) -> Html {
    let turn = |turn: fn() -> Turn| props.act.reform(move |_: MouseEvent| Act::Play(turn()));
    let there = |id: &str| props.presets.iter().find(|p| p.id == id);
    let one = |&(id, n, about): &(&'static str, u32, &'static str)| {
        let title = there(id)?.title.clone();
        let start = props
            .act
            .reform(move |_: MouseEvent| Act::Play(Turn::Start(Some(format!("preset={id}&n={n}")))));
        Some(
            html! { <li key={id}><button onclick={start}>{ title }</button><span class="note">{ about }{ " " }{ format!("{n} trials each.") }</span></li> },
        )
    };
    let first = use_node_ref();
    {
        let first = first.clone();
        use_effect_with((), move |()| {
            if let Some(first) = first.cast::<HtmlElement>() {
                let _ = first.focus();
            }
        });
    }
    html! {
        <div class="notice games" role="region" aria-labelledby="games">
            <div>
                <h2 id="games" ref={first} tabindex="-1">{ "You against the optimizer" }</h2>
                <p>{ "You choose the points, and nobody shows you what lies beneath. The strategies have the same question and a trial for each of yours. At the end everything is revealed. Who finds the best value?" }</p>
                <ul>
                    { for OFFERED.iter().filter_map(one) }
                    <li><button onclick={turn(|| Turn::Start(None))}>{ "This question" }</button><span class="note">{ "What is on the page now, with its strategies and trials." }</span></li>
                </ul>
                <p class="note">{ "A test function is mirrored and stretched for every game, so that what you have seen of it does not help. Data are drawn and split anew, which changes little." }</p>
            </div>
            <button class="bare" onclick={turn(|| Turn::Choose(false))} aria-label="Close" title="Close">{ icon("close") }</button>
        </div>
    }
}

/// How far somebody else is.
#[derive(Clone, Debug, PartialEq)]
pub struct Rival {
    /// Who it is.
    pub label: String,
    /// Full trials done.
    pub spent: u32,
}

/// Properties of [`Player`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the person may see.
    pub shown: Shown,
    /// The point picked.
    pub point: Option<Config>,
    /// Whether it can be evaluated now.
    pub can_try: bool,
    /// Everybody else.
    pub rivals: Vec<Rival>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel.
#[function_component]
pub fn Player(props: &Props) -> Html {
    let view = props.shown.view();
    let armed = use_mut_ref(|| false);
    let (done, all) = turns(&view);
    let left = all.saturating_sub(done);
    let study = view.study.as_ref();
    let space = study.map(|s| &s.space);
    let tried = |point: &Config| {
        view.lanes
            .iter()
            .flat_map(|l| &l.trials)
            .find(|t| t.job.config == *point)
    };
    let before = props.point.as_ref().and_then(tried).map(|t| t.job.id + 1);
    let refused = space.zip(props.point.as_ref()).is_some_and(|(s, p)| !s.is_allowed(p));
    let ready = props.can_try && before.is_none() && !refused && left > 0;
    let lowest = study.is_none_or(|s| s.direction == Direction::Minimize);
    let goal = if lowest {
        "Find the lowest value."
    } else {
        "Find the highest value."
    };
    let turn = |turn: fn() -> Turn| props.act.reform(move |_: MouseEvent| Act::Play(turn()));
    let evaluate = {
        let act = props.act.clone();
        Callback::from(move |_: MouseEvent| {
            if ready {
                act.emit(Act::Try(true));
            }
        })
    };
    // Enter counts once it was pressed here, and after the field it was pressed in has taken its text.
    let press = {
        let armed = armed.clone();
        Callback::from(move |e: KeyboardEvent| *armed.borrow_mut() |= e.key() == "Enter" && in_a_value(&e))
    };
    let release = {
        let (armed, act) = (armed, props.act.clone());
        Callback::from(move |e: KeyboardEvent| {
            let meant = e.key() == "Enter" && armed.replace(false) && in_a_value(&e) && !is_invalid(&e);
            if meant && ready {
                act.emit(Act::Try(true));
            }
        })
    };
    let why_not = match before {
        _ if left == 0 => "The others finish.".to_string(),
        Some(trial) => format!("You tried this point in trial {trial}: move on."),
        None if refused => "The space forbids this combination.".into(),
        None => String::new(),
    };
    let rivals: Vec<String> = props
        .rivals
        .iter()
        .map(|r| format!("{} {}", r.label, r.spent))
        .collect();
    let value = |param: &Param| {
        let value = props.point.as_ref()?.get(&param.name)?;
        Some(one(&props.act, param, value))
    };
    html! {
        <section class="play" aria-labelledby="play">
            <div class="head"><h2 id="play">{ "You against the optimizer" }</h2></div>
            <p class="sentence"><b>{ goal }</b>{ " " }{ "Click in the picture or set the values here, then evaluate. What is evaluated counts: it cannot be taken back." }</p>
            <div class="values" role="group" aria-label="Values of the point" onkeydown={press} onkeyup={release}>
                { for space.into_iter().flat_map(|s| s.params()).filter(|p| !p.domain.is_fixed()).filter_map(value) }
            </div>
            <div class="tabs">
                <button class="primary" aria-disabled={(!ready).to_string()} onclick={evaluate} title="Enter">{ "Evaluate" }</button>
                <button onclick={turn(|| Turn::GiveUp)} disabled={left == 0} title="Make no more trials: everything is revealed">{ "Give up and see" }</button>
                <button onclick={turn(|| Turn::Leave)}>{ "Leave the game" }</button>
            </div>
            <p class="note why-not-yet">{ why_not }</p>
            <p class="told" role="status">{ told(&view) }</p>
            <p class="note">{ format!("Trials so far, unseen: {}.", rivals.join(", ")) }</p>
        </section>
    }
}

fn target(e: &KeyboardEvent) -> Option<Element> {
    e.target().and_then(|t| t.dyn_into().ok())
}

fn in_a_value(e: &KeyboardEvent) -> bool {
    target(e).is_some_and(|t| t.tag_name() == "INPUT")
}

fn is_invalid(e: &KeyboardEvent) -> bool {
    target(e).is_some_and(|t| t.get_attribute("aria-invalid").is_some())
}

/// One parameter: a slider for the hand, a field for the number.
fn one(act: &Callback<Act>, param: &Param, value: &Value) -> Html {
    let domain = &param.domain;
    let name = param.name.clone();
    let levels = domain.size().filter(|n| *n as f64 <= STEPS);
    let (most, at) = match levels {
        Some(n) => (n.saturating_sub(1) as f64, domain.level_of(value).unwrap_or(0) as f64),
        None => (STEPS, domain.to_unit(value) * STEPS),
    };
    let slide = {
        let (domain, name) = (domain.clone(), name.clone());
        act.reform(move |e: InputEvent| {
            let at = e.target_unchecked_into::<HtmlInputElement>().value_as_number();
            let unit = match levels {
                Some(_) => domain.to_unit(&domain.level(at as u64)),
                None => at / STEPS,
            };
            Act::Pick(vec![(name.clone(), unit)])
        })
    };
    let check = {
        let domain = domain.clone();
        Callback::from(move |text: String| domain.check(&Value::parse(&text)).map(|_| ()))
    };
    let onset = {
        let name = name.clone();
        act.reform(move |text: String| Act::Own(Some((name.clone(), Value::parse(&text)))))
    };
    let text = domain.typed(value);
    html! {
        <div class="value" key={name.clone()}>
            <Field label={name.clone()} value={text.clone()} {check} {onset} />
            <input type="range" min="0" max={most.to_string()} step="1" value={at.to_string()} aria-label={format!("Slide {name}")} aria-valuetext={text} oninput={slide} />
        </div>
    }
}
