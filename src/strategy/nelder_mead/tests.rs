//! Known convergence, and categories.

use super::*;
use crate::strategy::testing::{is, number, reached};

#[test]
fn follows_a_bent_valley_to_its_bottom() {
    // Rosenbrock's, condition 2500 at the bottom: 300 uniform draws come to 0.1 in the median.
    let valley = |c: &Config| {
        let (x, y) = (number(c, "x"), number(c, "y"));
        100.0 * (y - x * x) * (y - x * x) + (1.0 - x) * (1.0 - x)
    };
    let count = reached(&ENTRY, &[("x", "-2.0..2.0"), ("y", "-1.0..3.0")], 300, valley, 1e-4);
    assert!(count >= 18);
}

#[test]
fn rounding_does_not_stop_it_and_restarts_change_the_category() {
    // One in 3 · 41 · 41 is the best; 150 uniform draws meet it in 3 of 100 runs.
    let levels = |c: &Config| {
        let wrong = f64::from(u8::from(!is(c, "k", "b")));
        let (m, n) = (number(c, "m") - 11.0, number(c, "n") - 29.0);
        50.0 * wrong + m * m + n * n + 0.5 * m * n
    };
    let count = reached(
        &ENTRY,
        &[("k", "{a,b,c}"), ("m", "0..40"), ("n", "0..40")],
        150,
        levels,
        0.5,
    );
    assert!(count >= 14);
}
