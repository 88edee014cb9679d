//! [`Patience`]: how long is waited for other runs to agree on one of what they all made.

use std::time::{Duration, Instant};

use crate::http::{Attempts, LOOKS, Retry};

/// Over a second, and four times as long as this server takes for a request. However short a client
/// tries again: who looks too early makes two, or none.
pub(crate) struct Patience {
    attempts: Attempts,
    since: Instant,
    slowest: Duration,
    /// Whether there is time to look again.
    pub(crate) is_left: bool,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self {
            attempts: Retry::default().start(),
            since: Instant::now(),
            slowest: Duration::ZERO,
            is_left: true,
        }
    }

    /// Does a request, and notes how long it takes.
    pub(crate) async fn time<T>(&mut self, request: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let answer = request.await;
        self.slowest = self.slowest.max(start.elapsed());
        answer
    }

    /// Waits for a while.
    pub(crate) async fn wait(&mut self) {
        self.wait_to_the_end().await;
        self.is_left &= self.attempts.count < LOOKS || self.since.elapsed() < 4 * self.slowest;
    }

    /// The same, for whoever has to outwait others: four seconds in all.
    pub(crate) async fn wait_to_the_end(&mut self) {
        self.is_left = self.attempts.next(None).await;
    }
}
