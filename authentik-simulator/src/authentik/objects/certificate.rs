//! [`Certificate`].

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::authentik::counters::Counters;
use crate::authentik::time;

/// The kind of key that a certificate-key pair has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeyType {
    /// RSA, 2048 bits: tokens are signed with RS256.
    Rsa,
    /// Elliptic curve P-256: tokens are signed with ES256, which NetBird cannot read.
    Ec,
}

/// A certificate-key pair. All of one type share one embedded, public key.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Certificate {
    /// Primary key, a UUID.
    pub pk: String,
    /// Name, unique.
    pub name: String,
    /// Type of the key.
    pub key_type: KeyType,
    /// Whether there is a private key; only then it can sign.
    pub has_key: bool,
    /// When the certificate expires, as the API says it (the embedded one lives for 100 years).
    #[serde(serialize_with = "time::serialize")]
    pub expiry: SystemTime,
    /// The manager, if there is one.
    pub managed: Option<String>,
}

impl Certificate {
    pub(crate) fn new(
        counters: &mut Counters,
        now: SystemTime,
        name: &str,
        key_type: KeyType,
    ) -> Self {
        Self {
            pk: counters.new_uuid(),
            name: name.to_owned(),
            key_type,
            has_key: true,
            // authentik's own certificates have whole seconds.
            expiry: SystemTime::UNIX_EPOCH + Duration::from_secs(time::unix(now) + 365 * 24 * 3600),
            managed: None,
        }
    }
}
