//! The claims of a token.

use serde_json::{Map, Value, json};

use super::discovery::issuer;
use super::expression;
use super::keys::{Signer, unreadable};
use super::{application_of, scopes_of};
use crate::authentik::issued::{Grant, Login};
use crate::authentik::objects::{Provider, User};
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Request;

/// For whom, by whom, for what.
pub(super) struct Subject<'a> {
    pub(super) provider: &'a Provider,
    pub(super) user: &'a User,
    pub(super) scopes: &'a [String],
    pub(super) login: Option<&'a Login>,
}

/// The response of a token endpoint, and the state that it stores.
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) id: String,
    pub(super) seconds: u64,
}

/// Makes an access and an id token, and remembers the first.
pub(super) fn issue(state: &mut State, request: &Request, subject: &Subject<'_>) -> Tokens {
    let provider = subject.provider;
    let seconds = time::duration(&provider.access_token_validity).map_or(3600, |d| d.as_secs());
    let now = time::unix(state.now);
    let slug = application_of(state, provider).map_or(String::new(), |app| app.slug.clone());
    let mut claims = json!({
        "iss": issuer(request, provider, &slug),
        "sub": sub(state, provider, subject.user),
        "aud": provider.client_id,
        "exp": now + seconds,
        "iat": now,
        "auth_time": subject.login.map_or(now, |login| login.auth_time),
        "acr": "goauthentik.io/providers/oauth2/default",
    });
    if let Some(login) = subject.login {
        claims["amr"] = json!(["pwd"]);
        claims["sid"] = json!(login.sid);
        if let Some(nonce) = &login.nonce {
            claims["nonce"] = json!(nonce);
        }
    }
    if state.release() >= Release::V2026_2 {
        claims["jti"] = json!(state.new_key(40));
    }
    if let Some(claims) = claims.as_object_mut().filter(|_| provider.include_claims_in_id_token) {
        claims.extend(about(state, subject));
    }
    let signer = Signer::of(state, provider);
    let id = signer.sign(state.release(), &claims);
    claims["azp"] = json!(provider.client_id);
    claims["uid"] = json!(state.new_key(40));
    if state.release() >= Release::V2025_10 {
        claims["scope"] = json!(subject.scopes.join(" "));
    }
    let access = signer.sign(state.release(), &claims);
    let encrypted = provider.encryption_key.is_some();
    let (access, id) = if encrypted {
        let (first, second) = (state.new_key(40), state.new_key(40));
        (unreadable(&first), unreadable(&second))
    } else {
        (access, id)
    };
    state.issued.access_tokens.push(Grant {
        token: access.clone(),
        provider: provider.pk,
        user: subject.user.pk,
        scopes: subject.scopes.to_vec(),
        expires: state.now + std::time::Duration::from_secs(seconds),
        revoked: false,
        login: subject.login.cloned(),
    });
    Tokens { access, id, seconds }
}

pub(super) fn sub(state: &State, provider: &Provider, user: &User) -> String {
    match provider.sub_mode.as_str() {
        "user_id" => user.pk.to_string(),
        "user_uuid" => user.uuid.clone(),
        "user_username" => user.username.clone(),
        "user_email" => user.email.clone(),
        "user_upn" => {
            user.attributes.get("upn").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        _ => state.uid(user.pk),
    }
}

/// The claims that the scope mappings of the granted scopes give a person.
pub(super) fn about(state: &State, subject: &Subject<'_>) -> Map<String, Value> {
    let mut claims = Map::new();
    let mappings = state.scope_mappings.iter();
    let mappings = mappings.filter(|one| subject.provider.property_mappings.contains(&one.pk));
    for mapping in mappings.filter(|one| subject.scopes.contains(&one.scope_name)) {
        expression::merge(&mut claims, expression::claims(state, mapping, subject.user));
    }
    claims
}

/// The claims of a user's token with all scopes: authentik's preview of a provider.
pub(crate) fn preview(
    state: &State,
    request: &Request,
    provider: &Provider,
    user: &User,
) -> Map<String, Value> {
    let scopes: Vec<String> = scopes_of(state, provider).into_iter().map(str::to_owned).collect();
    let subject = Subject { provider, user, scopes: &scopes, login: None };
    let now = time::unix(state.now);
    let slug = application_of(state, provider).map_or("", |application| &application.slug);
    let mut claims = Map::from_iter([
        ("iss".to_owned(), json!(issuer(request, provider, slug))),
        ("sub".to_owned(), json!(sub(state, provider, user))),
        ("aud".to_owned(), json!(provider.client_id)),
        ("exp".to_owned(), json!(now + 3600)),
        ("iat".to_owned(), json!(now)),
        ("auth_time".to_owned(), json!(now)),
        ("acr".to_owned(), json!("goauthentik.io/providers/oauth2/default")),
    ]);
    if provider.include_claims_in_id_token {
        claims.extend(about(state, &subject));
    }
    claims
}
