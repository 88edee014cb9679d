//! The embedded identity provider, Dex, below `/oauth2/`: logins with a password and through connectors.

mod authorize;
mod callback;
pub(super) mod memory;
mod password;
mod token;
mod upstream;

use serde_json::json;

use self::memory::Opened;
use super::responses::no_page;
use super::state::State;
use crate::host::{Fetch, Request, Response};

/// Its clients, both public: they may use the same redirect URIs.
const CLIENTS: [&str; 2] = ["netbird-cli", "netbird-dashboard"];
const FAILED: &str = "Authentication failed. Please contact your administrator or try again later.";
const GONE: &str = "Requested resource does not exist.";

impl State {
    /// Stops NetBird and starts it again. Only then a change of a connector takes effect, once somebody has logged
    /// in through it.
    pub fn restart(&mut self) {
        for configured in self.static_connectors.clone() {
            match self.connectors.iter_mut().find(|one| one.id == configured.id) {
                Some(stored) => *stored = configured,
                None => self.connectors.push(configured),
            }
        }
        let opened = self.connectors.iter().map(|connector| {
            let opened = Opened { connector: connector.clone(), upstream: None };
            (connector.id.clone(), opened)
        });
        self.dex.opened = opened.collect();
    }
}

/// The request that has to be sent elsewhere first.
pub(super) fn fetch(state: &State, request: &Request, path: &[&str]) -> Option<Fetch> {
    if !state.options.is_embedded {
        return None;
    }
    match (request.method.as_str(), path) {
        ("GET", ["auth", connector]) => upstream::fetch(state, request, connector),
        ("GET", ["callback"]) => callback::fetch(state, request),
        _ => None,
    }
}

/// Answers a call; `path` is what comes after `/oauth2/`, in segments.
pub(super) fn answer(state: &mut State, request: &Request, path: &[&str]) -> Response {
    if !state.options.is_embedded {
        return no_page();
    }
    let response = match (request.method.as_str(), path) {
        ("GET", [".well-known", "openid-configuration"]) => openid_configuration(state),
        ("GET", ["keys"]) => token::keys(),
        ("GET", ["auth"]) if request.parameter("req").is_some() => {
            authorize::proceed(state, request)
        }
        ("GET", ["auth"]) => authorize::choose(state, request),
        ("GET", ["auth", connector]) => authorize::start(state, request, connector),
        ("GET", ["auth", "local", "login"]) => password::form(state, request),
        ("POST", ["auth", "local", "login"]) => password::log_in(state, request),
        ("GET", ["callback"]) => callback::answer(state, request),
        ("POST", ["token"]) => token::post(state, request),
        _ => return no_page(),
    };
    response.with("vary", "Origin")
}

fn openid_configuration(state: &State) -> Response {
    let issuer = state.issuer();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "device_authorization_endpoint": format!("{issuer}/device/code"),
        "introspection_endpoint": format!("{issuer}/token/introspect"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "grant_types_supported": [
            "authorization_code",
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "scopes_supported": ["openid", "email", "groups", "profile", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "email", "email_verified", "locale", "name",
            "preferred_username", "at_hash",
        ],
    });
    Response::json(200, &document)
}

/// An error that a person sees. The reason is in the log alone.
fn page(status: u16, message: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>NetBird</title></head><body>\n<h1 class=\"nb-heading\">{}</h1>\n\
         <div class=\"nb-error\">{message}</div>\n</body></html>\n",
        hyper::StatusCode::from_u16(status)
            .ok()
            .and_then(|s| s.canonical_reason())
            .unwrap_or_default(),
    );
    Response::new(status, "text/html; charset=utf-8", html)
}

fn redirect(status: u16, to: &str) -> Response {
    Response::new(status, "text/html; charset=utf-8", String::new()).with("location", to)
}

/// Escapes a text for an attribute of a page.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&#34;").replace('<', "&lt;").replace('>', "&gt;")
}
