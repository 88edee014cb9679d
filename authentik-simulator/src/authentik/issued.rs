//! The codes and tokens that the OAuth2 endpoints have issued: kept apart from the configuration, because asking for
//! a token changes it and nothing else.

use std::collections::BTreeSet;
use std::time::SystemTime;

use serde::Serialize;

use super::time;

/// Everything that was handed out.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Issued {
    /// Access tokens, oldest first.
    pub access_tokens: Vec<Grant>,
    /// Refresh tokens, oldest first. A used one stays, revoked.
    pub refresh_tokens: Vec<Grant>,
    /// Codes of logins that wait to be exchanged.
    pub codes: Vec<Code>,
    /// Device codes.
    pub device_codes: Vec<DeviceCode>,
    /// When device codes were asked for: 20 an hour are allowed.
    #[serde(skip)]
    pub device_requests: Vec<SystemTime>,
}

/// An access or refresh token.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Grant {
    /// The text of the token.
    pub token: String,
    /// Key of the provider that gave it.
    pub provider: u64,
    /// Key of the user that it stands for.
    pub user: u64,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// When it stops working.
    #[serde(serialize_with = "time::serialize")]
    pub expires: SystemTime,
    /// Whether it was used up or revoked.
    pub revoked: bool,
    /// The login that it comes from, if a person logged in.
    pub login: Option<Login>,
}

/// The claims that a person's login adds to the tokens.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Login {
    /// The client's nonce.
    pub nonce: Option<String>,
    /// Session id.
    pub sid: String,
    /// When the person logged in, in seconds since 1970.
    pub auth_time: u64,
}

/// An authorization code.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Code {
    /// The text of the code.
    pub code: String,
    /// Key of the provider.
    pub provider: u64,
    /// Key of the user that logged in.
    pub user: u64,
    /// The scopes that were asked for.
    pub scopes: BTreeSet<String>,
    /// The redirect URI of the login; the exchange has to name the same.
    pub redirect_uri: String,
    /// PKCE challenge, S256.
    pub code_challenge: Option<String>,
    /// When it stops working.
    #[serde(serialize_with = "time::serialize")]
    pub expires: SystemTime,
    /// The login.
    pub login: Login,
}

/// A device code.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct DeviceCode {
    /// The code that the device sends.
    pub device_code: String,
    /// The code that the person types.
    pub user_code: String,
    /// Key of the provider.
    pub provider: u64,
    /// The scopes that were asked for.
    pub scopes: Vec<String>,
    /// When it stops working.
    #[serde(serialize_with = "time::serialize")]
    pub expires: SystemTime,
    /// Key of the user that approved it, once someone has.
    pub user: Option<u64>,
}
