//! [`Wiped`]: a text that grows without leaving copies of itself behind.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A growing text that may hold a secret. A `String` that grows frees its old memory as it is;
/// this one wipes it first.
#[derive(Default)]
pub(super) struct Wiped(Zeroizing<String>);

impl Wiped {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(String::with_capacity(capacity)))
    }

    pub(super) fn push_str(&mut self, text: &str) {
        let needed = self.0.len() + text.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(needed.max(2 * self.0.len())));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(text);
    }

    pub(super) fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_secret(mut self) -> Secret {
        Secret::new(std::mem::take(&mut *self.0))
    }
}
