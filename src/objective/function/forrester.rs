//! Forrester's function: one argument, one local and one global minimum.

use super::Function;
use crate::registry::Entry;

/// The registry's entry.
pub const ENTRY: Entry<Function> = Entry {
    id: "forrester",
    title: "Forrester (1-D)",
    about: "One argument, a flat local minimum and a narrow global one: small enough to see everything a surrogate believes.",
    formula: "(6x − 2)²·sin(12x − 4)",
    paper: "Forrester, Sóbester & Keane 2008, Engineering Design via Surrogate Modelling",
    settings: super::SETTINGS,
    build: Function {
        domain: &[("x", 0.0, 1.0)],
        value,
        minimizers: &[&[0.757_248_757_841_856]],
        minimum: -6.020_740_055_767_083,
    },
};

fn value(x: &[f64]) -> f64 {
    let slope = 6.0 * x[0] - 2.0;
    slope * slope * libm::sin(12.0 * x[0] - 4.0)
}
