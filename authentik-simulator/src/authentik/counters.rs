//! [`Counters`]: where keys, UUIDs and secrets come from.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Stands in for the id of the installation, that user ids are hashed with.
pub(super) const INSTALLATION: &str = "authentik-simulator";

/// Where keys come from.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Counters {
    /// The last user key.
    pub users: u64,
    /// The last provider key.
    pub providers: u64,
    /// How many UUIDs, keys and secrets were made.
    pub random: u64,
}

impl Counters {
    fn entropy(&mut self) -> [u8; 32] {
        self.random += 1;
        Sha256::digest(format!("{INSTALLATION} {}", self.random)).into()
    }

    pub(super) fn new_uuid(&mut self) -> String {
        let mut hex = hex(&self.entropy()[..16]);
        hex.replace_range(12..13, "4");
        hex.replace_range(16..17, "8");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    pub(super) fn new_key(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut key = String::new();
        while key.len() < length {
            let letters = self.entropy();
            key.extend(letters.iter().map(|n| char::from(ALPHABET[usize::from(*n) % 62])));
        }
        key.truncate(length);
        key
    }

    /// A new number of so many digits.
    pub(super) fn new_digits(&mut self, count: usize) -> String {
        let digits = self.entropy();
        digits.iter().take(count).map(|n| char::from(b'0' + n % 10)).collect()
    }

    /// The id of a new session: 64 hexadecimal digits.
    pub(super) fn new_session(&mut self) -> String {
        hex(&self.entropy())
    }

    /// Takes the next user key. PostgreSQL's sequences do not go back when a transaction fails.
    pub(super) fn next_user(&mut self) -> u64 {
        self.users += 1;
        self.users
    }

    /// Takes the next provider key.
    pub(super) fn next_provider(&mut self) -> u64 {
        self.providers += 1;
        self.providers
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
