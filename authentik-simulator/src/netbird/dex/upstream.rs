//! A connector that Dex opens: what its issuer's discovery document says.

use serde_json::Value;
use url::Url;

use super::memory::{Opened, Upstream};
use crate::host::{Fetch, Fetched, Request};
use crate::netbird::issuer;
use crate::netbird::objects::Connector;
use crate::netbird::state::State;

/// Those that go-oidc takes; HMAC is not one.
const ALGORITHMS: [&str; 10] =
    ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"];

/// A connector as Dex has it: as it was when it was opened.
pub(super) fn current(state: &State, id: &str) -> Result<Opened, String> {
    let stored = state.connectors.iter().find(|connector| connector.id == id);
    let stored = stored
        .ok_or_else(|| "failed to get connector object from storage: not found".to_owned())?;
    let fresh = || Opened { connector: stored.clone(), upstream: None };
    Ok(state.dex.opened.get(id).cloned().unwrap_or_else(fresh))
}

/// The discovery document, as long as it is needed and not there.
pub(super) fn fetch(state: &State, request: &Request, id: &str) -> Option<Fetch> {
    let opened = current(state, id).ok()?;
    if opened.upstream.is_some() {
        return None;
    }
    let fetch = issuer::discovery(state, &opened.connector.issuer)?;
    request.outcome_of(&fetch).is_none().then_some(fetch)
}

/// A connector with its issuer's endpoints.
pub(super) fn with_upstream(
    state: &State,
    request: &Request,
    id: &str,
) -> Result<(Connector, Upstream), String> {
    let opened = current(state, id)?;
    let connector = opened.connector;
    if let Some(upstream) = opened.upstream {
        return Ok((connector, upstream));
    }
    let fetch = issuer::discovery(state, &connector.issuer);
    let fetched = fetch.as_ref().and_then(|fetch| request.outcome_of(fetch));
    let upstream = read(&connector.issuer, fetched)?;
    Ok((connector, upstream))
}

/// Opens a connector; returns where people log in. `STATE` is to be replaced.
pub(super) fn open(state: &mut State, request: &Request, id: &str) -> Result<String, String> {
    let (connector, upstream) = with_upstream(state, request, id)?;
    let mut url = Url::parse(&upstream.authorization).map_err(|error| error.to_string())?;
    url.query_pairs_mut()
        .append_pair("client_id", &connector.client_id)
        .append_pair("redirect_uri", &state.redirect_uri())
        .append_pair("response_type", "code")
        .append_pair("scope", "openid profile email")
        .append_pair("state", "STATE");
    let opened = Opened { connector, upstream: Some(upstream) };
    state.dex.opened.insert(id.to_owned(), opened);
    Ok(url.to_string())
}

fn read(issuer: &str, fetched: Option<&Fetched>) -> Result<Upstream, String> {
    let document: Value = match fetched {
        None => return Err(format!("invalid issuer {issuer:?}")),
        Some(Fetched::Failed(error)) => return Err(issuer::reason(issuer, error)),
        Some(Fetched::Response { status: 200, body, .. }) => serde_json::from_str(body)
            .map_err(|_| "oidc: failed to decode provider discovery object".to_owned())?,
        Some(Fetched::Response { status, body, .. }) => return Err(format!("{status}: {body}")),
    };
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    if text("issuer") != issuer {
        let found = text("issuer");
        let text = "oidc: issuer did not match the issuer returned by provider";
        return Err(format!("{text}, expected {issuer:?} got {found:?}"));
    }
    let algorithms = document["id_token_signing_alg_values_supported"].as_array();
    let algorithms = algorithms.into_iter().flatten().filter_map(Value::as_str);
    let mut algorithms: Vec<String> =
        algorithms.filter(|name| ALGORITHMS.contains(name)).map(str::to_owned).collect();
    if algorithms.is_empty() {
        algorithms.push("RS256".to_owned());
    }
    Ok(Upstream {
        authorization: text("authorization_endpoint"),
        token: text("token_endpoint"),
        keys: text("jwks_uri"),
        algorithms,
    })
}
