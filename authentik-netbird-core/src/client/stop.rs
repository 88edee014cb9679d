//! Asking an apply to end early.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Client;

/// How often the applies of a client were asked to end.
#[derive(Clone, Default)]
pub(crate) struct Stops(Arc<AtomicUsize>);

/// Whether an apply that is under way was asked to end.
pub(crate) struct Stop {
    stops: Stops,
    before: usize,
}

impl Stops {
    pub(crate) fn watch(&self) -> Stop {
        Stop { stops: self.clone(), before: self.count() }
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Stop {
    pub(crate) fn is_requested(&self) -> bool {
        self.stops.count() != self.before
    }
}

impl Client {
    /// Asks every apply of this client and its clones that is under way to end: writes in flight are
    /// completed, nothing more is started, and the apply ends with
    /// [`Error::PartialApply`](crate::Error::PartialApply), whose report says what was applied. One that
    /// has nothing left to start ends as usual. For Ctrl-C and SIGTERM.
    pub fn stop(&self) {
        self.stops().0.fetch_add(1, Ordering::SeqCst);
    }
}
