//! "Why this point?": one sentence for the trial looked at.

use super::act::Act;
use super::browser::copy;
use super::field::Field;
use super::panel::Panel;
use super::picture::key;
use super::searched::change;
use super::settings::Settings;
use super::shown::Shown;
use super::strategies::unfit;
use crate::protocol::{Catalog, Choice, Trial, YOU};
use crate::space::{Config, Param, Value};
use crate::spec::{Call, StudyText};
use crate::trial::Outcome;
use crate::view::code;
use crate::view::filter::value_text;
use crate::view::why::{Number, numbers, sentence};
use crate::view::{LaneView, View};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`Why`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// The strategy looked at: its latest trial is explained if none is chosen.
    pub lane: usize,
    /// The trial chosen.
    pub chosen: Option<(usize, u32)>,
    /// A point picked by hand.
    pub point: Option<Config>,
    /// What strategies there are to compare with.
    pub catalog: Rc<Catalog>,
    /// Whether a point can be evaluated now.
    pub can_try: bool,
    /// Whether the strategy may learn from it.
    pub learn: bool,
    /// Whether colours are for dark.
    pub dark: bool,
    /// How much of it is shown.
    pub panel: Panel,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The sentence.
#[function_component]
pub fn Why(props: &Props) -> Html {
    let view = props.shown.view();
    if let Some(point) = &props.point {
        return picked(props, &view, point);
    }
    let class = classes!("why", props.panel.classes());
    let tools = props.panel.tools("Why this point?", &props.act);
    let chosen = props.chosen.and_then(|(lane, id)| view.trial(lane, id));
    let Some(trial) = chosen.or_else(|| view.latest(props.lane)) else {
        let text = "Press Run or Step, and the reason for the latest one, or for any you choose, stands here.";
        return html! { <div {class}><div class="head"><h2>{ "Why this point?" }</h2>{ tools }</div><p class="sentence soft"><b>{ "Every trial has a reason." }</b>{ " " }{ text }</p>
            if view.study.is_some() { <p class="note"><button class="bare link" onclick={props.act.reform(|_: MouseEvent| Act::Own(None))}>{ "Try a point of your own" }</button></p> }
        </div> };
    };
    let title = view.lanes.get(trial.lane).map_or("", |l| l.lane.title.as_str());
    let config = trial.job.config.short();
    let of = view.lanes.get(trial.lane);
    let is_own = of.is_some_and(|l| l.lane.id == YOU);
    // In a lane of their own nobody learns from a person.
    let reason = if is_own && of.is_some_and(|l| !l.is_planned()) {
        "Chosen by you; no strategy learns from it.".to_string()
    } else if is_own {
        "Chosen by you.".to_string()
    } else {
        sentence(&trial.job.origin)
    };
    let result = match &trial.outcome {
        Outcome::Value(_) => format!("It scored {}.", value_text(trial)),
        Outcome::Failed { failed } => format!("It failed: {failed}."),
    };
    html! {
        <div {class}>
            <div class="head"><h2>{ "Why this point?" }{ " " }<small>{ key(&view, trial.lane, props.dark) }{ format!("{title}, trial {}", trial.job.id + 1) }</small></h2>{ tools }</div>
            <p class="sentence"><b translate="no">{ config }</b>{ ". " }{ reason }{ " " }{ result }</p>
            if !is_own { { behind(trial) } }
            if of.is_some_and(LaneView::is_planned) { { others(props, &view, trial) } }
            { take(&view, &trial.job.config) }
            <p class="note"><button class="bare link" onclick={props.act.reform(|_: MouseEvent| Act::Own(None))}>{ "Try a point of your own" }</button></p>
        </div>
    }
}

/// The numbers behind the reason, where there are any.
fn behind(trial: &Trial) -> Html {
    let numbers = numbers(&trial.job.origin);
    if numbers.is_empty() {
        return Html::default();
    }
    let row = |n: &Number| html! { <div><dt translate={n.notation.then_some("no")}>{ &n.name }</dt><dd translate="no">{ &n.value }</dd></div> };
    let is_model = numbers.iter().any(|n| !n.notation);
    html! {
        <details class="behind">
            <summary>{ "The numbers behind it" }</summary>
            if is_model { <p class="note">{ "Of points, what the acquisition function says, and in parentheses what the model predicts." }</p> }
            <dl class="facts">{ for numbers.iter().map(row) }</dl>
        </details>
    }
}

/// What another strategy, or the same with another setting, would have chosen here.
fn others(props: &Props, view: &View, trial: &Trial) -> Html {
    let Some(lane) = view.lanes.get(trial.lane).map(|l| &l.lane) else {
        return Html::default();
    };
    let entry = |id: &str| props.catalog.strategies.iter().find(|e| e.id == id);
    let settings = entry(&lane.id).into_iter().flat_map(|e| &e.settings);
    let call = Call::parse(lane.label.split('#').next().unwrap_or_default()).unwrap_or_default();
    let own = settings.flat_map(|s| s.choices.iter().map(move |c| (s, c)));
    let own = own.map(|(s, c)| {
        let mut call = call.clone();
        call.settings.retain(|(id, _)| *id != s.id);
        call.settings.push((s.id.clone(), c.clone()));
        (call.to_string(), format!("{} with {} = {c}", lane.title, s.id))
    });
    let others = || props.catalog.strategies.iter().filter(|e| e.id != lane.id);
    let (rest, unable): (Vec<_>, Vec<_>) = others().partition(|e| view.unfit(&e.id).is_none());
    let rest = rest.iter().map(|e| (e.id.clone(), e.title.clone()));
    let wondered = view.wondered.as_ref();
    let asked = wondered.filter(|w| (w.0, w.1) == (trial.lane, Some(trial.job.id)));
    let asked = asked.map(|w| w.2.as_str());
    let own: Vec<(String, String)> = own.collect();
    let listed = |call: &str| own.iter().any(|o| o.0 == call) || others().any(|e| e.id == call);
    // With settings of its own, the one asked stands in the menu as it is written.
    let adjusted = asked.filter(|call| !listed(call));
    let option = |(call, title): (String, String)| html! { <option key={call.clone()} value={call}>{ title }</option> };
    let found = view.choice.as_ref().filter(|_| asked.is_some());
    html! {
        <div class="others">
            <Menu asked={asked.map(str::to_string)} act={props.act.clone()}>
                <option value="" disabled=true>{ "What would another choose here?" }</option>
                if let Some(call) = adjusted { <option value={call.to_string()} translate="no">{ call }</option> }
                <optgroup label="With another setting">{ for own.iter().cloned().map(option) }</optgroup>
                <optgroup label="Another strategy">{ for rest.map(option) }</optgroup>
                { unfit(view, &unable) }
            </Menu>
            if let Some(choice) = found { { answer(choice, trial) } }
            if let Some(call) = asked { { adjust(props, found.map_or(call, |c| &c.call)) } }
            if found.is_some_and(|c| c.answer.is_ok()) {
                <div class="tabs"><button class="small" onclick={props.act.reform(|_: MouseEvent| Act::Fork)}>{ "Go on from here with it" }</button></div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MenuProps {
    /// The strategy asked in place of the trial that is explained, if one is.
    asked: Option<String>,
    act: Callback<Act>,
    children: Html,
}

/// The menu of those that can be asked, which shows the one that is.
#[function_component]
fn Menu(props: &MenuProps) -> Html {
    let menu = use_node_ref();
    {
        // What was chosen in a menu by hand no longer follows its options' attributes.
        let menu = menu.clone();
        use_effect_with(props.asked.clone(), move |asked| {
            if let Some(menu) = menu.cast::<HtmlSelectElement>() {
                menu.set_value(asked.as_deref().unwrap_or_default());
            }
        });
    }
    let ask = props
        .act
        .reform(|e: Event| Act::WhatIf(e.target_unchecked_into::<HtmlSelectElement>().value()));
    html! { <select ref={menu} aria-label="What would another choose here?" onchange={ask}>{ props.children.clone() }</select> }
}

/// What the strategy asked would try, or why it has no answer.
fn answer(choice: &Choice, trial: &Trial) -> Html {
    let call = &choice.call;
    match &choice.answer {
        Ok(job) => html! {
            <p role="status">
                { format!("{call} would try ") }<b translate="no">{ job.config.short() }</b>
                { if job.config == trial.job.config { ", the same point. " } else { ". " } }{ sentence(&job.origin) }
            </p>
        },
        Err(why) => html! { <p role="status">{ format!("{call} would try nothing here: {why}.") }</p> },
    }
}

/// The settings of the strategy asked, each change of which asks again: they stay open meanwhile.
fn adjust(props: &Props, call: &str) -> Html {
    let call = Call::parse(call).unwrap_or_default();
    let entry = props.catalog.strategies.iter().find(|e| e.id == call.id);
    let edit = Callback::from(|call: Call| change("s", call.to_string()));
    let again = props.act.reform(|call: Call| Act::WhatIf(call.to_string()));
    match entry.filter(|e| !e.settings.is_empty()) {
        Some(entry) => html! { <Settings entry={entry.clone()} {call} {edit} onset={again} act={props.act.clone()} /> },
        None => Html::default(),
    }
}

/// A point picked by hand, and what can be done with it.
fn picked(props: &Props, view: &View, point: &Config) -> Html {
    let lane = view.lanes.get(props.lane);
    let title = lane.map_or("", |l| l.lane.title.as_str());
    let is_planned = lane.is_some_and(LaneView::is_planned);
    let spent = lane.is_none_or(|l| l.spent + 1.0 > f64::from(l.lane.trials) + 1e-9);
    let learns = props.learn && !spent;
    let refused = view.study.as_ref().is_some_and(|s| !s.space.is_allowed(point));
    let learn = props
        .act
        .reform(|e: Event| Act::Learn(e.target_unchecked_into::<HtmlInputElement>().checked()));
    html! {
        <div class={classes!("why", props.panel.classes())}>
            <div class="head"><h2>{ "A point of your own" }</h2>{ props.panel.tools("A point of your own", &props.act) }</div>
            <p class="sentence"><b translate="no">{ point.short() }</b>{ ". " }
                if refused { { "The space forbids this combination." } }
                else if !is_planned { { "Evaluated, it is a trial of yours beside the plan: no strategy learns from it." } }
                else if spent { { format!("All trials of {title} are spent, so no strategy can learn from it: evaluated, it is a trial of yours beside the plan.") } }
                else if !learns { { format!("Evaluated, it is a trial of yours beside the plan: neither {title} nor any other strategy learns from it.") } }
                else { { format!("Evaluated, it counts as a trial of {title}, which learns from it as from its own.") } }
            </p>
            { values(props, view, point) }
            <div class="tabs">
                <button class="primary" disabled={refused || !props.can_try} onclick={props.act.reform(move |_: MouseEvent| Act::Try(learns))}>{ "Evaluate it" }</button>
                <button onclick={props.act.reform(|_: MouseEvent| Act::Unpick)}>{ "Let go" }</button>
                if is_planned {
                    <label class="chip" title="Off, the point is evaluated and shown as your own, and no strategy knows of it">
                        <input type="checkbox" checked={learns} disabled={spent} onchange={learn} />
                        <span>{ format!("{title} may learn from it") }</span>
                    </label>
                }
            </div>
            { take(view, point) }
        </div>
    }
}

/// A field for each parameter that plays a part in the point.
fn values(props: &Props, view: &View, point: &Config) -> Html {
    let params = view.study.as_ref().map(|s| s.space.params()).unwrap_or_default();
    let free = params.iter().filter(|p| !p.domain.is_fixed());
    let field = |(param, value): (&Param, &Value)| {
        let domain = param.domain.clone();
        let check = Callback::from(move |text: String| domain.check(&Value::parse(&text)).map(|_| ()));
        let name = param.name.clone();
        let onset = props
            .act
            .reform(move |text: String| Act::Own(Some((name.clone(), Value::parse(&text)))));
        html! { <Field key={param.name.clone()} label={param.name.clone()} value={param.domain.typed(value)} {check} {onset} notation=true /> }
    };
    html! {
        <div class="point" role="group" aria-label="Values of the point">
            { for free.filter_map(|p| Some((p, point.get(&p.name)?))).map(field) }
        </div>
    }
}

/// The configuration to take away.
fn take(view: &View, config: &Config) -> Html {
    let study = view.study.as_ref();
    let (text, raw) = study.map_or_else(Default::default, |s| (s.text.clone(), s.raw));
    html! { <Take config={config.clone()} {text} {raw} /> }
}

#[derive(Properties, PartialEq)]
struct TakeProps {
    config: Config,
    /// The study's text, and whether its table has categories or gaps.
    text: String,
    raw: bool,
}

/// Copies a configuration in several languages.
#[function_component]
fn Take(props: &TakeProps) -> Html {
    let done = use_state(|| "");
    let code = code::scikit_learn(&StudyText::parse(&props.text).0, props.raw, &props.config);
    let button = |name: &'static str, text: String| {
        let done = done.clone();
        let take = Callback::from(move |_: MouseEvent| {
            let done = done.clone();
            copy(&text, move |ok| done.set(if ok { name } else { "refused" }));
        });
        html! { <button class="bare link" onclick={take}>{ name }</button> }
    };
    let said = match *done {
        "" => String::new(),
        "refused" => "the browser allows no copying here".into(),
        name => format!("{name} copied"),
    };
    html! {
        <p class="take note">
            { "Copy as " }{ button("text", props.config.to_string()) }{ button("JSON", code::json(&props.config)) }
            if let Some(code) = code { { button("scikit-learn", code) } }
            <span role="status">{ said }</span>
        </p>
    }
}
