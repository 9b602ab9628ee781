//! A view shared with the components without copying it.

use crate::view::View;
use std::cell::{Ref, RefCell};
use std::rc::Rc;

/// The view as it was when `version` was shown: components redraw when the version changes.
#[derive(Clone)]
pub struct Shown {
    view: Rc<RefCell<View>>,
    version: u64,
}

impl Shown {
    /// The view, as a version.
    pub fn new(view: &Rc<RefCell<View>>, version: u64) -> Shown {
        Shown {
            view: view.clone(),
            version,
        }
    }

    /// To look at.
    pub fn view(&self) -> Ref<'_, View> {
        self.view.borrow()
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.view, &other.view)
    }
}
