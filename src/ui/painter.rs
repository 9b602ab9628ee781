//! Draws pictures when something changed, at most once a frame, and never so many in one frame that the page stalls.

use super::browser::{next_frame, now, window};
use super::picture::{self, Subject};
use super::shown::Shown;
use crate::plot::Chart;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use web_sys::HtmlCanvasElement;

/// Milliseconds of drawing in one frame; what is left waits for the next one.
const BUDGET: f64 = 12.0;

thread_local! {
    static WAITING: RefCell<VecDeque<Rc<Painter>>> = const { RefCell::new(VecDeque::new()) };
}

/// One canvas and what it shows.
#[derive(Default)]
pub struct Painter {
    canvas: RefCell<Option<HtmlCanvasElement>>,
    subject: RefCell<Option<(Shown, Subject)>>,
    chart: RefCell<Option<Chart>>,
    queued: Cell<bool>,
}

impl Painter {
    /// What to draw, on what.
    pub fn show(self: &Rc<Painter>, canvas: Option<HtmlCanvasElement>, shown: Shown, subject: Subject) {
        self.canvas.replace(canvas);
        self.subject.replace(Some((shown, subject)));
        self.refresh();
    }

    /// Draws again soon.
    pub fn refresh(self: &Rc<Painter>) {
        if self.queued.replace(true) {
            return;
        }
        WAITING.with_borrow_mut(|waiting| {
            waiting.push_back(self.clone());
            if waiting.len() == 1 {
                next_frame(work);
            }
        });
    }

    /// Forgets the canvas.
    pub fn close(&self) {
        self.canvas.replace(None);
        self.subject.replace(None);
    }

    /// The trial at a place, in CSS pixels of the canvas.
    pub fn hit(&self, x: f64, y: f64) -> Option<(usize, u32)> {
        let ratio = window().device_pixel_ratio();
        self.chart.borrow().as_ref()?.hit(x * ratio, y * ratio)
    }

    fn paint(&self) {
        self.queued.set(false);
        let (canvas, subject) = (self.canvas.borrow(), self.subject.borrow());
        let (Some(canvas), Some((shown, subject))) = (&*canvas, &*subject) else {
            return;
        };
        let ratio = window().device_pixel_ratio();
        let pixels = |css: i32| (f64::from(css) * ratio).round() as u32;
        let size = (pixels(canvas.client_width()), pixels(canvas.client_height()));
        if size.0 == 0 || size.1 == 0 {
            return;
        }
        if (canvas.width(), canvas.height()) != size {
            canvas.set_width(size.0);
            canvas.set_height(size.1);
        }
        let view = shown.view();
        let drawn = picture::draw(canvas, subject, &view, ratio * type_scale());
        let label = match &drawn {
            Ok(_) => picture::words(subject, &view),
            Err(why) => format!("This picture could not be drawn: {why}"),
        };
        let _ = canvas.set_attribute("aria-label", &label);
        self.chart.replace(drawn.ok());
    }
}

/// How much larger type is than the design's, on very large screens: as in the style sheet.
fn type_scale() -> f64 {
    let width = window().inner_width().ok().and_then(|w| w.as_f64()).unwrap_or(0.0);
    match width {
        w if w >= 3400.0 => 1.75,
        w if w >= 2300.0 => 1.25,
        _ => 1.0,
    }
}

fn work() {
    let start = now();
    while let Some(painter) = WAITING.with_borrow(|w| w.front().cloned()) {
        painter.paint();
        let left = WAITING.with_borrow_mut(|w| {
            w.pop_front();
            w.len()
        });
        if left > 0 && now() - start > BUDGET {
            return next_frame(work);
        }
    }
}
