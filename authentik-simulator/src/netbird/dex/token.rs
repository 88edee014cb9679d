//! `/oauth2/token` and `/oauth2/keys`

use std::time::Duration;

use serde_json::{Value, json};

use super::CLIENTS;
use super::memory::{AuthRequest, Identity, Issued};
use crate::host::{Request, Response};
use crate::jwt::{self, Algorithm};
use crate::netbird::state::{State, user_id};

const KEY_ID: &str = "netbird-simulator";
const VALIDITY: Duration = Duration::from_secs(24 * 3600);

pub(super) fn keys() -> Response {
    let mut key = Algorithm::Rsa.public_key();
    key["kid"] = json!(KEY_ID);
    key["use"] = json!("sig");
    Response::json(200, &json!({ "keys": [key] }))
}

pub(super) fn post(state: &mut State, request: &Request) -> Response {
    match exchange(state, request) {
        Ok(tokens) => Response::json(200, &tokens)
            .with("cache-control", "no-store")
            .with("pragma", "no-cache"),
        Err((status, error, description)) => {
            let body = json!({ "error": error, "error_description": description });
            Response::json(status, &body)
        }
    }
}

type Refusal = (u16, &'static str, &'static str);

fn exchange(state: &mut State, request: &Request) -> Result<Value, Refusal> {
    let form = request.form();
    let field = |name: &str| {
        let found = form.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let client = field("client_id").unwrap_or_default();
    if !CLIENTS.contains(&client) {
        return Err((401, "invalid_client", "Invalid client credentials."));
    }
    if field("grant_type") != Some("authorization_code") {
        return Err((400, "unsupported_grant_type", ""));
    }
    let code = field("code").ok_or((400, "invalid_request", "Required param: code."))?;
    let codes = &state.dex.codes;
    let at = codes.iter().position(|known| known.id == code && known.client_id == client);
    let at = at.ok_or((400, "invalid_grant", "Invalid or expired code parameter."))?;
    check(&codes[at], field("code_verifier"), field("redirect_uri"))?;
    let login = state.dex.codes.remove(at);
    let identity = login.identity.clone();
    let identity = identity.ok_or((400, "invalid_grant", "Invalid or expired code parameter."))?;
    let token = issue(state, &login, &identity);
    Ok(json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": VALIDITY.as_secs() - 1,
        "id_token": token,
    }))
}

fn check(
    login: &AuthRequest,
    verifier: Option<&str>,
    redirect_uri: Option<&str>,
) -> Result<(), Refusal> {
    match (verifier, &login.challenge) {
        (Some(verifier), Some(challenge)) if jwt::challenge(verifier) != *challenge => {
            return Err((400, "invalid_grant", "Invalid code_verifier."));
        }
        (Some(_), None) => {
            let text = "No PKCE flow started. Cannot check code_verifier.";
            return Err((400, "invalid_request", text));
        }
        (None, Some(_)) => {
            let text = "Expecting parameter code_verifier in PKCE flow.";
            return Err((400, "invalid_grant", text));
        }
        _ => {}
    }
    if redirect_uri != Some(&login.redirect_uri) {
        let text = "redirect_uri did not match URI from initial request.";
        return Err((400, "invalid_request", text));
    }
    Ok(())
}

fn issue(state: &mut State, login: &AuthRequest, identity: &Identity) -> String {
    let now = state.now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut claims = json!({
        "iss": state.issuer(),
        "sub": user_id(&identity.subject, &login.connector),
        "aud": login.client_id,
        "exp": now + VALIDITY.as_secs(),
        "iat": now,
        // Two of one second differ, too.
        "at_hash": state.new_id(),
    });
    if let Some(nonce) = &login.nonce {
        claims["nonce"] = json!(nonce);
    }
    let has = |scope: &str| login.scopes.iter().any(|known| known == scope);
    if has("email") {
        claims["email"] = json!(identity.email);
        claims["email_verified"] = json!(identity.email_verified);
    }
    if has("profile") {
        claims["name"] = json!(identity.name);
        if !identity.preferred_username.is_empty() {
            claims["preferred_username"] = json!(identity.preferred_username);
        }
    }
    if let Some(groups) = identity.groups.as_ref().filter(|_| has("groups")) {
        claims["groups"] = json!(groups);
    }
    sign(state, claims)
}

fn sign(state: &mut State, claims: Value) -> String {
    let token = Algorithm::Rsa.sign(Some(KEY_ID), &claims);
    let expires = state.now + VALIDITY;
    state.dex.issued.push(Issued { token: token.clone(), claims, expires });
    token
}

impl State {
    /// A token of a user who logged in some time ago: `Authorization: Bearer …`.
    pub fn log_in(&mut self, user: &str) -> String {
        let known = self.users.iter().find(|known| known.id == user);
        let known = known.map(|known| (known.name.clone(), known.email.clone()));
        let (name, email) = known.unwrap_or_default();
        let at_hash = self.new_id();
        sign(self, json!({ "sub": user, "name": name, "email": email, "at_hash": at_hash }))
    }
}
