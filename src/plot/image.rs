//! Maps of coloured cells: an image where the canvas has images, else rectangles.

use super::palette::{Rgb, alpha};
use super::pen::{Pen, Rect};
use super::surface::{Refused, Surface};
use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};
use std::cell::Cell;

/// Cells as an image; whether the canvas took it is known after drawing.
struct Image<'b> {
    corners: [BackendCoord; 2],
    columns: usize,
    rgb: &'b [u8],
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
            self.taken.set(surface.blit(from, to, self.columns, self.rgb)?);
        }
        Ok(())
    }
}

impl Pen<'_> {
    /// Cells of colour over a rectangle, `columns` a row, from the top row down: an image where the canvas has images.
    pub(super) fn cells(&mut self, rect: Rect, columns: usize, cells: &[Option<Rgb>]) {
        if columns == 0 || cells.len() < columns {
            return;
        }
        let rows = cells.len() / columns;
        let card = self.palette.card;
        let rgb: Vec<u8> = cells.iter().flat_map(|c| <[u8; 3]>::from(c.unwrap_or(card))).collect();
        let (from, to) = (self.at((rect.left, rect.top)), self.at((rect.right, rect.bottom)));
        let image = Image {
            corners: [from, to],
            columns,
            rgb: &rgb,
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
}
