//! [`FieldChange`]: one field, before and after.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::resource::{Api, Body, differing};

/// One field of a resource, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldChange {
    /// The field, as authentik's API calls it.
    pub path: String,
    /// The current value; `absent` when the resource does not exist yet.
    pub before: FieldValue,
    /// The new value; `absent` when it is deleted with its resource.
    pub after: FieldValue,
}

/// A value of a field, fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldValue {
    /// Not there.
    Absent,
    /// A secret; all that is said is that there is one.
    Secret,
    /// A plain value, as authentik's API writes it. An id that an operation creates is
    /// `{"pending": OPERATION}`.
    Value(Value),
}

impl FieldValue {
    fn of(value: &impl Serialize) -> Self {
        // Values have text keys only, so they always serialise.
        Self::Value(serde_json::to_value(value).unwrap_or_default())
    }
}

impl FieldChange {
    fn new(path: &str, before: FieldValue, after: FieldValue) -> Self {
        Self { path: path.to_owned(), before, after }
    }

    /// A secret of a new object.
    pub(super) fn secret(path: &str) -> Self {
        Self::new(path, FieldValue::Absent, FieldValue::Secret)
    }

    /// A secret that gets another value.
    pub(super) fn new_secret(path: &str) -> Self {
        Self::new(path, FieldValue::Secret, FieldValue::Secret)
    }

    /// Additions to an object.
    pub(super) fn added(path: &str, after: &impl Serialize) -> Self {
        Self::new(path, FieldValue::Absent, FieldValue::of(after))
    }

    /// Values that are deleted with an object, or removed from one.
    pub(super) fn removed(path: &str, before: &impl Serialize) -> Self {
        Self::new(path, FieldValue::of(before), FieldValue::Absent)
    }

    /// A value that becomes another one.
    pub(super) fn changed(path: &str, before: Option<&Value>, after: &impl Serialize) -> Self {
        Self::new(path, before.map_or(FieldValue::Absent, FieldValue::of), FieldValue::of(after))
    }

    /// The texts on both sides, those in lists included.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let sides = [&self.before, &self.after].into_iter();
        sides.flat_map(|side| match side {
            FieldValue::Value(Value::String(text)) => vec![text.as_str()],
            FieldValue::Value(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            FieldValue::Absent | FieldValue::Secret | FieldValue::Value(_) => Vec::new(),
        })
    }

    /// A field that becomes empty.
    pub(super) fn emptied(path: &str, before: &str) -> Self {
        Self::new(path, FieldValue::of(&before), FieldValue::Value(Value::Null))
    }
}

/// Every field of a new object, in alphabetical order.
pub(super) fn created(body: &Body) -> Vec<FieldChange> {
    body.iter().map(|(path, value)| FieldChange::added(path, value)).collect()
}

/// The fields of `wanted` that are different in `found`: what to send, and what to show.
pub(super) fn diff(
    api: &Api,
    found: &impl Serialize,
    mut wanted: Body,
) -> (Body, Vec<FieldChange>) {
    let found = serde_json::to_value(found).unwrap_or_default();
    let different: Vec<String> =
        differing(api.normalize, &wanted, &found).into_iter().map(str::to_owned).collect();
    wanted.retain(|field, _| different.contains(field));
    let change = |(path, after): (&String, &Value)| {
        let before = found.get(path).cloned().unwrap_or_default();
        FieldChange::new(path, FieldValue::Value(before), FieldValue::Value(after.clone()))
    };
    let changes = wanted.iter().map(change).collect();
    (wanted, changes)
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
