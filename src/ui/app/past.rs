//! Scrubbing: what was known after the first k trials, exactly.

use super::App;
use crate::protocol::Event;
use crate::view::View;
use std::cell::RefCell;
use std::rc::Rc;

/// A position in the past.
pub(super) struct Past {
    /// Trials shown.
    pub(super) trials: usize,
    /// The view as it was.
    pub(super) view: Rc<RefCell<View>>,
}

impl App {
    /// One trial back; the run pauses.
    pub(super) fn back(&mut self) {
        self.pause();
        let now = self.past.as_ref().map_or(self.view.borrow().order.len(), |p| p.trials);
        self.scrub(now.saturating_sub(1));
    }

    /// One trial forward, if what is shown is past.
    pub(super) fn forward(&mut self) -> bool {
        let Some(trials) = self.past.as_ref().map(|p| p.trials) else {
            return false;
        };
        self.scrub(trials + 1);
        true
    }

    /// Shows the position after `trials` trials, or the present from the last one on.
    pub(super) fn scrub(&mut self, trials: usize) {
        let view = self.view.borrow();
        self.past = None;
        self.chosen = None;
        let Some(study) = view.study.clone().filter(|_| trials < view.order.len()) else {
            return;
        };
        // Folded anew: what a trial's arrival meant then is what it means now.
        let mut past = View::new(view.run);
        past.fold(Event::Prepared {
            run: view.run,
            study: Box::new(study),
        });
        let first = view.order.iter().take(trials);
        let first = first.filter_map(|&(lane, id)| view.trial(lane, id).cloned()).collect();
        past.fold(Event::Trials {
            run: view.run,
            trials: first,
        });
        past.planes = view.planes.clone();
        past.ghost = view.ghost.clone();
        self.maps.clear();
        drop(view);
        self.past = Some(Past {
            trials,
            view: Rc::new(RefCell::new(past)),
        });
    }
}
