//! A lesson beside the pictures: something to read, a prediction to make, and what the run then says.

use super::act::Act;
use super::icon::icon;
use super::shown::Shown;
use crate::view::lesson::{Lesson, Question, filled, is_over};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Where a person is in a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The step.
    pub at: usize,
    /// What was predicted in it.
    pub answer: Option<usize>,
}

/// What can happen in a lesson.
#[derive(Debug)]
pub enum Turn {
    /// Fetch the lesson of this name.
    Open(String),
    /// It came, or did not.
    Opened(Option<String>),
    /// Go to this step.
    Go(usize),
    /// Predict this.
    Answer(usize),
    /// Leave it.
    Close,
}

/// Properties of [`Teacher`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where in which lesson.
    pub course: Course,
    /// What there is to show.
    pub shown: Shown,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The panel.
#[function_component]
pub fn Teacher(props: &Props) -> Html {
    let Course { lesson, at, answer } = &props.course;
    let title = use_node_ref();
    {
        let title = title.clone();
        use_effect_with(*at, move |_| {
            if let Some(title) = title.cast::<HtmlElement>() {
                let _ = title.focus();
            }
        });
    }
    let Some(step) = lesson.steps.get(*at) else {
        return Html::default();
    };
    let view = props.shown.view();
    let over = is_over(&view);
    let go = |to: usize| props.act.reform(move |_: MouseEvent| Act::Lesson(Turn::Go(to)));
    let close = props.act.reform(|_: MouseEvent| Act::Lesson(Turn::Close));
    let known = step.question.is_none() || (over && answer.is_some());
    let told = match (&step.question, answer) {
        (Some(question), Some(answer)) if over => {
            let right = question.right(&view);
            let verdict = match right {
                Some(right) if right == *answer => "As you predicted.".to_string(),
                Some(right) => format!("Not so: {}.", question.choices[right].say),
                None => String::new(),
            };
            html! { <><b>{ verdict }</b>{ " " }<span>{ filled(&view, &question.reveal) }</span></> }
        }
        (Some(_), Some(_)) => html! { { "Let's see: it runs …" } },
        _ => Html::default(),
    };
    html! {
        <aside class="lesson" aria-label="Lesson">
            <div class="head">
                <p class="note">{ format!("{} · {} of {}", lesson.title, at + 1, lesson.steps.len()) }</p>
                <button class="bare" onclick={close} aria-label="Leave the lesson" title="Leave the lesson">{ icon("close") }</button>
            </div>
            <h2 ref={title} tabindex="-1">{ &step.title }</h2>
            <p>{ filled(&view, &step.text) }</p>
            if let Some(question) = &step.question { { choices(props, question, over) } }
            <p class="told" role="status">{ told }</p>
            <div class="tabs">
                <button onclick={go(at.saturating_sub(1))} disabled={*at == 0}>{ "Back" }</button>
                if at + 1 < lesson.steps.len() {
                    <button class="primary" onclick={go(at + 1)} disabled={!known}>{ "Next" }</button>
                } else {
                    <a class="paper" translate="no" href={lesson.link.clone()} target="_blank" rel="noopener">{ &lesson.paper }</a>
                }
            </div>
        </aside>
    }
}

/// What can be predicted: once, before it is seen.
fn choices(props: &Props, question: &Question, over: bool) -> Html {
    let answer = props.course.answer;
    let right = question.right(&props.shown.view()).filter(|_| over && answer.is_some());
    let one = |i: usize| {
        let choose = props.act.reform(move |_: MouseEvent| Act::Lesson(Turn::Answer(i)));
        let on = answer == Some(i);
        let sign = (right == Some(i)).then(|| icon("right"));
        html! {
            <button key={i} class={classes!(on.then_some("on"), (right == Some(i)).then_some("right"))} aria-pressed={on.to_string()} disabled={answer.is_some()} onclick={choose}>
                { for sign }{ &question.choices[i].say }
            </button>
        }
    };
    html! {
        <div class="predict" role="group" aria-labelledby="ask">
            <p id="ask"><b>{ &question.ask }</b></p>
            <div class="tabs">{ for (0..question.choices.len()).map(one) }</div>
        </div>
    }
}
