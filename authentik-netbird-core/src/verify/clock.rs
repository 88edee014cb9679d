//! authentik's clock, from the Date headers of its responses.

use std::time::{Duration, SystemTime};

use crate::http::Response;

/// What one response says about the server's clock.
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH
            + Duration::from_secs(1_795_392_000)
            + Duration::from_millis(milliseconds)
    }

    #[test]
    fn dates_are_read_as_http_writes_them() {
        assert_eq!(http_date("Mon, 23 Nov 2026 00:00:01 GMT"), Some(at(1_000)));
        for text in ["", "Mon, 23 Nov 2026 00:00:01", "Monday, 23-Nov-26 00:00:01 GMT", "x, y GMT"]
        {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    proptest! {
        /// A server whose clock is off by so many milliseconds, asked over a slow or fast way.
        #[test]
        fn what_is_found_is_never_more_than_there_is(
            offset in -100_000_i64..100_000, sent in 1_000_000_u64..2_000_000, way in 0_u64..20_000,
            back in 0_u64..20_000,
        ) {
            let there = (sent + way).saturating_add_signed(offset);
            let date = at(there / 1_000 * 1_000);
            let reading = Reading { date, sent: at(sent), received: at(sent + way + back) };
            let found = difference(&[reading]);
            let real = Duration::from_millis(offset.unsigned_abs());
            let nothing = Duration::ZERO;
            if offset >= 0 {
                prop_assert!(found.ahead <= real && found.behind == nothing);
                // And it is found, but for the way back and the fraction of a second.
                prop_assert!(found.ahead + Duration::from_millis(back + 1_000) >= real);
            } else {
                prop_assert!(found.behind <= real && found.ahead == nothing);
                prop_assert!(found.behind + Duration::from_millis(way + 1_000) >= real);
            }
        }
    }
}
