//! authentik's clock, from the Date headers of its responses.

use std::time::{Duration, SystemTime};

use crate::http::Response;

/// The server's clock, from one response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// The server's time, in whole seconds: it may be up to a second later.
    pub(crate) date: SystemTime,
    /// When the request was sent, by this machine's clock.
    pub(crate) sent: SystemTime,
    /// When the response arrived, by this machine's clock.
    pub(crate) received: SystemTime,
}

/// By how much the server's clock certainly differs from this machine's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) ahead: Duration,
    pub(crate) behind: Duration,
}

impl Reading {
    /// `None` for a response without a time.
    pub(crate) fn of(response: &Response) -> Option<Self> {
        let (sent, received) = (response.sent, response.received);
        Some(Self { date: http_date(&response.date)?, sent, received })
    }
}

/// The difference that is certain: the responses' way and the missing fractions of a second may
/// explain what is less. The most certain reading counts.
pub(crate) fn difference(readings: &[Reading]) -> Difference {
    let longest = |bounds: &dyn Fn(&Reading) -> Duration| {
        readings.iter().map(bounds).max().unwrap_or_default()
    };
    let later = |a: SystemTime, b: SystemTime| a.duration_since(b).unwrap_or_default();
    Difference {
        ahead: longest(&|reading| later(reading.date, reading.received)),
        behind: longest(&|reading| {
            later(reading.sent, reading.date).saturating_sub(Duration::from_secs(1))
        }),
    }
}

/// `Mon, 23 Nov 2026 19:30:03 GMT`, the one form that servers send.
fn http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, text) = text.split_once(", ")?;
    let mut parts = text.strip_suffix(" GMT")?.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    humantime::parse_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z")).ok()
}

#[cfg(test)]
mod tests;
