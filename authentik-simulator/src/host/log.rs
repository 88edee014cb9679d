//! [`LoggedRequest`]: what was asked of a simulator, and when.

use std::time::Duration;

/// A request, without its headers and bodies: those hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Counts from 0, in the order in which requests were read.
    pub sequence: u64,
    /// Method, e.g. `POST`.
    pub method: String,
    /// Path with its query, as it was sent.
    pub path: String,
    /// Status of the answer; `None` as long as there is none, and for a connection that was cut.
    pub status: Option<u16>,
    /// When it had been read, since the simulator's start.
    pub started: Duration,
    /// When the server's work for it was done, and written what it writes, since the simulator's start;
    /// `None` where none was done.
    pub committed: Option<Duration>,
    /// When its answer was ready, since the simulator's start.
    pub finished: Option<Duration>,
    is_write: bool,
}

impl LoggedRequest {
    pub(super) fn new(
        sequence: u64,
        method: &str,
        path: &str,
        is_write: bool,
        started: Duration,
    ) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        let (status, committed, finished) = (None, None, None);
        Self { sequence, method, path, status, started, committed, finished, is_write }
    }

    /// Whether it asks for a change of the configuration. Requests to the OAuth2 endpoints do not,
    /// although they are sent by POST.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.is_write
    }
}

/// How many round trips the requests took: the length of the longest chain in which each was read
/// only after the one before had been answered. Requests sent at the same time count as one.
///
/// ```
/// use authentik_simulator::{round_trips, Simulator};
///
/// let simulator = Simulator::start()?;
/// assert_eq!(round_trips(&simulator.requests()), 0);
/// # std::io::Result::Ok(())
/// ```
#[must_use]
pub fn round_trips(requests: &[LoggedRequest]) -> usize {
    let ended = |request: &LoggedRequest| request.finished.unwrap_or(Duration::MAX);
    let mut by_end: Vec<&LoggedRequest> = requests.iter().collect();
    by_end.sort_by_key(|request| (ended(request), request.sequence));
    let (mut round_trips, mut last_end) = (0, None);
    for request in by_end {
        if last_end.is_none_or(|end| request.started >= end) {
            round_trips += 1;
            last_end = Some(ended(request));
        }
    }
    round_trips
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sequence: u64, started: u64, finished: u64) -> LoggedRequest {
        let started = Duration::from_millis(started);
        let finished = Some(Duration::from_millis(finished));
        LoggedRequest { finished, ..LoggedRequest::new(sequence, "GET", "/", false, started) }
    }

    #[test]
    fn they_are_the_longest_chain() {
        let log = [request(0, 0, 10), request(1, 1, 11), request(2, 12, 20), request(3, 13, 30)];
        assert_eq!(round_trips(&log), 2);
        assert_eq!(round_trips(&log[..2]), 1);
    }
}
