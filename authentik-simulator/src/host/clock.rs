//! The host's clock.

use std::time::{Duration, SystemTime};

/// The only place that asks for the time. `offset` is in seconds and may be negative.
#[expect(clippy::disallowed_methods, reason = "a server has a clock: tokens expire")]
pub(crate) fn now(offset: i64) -> SystemTime {
    shift(SystemTime::now(), offset)
}

/// A time moved by seconds, forwards or backwards.
pub(crate) fn shift(time: SystemTime, seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { time.checked_sub(distance) } else { time.checked_add(distance) };
    moved.unwrap_or(time)
}
