//! [`FieldChange`]: one field, before and after.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One field of a resource, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// The field, as authentik's API calls it.
    pub path: String,
    /// What it is now; `absent` when the resource is not there yet.
    pub before: FieldValue,
    /// What it is to be; `absent` when it goes with its resource.
    pub after: FieldValue,
}

/// A value of a field, fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldValue {
    /// Not there.
    Absent,
    /// A secret: that it is set is all that is said.
    Secret,
    /// A plain value, as authentik's API writes it. An id that an operation makes is
    /// `{"made_by": OPERATION}`.
    Value(Value),
}

impl FieldValue {
    pub(super) fn of(value: &impl Serialize) -> Self {
        // Model types have text keys only, so they always serialise.
        Self::Value(serde_json::to_value(value).unwrap_or_default())
    }
}

impl FieldChange {
    /// A secret of something new.
    pub(super) fn secret(path: &str) -> Self {
        Self { path: path.to_owned(), before: FieldValue::Absent, after: FieldValue::Secret }
    }

    /// What goes with something that is removed.
    pub(super) fn gone(path: &str, before: &impl Serialize) -> Self {
        let before = FieldValue::of(before);
        Self { path: path.to_owned(), before, after: FieldValue::Absent }
    }

    /// A field that is emptied.
    pub(super) fn emptied(path: &str, before: &str) -> Self {
        let (before, after) = (FieldValue::of(&before), FieldValue::Value(Value::Null));
        Self { path: path.to_owned(), before, after }
    }
}

/// Every field of something new, in the order of JSON objects: alphabetical.
pub(super) fn created(body: &impl Serialize) -> Vec<FieldChange> {
    fields(FieldValue::of(body))
}

fn fields(body: FieldValue) -> Vec<FieldChange> {
    let FieldValue::Value(Value::Object(fields)) = body else { return Vec::new() };
    fields
        .into_iter()
        .map(|(path, value)| FieldChange {
            path,
            before: FieldValue::Absent,
            after: FieldValue::Value(value),
        })
        .collect()
}

/// Collects the differences between what is there and what is wanted.
#[derive(Default)]
pub(super) struct Diff {
    pub(super) changes: Vec<FieldChange>,
}

impl Diff {
    /// Notes a field that differs, and returns what to send for it; `None` where it is as wanted.
    pub(super) fn field<B, A>(&mut self, path: &str, before: &B, after: A, same: bool) -> Option<A>
    where
        B: Serialize,
        A: Serialize,
    {
        if same {
            return None;
        }
        self.push(path, FieldValue::of(before), FieldValue::of(&after));
        Some(after)
    }

    fn push(&mut self, path: &str, before: FieldValue, after: FieldValue) {
        self.changes.push(FieldChange { path: path.to_owned(), before, after });
    }

    /// The changes, in the order in which the fields were asked about.
    pub(super) fn finish(self) -> Vec<FieldChange> {
        self.changes
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("(absent)"),
            Self::Secret => f.write_str("(secret)"),
            Self::Value(value) => write!(f, "{value}"),
        }
    }
}
