//! JSON web tokens, by the two embedded key pairs that all simulated servers share.
//!
//! Signing is done by ring, which rustls has brought into the build already; a JWT library with RSA
//! in Rust (jsonwebtoken and `rust_crypto`) would add some forty crates to do the same.

mod verify;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{self, SHA256};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

pub(crate) use self::verify::verify;

const RSA_KEY: &[u8] = include_bytes!("keys/public-throw-away-rsa.p8.der");
const EC_KEY: &[u8] = include_bytes!("keys/public-throw-away-ec.p8.der");

/// The key that signs a token.
pub(crate) enum Algorithm {
    Rsa,
    Ec,
    /// HMAC, by this secret.
    Secret(String),
}

impl Algorithm {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::Ec => "ES256",
            Self::Secret(_) => "HS256",
        }
    }

    /// A signed token.
    pub(crate) fn sign(&self, key_id: Option<&str>, claims: &Value) -> String {
        let mut header = json!({ "alg": self.name(), "typ": "JWT" });
        if let Some(id) = key_id {
            header["kid"] = json!(id);
        }
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa => RsaKeyPair::from_pkcs8(RSA_KEY).map_or_else(
                |_| Vec::new(),
                |key| {
                    let mut signature = vec![0; key.public().modulus_len()];
                    let done = key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                    done.map_or_else(|_| Vec::new(), |()| signature)
                },
            ),
            Self::Ec => {
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

    /// The public half, as a key set has it; nothing of a secret.
    pub(crate) fn public_key(&self) -> Value {
        match self {
            Self::Rsa => {
                let mut key = json!({ "kty": "RSA", "alg": "RS256" });
                if let Ok(pair) = RsaKeyPair::from_pkcs8(RSA_KEY) {
                    let public = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                    key["n"] = json!(URL_SAFE_NO_PAD.encode(public.n));
                    key["e"] = json!(URL_SAFE_NO_PAD.encode(public.e));
                }
                key
            }
            Self::Ec => {
                let mut key = json!({ "kty": "EC", "alg": "ES256", "crv": "P-256" });
                let random = SystemRandom::new();
                if let Ok(pair) =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, EC_KEY, &random)
                {
                    // An uncompressed point: 4, x, y.
                    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                    key["x"] = json!(URL_SAFE_NO_PAD.encode(x));
                    key["y"] = json!(URL_SAFE_NO_PAD.encode(y));
                }
                key
            }
            Self::Secret(_) => json!({}),
        }
    }
}

/// The S256 challenge of a PKCE verifier.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()))
}
