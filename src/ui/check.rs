//! What the worker says of an edit that is being typed.

use super::act::Act;
use crate::question::Changes;
use crate::spec::Refusal;
use std::rc::Rc;
use yew::prelude::*;

/// An answer of the worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The edit it is about.
    pub changes: Changes,
    /// What would be refused.
    pub refused: Vec<Refusal>,
}

/// Where fields ask, and what was answered last. A context: they stand deep in forms that know nothing of it.
#[derive(Clone, PartialEq)]
pub struct Checker {
    /// Takes the question.
    pub act: Callback<Act>,
    /// The latest answer.
    pub checked: Option<Rc<Checked>>,
}

impl Checker {
    /// Whether anything was said of an edit.
    pub fn knows(&self, changes: &Changes) -> bool {
        self.checked.as_deref().is_some_and(|c| c.changes == *changes)
    }

    /// What is wrong with an edit, as far as that is known.
    pub fn refused(&self, changes: &Changes) -> &[Refusal] {
        let known = self.checked.as_deref().filter(|c| c.changes == *changes);
        known.map_or(&[], |c| &c.refused)
    }
}
