//! One surface under every picture: it hides which plotters backend is drawn on, and measures text by our own table.

use super::text;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform as Turn,
};

/// The font stack of every picture.
pub const FONT: &str = "system-ui, sans-serif";

/// How a text looks.
#[derive(Clone, Copy)]
pub struct TextLook {
    /// Colour and opacity.
    pub color: RGBAColor,
    /// Em size.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Which end of the text stands at its position.
    pub anchor: HPos,
    /// Whether it runs upwards.
    pub upwards: bool,
}

/// What a picture needs of whatever it is drawn on. All lengths are in the surface's own units.
///
/// Every plotters backend is one through [`Onto`]; the page may implement it directly, for example to blit heat maps.
pub trait Canvas {
    /// A line through `points`.
    ///
    /// # Errors
    /// What the backend says.
    fn path(&mut self, points: &[BackendCoord], color: RGBAColor, width: u32) -> Result<(), String>;
    /// A filled polygon.
    ///
    /// # Errors
    /// What the backend says.
    fn polygon(&mut self, points: &[BackendCoord], color: RGBAColor) -> Result<(), String>;
    /// A rectangle, filled or outlined.
    ///
    /// # Errors
    /// What the backend says.
    fn rect(&mut self, from: BackendCoord, to: BackendCoord, color: RGBAColor, fill: bool) -> Result<(), String>;
    /// A circle, filled or outlined.
    ///
    /// # Errors
    /// What the backend says.
    fn circle(
        &mut self,
        center: BackendCoord,
        radius: u32,
        color: RGBAColor,
        width: u32,
        fill: bool,
    ) -> Result<(), String>;
    /// A text whose baseline stands at `at`.
    ///
    /// # Errors
    /// What the backend says.
    fn text(&mut self, text: &str, look: &TextLook, at: BackendCoord) -> Result<(), String>;
    /// Stretches `columns` × `rows` RGBA cells, row by row from the top, over a rectangle without smoothing. `false` means
    /// that this canvas has no images, and rectangles are to be drawn instead.
    ///
    /// # Errors
    /// What the backend says.
    fn blit(&mut self, _from: BackendCoord, _to: BackendCoord, _columns: usize, _rgba: &[u8]) -> Result<bool, String> {
        Ok(false)
    }
    /// Shows what was drawn.
    ///
    /// # Errors
    /// What the backend says.
    fn present(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// How a backend places text that plotters says is anchored at its top.
#[derive(Clone, Copy, Debug)]
pub struct TextHabit {
    /// Size to ask for, for an em of 1.
    pub size: f64,
    /// Distance from the anchor down to the baseline, in em.
    pub ascent: f64,
}

impl TextHabit {
    /// The HTML canvas, whose "top" is the top of the em box.
    pub const CANVAS: TextHabit = TextHabit {
        size: 1.0,
        ascent: 0.79,
    };
    /// plotters' SVG, which divides sizes by 1.24 and moves text down by 0.76 em.
    pub const SVG: TextHabit = TextHabit {
        size: 1.24,
        ascent: 0.76,
    };
}

/// A plotters backend as a [`Canvas`].
pub struct Onto<DB: DrawingBackend> {
    backend: DB,
    habit: TextHabit,
}

impl<DB: DrawingBackend> Onto<DB> {
    /// Draws on `backend`.
    pub fn new(backend: DB, habit: TextHabit) -> Onto<DB> {
        Onto { backend, habit }
    }
}

fn words<E: std::error::Error + Send + Sync>(error: DrawingErrorKind<E>) -> String {
    error.to_string()
}

impl<DB: DrawingBackend> Canvas for Onto<DB> {
    fn path(&mut self, points: &[BackendCoord], color: RGBAColor, width: u32) -> Result<(), String> {
        let style = ShapeStyle::from(color).stroke_width(width);
        self.backend.draw_path(points.iter().copied(), &style).map_err(words)
    }

    fn polygon(&mut self, points: &[BackendCoord], color: RGBAColor) -> Result<(), String> {
        let style = ShapeStyle::from(color).filled();
        self.backend.fill_polygon(points.iter().copied(), &style).map_err(words)
    }

    fn rect(&mut self, from: BackendCoord, to: BackendCoord, color: RGBAColor, fill: bool) -> Result<(), String> {
        self.backend
            .draw_rect(from, to, &ShapeStyle::from(color), fill)
            .map_err(words)
    }

    fn circle(
        &mut self,
        at: BackendCoord,
        radius: u32,
        color: RGBAColor,
        width: u32,
        fill: bool,
    ) -> Result<(), String> {
        let style = ShapeStyle::from(color).stroke_width(width);
        self.backend.draw_circle(at, radius, &style, fill).map_err(words)
    }

    fn text(&mut self, text: &str, look: &TextLook, at: BackendCoord) -> Result<(), String> {
        let lift = (self.habit.ascent * look.size).round() as i32;
        let (at, turn) = if look.upwards {
            ((at.0 - lift, at.1), FontTransform::Rotate270)
        } else {
            ((at.0, at.1 - lift), FontTransform::None)
        };
        let weight = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(FONT), look.size * self.habit.size, weight).transform(turn);
        let style = TextStyle::from(font)
            .color(&look.color)
            .pos(Pos::new(look.anchor, VPos::Top));
        self.backend.draw_text(text, &style, at).map_err(words)
    }

    fn present(&mut self) -> Result<(), String> {
        self.backend.present().map_err(words)
    }
}

/// A [`Canvas`] as a plotters backend, of one type whatever is beneath: pictures are compiled once.
pub(super) struct Surface<'a> {
    canvas: &'a mut dyn Canvas,
    size: (u32, u32),
}

/// What a backend said when it could not draw.
#[derive(Debug)]
pub(super) struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

type Drawn = Result<(), DrawingErrorKind<Refused>>;

fn refused(why: String) -> DrawingErrorKind<Refused> {
    DrawingErrorKind::DrawingError(Refused(why))
}

fn rgba(color: BackendColor) -> RGBAColor {
    RGBAColor(color.rgb.0, color.rgb.1, color.rgb.2, color.alpha)
}

impl<'a> Surface<'a> {
    pub(super) fn new(canvas: &'a mut dyn Canvas, size: (u32, u32)) -> Surface<'a> {
        Surface { canvas, size }
    }

    pub(super) fn blit(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        columns: usize,
        rgba: &[u8],
    ) -> Result<bool, DrawingErrorKind<Refused>> {
        self.canvas.blit(from, to, columns, rgba).map_err(refused)
    }
}

impl DrawingBackend for Surface<'_> {
    type ErrorType = Refused;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.canvas.present().map_err(refused)
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.canvas
            .rect((x, y), (x + 1, y + 1), rgba(color), true)
            .map_err(refused)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        self.canvas.rect(from, to, rgba(style.color()), fill).map_err(refused)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<_> = path.into_iter().collect();
        self.canvas
            .path(&points, rgba(style.color()), style.stroke_width())
            .map_err(refused)
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let (color, width) = (rgba(style.color()), style.stroke_width());
        self.canvas.circle(at, radius, color, width, fill).map_err(refused)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<_> = path.into_iter().collect();
        self.canvas.polygon(&points, rgba(style.color())).map_err(refused)
    }

    /// Bottom-anchored text stands on its baseline: the other anchors follow from the em size alone.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let drop = match style.anchor().v_pos {
            VPos::Bottom => 0.0,
            VPos::Center => 0.36,
            VPos::Top => 0.76,
        };
        let drop = (drop * style.size()).round() as i32;
        let upwards = matches!(style.transform(), Turn::Rotate270);
        let look = TextLook {
            color: rgba(style.color()),
            size: style.size(),
            bold: matches!(style.style(), FontStyle::Bold),
            anchor: style.anchor().h_pos,
            upwards,
        };
        let at = if upwards { (x + drop, y) } else { (x, y + drop) };
        self.canvas.text(text, &look, at).map_err(refused)
    }

    // plotters would ask the DOM on the web (a panic in a worker) and count bytes elsewhere.
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Refused>> {
        let width = text::width(text, style.size());
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
