//! `/core/tokens/`

use serde::{Deserialize, Serialize};

use super::open::{Open, api_enum, null_as_yes, yes};
use crate::ids::{Reference, TokenIdentifier, UserId};
use crate::secret::Secret;

api_enum! {
    /// What a token is for.
    TokenIntent {
        /// Calling authentik's API.
        Api = "api",
        /// Standing in for a password; what NetBird needs.
        AppPassword = "app_password",
        /// Verifying an email address.
        Verification = "verification",
        /// Getting back in.
        Recovery = "recovery",
    }
}

/// A token, as the server has it, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Token {
    /// Identity key.
    pub identifier: TokenIdentifier,
    /// What it is for.
    #[serde(default)]
    pub intent: Option<Open<TokenIntent>>,
    /// Whose it is.
    #[serde(default)]
    pub user: Option<UserId>,
    /// Whether it expires.
    #[serde(default = "yes", deserialize_with = "null_as_yes")]
    pub expiring: bool,
    /// When it expires, RFC 3339.
    #[serde(default)]
    pub expires: Option<String>,
}

/// `POST /core/tokens/`. The server makes the value; it is read by `view_key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenCreate {
    /// Identifier, unique.
    pub identifier: TokenIdentifier,
    /// What it is for.
    pub intent: TokenIntent,
    /// Whose it is. Without it the token is the caller's.
    pub user: Reference<UserId>,
    /// What it is for, in words.
    pub description: String,
    /// Always false: one that expires may live 30 minutes at most.
    pub expiring: bool,
}

/// Answer of `GET /core/tokens/{identifier}/view_key/`
#[derive(Clone, Debug, Deserialize)]
pub struct TokenKey {
    /// The token's value.
    pub key: Secret,
}
