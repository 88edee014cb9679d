//! Signatures, key sets and fingerprints of providers, by the embedded keys.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};
use serde_json::{Value, json};

use crate::authentik::counters::hex;
use crate::authentik::objects::{Certificate, KeyType, Provider};
use crate::authentik::{Release, State};
use crate::jwt::Algorithm;

const RSA_CERTIFICATE: &[u8] = include_bytes!("../../jwt/keys/public-throw-away-rsa.crt.der");
const EC_CERTIFICATE: &[u8] = include_bytes!("../../jwt/keys/public-throw-away-ec.crt.der");

/// The key that signs a provider's tokens.
pub(super) enum Signer {
    Key(KeyType),
    /// No signing key, or one without its private half: the client secret, by HMAC.
    Secret(String),
}

impl Signer {
    pub(super) fn of(state: &State, provider: &Provider) -> Self {
        signing_pair(state, provider).map_or_else(
            || Self::Secret(provider.client_secret.to_string()),
            |pair| Self::Key(pair.key_type),
        )
    }

    pub(super) fn algorithm(&self) -> &'static str {
        self.by().name()
    }

    /// A signed JSON web token.
    pub(super) fn sign(&self, release: Release, claims: &Value) -> String {
        let key_id = match self {
            Self::Key(key_type) => Some(key_id(release, *key_type)),
            Self::Secret(_) => None,
        };
        self.by().sign(key_id.as_deref(), claims)
    }

    fn by(&self) -> Algorithm {
        match self {
            Self::Key(key_type) => algorithm(*key_type),
            Self::Secret(secret) => Algorithm::Secret(secret.clone()),
        }
    }
}

fn algorithm(key_type: KeyType) -> Algorithm {
    match key_type {
        KeyType::Rsa => Algorithm::Rsa,
        KeyType::Ec => Algorithm::Ec,
    }
}

/// The pair that a provider signs with, if it can.
pub(super) fn signing_pair<'a>(state: &'a State, provider: &Provider) -> Option<&'a Certificate> {
    let pk = provider.signing_key.as_ref()?;
    state.certificates.iter().find(|pair| pair.pk == *pk && pair.has_key)
}

fn certificate(key_type: KeyType) -> &'static [u8] {
    match key_type {
        KeyType::Rsa => RSA_CERTIFICATE,
        KeyType::Ec => EC_CERTIFICATE,
    }
}

/// Older releases print a short hash in hex, newer ones a long one in base64.
fn key_id(release: Release, key_type: KeyType) -> String {
    let of = certificate(key_type);
    if release >= Release::V2026_2 {
        URL_SAFE_NO_PAD.encode(digest::digest(&SHA512, of))
    } else {
        hex(&digest::digest(&SHA256, of).as_ref()[..16])
    }
}

/// A key as a key set lists it.
pub(super) fn jwk(release: Release, key_type: KeyType) -> Value {
    let der = certificate(key_type);
    let mut key = json!({
        "kid": key_id(release, key_type),
        "use": "sig",
        "x5c": [STANDARD.encode(der)],
        "x5t": URL_SAFE_NO_PAD.encode(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, der)),
        "x5t#S256": URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, der)),
    });
    if let (Some(key), Value::Object(public)) =
        (key.as_object_mut(), algorithm(key_type).public_key())
    {
        key.extend(public);
    }
    key
}

pub(crate) fn fingerprint_sha256(key_type: KeyType) -> String {
    colons(digest::digest(&SHA256, certificate(key_type)).as_ref())
}

pub(crate) fn fingerprint_sha1(key_type: KeyType) -> String {
    colons(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate(key_type)).as_ref())
}

fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

/// Basic authentication, decoded.
pub(super) fn basic(credentials: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// Stands in for an encrypted token: five parts that nobody can read.
pub(super) fn unreadable(key: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(
        json!({ "alg": "RSA-OAEP-256", "enc": "A256CBC-HS512", "typ": "JWT", "cty": "JWT" })
            .to_string(),
    );
    format!("{header}.{key}.{key}.{key}.{key}")
}
