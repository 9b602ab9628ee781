//! Maps of coloured cells: an image where the canvas has images, else rectangles.

use super::palette::{Rgb, alpha};
use super::pen::{Pen, Point, Rect};
use super::surface::{Refused, Surface};
use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};
use std::cell::Cell;

/// Cells as an image; whether the canvas took it is known after drawing.
struct Image<'b> {
    corners: [BackendCoord; 2],
    columns: usize,
    rgba: &'b [u8],
    taken: Cell<bool>,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Image<'_> {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];

    fn point_iter(self) -> &'a [BackendCoord] {
        &self.corners
    }
}

impl<'s> Drawable<Surface<'s>> for Image<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut corners: I,
        surface: &mut Surface<'s>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<Refused>> {
        if let (Some(from), Some(to)) = (corners.next(), corners.next()) {
            self.taken.set(surface.blit(from, to, self.columns, self.rgba)?);
        }
        Ok(())
    }
}

impl Pen<'_> {
    /// Cells of colour over a rectangle, `columns` a row, from the top row down: an image where the canvas has images. Nothing is drawn
    /// where a cell has no colour.
    pub(super) fn cells(&mut self, rect: Rect, columns: usize, cells: &[Option<Rgb>]) {
        if columns == 0 || cells.len() < columns {
            return;
        }
        let rows = cells.len() / columns;
        let rgba: Vec<u8> = cells
            .iter()
            .flat_map(|c| c.map_or([0; 4], |(r, g, b)| [r, g, b, 255]))
            .collect();
        let (from, to) = (self.at((rect.left, rect.top)), self.at((rect.right, rect.bottom)));
        let image = Image {
            corners: [from, to],
            columns,
            rgba: &rgba,
            taken: Cell::new(false),
        };
        let drawn = self.area.draw(&image).map_err(|e| e.to_string());
        self.keep(drawn);
        if image.taken.get() {
            return;
        }
        let x = |i: usize| rect.left + rect.width() * i as f64 / columns as f64;
        let y = |i: usize| rect.top + rect.height() * i as f64 / rows as f64;
        for row in 0..rows {
            let line = &cells[row * columns..(row + 1) * columns];
            let mut start = 0;
            while start < columns {
                let same = line[start..].iter().take_while(|c| **c == line[start]).count();
                if let Some(color) = line[start] {
                    let cell = Rect {
                        left: x(start),
                        top: y(row),
                        right: x(start + same),
                        bottom: y(row + 1),
                    };
                    self.fill(cell, alpha(color, 1.0));
                }
                start += same;
            }
        }
    }

    /// Squares of `side` around points, later ones on top, all as one image: thousands of markers would each take longer.
    pub(super) fn dots(&mut self, dots: &[(Point, Rgb)], side: f64) {
        let pixels = |css: f64| (css * self.device).round().max(1.0) as usize;
        let (columns, rows, side) = (pixels(self.size.0), pixels(self.size.1), pixels(side));
        let mut cells = vec![None; columns * rows];
        let first = |at: f64| (at * self.device - side as f64 / 2.0).round().max(0.0) as usize;
        for &((x, y), color) in dots {
            let (left, top) = (first(x).min(columns), first(y).min(rows));
            let right = (left + side).min(columns);
            for row in top..(top + side).min(rows) {
                cells[row * columns + left..row * columns + right].fill(Some(color));
            }
        }
        let whole = Rect {
            left: 0.0,
            top: 0.0,
            right: self.size.0,
            bottom: self.size.1,
        };
        self.cells(whole, columns, &cells);
    }
}
