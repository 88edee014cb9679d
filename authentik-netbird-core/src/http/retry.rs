//! How often and how long a request is tried again.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

/// Attempts at one request, the first one included.
const MAX_ATTEMPTS: usize = 5;

/// How long a request is tried again: bounded by count and by total time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    /// From the start of the first attempt to that of the last one.
    pub(crate) total: Duration,
}

impl Retry {
    pub(crate) fn start(self) -> Attempts {
        let delays = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(4))
            .with_factor(3.0)
            .with_max_times(MAX_ATTEMPTS - 1)
            .build();
        Attempts { delays: Box::new(delays), start: Instant::now(), total: self.total, count: 1 }
    }
}

pub(crate) struct Attempts {
    delays: Box<dyn Iterator<Item = Duration> + Send>,
    start: Instant,
    total: Duration,
    pub(crate) count: u32,
}

impl Attempts {
    /// Waits for the next attempt, at least as long as the server asked for. Returns whether there
    /// is to be one.
    pub(crate) async fn next(&mut self, retry_after: Option<Duration>) -> bool {
        let Some(delay) = self.delays.next() else { return false };
        let delay = delay.max(retry_after.unwrap_or_default());
        // Compared as durations: whatever a server or a caller says, no sum of times overflows.
        if delay > self.total.saturating_sub(self.start.elapsed()) {
            return false;
        }
        tokio::time::sleep(delay).await;
        self.count += 1;
        true
    }
}

#[cfg(test)]
mod tests;
