//! What came of the questions, read into what can be judged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use zeroize::Zeroizing;

use super::administration::Administration;
use super::clock::Reading;
use super::trouble::{Trouble, trouble};
use crate::authentik::Page;
use crate::request::netbird::NetbirdAnswer;
use crate::secret::Secret;

/// What was asked for and came; `None`: not asked for. Texts are the server's own: nothing of it is
/// shown but by way of a message, which is cleaned.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Answers {
    pub(super) discovery: Result<Document, Trouble>,
    pub(super) brand: Result<Brand, Trouble>,
    pub(super) keys: Option<Result<Vec<String>, Trouble>>,
    pub(super) token: Option<TokenOutcome>,
    pub(super) device: Option<DeviceOutcome>,
    pub(super) device_page: Option<Result<(), Trouble>>,
    pub(super) users: Option<UsersOutcome>,
    /// The account's own user, by its id.
    pub(super) user: Option<UsersOutcome>,
    pub(super) clock: Vec<Reading>,
    /// `None`: without an administrator's token.
    pub(super) administration: Option<Administration>,
}

/// authentik's discovery document, as far as NetBird reads it. What is missing is empty.
#[cfg_attr(test, derive(Debug))]
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Document {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) device_authorization_endpoint: String,
    pub(super) scopes_supported: Option<Vec<String>>,
}

/// The brand of the host that was asked.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub(super) struct Brand {
    #[serde(default)]
    pub(super) matched_domain: String,
    /// Slug of its device-code flow.
    #[serde(default)]
    pub(super) flow_device_code: Option<String>,
}

/// What came of NetBird's token request.
#[cfg_attr(test, derive(Debug))]
pub(super) enum TokenOutcome {
    Issued(Issued),
    /// OAuth2's error code, such as `invalid_grant`.
    Refused(String),
    Trouble(Trouble),
}

/// A token that authentik gave.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Issued {
    pub(super) token: Secret,
    /// The scopes in it; `None` where the answer does not say.
    pub(super) scope: Option<String>,
    /// Parts between dots: three are a signed token, five an encrypted one.
    pub(super) parts: usize,
    /// What is in it, where that can be read.
    pub(super) claims: Option<Claims>,
}

impl Issued {
    /// The id of the user that it is for, where it names users by their ids.
    pub(super) fn user_id(&self) -> Option<&str> {
        let id = self.claims.as_ref()?.sub.as_str()?;
        (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
    }
}

/// What NetBird looks at in a token.
#[cfg_attr(test, derive(Debug))]
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: Value,
    pub(super) aud: Value,
}

/// What came of the request for a device code.
#[cfg_attr(test, derive(Debug))]
pub(super) enum DeviceOutcome {
    Issued {
        /// Where a person types the code.
        verification_uri: String,
        /// Life of the code, in seconds.
        expires_in: u64,
    },
    /// OAuth2's error code, such as `invalid_client`.
    Refused(String),
    Trouble(Trouble),
}

/// What came of reading users as NetBird does.
#[cfg_attr(test, derive(Debug))]
pub(super) enum UsersOutcome {
    /// How many there are, and the next page; 0 on the last one.
    Listed {
        count: u64,
        next: u32,
    },
    /// 403, and authentik's reason.
    Denied(String),
    Trouble(Trouble),
}

pub(super) fn document(answer: &NetbirdAnswer) -> Result<Document, Trouble> {
    json(answer, 200).ok_or_else(|| trouble(answer))
}

pub(super) fn brand(answer: &NetbirdAnswer) -> Result<Brand, Trouble> {
    json(answer, 200).ok_or_else(|| trouble(answer))
}

/// The types of the keys. authentik sends no list at all when there are none.
pub(super) fn keys(answer: &NetbirdAnswer) -> Result<Vec<String>, Trouble> {
    #[derive(Deserialize)]
    struct Set {
        #[serde(default)]
        keys: Vec<Key>,
    }
    #[derive(Deserialize)]
    struct Key {
        #[serde(default)]
        kty: String,
    }
    let set: Set = json(answer, 200).ok_or_else(|| trouble(answer))?;
    Ok(set.keys.into_iter().map(|key| key.kty).collect())
}

pub(super) fn token(answer: &NetbirdAnswer) -> TokenOutcome {
    #[derive(Deserialize)]
    struct Success {
        access_token: Secret,
        #[serde(default)]
        scope: Option<String>,
    }
    if let Some(Success { access_token: token, scope }) = json(answer, 200) {
        let parts = token.expose().split('.').count();
        let claims = token.expose().split('.').nth(1).and_then(claims);
        return TokenOutcome::Issued(Issued { token, scope, parts, claims });
    }
    match refusal(answer) {
        Some(code) => TokenOutcome::Refused(code),
        None => TokenOutcome::Trouble(trouble(answer)),
    }
}

fn claims(part: &str) -> Option<Claims> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?);
    serde_json::from_slice(&bytes).ok()
}

pub(super) fn device(answer: &NetbirdAnswer) -> DeviceOutcome {
    #[derive(Deserialize)]
    struct Success {
        #[serde(rename = "device_code")]
        _device_code: IgnoredAny,
        verification_uri: String,
        #[serde(default)]
        expires_in: u64,
    }
    if let Some(Success { verification_uri, expires_in, .. }) = json(answer, 200) {
        return DeviceOutcome::Issued { verification_uri, expires_in };
    }
    match refusal(answer) {
        Some(code) => DeviceOutcome::Refused(code),
        None => DeviceOutcome::Trouble(trouble(answer)),
    }
}

/// The page is there when it is shown, or leads to a login first.
pub(super) fn device_page(answer: &NetbirdAnswer) -> Result<(), Trouble> {
    if (200..400).contains(&answer.status) { Ok(()) } else { Err(trouble(answer)) }
}

pub(super) fn users(answer: &NetbirdAnswer) -> UsersOutcome {
    if let Some(Page::<IgnoredAny> { pagination, .. }) = json(answer, 200) {
        return UsersOutcome::Listed { count: pagination.count, next: pagination.next };
    }
    unread(answer)
}

pub(super) fn user(answer: &NetbirdAnswer) -> UsersOutcome {
    #[derive(Deserialize)]
    struct User {
        #[serde(rename = "pk")]
        _pk: u64,
    }
    match json(answer, 200) {
        Some(User { .. }) => UsersOutcome::Listed { count: 1, next: 0 },
        None => unread(answer),
    }
}

fn unread(answer: &NetbirdAnswer) -> UsersOutcome {
    #[derive(Deserialize)]
    struct Denied {
        detail: String,
    }
    match json(answer, 403) {
        Some(Denied { detail }) => UsersOutcome::Denied(detail),
        None => UsersOutcome::Trouble(trouble(answer)),
    }
}

/// The body of an answer with this status, where it is JSON of this shape.
fn json<T: DeserializeOwned>(answer: &NetbirdAnswer, status: u16) -> Option<T> {
    let is_json = answer.content_type.starts_with("application/json");
    (answer.status == status && is_json).then(|| serde_json::from_slice(&answer.body).ok())?
}

/// OAuth2's error code, in whatever 4xx it comes.
fn refusal(answer: &NetbirdAnswer) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let refused = (400..500).contains(&answer.status);
    refused.then(|| json::<Refusal>(answer, answer.status))?.map(|refusal| refusal.error)
}
