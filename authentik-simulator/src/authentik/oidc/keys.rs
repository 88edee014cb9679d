//! The embedded keys: signatures, key sets and fingerprints.
//!
//! Signing is done by ring, which rustls has brought into the build already; a JWT library with RSA
//! in Rust (jsonwebtoken and `rust_crypto`) would add some forty crates to do the same.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use ring::{hmac, rsa};
use serde_json::{Value, json};

use crate::authentik::objects::{Certificate, KeyType, Provider};
use crate::authentik::state::hex;
use crate::authentik::{Release, State};

const RSA_KEY: &[u8] = include_bytes!("../keys/public-throw-away-rsa.p8.der");
const RSA_CERTIFICATE: &[u8] = include_bytes!("../keys/public-throw-away-rsa.crt.der");
const EC_KEY: &[u8] = include_bytes!("../keys/public-throw-away-ec.p8.der");
const EC_CERTIFICATE: &[u8] = include_bytes!("../keys/public-throw-away-ec.crt.der");

/// What signs a provider's tokens.
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
        match self {
            Self::Key(KeyType::Rsa) => "RS256",
            Self::Key(KeyType::Ec) => "ES256",
            Self::Secret(_) => "HS256",
        }
    }

    /// A signed JSON web token.
    pub(super) fn sign(&self, release: Release, claims: &Value) -> String {
        let mut header = json!({ "alg": self.algorithm(), "typ": "JWT" });
        if let Self::Key(key_type) = self {
            header["kid"] = json!(key_id(release, *key_type));
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Key(KeyType::Rsa) => RsaKeyPair::from_pkcs8(RSA_KEY).map_or_else(
                |_| Vec::new(),
                |key| {
                    let mut signature = vec![0; key.public().modulus_len()];
                    let done = key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                    done.map_or_else(|_| Vec::new(), |()| signature)
                },
            ),
            Self::Key(KeyType::Ec) => {
                let key =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, EC_KEY, &random);
                let signature = key.ok().and_then(|key| key.sign(&random, message).ok());
                signature.map_or_else(Vec::new, |signature| signature.as_ref().to_vec())
            }
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                hmac::sign(&key, message).as_ref().to_vec()
            }
        }
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
    match key_type {
        KeyType::Rsa => {
            key["kty"] = json!("RSA");
            key["alg"] = json!("RS256");
            if let Ok(pair) = RsaKeyPair::from_pkcs8(RSA_KEY) {
                let public = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                key["n"] = json!(URL_SAFE_NO_PAD.encode(public.n));
                key["e"] = json!(URL_SAFE_NO_PAD.encode(public.e));
            }
        }
        KeyType::Ec => {
            key["kty"] = json!("EC");
            key["alg"] = json!("ES256");
            key["crv"] = json!("P-256");
            let random = SystemRandom::new();
            if let Ok(pair) =
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, EC_KEY, &random)
            {
                // An uncompressed point: 4, x, y.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                key["x"] = json!(URL_SAFE_NO_PAD.encode(x));
                key["y"] = json!(URL_SAFE_NO_PAD.encode(y));
            }
        }
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

/// The S256 challenge of a PKCE verifier.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()))
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

#[cfg(test)]
mod tests {
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

    use super::*;

    #[test]
    fn a_token_can_be_checked_with_the_key_set() {
        let token = Signer::Key(KeyType::Rsa).sign(Release::V2025_12, &json!({ "sub": "5" }));
        let (message, signature) = token.rsplit_once('.').unwrap();
        let key = jwk(Release::V2025_12, KeyType::Rsa);
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn elliptic_keys_sign_too() {
        let token = Signer::Key(KeyType::Ec).sign(Release::V2025_12, &json!({}));
        assert_eq!(URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap().len(), 64);
        assert_eq!(jwk(Release::V2025_12, KeyType::Ec)["kty"], "EC");
    }
}
