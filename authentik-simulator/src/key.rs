//! [`Key`]: a key, password or secret of a simulated server.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;

/// A text that `Debug` does not show: somebody may start a simulator with a real token.
///
/// It reads as a `str`, and a dump of the state contains it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Key(String);

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Key {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
