//! The header: preset, run controls, seed, and the quiet tools on the right.

use super::act::{Act, Speed, State};
use super::field::{About, Field};
use super::icon::icon;
use super::lesson::Turn;
use super::play;
use super::progress::Progress;
use super::shown::Shown;
use crate::protocol::CatalogEntry;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Controls`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// What the run is doing.
    pub state: State,
    /// Seconds of computing so far.
    pub seconds: f64,
    /// Presets to choose from.
    pub presets: Vec<CatalogEntry>,
    /// The preset in force.
    pub preset: Option<String>,
    /// The seed in force.
    pub seed: String,
    /// Threads of the worker; 0 while unknown.
    pub threads: u32,
    /// How fast it runs.
    pub speed: Speed,
    /// Whether a person plays, who may not see everything.
    pub playing: bool,
    /// Whether this is a frame in another page, and the address of the whole page.
    pub embedded: Option<String>,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The lesson the header opens.
const LESSON: &str = "one-parameter";

/// What the header's menus and its field are for.
const PRESETS: &str = "A question to begin with: what is searched, by which strategies, in how many trials";
const SPEED: &str = "slow motion: propose, explain, train, learn, one after the other; slow: a pause after each trial; max: draws less, trains more";
const SEED: &str = "All that chance decides follows from this number: with the same one the same trials come again";

/// The header.
#[function_component]
pub fn Controls(props: &Props) -> Html {
    let running = props.state == State::Running;
    let on = |act: fn() -> Act| props.act.reform(move |_: MouseEvent| act());
    let (label, sign) = if running { ("Pause", "pause") } else { ("Run", "run") };
    let over = matches!(props.state, State::Finished | State::Refused);
    let nothing = props.shown.view().order.is_empty();
    html! {
        <header class="controls">
            <h1>{ "Tunescape" }</h1>
            if props.embedded.is_none() && !props.playing {
                { presets(props) }
            }
            if !props.playing { <div class="run">
                <button onclick={on(|| Act::Reset)} aria-label="Reset" title="Start over: the same trials come again (R)">{ icon("reset") }<span class="word">{ "Reset" }</span></button>
                <button onclick={on(|| Act::Back)} aria-label="Step back" title="One trial back (←)" disabled={nothing}>{ icon("back") }</button>
                <button class="primary" onclick={on(|| Act::RunPause)} aria-label={label} title={format!("{label} (Space)")} disabled={over}>{ icon(sign) }<span>{ label }</span></button>
                <button onclick={on(|| Act::Step)} aria-label="Step" title="One trial (→)" disabled={over}>{ icon("step") }<span class="word">{ "Step" }</span></button>
                { speed(props) }
            </div> }
            <Progress shown={props.shown.clone()} state={props.state} seconds={props.seconds} paced={props.speed.is_paced()} />
            if let Some(whole) = &props.embedded {
                <a class="whole" href={whole.clone()} target="_blank" rel="noopener">{ "Open in Tunescape" }</a>
            } else {
                if !props.playing { { seed(props) } }
                <span class="badge" role="status" title="Threads that train models">{ threads(props.threads) }</span>
                <div class="tools">
                    <button onclick={on(|| Act::Share(true))} aria-label="Share" title="A link to this study">{ icon("share") }<span class="word">{ "Share" }</span></button>
                    if !props.playing {
                    <button onclick={on(|| Act::Play(play::Turn::Choose(true)))} aria-label="Play" title="You against the optimizer: choose points yourself, the truth hidden, and see who finds more">{ icon("game") }</button>
                    <button onclick={on(|| Act::Runs(true))} aria-label="Runs" title="Keep this run, go back to another, export, import">{ icon("runs") }</button>
                    <button onclick={on(|| Act::Download)} aria-label="Download trace" title="Download trace: a line of JSON for each trial" disabled={nothing}>{ icon("download") }</button>
                    <button onclick={on(|| Act::Lesson(Turn::Open(LESSON.into())))} aria-label="Lesson" title="A lesson: grid against random, and the parameter that matters">{ icon("lesson") }</button>
                    }
                    <button class="wide" onclick={on(|| Act::Present)} aria-label="Presenter mode" title="Presenter mode: large type for a room (P)">{ icon("present") }</button>
                    <button onclick={on(|| Act::Theme)} aria-label="Light or dark" title="Light or dark">{ icon("theme") }</button>
                    <button onclick={on(|| Act::Help(true))} aria-label="Help" title="Help (?)"><b>{ "?" }</b></button>
                </div>
            }
        </header>
    }
}

fn presets(props: &Props) -> Html {
    let choose = props
        .act
        .reform(|e: Event| Act::Preset(e.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |p: &CatalogEntry| {
        let selected = props.preset.as_ref() == Some(&p.id);
        html! { <option key={p.id.clone()} value={p.id.clone()} {selected} title={p.about.clone()}>{ &p.title }</option> }
    };
    html! {
        <About about={PRESETS}><select class="preset" aria-label="Preset" title={PRESETS} onchange={choose}>
            if props.presets.is_empty() {
                <option>{ "…" }</option>
            } else if props.preset.is_none() {
                <option key="" value="" selected=true disabled=true>{ "your own question" }</option>
            }
            { for props.presets.iter().map(option) }
        </select></About>
    }
}

fn speed(props: &Props) -> Html {
    let choose = props.act.reform(|e: Event| {
        let name = e.target_unchecked_into::<HtmlSelectElement>().value();
        Act::Speed(Speed::ALL.iter().find(|s| s.1 == name).map_or(Speed::Normal, |s| s.0))
    });
    let option = |&(speed, name): &(Speed, &'static str)| {
        html! { <option value={name} selected={speed == props.speed}>{ name }</option> }
    };
    html! {
        <About about={SPEED}><select class="speed" aria-label="Speed" title={SPEED} onchange={choose}>
            { for Speed::ALL.iter().map(option) }
        </select></About>
    }
}

fn seed(props: &Props) -> Html {
    let check = Callback::from(|text: String| {
        text.parse::<u32>()
            .map(|_| ())
            .map_err(|_| "accepted: a whole number from 0 to 4294967295".to_string())
    });
    let set = props
        .act
        .reform(|text: String| Act::Set(vec![("seed".into(), Some(text))]));
    let new = props.act.reform(|_: MouseEvent| Act::NewSeed);
    html! {
        <div class="seed">
            <About about={SEED}><Field label="Seed" value={props.seed.clone()} {check} onset={set} inline=true numeric=true /></About>
            <button onclick={new} aria-label="New seed" title="New seed: the same question, other chances">{ icon("seed") }</button>
        </div>
    }
}

fn threads(n: u32) -> String {
    match n {
        0 => "… threads".into(),
        1 => "1 thread".into(),
        n => format!("{n} threads"),
    }
}
