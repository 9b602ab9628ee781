//! A picture on the page: a canvas with a text alternative, a pointer readout, and a way to save it.

use super::act::Act;
use super::browser;
use super::icon::icon;
use super::painter::Painter;
use super::picture::{self, Subject};
use super::shown::Shown;
use crate::plot::Readout;
use crate::view::View;
use crate::view::why::rounded;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Properties of [`Picture`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is to show.
    pub shown: Shown,
    /// What of it.
    pub subject: Subject,
    /// Name for people, and of the file.
    pub title: String,
    /// What is wanted.
    pub act: Callback<Act>,
}

/// The picture.
#[function_component]
pub fn Picture(props: &Props) -> Html {
    let canvas = use_node_ref();
    let tip = use_node_ref();
    let painter = use_memo((), |()| Painter::default());
    {
        let (canvas, painter) = (canvas.clone(), painter.clone());
        use_effect_with((), move |()| watch(canvas.cast::<HtmlCanvasElement>(), painter));
    }
    {
        let painter = painter.clone();
        use_effect_with((props.shown.clone(), props.subject.clone()), move |(shown, subject)| {
            painter.show(shown.clone(), subject.clone());
        });
    }
    let hit = {
        let painter = painter.clone();
        move |e: &MouseEvent| painter.hit(f64::from(e.offset_x()), f64::from(e.offset_y()))
    };
    let hover = {
        let (hit, tip, shown, subject) = (hit.clone(), tip.clone(), props.shown.clone(), props.subject.clone());
        let painter = painter.clone();
        Callback::from(move |e: PointerEvent| {
            let view = shown.view();
            let found = hit(&e).and_then(|(lane, id)| named(&view, lane, id));
            let is_trial = found.is_some();
            let place = painter.read(f64::from(e.offset_x()), f64::from(e.offset_y()));
            // Where places are configurations, a trial's own says all.
            let place = place.filter(|_| !is_trial || !can_pick(&subject) && subject.kind != "scatter");
            let read = place.and_then(|r| picture::read(&subject, &view, &r));
            let lines: Vec<String> = found.into_iter().chain(read).collect();
            let text = (!lines.is_empty()).then(|| lines.join("\n"));
            if let Some(tip) = tip.cast::<HtmlElement>() {
                point_out(&tip, &e, text, is_trial || can_pick(&subject));
            }
        })
    };
    let leave = {
        let tip = tip.clone();
        Callback::from(move |_: PointerEvent| hide(&tip))
    };
    // A drag along an axis of parallel coordinates brushes it.
    let began = use_mut_ref(|| None::<Readout>);
    let dragged = use_mut_ref(|| false);
    let pick = {
        let (act, painter, subject) = (props.act.clone(), painter.clone(), props.subject.clone());
        let dragged = dragged.clone();
        Callback::from(move |e: MouseEvent| {
            // What ends a drag chooses no trial.
            if std::mem::take(&mut *dragged.borrow_mut()) {
                return;
            }
            if let Some((lane, id)) = hit(&e) {
                return act.emit(Act::Select(lane, id));
            }
            let place = painter.read(f64::from(e.offset_x()), f64::from(e.offset_y()));
            if let Some(place) = place.filter(|_| can_pick(&subject)) {
                act.emit(Act::Lane(subject.lane));
                act.emit(Act::Pick(vec![
                    (place.x_name, place.x_unit),
                    (place.y_name, place.y_unit),
                ]));
            }
        })
    };
    let press = {
        let (began, painter, subject) = (began.clone(), painter.clone(), props.subject.clone());
        Callback::from(move |e: PointerEvent| {
            let place = painter.read(f64::from(e.offset_x()), f64::from(e.offset_y()));
            *began.borrow_mut() = place.filter(|_| subject.kind == "parallel");
        })
    };
    let release = {
        let (began, painter, act) = (began, painter.clone(), props.act.clone());
        Callback::from(move |e: PointerEvent| {
            let end = painter.read(f64::from(e.offset_x()), f64::from(e.offset_y()));
            let (Some(start), Some(end)) = (began.borrow_mut().take(), end) else {
                return;
            };
            let (low, high) = (start.y_unit.min(end.y_unit), start.y_unit.max(end.y_unit));
            if start.y_name == end.y_name && high - low > 0.02 {
                *dragged.borrow_mut() = true;
                act.emit(Act::Brush(start.y_name, low, high));
            }
        })
    };
    let save = {
        let (shown, subject, title) = (props.shown.clone(), props.subject.clone(), props.title.clone());
        let canvas = canvas.clone();
        Callback::from(move |_: MouseEvent| save(&shown, &subject, &title, &canvas))
    };
    let label = format!("Download SVG: {}", props.title);
    html! {
        <div class={classes!("picture", props.subject.kind)}>
            <canvas ref={canvas} role="img" aria-label={props.title.clone()} onpointermove={hover} onpointerleave={leave} onclick={pick} onpointerdown={press} onpointerup={release} />
            <div class="tip" ref={tip} hidden=true aria-hidden="true"></div>
            <button class="bare save" onclick={save} aria-label={label} title="Download SVG">{ icon("download") }</button>
        </div>
    }
}

/// Gives the painter its canvas and tells it about every new size; undone by what is returned.
fn watch(canvas: Option<HtmlCanvasElement>, painter: Rc<Painter>) -> impl FnOnce() {
    let again = painter.clone();
    let resized = Closure::<dyn FnMut()>::new(move || again.resized());
    let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    if let Some(canvas) = canvas {
        if let Some(observer) = &observer {
            observer.observe(&canvas);
        }
        painter.open(canvas);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        painter.close();
        drop(resized);
    }
}

fn hide(tip: &NodeRef) {
    if let Some(tip) = tip.cast::<HtmlElement>() {
        tip.set_hidden(true);
    }
}

/// Whether a place in the picture is a configuration.
fn can_pick(subject: &Subject) -> bool {
    matches!(subject.kind, "space" | "belief")
}

/// A trial in words.
fn named(view: &View, lane: usize, id: u32) -> Option<String> {
    let (of, trial) = (view.lanes.get(lane)?, view.trial(lane, id)?);
    let value = trial.outcome.value().map_or("failed".to_string(), rounded);
    let effort = match trial.job.fidelity {
        whole if whole >= 1.0 => String::new(),
        part => format!("\nat {} of the effort", rounded(part)),
    };
    Some(format!(
        "{} {} · {value}\n{}{effort}",
        of.lane.title,
        trial.job.id + 1,
        trial.job.config.short()
    ))
}

/// Says it beside the pointer.
fn point_out(tip: &HtmlElement, e: &PointerEvent, text: Option<String>, clickable: bool) {
    if let Some(canvas) = e.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
        let cursor = match (clickable, &text) {
            (true, Some(_)) => "pointer",
            (true, None) => "crosshair",
            _ => "default",
        };
        let _ = canvas.style().set_property("cursor", cursor);
        let Some(text) = text else {
            return tip.set_hidden(true);
        };
        tip.set_text_content(Some(&text));
        tip.set_hidden(false);
        // On the side where there is room: what reaches out of its panel may lie beneath the next one.
        let room = canvas.client_width() - tip.offset_width();
        let (left, right) = (e.offset_x() - tip.offset_width() - 12, e.offset_x() + 12);
        let x = if right <= room {
            right
        } else if left >= 0 {
            left
        } else {
            room.max(0)
        };
        let y = (e.offset_y() - tip.offset_height() - 8).max(0);
        let _ = tip
            .style()
            .set_property("transform", &format!("translate({x}px,{y}px)"));
    }
}

fn save(shown: &Shown, subject: &Subject, title: &str, canvas: &NodeRef) {
    let size = canvas
        .cast::<HtmlCanvasElement>()
        .map_or((640, 420), |c| (c.client_width() as u32, c.client_height() as u32));
    if let Ok(svg) = picture::svg(subject, &shown.view(), size) {
        let name: String = title
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        browser::download(&format!("tunescape-{name}.svg"), "image/svg+xml", &svg);
    }
}
