//! The one comparison: of what a plan wants with what exists, and of what was sent with what is
//! read back.

use serde_json::{Map, Value};

use super::created::Created;
use super::duration::duration_seconds;

/// Fields of an object, as JSON.
pub(crate) type Body = Map<String, Value>;

/// The result of reading a write back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadBack {
    /// It was applied.
    Applied(Created),
    /// It was not applied; sending it again is safe.
    NotApplied,
    /// Such an object exists, but perhaps somebody else created it: it must get no rights.
    Unproven,
    /// Another object is in its place; these fields differ.
    Conflict(Vec<String>),
}

impl ReadBack {
    pub(crate) fn applied_if(is_applied: bool) -> Self {
        if is_applied { Self::Applied(Created::default()) } else { Self::NotApplied }
    }
}

/// How texts of a field compare that differ and mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Normalize {
    /// As durations: `minutes=10` is `seconds=600`.
    Duration,
    /// As URLs: `https://host` is `https://host/`.
    Url,
    /// Equal on a server that does not have the field.
    IfKnown,
}

/// The fields of `wanted` that are different in `found`. Fields that are not wanted do not count.
pub(crate) fn differing<'w>(
    normalize: &[(&str, Normalize)],
    wanted: &'w Body,
    found: &Value,
) -> Vec<&'w str> {
    let is_same = |field: &str, want: &Value| {
        let have = found.get(field);
        let how = normalize.iter().find(|(name, _)| *name == field).map(|(_, how)| *how);
        let have_or_null = have.unwrap_or(&Value::Null);
        match how {
            Some(Normalize::IfKnown) if have.is_none() => true,
            None | Some(Normalize::IfKnown) => contains(have_or_null, want),
            Some(Normalize::Duration) => texts(have_or_null, want).is_some_and(same_duration),
            Some(Normalize::Url) => texts(have_or_null, want).is_some_and(same_url),
        }
    };
    wanted
        .iter()
        .filter(|(field, want)| !is_same(field, want))
        .map(|(field, _)| field.as_str())
        .collect()
}

/// Whether `found` has all that `wanted` says: objects at least, lists in any order.
fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(field, want)| found.get(field).is_some_and(|have| contains(have, want))),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && wanted.iter().all(|want| found.iter().any(|have| contains(have, want)))
        }
        _ => found == wanted,
    }
}

fn texts<'v>(have: &'v Value, want: &'v Value) -> Option<(&'v str, &'v str)> {
    have.as_str().zip(want.as_str())
}

fn same_duration((have, want): (&str, &str)) -> bool {
    have == want
        || duration_seconds(have)
            .zip(duration_seconds(want))
            .is_some_and(|(have, want)| (have - want).abs() < 0.000_000_5)
}

/// Whether two URLs lead to one place.
pub(crate) fn same_url((have, want): (&str, &str)) -> bool {
    let parsed = |text| url::Url::parse(text).ok();
    have == want || parsed(have).zip(parsed(want)).is_some_and(|(have, want)| have == want)
}

#[cfg(test)]
mod tests;
