//! The OAuth2 and OpenID Connect endpoints below `/application/o/`, and the `/device` page.

pub(super) mod authorize;
pub(super) mod claims;
mod cors;
mod device;
mod discovery;
mod expression;
pub(super) mod keys;
mod token;
mod userinfo;

use hyper::Method;
use serde_json::json;

use super::objects::{Application, Provider};
use super::{Release, State};
use crate::host::Request;
use crate::host::Response;

const INVALID_CLIENT: &str = "Client authentication failed (e.g., unknown client, no client \
     authentication included, or unsupported authentication method)";
const INVALID_GRANT: &str = "The provided authorization grant or refresh token is invalid, \
     expired, revoked, does not match the redirection URI used in the authorization request, or \
     was issued to another client";
const MALFORMED: &str = "The request is otherwise malformed";

/// Answers a call; `path` is what comes after `/application/o/`, in segments.
pub(super) fn answer(state: &mut State, request: &Request, path: &[&str]) -> Response {
    let get = request.is_read();
    let post = request.method == Method::POST;
    match *path {
        ["authorize", ""] if get => authorize::get(state, request),
        ["token", ""] if post => token::post(state, request),
        ["device", ""] if post => device::post(state, request),
        ["token" | "device", ""] => {
            Response::blank_html(405).with("allow", "POST, OPTIONS".to_owned())
        }
        ["userinfo", ""] if get || post => userinfo::answer(state, request),
        [slug, ".well-known", "openid-configuration"] if get => {
            discovery::get(state, request, slug)
        }
        [slug, "jwks", ""] if get => discovery::jwks(state, request, slug),
        _ => Response::not_found(&request.method),
    }
}

/// `/device`: where a person types the code. Without a session it leads to the login; with one, to
/// the brand's flow, or nowhere if there is none.
pub(super) fn device_page(state: &State, request: &Request) -> Response {
    device::page(state, request)
}

fn application_of<'a>(state: &'a State, provider: &Provider) -> Option<&'a Application> {
    state.applications.iter().find(|application| application.provider == Some(provider.pk))
}

/// An application's provider, by the slug.
fn provider_of<'a>(state: &'a State, slug: &str) -> Option<&'a Provider> {
    let application = state.applications.iter().find(|application| application.slug == slug)?;
    state.providers.iter().find(|provider| Some(provider.pk) == application.provider)
}

/// Whether a provider lets its client use a grant type. Before 2026.5 every client may use every one.
fn allows(state: &State, provider: &Provider, grant_type: &str) -> bool {
    state.release() < Release::V2026_5 || provider.grant_types.iter().any(|has| has == grant_type)
}

fn error(state: &mut State, error: &str) -> Response {
    let description = match error {
        "invalid_client" => INVALID_CLIENT,
        "invalid_grant" => INVALID_GRANT,
        "unsupported_grant_type" => {
            "The authorization grant type is not supported by the authorization server"
        }
        "authorization_pending" => {
            "The authorization request is still pending as the end user hasn't yet completed the \
             user-interaction steps"
        }
        "expired_token" => {
            "The \"device_code\" has expired, and the device authorization session has concluded"
        }
        "slow_down" => "The authorization request is still pending and polling should continue",
        _ => MALFORMED,
    };
    let mut body = json!({ "error": error, "error_description": description });
    if state.release >= Release::V2025_10 {
        body["request_id"] = json!(state.new_uuid().replace('-', ""));
    }
    uncached(Response::json(400, &body))
}

fn uncached(answer: Response) -> Response {
    answer.with("cache-control", "no-store".to_owned()).with("pragma", "no-cache".to_owned())
}

/// One field of a form or query.
fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The provider's scope names, in the order of their mappings.
fn scopes_of<'a>(state: &'a State, provider: &Provider) -> Vec<&'a str> {
    let mappings = state.scope_mappings.iter();
    let mappings = mappings.filter(|mapping| provider.property_mappings.contains(&mapping.pk));
    mappings.map(|mapping| mapping.scope_name.as_str()).collect()
}
