//! The discovery document and the key set of an application.

use serde_json::{Value, json};

use super::keys::{Signer, jwk, signing_pair};
use super::{cors, provider_of, scopes_of};
use crate::authentik::objects::Provider;
use crate::authentik::{Release, State};
use crate::host::Request;
use crate::host::Response;

/// The issuer, as the caller sees it.
pub(super) fn issuer(request: &Request, provider: &Provider, slug: &str) -> String {
    if provider.issuer_mode == "global" {
        format!("{}/", request.base())
    } else {
        format!("{}/application/o/{slug}/", request.base())
    }
}

pub(super) fn get(state: &State, request: &Request, slug: &str) -> Response {
    let Some(provider) = provider_of(state, slug) else {
        return Response::not_found(&request.method);
    };
    let base = format!("{}/application/o", request.base());
    let mut document = json!({
        "issuer": issuer(request, provider, slug),
        "authorization_endpoint": format!("{base}/authorize/"),
        "token_endpoint": format!("{base}/token/"),
        "userinfo_endpoint": format!("{base}/userinfo/"),
        "end_session_endpoint": format!("{base}/{slug}/end-session/"),
        "introspection_endpoint": format!("{base}/introspect/"),
        "revocation_endpoint": format!("{base}/revoke/"),
        "device_authorization_endpoint": format!("{base}/device/"),
        "response_types_supported": [
            "code",
            "id_token",
            "id_token token",
            "code token",
            "code id_token",
            "code id_token token",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "jwks_uri": format!("{base}/{slug}/jwks/"),
        // The same whatever the provider's own grant types are.
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "implicit",
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "id_token_signing_alg_values_supported": [Signer::of(state, provider).algorithm()],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "acr_values_supported": ["goauthentik.io/providers/oauth2/default"],
        "scopes_supported": scopes_of(state, provider),
        "request_parameter_supported": false,
        "claims_supported": claims(state, provider),
        "claims_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    if state.release() >= Release::V2025_10 {
        document["backchannel_logout_supported"] = json!(true);
        document["backchannel_logout_session_supported"] = json!(true);
    }
    if state.release() >= Release::V2026_5 {
        document["frontchannel_logout_supported"] = json!(true);
        document["frontchannel_logout_session_supported"] = json!(true);
    }
    cors::allow(request, provider, Response::ok(&document))
}

fn claims(state: &State, provider: &Provider) -> Vec<&'static str> {
    let mut claims = vec!["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce"];
    for scope in scopes_of(state, provider) {
        claims.extend_from_slice(match scope {
            "email" => &["email", "email_verified"],
            "profile" => &["name", "given_name", "preferred_username", "nickname", "groups"],
            "entitlements" => &["entitlements", "roles"],
            _ => &[],
        });
    }
    claims
}

/// Without a signing key it is an empty object, without a list.
pub(super) fn jwks(state: &State, request: &Request, slug: &str) -> Response {
    let Some(provider) = provider_of(state, slug) else {
        return Response::not_found(&request.method);
    };
    let keys = signing_pair(state, provider).map(|pair| jwk(state.release(), pair.key_type));
    let set = keys.map_or_else(|| json!({}), |key: Value| json!({ "keys": [key] }));
    cors::allow(request, provider, Response::ok(&set))
}
