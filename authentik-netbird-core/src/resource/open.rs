//! Tolerant reading: open enums, and `null` for a default.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// An enum value that a newer server may have extended.
///
/// ```
/// use authentik_netbird_core::authentik::ClientType;
/// use authentik_netbird_core::resource::Open;
///
/// let known: Open<ClientType> = serde_json::from_str(r#""public""#)?;
/// assert_eq!(known, Open::Known(ClientType::Public));
/// let newer: Open<ClientType> = serde_json::from_str(r#""quantum""#)?;
/// assert_eq!(newer, Open::Other("quantum".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Open<T> {
    /// A value that this crate knows.
    Known(T),
    /// Another one, as the server wrote it.
    Other(String),
}

impl<T: PartialEq> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(value) if value == other)
    }
}

impl<T: fmt::Display> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// For `#[serde(default = "default_true")]`.
pub(crate) fn default_true() -> bool {
    true
}

/// `null` is true, as a missing field is with `#[serde(default = "default_true")]`.
pub(crate) fn null_as_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::deserialize(deserializer).map(|value| value.unwrap_or(true))
}

/// `null` is the default. With `#[serde(default)]` a missing field is, too.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
