//! Views for tests, folded from real events.

mod believed;
mod descents;
mod efforts;
mod grown;
mod kinds;
pub(super) mod make;
mod one;
mod planes;

use super::Focus;
use crate::view::View;

/// A study about to be folded.
pub(super) struct Example {
    pub(super) name: &'static str,
    pub(super) view: View,
    pub(super) focus: Focus,
}

/// Takes in an example.
type Push<'a> = dyn FnMut(&'static str, View, Focus) + 'a;

/// A name longer than any picture.
const LONG: &str = "a_parameter_with_a_name_that_goes_on_<and>_on_&_on_beyond_every_reasonable_measure";

fn focus(lane: usize, x: &str, y: Option<&str>) -> Focus {
    Focus {
        lane,
        x: x.into(),
        y: y.map(Into::into),
        ..Focus::default()
    }
}

/// Every kind of view that a picture must survive, with its name.
pub(super) fn all() -> Vec<Example> {
    let mut all = Vec::new();
    let mut push = |name, view, focus| all.push(Example { name, view, focus });
    for add in [planes::add, kinds::add, one::add, efforts::add, descents::add] {
        add(&mut push);
    }
    all
}

/// The example of this name.
pub(super) fn example(name: &str) -> Example {
    all().into_iter().find(|e| e.name == name).expect(name)
}
