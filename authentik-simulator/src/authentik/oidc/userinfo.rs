//! `/application/o/userinfo/`

use serde_json::{Value, json};

use super::claims::{Subject, about, sub};
use super::{cors, uncached};
use crate::authentik::State;
use crate::host::Request;
use crate::host::Response;

pub(super) fn answer(state: &State, request: &Request) -> Response {
    let authorization = request.header("authorization");
    let token = authorization.as_deref().and_then(|header| header.split_once(' '));
    let live = token.and_then(|(_, token)| {
        let mut grants = state.issued.access_tokens.iter();
        grants.find(|g| g.token == token && !g.revoked && g.expires >= state.now)
    });
    let Some(grant) = live else {
        return refuse(
            401,
            "invalid_token",
            "The access token provided is expired, revoked, malformed, or invalid for other reasons",
        );
    };
    if !grant.scopes.iter().any(|scope| scope == "openid") {
        return refuse(
            403,
            "insufficient_scope",
            "The request requires higher privileges than provided by the access token",
        );
    }
    let provider = state.providers.iter().find(|provider| provider.pk == grant.provider);
    let user = state.users.iter().find(|user| user.pk == grant.user);
    let (Some(provider), Some(user)) = (provider, user) else {
        return Response::crash(&request.method);
    };
    let login = grant.login.as_ref();
    let mut claims = about(state, &Subject { provider, user, scopes: &grant.scopes, login });
    claims.insert("sub".to_owned(), json!(sub(state, provider, user)));
    if let Some(nonce) = login.and_then(|login| login.nonce.as_ref()) {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    cors::allow(request, provider, uncached(Response::ok(&Value::Object(claims))))
}

fn refuse(status: u16, error: &str, description: &str) -> Response {
    let text = format!("error=\"{error}\", error_description=\"{description}\"");
    Response::blank_html(status).with("www-authenticate", text)
}
