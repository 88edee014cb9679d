//! The simulator's clock, and times in the forms that authentik uses.

use std::time::{Duration, SystemTime};

use serde::{Serialize, Serializer};

pub(super) use crate::host::shift;

/// Seconds since 1970, as JSON web tokens count them.
pub(super) fn unix(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// `2026-11-23T19:30:03.772075Z`; without a fraction where there is none, as Python prints it.
pub(super) fn rfc3339(time: SystemTime) -> String {
    let whole =
        time.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since.subsec_micros() == 0);
    if whole {
        humantime::format_rfc3339_seconds(time).to_string()
    } else {
        humantime::format_rfc3339_micros(time).to_string()
    }
}

/// `2026-11-23 20:04:07.209686+00:00`, as Python's `str()` prints it in error texts.
pub(super) fn python(time: SystemTime) -> String {
    rfc3339(time).replace('T', " ").replace('Z', "+00:00")
}

/// Reads an RFC 3339 time with `Z`, a numeric offset, or none (then it is UTC).
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let (date, clock) = text.split_once(['T', ' '])?;
    let (clock, offset) = match clock.rfind(['+', '-']) {
        Some(at) => (&clock[..at], offset_seconds(&clock[at..])?),
        None => (clock.trim_end_matches(['Z', 'z']), 0),
    };
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    let time = humantime::parse_rfc3339(&format!("{date}T{clock}Z")).ok()?;
    Some(shift(time, -offset))
}

fn offset_seconds(text: &str) -> Option<i64> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(if text.starts_with('-') { -seconds } else { seconds })
}

/// For `#[serde(serialize_with)]`.
pub(super) fn serialize<S: Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    rfc3339(*time).serialize(to)
}

/// For `#[serde(serialize_with)]`.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(super) fn serialize_option<S: Serializer>(
    time: &Option<SystemTime>,
    to: S,
) -> Result<S::Ok, S::Error> {
    time.map(rfc3339).serialize(to)
}

/// authentik's durations: `hours=3;minutes=1`. Unknown units are skipped, at least one must be known.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut total = None;
    for pair in text.split(';') {
        let (unit, number) = pair.split_once('=')?;
        let number: f64 = number.trim().parse().ok()?;
        let seconds = match unit.to_lowercase().as_str() {
            "microseconds" => 0.000_001,
            "milliseconds" => 0.001,
            "seconds" => 1.0,
            "minutes" => 60.0,
            "hours" => 3600.0,
            "days" => 86_400.0,
            "weeks" => 604_800.0,
            _ => continue,
        };
        total = Some(total.unwrap_or(0.0) + number * seconds);
    }
    Duration::try_from_secs_f64(total?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_and_written_in_one() {
        let time = parse("2026-12-03T19:30:05.578961+00:00").unwrap();
        assert_eq!(rfc3339(time), "2026-12-03T19:30:05.578961Z");
        assert_eq!(python(time), "2026-12-03 19:30:05.578961+00:00");
        assert_eq!(parse("2026-12-03T21:30:05+02:00"), parse("2026-12-03T19:30:05Z"));
        assert_eq!(rfc3339(parse("2026-12-03 19:30").unwrap()), "2026-12-03T19:30:00Z");
        assert_eq!(parse("tomorrow"), None);
    }

    #[test]
    fn durations_are_as_authentik_reads_them() {
        assert_eq!(duration("hours=3;minutes=1"), Some(Duration::from_secs(10_860)));
        assert_eq!(duration("minutes=1;moons=2"), Some(Duration::from_secs(60)));
        assert_eq!(duration("moons=2"), None);
        assert_eq!(duration("10 minutes"), None);
    }
}
