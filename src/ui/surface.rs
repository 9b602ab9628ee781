//! A canvas element as what pictures draw on, with images for heat maps.

use crate::plot::{Canvas, Onto, TextHabit, TextLook};
use plotters::style::RGBAColor;
use plotters::style::text_anchor::HPos;
use plotters_backend::BackendCoord;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Units of a picture for each pixel: plotters draws at whole numbers, and curves would step.
pub const FINE: u32 = 4;

const FONT: &str = "ui-sans-serif, system-ui, \"Segoe UI\", Roboto, \"Noto Sans\", \"Noto Sans SC\", sans-serif";

/// A canvas element: plotters' own backend draws the shapes; texts, which it would measure and set in its own way, and images are
/// drawn here.
pub struct Surface {
    shapes: Onto<CanvasBackend>,
    context: CanvasRenderingContext2d,
    /// Cells of a heat map, before they are stretched.
    cells: HtmlCanvasElement,
}

impl Surface {
    /// To draw on `canvas`.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Surface> {
        let context = context(canvas)?;
        let cells = super::browser::document().create_element("canvas").ok()?;
        Some(Surface {
            shapes: Onto::new(CanvasBackend::with_canvas_object(canvas.clone())?, TextHabit::CANVAS),
            context,
            cells: cells.unchecked_into(),
        })
    }

    /// Begins a new picture: what the canvas showed is gone. A canvas that was resized has lost its scale, too.
    pub fn clear(&self, width: u32, height: u32) {
        let unit = 1.0 / f64::from(FINE);
        // Refused for numbers that are not finite only.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        let _ = self.context.set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}

fn css(color: RGBAColor) -> String {
    format!("rgba({},{},{},{})", color.0, color.1, color.2, color.3)
}

impl Canvas for Surface {
    fn path(&mut self, points: &[BackendCoord], color: RGBAColor, width: u32) -> Result<(), String> {
        self.context.set_line_join("round");
        self.shapes.path(points, color, width)
    }

    fn polygon(&mut self, points: &[BackendCoord], color: RGBAColor) -> Result<(), String> {
        self.shapes.polygon(points, color)
    }

    fn rect(&mut self, from: BackendCoord, to: BackendCoord, color: RGBAColor, fill: bool) -> Result<(), String> {
        self.shapes.rect(from, to, color, fill)
    }

    fn circle(
        &mut self,
        at: BackendCoord,
        radius: u32,
        color: RGBAColor,
        width: u32,
        fill: bool,
    ) -> Result<(), String> {
        self.shapes.circle(at, radius, color, width, fill)
    }

    fn text(&mut self, text: &str, look: &TextLook, at: BackendCoord) -> Result<(), String> {
        self.context.set_fill_style_str(&css(look.color));
        let weight = if look.bold { "650 " } else { "" };
        self.context.set_font(&format!("{weight}{}px {FONT}", look.size));
        self.context.set_text_baseline("alphabetic");
        self.context.set_text_align(match look.anchor {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.save();
        let _ = self.context.translate(f64::from(at.0), f64::from(at.1));
        if look.upwards {
            let _ = self.context.rotate(-std::f64::consts::FRAC_PI_2);
        }
        let drawn = self.context.fill_text(text, 0.0, 0.0);
        self.context.restore();
        drawn.map_err(|_| "text was refused".into())
    }

    fn blit(&mut self, from: BackendCoord, to: BackendCoord, columns: usize, rgba: &[u8]) -> Result<bool, String> {
        let rows = (rgba.len() / 4).checked_div(columns).unwrap_or(0);
        let Ok(image) = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), columns as u32, rows as u32) else {
            return Ok(false);
        };
        self.cells.set_width(columns as u32);
        self.cells.set_height(rows as u32);
        let put = context(&self.cells).is_some_and(|c| c.put_image_data(&image, 0.0, 0.0).is_ok());
        self.context.set_image_smoothing_enabled(false);
        let (x, y) = (f64::from(from.0), f64::from(from.1));
        let (width, height) = (f64::from(to.0) - x, f64::from(to.1) - y);
        let drawn = self
            .context
            .draw_image_with_html_canvas_element_and_dw_and_dh(&self.cells, x, y, width, height);
        Ok(put && drawn.is_ok())
    }
}
