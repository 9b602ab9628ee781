//! A person who takes part: proposes nothing, because the points come from outside.

use super::{Ask, Strategy};
use crate::context::Context;
use crate::mind::Mind;
use crate::space::Config;
use crate::trial::History;

/// A person. Not in the registry: nobody can run one.
#[derive(Clone, Copy, Debug)]
pub struct Person;

impl Strategy for Person {
    fn ask(&mut self, _history: &History, _room: usize, _context: &Context) -> Result<Ask, String> {
        Ok(Ask::Wait)
    }

    fn mind(&mut self, _history: &History, _at: &[Config]) -> Mind {
        Mind::Nothing("this strategy keeps no model that could be drawn: it is you".into())
    }
}
