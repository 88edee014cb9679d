//! [`Responses`]: what the probes found, in a form that can be judged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use zeroize::Zeroizing;

use super::administration::Administration;
use super::clock::Reading;
use crate::authentik::Page;
use crate::error::{Error, Result};
use crate::http::Response;
use crate::secret::Secret;

/// The results of the probes; `None`: not sent. Texts are the server's own: they are only shown in
/// messages, which are cleaned.
#[derive(Debug)]
pub(crate) struct Responses {
    pub(crate) discovery: Result<Document>,
    pub(crate) brand: Result<CurrentBrand>,
    pub(crate) keys: Option<Result<KeySet>>,
    pub(crate) token: Option<Result<TokenResponse>>,
    pub(crate) device: Option<Result<DeviceCodeResponse>>,
    pub(crate) device_page: Option<Result<()>>,
    pub(crate) users: Option<Result<UsersResponse>>,
    /// The account's own user, by its id.
    pub(crate) user: Option<Result<UsersResponse>>,
    pub(crate) clock: Vec<Reading>,
    /// `None`: without an administrator's token.
    pub(crate) administration: Option<Administration>,
}

impl Responses {
    /// Nothing was asked: there is no address.
    pub(crate) fn unsent() -> Self {
        let none = || Error::invalid_outputs(Vec::new());
        Self {
            discovery: Err(none()),
            brand: Err(none()),
            keys: None,
            token: None,
            device: None,
            device_page: None,
            users: None,
            user: None,
            clock: Vec::new(),
            administration: None,
        }
    }
}

/// authentik's discovery document, as far as NetBird reads it. Missing fields are empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) device_authorization_endpoint: String,
    pub(crate) scopes_supported: Option<Vec<String>>,
    /// Which origin's pages may read it.
    #[serde(skip)]
    pub(crate) allowed_origin: String,
}

impl Document {
    /// Names and addresses of the endpoints.
    pub(crate) fn endpoints(&self) -> [(&'static str, &str); 4] {
        [
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
            ("device_authorization_endpoint", &self.device_authorization_endpoint),
        ]
    }
}

/// The keys that tokens are signed with.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    pub(crate) types: Vec<String>,
    pub(crate) ids: Vec<String>,
}

/// The brand of the host that was asked.
#[derive(Debug, Deserialize)]
pub(crate) struct CurrentBrand {
    #[serde(default)]
    pub(crate) matched_domain: String,
    /// Slug of its device-code flow.
    pub(crate) flow_device_code: Option<String>,
}

#[derive(Debug)]
pub(crate) enum TokenResponse {
    Issued(IssuedToken),
    /// OAuth2's error code, such as `invalid_grant`.
    Refused(String),
}

#[derive(Debug)]
pub(crate) struct IssuedToken {
    pub(crate) token: Secret,
    /// The scopes in it; `None` if the response does not say.
    pub(crate) scope: Option<String>,
    /// Parts between dots: a signed token has three, an encrypted one five.
    pub(crate) parts: usize,
    /// The key that it is signed with, if it says so.
    pub(crate) key_id: Option<String>,
    /// The content, if it can be read.
    pub(crate) claims: Option<Claims>,
}

impl IssuedToken {
    /// The id of the user that it is for, if it names users by their ids.
    pub(crate) fn user_id(&self) -> Option<&str> {
        let id = self.claims.as_ref()?.sub.as_str()?;
        (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
    }
}

/// The parts of a token that NetBird reads.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: Value,
    pub(crate) aud: Value,
}

#[derive(Debug)]
pub(crate) enum DeviceCodeResponse {
    Issued {
        /// Where a person types the code.
        verification_uri: String,
        /// How long the code is valid, in seconds.
        expires_in: u64,
    },
    /// OAuth2's error code, such as `invalid_client`.
    Refused(String),
}

/// The response to reading users as NetBird does.
#[derive(Debug)]
pub(crate) enum UsersResponse {
    /// How many there are, and the next page; 0 on the last one.
    Listed { count: u64, next: u32 },
    /// 403, and authentik's reason.
    Denied(String),
}

pub(crate) fn document(response: &Response) -> Result<Document> {
    let document: Document = response.check()?.decode()?;
    Ok(Document { allowed_origin: response.allowed_origin.clone(), ..document })
}

pub(crate) fn brand(response: &Response) -> Result<CurrentBrand> {
    response.check()?.decode()
}

/// authentik sends no list at all if there are no keys.
pub(crate) fn keys(response: &Response) -> Result<KeySet> {
    #[derive(Deserialize)]
    struct Set {
        #[serde(default)]
        keys: Vec<Key>,
    }
    #[derive(Deserialize)]
    struct Key {
        #[serde(default)]
        kty: String,
        #[serde(default)]
        kid: String,
    }
    let set: Set = response.check()?.decode()?;
    let (types, ids) = set.keys.into_iter().map(|key| (key.kty, key.kid)).unzip();
    Ok(KeySet { types, ids })
}

pub(crate) fn token(response: &Response) -> Result<TokenResponse> {
    #[derive(Deserialize)]
    struct Header {
        kid: Option<String>,
    }
    #[derive(Deserialize)]
    struct Success {
        access_token: Secret,
        scope: Option<String>,
    }
    if let Some(code) = refusal(response) {
        return Ok(TokenResponse::Refused(code));
    }
    let Success { access_token: token, scope } = response.check()?.decode()?;
    let parts = token.expose().split('.').count();
    let claims = token.expose().split('.').nth(1).and_then(json_part::<Claims>);
    let header = token.expose().split('.').next().and_then(json_part::<Header>);
    let key_id = header.and_then(|header| header.kid);
    Ok(TokenResponse::Issued(IssuedToken { token, scope, parts, key_id, claims }))
}

fn json_part<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?);
    serde_json::from_slice(&bytes).ok()
}

pub(crate) fn device_code(response: &Response) -> Result<DeviceCodeResponse> {
    #[derive(Deserialize)]
    struct Success {
        #[serde(rename = "device_code")]
        _device_code: IgnoredAny,
        verification_uri: String,
        #[serde(default)]
        expires_in: u64,
    }
    if let Some(code) = refusal(response) {
        return Ok(DeviceCodeResponse::Refused(code));
    }
    // 2024.12 refuses a client that it does not know without a word.
    if response.status == 400 && response.body.is_empty() {
        return Ok(DeviceCodeResponse::Refused("invalid_client".to_owned()));
    }
    let Success { verification_uri, expires_in, .. } = response.check()?.decode()?;
    Ok(DeviceCodeResponse::Issued { verification_uri, expires_in })
}

/// The page exists if it is shown, or leads to a login first.
pub(crate) fn device_page(response: &Response) -> Result<()> {
    if response.is_success() || response.is_redirect() { Ok(()) } else { Err(response.error()) }
}

pub(crate) fn users(response: &Response) -> Result<UsersResponse> {
    let pagination = match denied(response) {
        Some(denied) => return Ok(denied),
        None => response.check()?.decode::<Page<IgnoredAny>>()?.pagination,
    };
    Ok(UsersResponse::Listed { count: pagination.count, next: pagination.next })
}

pub(crate) fn user(response: &Response) -> Result<UsersResponse> {
    #[derive(Deserialize)]
    struct User {
        #[serde(rename = "pk")]
        _pk: u64,
    }
    match denied(response) {
        Some(denied) => Ok(denied),
        None => response
            .check()?
            .decode::<User>()
            .map(|User { .. }| UsersResponse::Listed { count: 1, next: 0 }),
    }
}

fn denied(response: &Response) -> Option<UsersResponse> {
    #[derive(Deserialize)]
    struct Denied {
        detail: String,
    }
    let denied = (response.status == 403).then(|| json::<Denied>(response))?;
    denied.map(|denied| UsersResponse::Denied(denied.detail))
}

/// OAuth2's error code, in whatever 4xx it comes.
fn refusal(response: &Response) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let refused = (400..500).contains(&response.status);
    refused.then(|| json::<Refusal>(response))?.map(|refusal| refusal.error)
}

/// The body, if it is JSON of this shape.
fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    response.is_json().then(|| response.decode().ok())?
}
