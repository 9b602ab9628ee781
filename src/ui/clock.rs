//! Wall time of a run: shown, never recorded.

use super::browser::now;

/// Adds up the time in which the worker computes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    spent: f64,
    since: Option<f64>,
}

impl Clock {
    /// Goes on.
    pub fn start(&mut self) {
        self.since.get_or_insert_with(now);
    }

    /// Rests.
    pub fn stop(&mut self) {
        self.spent = self.seconds() * 1000.0;
        self.since = None;
    }

    /// Seconds so far.
    pub fn seconds(&self) -> f64 {
        (self.spent + self.since.map_or(0.0, |s| (now() - s).max(0.0))) / 1000.0
    }
}

/// A duration for people.
pub fn duration(seconds: f64) -> String {
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 99.5 {
        format!("{seconds:.0} s")
    } else if seconds < 5400.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}
