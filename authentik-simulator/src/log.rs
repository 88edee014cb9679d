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
    /// When authentik's work for it was done, and written what it writes, since the simulator's start;
    /// `None` where none was done.
    pub committed: Option<Duration>,
    /// When its answer was ready, since the simulator's start.
    pub finished: Option<Duration>,
}

impl LoggedRequest {
    /// Whether it asks for a change of the configuration. Requests to the OAuth2 endpoints are no
    /// writes, although they are sent by POST.
    #[must_use]
    pub fn is_write(&self) -> bool {
        !["GET", "HEAD", "OPTIONS"].contains(&self.method.as_str())
            && self.path.starts_with("/api/")
    }
}

/// How many of the requests were sent one after another: the length of the longest chain in which
/// each was read only after the one before had been answered. Requests sent at the same time, in
/// waves, count as one wave.
///
/// ```
/// use authentik_simulator::{sequential_waves, Simulator};
///
/// let simulator = Simulator::start()?;
/// assert_eq!(sequential_waves(&simulator.requests()), 0);
/// # std::io::Result::Ok(())
/// ```
#[must_use]
pub fn sequential_waves(requests: &[LoggedRequest]) -> usize {
    let ended = |request: &LoggedRequest| request.finished.unwrap_or(Duration::MAX);
    let mut by_end: Vec<&LoggedRequest> = requests.iter().collect();
    by_end.sort_by_key(|request| (ended(request), request.sequence));
    let (mut waves, mut last_end) = (0, None);
    for request in by_end {
        if last_end.is_none_or(|end| request.started >= end) {
            waves += 1;
            last_end = Some(ended(request));
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sequence: u64, started: u64, finished: u64) -> LoggedRequest {
        LoggedRequest {
            sequence,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            status: Some(200),
            started: Duration::from_millis(started),
            committed: Some(Duration::from_millis(finished)),
            finished: Some(Duration::from_millis(finished)),
        }
    }

    #[test]
    fn waves_are_the_longest_chain() {
        let log = [request(0, 0, 10), request(1, 1, 11), request(2, 12, 20), request(3, 13, 30)];
        assert_eq!(sequential_waves(&log), 2);
        assert_eq!(sequential_waves(&log[..2]), 1);
    }
}
