//! Which view answers a request.

use hyper::Method;

use super::api::{accounts, groups, identity_providers, instance, tokens, users};
use super::caller::{authenticate, respond};
use super::dex;
use super::objects::User;
use super::responses::{Reply, no_page};
use super::state::State;
use crate::host::{Fetch, Request, Response};

/// Answers one path for somebody who is known.
type View = fn(&mut State, &Request, &User, &str) -> Reply;

/// The request that has to be sent elsewhere first.
pub(super) fn fetch(state: &State, request: &Request) -> Option<Fetch> {
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match (request.method.as_str(), segments.as_slice()) {
        ("POST", ["api", "identity-providers"]) | ("PUT", ["api", "identity-providers", _]) => {
            identity_providers::fetch(state, request)
        }
        (_, ["oauth2", rest @ ..]) => dex::fetch(state, request, rest),
        _ => None,
    }
}

pub(super) fn answer(state: &mut State, request: &Request) -> Response {
    let path = request.path.clone();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let method = if request.method == Method::HEAD { "GET" } else { request.method.as_str() };
    let (view, key): (View, &str) = match (method, segments.as_slice()) {
        (_, ["oauth2", rest @ ..]) => return dex::answer(state, request, rest),
        ("GET", ["api", "instance"]) => return instance::get(state),
        ("POST", ["api", "setup"]) => return respond(instance::set_up(state, request)),
        ("GET", ["api", "instance", "version"]) => {
            return respond(authenticate(state, request).map(|_| instance::version()));
        }
        ("GET", ["api", "accounts"]) => (accounts::list, ""),
        ("PUT", ["api", "accounts", id]) => (accounts::update, id),
        ("GET", ["api", "groups"]) => (groups::list, ""),
        ("GET", ["api", "identity-providers"]) => (identity_providers::list, ""),
        ("POST", ["api", "identity-providers"]) => (identity_providers::create, ""),
        ("GET", ["api", "identity-providers", id]) => (identity_providers::get, id),
        ("PUT", ["api", "identity-providers", id]) => (identity_providers::update, id),
        ("DELETE", ["api", "identity-providers", id]) => (identity_providers::delete, id),
        ("GET", ["api", "users"]) => (users::list, ""),
        ("POST", ["api", "users"]) => (users::create, ""),
        ("GET", ["api", "users", "current"]) => (users::current, ""),
        ("DELETE", ["api", "users", id]) => (users::delete, id),
        ("POST", ["api", "users", id, "approve"]) => (users::approve, id),
        ("DELETE", ["api", "users", id, "reject"]) => (users::reject, id),
        ("GET", ["api", "users", id, "tokens"]) => (tokens::list, id),
        ("POST", ["api", "users", id, "tokens"]) => (tokens::create, id),
        ("DELETE", ["api", "users", id, "tokens", _]) => (tokens::delete, id),
        _ => return no_page(),
    };
    respond(authenticate(state, request).and_then(|user| view(state, request, &user, key)))
}
