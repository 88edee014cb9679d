//! `/crypto/certificatekeypairs/`

use serde::Deserialize;

use crate::ids::{text_enum, text_id};
use crate::resource::{Api, Object, Open, null_as_default};

text_id!(/** Primary key of a certificate-key pair, a UUID. */ CertificateId);

impl Object for CertificateKeyPair {
    const API: &'static Api = &Api {
        kind: "certificate_key_pair",
        app: "authentik_crypto",
        model: "certificatekeypair",
        path: "crypto/certificatekeypairs/",
        ..Api::AUTHENTIK
    };
}

text_enum! {
    /// Algorithm of a private key.
    KeyType {
        /// The only kind that NetBird reads.
        Rsa = "rsa",
        /// Elliptic curve; NetBird cannot read it.
        Ec = "ec",
        /// DSA.
        Dsa = "dsa",
        /// Ed25519.
        Ed25519 = "ed25519",
        /// Ed448.
        Ed448 = "ed448",
    }
}

/// A certificate-key pair, as the server has it. Identity key: name. The key itself is never read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CertificateKeyPair {
    /// Primary key.
    pub pk: CertificateId,
    /// Identity key.
    pub name: String,
    /// Whether it can sign.
    #[serde(default, deserialize_with = "null_as_default")]
    pub private_key_available: bool,
    /// Algorithm, as servers from 2025.12 on report it.
    pub key_type: Option<Open<KeyType>>,
    /// Algorithm, as servers before 2025.12 report it.
    pub private_key_type: Option<Open<KeyType>>,
    /// When it expires, RFC 3339.
    pub cert_expiry: Option<String>,
}

impl CertificateKeyPair {
    /// Algorithm of the key, in whichever field the server reports it; `None` if it does not.
    #[must_use]
    pub fn algorithm(&self) -> Option<&Open<KeyType>> {
        self.key_type.as_ref().or(self.private_key_type.as_ref())
    }
}
