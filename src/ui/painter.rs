//! Draws pictures when something changed, each whole and as things stand by then, in tasks so short that the page never stalls: where
//! other threads keep all cores busy, a task takes several times as long as it works.

use super::browser::{self, now, soon, window};
use super::picture::{self, Subject};
use super::shown::Shown;
use super::surface::Surface;
use crate::plot::{Chart, Readout};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use web_sys::HtmlCanvasElement;

/// Milliseconds of drawing after which what is left waits for a task of its own.
const BUDGET: f64 = 4.0;

/// Least time between two text alternatives while trials come in, in milliseconds.
const WORDS_PACE: f64 = 1000.0;

thread_local! {
    static WAITING: RefCell<VecDeque<Rc<Painter>>> = const { RefCell::new(VecDeque::new()) };
}

/// One canvas and what it shows.
#[derive(Default)]
pub struct Painter {
    canvas: RefCell<Option<(HtmlCanvasElement, Surface)>>,
    subject: RefCell<Option<(Shown, Subject)>>,
    chart: RefCell<Option<Chart>>,
    /// In CSS pixels; asking the page for it in every frame would make it lay itself out.
    size: Cell<Option<(i32, i32)>>,
    /// How much larger type is than the design's.
    type_scale: Cell<f64>,
    queued: Cell<bool>,
    told: Cell<f64>,
}

impl Painter {
    /// What to draw on.
    pub fn open(&self, canvas: HtmlCanvasElement) {
        let surface = Surface::new(&canvas);
        self.canvas.replace(surface.map(|s| (canvas, s)));
    }

    /// What to draw.
    pub fn show(self: &Rc<Painter>, shown: Shown, subject: Subject) {
        self.subject.replace(Some((shown, subject)));
        self.refresh();
    }

    /// The canvas has another size.
    pub fn resized(self: &Rc<Painter>) {
        self.size.set(None);
        self.refresh();
    }

    /// Draws again soon.
    fn refresh(self: &Rc<Painter>) {
        if self.queued.replace(true) {
            return;
        }
        WAITING.with_borrow_mut(|waiting| {
            waiting.push_back(self.clone());
            if waiting.len() == 1 {
                soon(work);
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

    /// What lies at a place, in CSS pixels of the canvas.
    pub fn read(&self, x: f64, y: f64) -> Option<Readout> {
        let ratio = window().device_pixel_ratio();
        self.chart.borrow().as_ref()?.data_at(x * ratio, y * ratio)
    }

    fn paint(&self) {
        self.queued.set(false);
        let (mut canvas, subject) = (self.canvas.borrow_mut(), self.subject.borrow());
        let (Some((canvas, surface)), Some((shown, subject))) = (&mut *canvas, &*subject) else {
            return;
        };
        let css = self.size.get().unwrap_or_else(|| {
            self.type_scale.set(type_scale());
            (canvas.client_width(), canvas.client_height())
        });
        self.size.set(Some(css));
        let ratio = window().device_pixel_ratio();
        let pixels = |css: i32| (f64::from(css) * ratio).round() as u32;
        let size = (pixels(css.0), pixels(css.1));
        if size.0 == 0 || size.1 == 0 {
            return;
        }
        if (canvas.width(), canvas.height()) != size {
            canvas.set_width(size.0);
            canvas.set_height(size.1);
        }
        let view = shown.view();
        let drawn = picture::draw(surface, size, subject, &view, ratio * self.type_scale.get());
        if !view.running || drawn.is_err() || now() - self.told.get() > WORDS_PACE {
            self.told.set(now());
            let label = match &drawn {
                Ok(_) => picture::words(subject, &view),
                Err(why) => format!("This picture could not be drawn: {why}"),
            };
            let _ = canvas.set_attribute("aria-label", &label);
        }
        self.chart.replace(drawn.ok());
    }
}

/// The design's size of type, in pixels.
const DESIGN: f64 = 14.0;

/// How much larger type is than the design's, on very large screens and for a room: the style sheet decides.
fn type_scale() -> f64 {
    let size = || {
        let style = window().get_computed_style(&browser::root()?.into()).ok()??;
        let size = style.get_property_value("font-size").ok()?;
        crate::number::read(size.strip_suffix("px")?)
    };
    size().map_or(1.0, |px| px / DESIGN)
}

fn work() {
    let start = now();
    while let Some(painter) = WAITING.with_borrow(|w| w.front().cloned()) {
        painter.paint();
        let left = WAITING.with_borrow_mut(|w| {
            w.pop_front();
            w.len()
        });
        if left > 0 && now() - start >= BUDGET {
            return soon(work);
        }
    }
}
