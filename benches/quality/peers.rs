//! What was measured of other optimizers: problem, optimizer, evaluations, seeds, median, first and third quartile.

use crate::statistics::Sample;
use std::path::Path;

/// Regret of an optimizer in one cell.
pub struct Figure {
    pub problem: String,
    pub optimizer: String,
    pub evaluations: usize,
    pub sample: Sample,
}

/// Reads the figures.
pub fn read(file: &Path) -> Vec<Figure> {
    let text = std::fs::read_to_string(file).expect("the figures of other optimizers");
    let figure = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |i: usize| fields.get(i)?.parse::<f64>().ok();
        Some(Figure {
            problem: fields.first()?.to_string(),
            optimizer: fields.get(1)?.to_string(),
            evaluations: number(2)? as usize,
            sample: Sample::Known(number(3)? as usize, [number(5)?, number(4)?, number(6)?]),
        })
    };
    text.lines().skip(1).filter_map(figure).collect()
}
