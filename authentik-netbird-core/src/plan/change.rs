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
    /// What it is to be.
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
    /// A plain value, as authentik's API writes it.
    Value(Value),
}

impl FieldChange {
    /// A field of something new.
    pub(crate) fn set(path: &str, after: Value) -> Self {
        Self { path: path.to_owned(), before: FieldValue::Absent, after: FieldValue::Value(after) }
    }

    /// A field of something that is there.
    pub(crate) fn changed(path: &str, before: Value, after: Value) -> Self {
        let (before, after) = (FieldValue::Value(before), FieldValue::Value(after));
        Self { path: path.to_owned(), before, after }
    }

    /// A secret of something new.
    pub(crate) fn secret(path: &str) -> Self {
        Self { path: path.to_owned(), before: FieldValue::Absent, after: FieldValue::Secret }
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
