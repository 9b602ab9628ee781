//! Known convergence.

use super::*;
use crate::strategy::testing::{is, number, reached};

#[test]
fn a_stretched_and_turned_bowl_is_learned() {
    // Condition 10⁴, turned by 45°: a walk that does not learn C needs thousands of trials. 600 are 100 generations of 6;
    // pycma reaches 1e-8 within about 500 here.
    let bowl = |c: &Config| {
        let (a, b) = (number(c, "a") - 0.3, number(c, "b") - 0.6);
        1e4 * (a - b) * (a - b) + (a + b) * (a + b)
    };
    assert!(reached(&ENTRY, &[("a", "0.0..1.0"), ("b", "0.0..1.0")], 600, bowl, 1e-8) >= 18);
}

#[test]
fn whole_numbers_and_categories_do_not_freeze() {
    // 3·21·21 discrete combinations beside a range: random search meets the best with 250 trials in a sixth of the runs.
    let mixed = |c: &Config| {
        let wrong = f64::from(u8::from(!is(c, "k", "b")));
        let (m, n, r) = (number(c, "m") - 4.0, number(c, "n") - 17.0, number(c, "r") - 0.7);
        5.0 * wrong + 0.1 * (m * m + n * n) + r * r
    };
    let domains = [("k", "{a,b,c}"), ("m", "0..20"), ("n", "0..20"), ("r", "0.0..1.0")];
    assert!(reached(&ENTRY, &domains, 250, mixed, 0.1) >= 17);
}

#[test]
fn a_search_that_converged_starts_anew() {
    // Two valleys, the wider one is not the deeper: only a restart gets out of it.
    let valleys = |c: &Config| {
        let a = number(c, "a");
        let wide = (a - 0.6) * (a - 0.6);
        if libm::fabs(a - 0.06) < 0.05 {
            -1.0 + libm::fabs(a - 0.06)
        } else {
            wide
        }
    };
    assert!(reached(&ENTRY, &[("a", "0.0..1.0"), ("b", "0.0..1.0")], 1500, valleys, -0.99) >= 17);
}
