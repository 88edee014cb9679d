//! `/crypto/certificatekeypairs/`

use serde::Deserialize;

use super::open::{Open, api_enum, null_as_default};
use crate::ids::CertificateId;

api_enum! {
    /// Algorithm of a private key.
    KeyType {
        /// What NetBird can read.
        Rsa = "rsa",
        /// Elliptic curve; NetBird can't read it.
        Ec = "ec",
        /// DSA.
        Dsa = "dsa",
        /// Ed25519.
        Ed25519 = "ed25519",
        /// Ed448.
        Ed448 = "ed448",
    }
}

/// A certificate-key pair, as the server has it. The key itself is never asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CertificateKeyPair {
    /// Primary key.
    pub pk: CertificateId,
    /// Identity key.
    pub name: String,
    /// Whether it can sign.
    #[serde(default, deserialize_with = "null_as_default")]
    pub private_key_available: bool,
    /// Algorithm, as servers from 2025.12 on say it.
    #[serde(default)]
    pub key_type: Option<Open<KeyType>>,
    /// Algorithm, as servers before 2025.12 say it.
    #[serde(default)]
    pub private_key_type: Option<Open<KeyType>>,
    /// When it expires, RFC 3339.
    #[serde(default)]
    pub cert_expiry: Option<String>,
}

impl CertificateKeyPair {
    /// Algorithm of the key, whichever way the server says it; `None` where it does not.
    #[must_use]
    pub fn algorithm(&self) -> Option<&Open<KeyType>> {
        self.key_type.as_ref().or(self.private_key_type.as_ref())
    }
}
