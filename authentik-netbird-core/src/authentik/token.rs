//! `/core/tokens/`

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{User, UserId};
use crate::http::{Method, Request};
use crate::ids::{Reference, text_enum, text_id};
use crate::resource::{
    Action, Api, LookUp, Object, Open, ReadBack, SecretField, Write, default_true, null_as_true,
    object, value,
};
use crate::secret::Secret;

text_id!(/** Identity key of a token (authentik's `identifier`); not the token's value. */ TokenIdentifier);

impl Object for Token {
    const API: &'static Api = &Api {
        kind: "app_password",
        app: "authentik_core",
        model: "token",
        path: "core/tokens/",
        actions: &[
            Action {
                look_up: LookUp::Entry {
                    filter: "identifier",
                    field: "identifier",
                    of: "identifier",
                },
                secret: SecretField::Read,
                judge: is_created,
                ..Action::CREATE
            },
            Action::UPDATE,
            Action::DELETE,
            Action {
                name: "set_key",
                method: Method::Post,
                path: "{key}/set_key/",
                permissions: &["set_token_key"],
                secret: SecretField::Generated("key"),
                look_up: LookUp::Secret,
                ..Action::UPDATE
            },
        ],
        ..Api::AUTHENTIK
    };
}

text_enum! {
    /// The purpose of a token.
    TokenIntent {
        /// Calling authentik's API.
        Api = "api",
        /// Standing in for a password; what NetBird needs.
        AppPassword = "app_password",
        /// Verifying an email address.
        Verification = "verification",
        /// Account recovery.
        Recovery = "recovery",
    }
}

/// A token, as the server has it, without its value. Identity key: identifier.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Token {
    /// Identity key.
    pub identifier: TokenIdentifier,
    /// The purpose.
    pub intent: Option<Open<TokenIntent>>,
    /// Whose it is.
    pub user: Option<UserId>,
    /// Whether it expires.
    #[serde(default = "default_true", deserialize_with = "null_as_true")]
    pub expiring: bool,
    /// When it expires, RFC 3339.
    pub expires: Option<String>,
    /// Its user, as far as the server says.
    pub user_obj: Option<Box<User>>,
}

impl Token {
    /// Whether it stands in for a password.
    pub(crate) fn is_app_password(&self) -> bool {
        self.intent.as_ref().is_some_and(|intent| *intent == TokenIntent::AppPassword)
    }

    /// When it expires; `None`: never.
    pub(crate) fn expiry(&self) -> Option<SystemTime> {
        let text = self.expires.as_deref().filter(|_| self.expiring)?;
        humantime::parse_rfc3339(text).ok()
    }

    /// Whether it is an app password that works at `now`.
    pub(crate) fn is_usable(&self, now: Option<SystemTime>) -> bool {
        self.is_app_password() && self.expiry().zip(now).is_none_or(|(expires, now)| expires > now)
    }
}

/// `POST /core/tokens/`. The server generates the value; it is read by `view_key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TokenCreate {
    /// Unique.
    pub(crate) identifier: TokenIdentifier,
    pub(crate) intent: TokenIntent,
    /// Without a user the token is the caller's.
    pub(crate) user: Reference<UserId>,
    pub(crate) description: String,
    /// Always false: one that expires may live 30 minutes at most.
    pub(crate) expiring: bool,
}

/// Response of `GET /core/tokens/{identifier}/view_key/`
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TokenKey {
    pub(crate) key: Secret,
}

/// Reads an app password's value. authentik notes that in its event log.
pub(crate) fn view_key(identifier: &TokenIdentifier) -> Request {
    set_key(identifier).look_up(&Token::API.resource(identifier.as_str()))
}

/// A write that gives an app password another value, which we generate.
pub(crate) fn set_key(identifier: &TokenIdentifier) -> Write {
    Token::API.write("set_key", Some(value(identifier)), crate::resource::Body::new())
}

/// A write that makes an app password never expire. With user and intent: without them authentik
/// hands a token to the caller and makes it an API token.
pub(crate) fn never_expires(identifier: &TokenIdentifier, user: UserId) -> Write {
    let fields = json!({"user": user, "intent": TokenIntent::AppPassword, "expiring": false});
    Token::API.update(identifier, object(&fields))
}

/// authentik creates one with every service account, and describes it differently.
fn is_created(write: &Write, found: Option<&Value>) -> ReadBack {
    let mut wanted = write.body.clone();
    wanted.remove("description");
    write.has(&wanted, found)
}

/// The identifier that authentik gives to a new account's app password.
pub(crate) fn default_identifier(username: &str) -> TokenIdentifier {
    // Django's slugify, of the whole: characters other than letters, digits, `_`, `-` and space are
    // dropped, then runs of spaces and dashes become one dash. (It trims the ends; those are letters.)
    let text = format!("service-account-{username}-password");
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().filter(char::is_ascii).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' | '_' => slug.push(c),
            ' ' | '-' if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    TokenIdentifier::from(slug)
}

/// The identifier of the app password whose value has to be read after a write: of a new account, or
/// of a new app password.
pub(crate) fn password_identifier(write: &Write) -> Option<TokenIdentifier> {
    match write.action.secret {
        SecretField::Response(_) => write.text("name").map(default_identifier),
        SecretField::Read => write.text("identifier").map(TokenIdentifier::from),
        SecretField::None | SecretField::Generated(_) | SecretField::Output(_) => None,
    }
}

#[cfg(test)]
mod tests;
