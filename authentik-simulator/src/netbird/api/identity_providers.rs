//! `/api/identity-providers`

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::body;
use crate::Key;
use crate::host::{Fetch, Request, Response};
use crate::netbird::caller::{Operation, authenticate};
use crate::netbird::issuer;
use crate::netbird::objects::{Connector, User};
use crate::netbird::responses::{Reply, error, ok};
use crate::netbird::state::{LOCAL, State};

const KINDS: [&str; 10] = [
    "oidc",
    "zitadel",
    "entra",
    "google",
    "okta",
    "pocketid",
    "microsoft",
    "authentik",
    "keycloak",
    "adfs",
];
/// Those whose issuer is known.
const WITH_ISSUER: [&str; 2] = ["google", "microsoft"];

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Sent {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: String,
}

impl Sent {
    /// The problem that is found before any server is asked.
    fn problem(&self) -> Option<&'static str> {
        if self.name.is_empty() {
            return Some("identity provider name is required");
        }
        if self.kind.is_empty() {
            return Some("identity provider type is required");
        }
        if !KINDS.contains(&self.kind.as_str()) {
            return Some("unsupported identity provider type");
        }
        if self.issuer.is_empty() && !WITH_ISSUER.contains(&self.kind.as_str()) {
            return Some("identity provider issuer is required");
        }
        if !self.issuer.is_empty() && !Url::parse(&self.issuer).is_ok_and(|url| url.has_host()) {
            return Some("identity provider issuer must be a valid URL");
        }
        self.client_id.is_empty().then_some("identity provider client ID is required")
    }
}

/// The issuer's discovery document, for a request that is right so far.
pub(in crate::netbird) fn fetch(state: &State, request: &Request) -> Option<Fetch> {
    let caller = authenticate(&mut state.clone(), request).ok()?;
    caller.may(Operation::Write).ok()?;
    let sent: Sent = body(request).ok()?;
    if sent.problem().is_some() || sent.issuer.is_empty() {
        return None;
    }
    let fetch = issuer::discovery(state, &sent.issuer)?;
    request.outcome_of(&fetch).is_none().then_some(fetch)
}

fn read(state: &State, request: &Request, caller: &User) -> Result<Sent, Response> {
    let sent: Sent = body(request)?;
    caller.may(Operation::Write)?;
    if let Some(problem) = sent.problem() {
        return Err(error(422, problem));
    }
    let fetch = issuer::discovery(state, &sent.issuer);
    let fetched = fetch.as_ref().and_then(|fetch| request.outcome_of(fetch));
    match fetched.and_then(|fetched| issuer::problem(&sent.issuer, fetched)) {
        Some(problem) => Err(error(422, &problem)),
        None => Ok(sent),
    }
}

fn embedded(state: &State) -> Result<(), Response> {
    if state.options.is_embedded {
        return Ok(());
    }
    Err(error(500, "identity provider management requires embedded IdP"))
}

pub(in crate::netbird) fn list(state: &mut State, _: &Request, caller: &User, _: &str) -> Reply {
    caller.may(Operation::Read)?;
    let connectors = state.connectors.iter().filter(|_| state.options.is_embedded);
    Ok(ok(&connectors.map(show).collect()))
}

pub(in crate::netbird) fn get(state: &mut State, _: &Request, caller: &User, id: &str) -> Reply {
    caller.may(Operation::Read)?;
    embedded(state)?;
    if id == LOCAL {
        let local =
            json!({ "client_id": "", "id": LOCAL, "issuer": "", "name": "Email", "type": LOCAL });
        return Ok(ok(&local));
    }
    let connector = state.connectors.iter().find(|connector| connector.id == id);
    connector.map(|connector| ok(&show(connector))).ok_or_else(unknown)
}

/// Nothing has to be unique, and a secret may be missing.
pub(in crate::netbird) fn create(
    state: &mut State,
    request: &Request,
    caller: &User,
    _: &str,
) -> Reply {
    let sent = read(state, request, caller)?;
    embedded(state)?;
    let connector = state.add_connector(&sent.kind, &sent.name, &sent.issuer);
    connector.client_id = sent.client_id;
    connector.client_secret = Key::from(sent.client_secret);
    Ok(ok(&show(connector)))
}

/// An empty secret keeps the one that there is.
pub(in crate::netbird) fn update(
    state: &mut State,
    request: &Request,
    caller: &User,
    id: &str,
) -> Reply {
    let sent = read(state, request, caller)?;
    embedded(state)?;
    let failed = |reason: &str| {
        error(
            500,
            &format!("failed to update identity provider: failed to update connector: {reason}"),
        )
    };
    if id == LOCAL {
        return Err(failed("connector type change not allowed"));
    }
    let connector = state.connectors.iter_mut().find(|connector| connector.id == id);
    let connector = connector.ok_or_else(|| failed("not found"))?;
    if connector.kind != sent.kind {
        return Err(failed("connector type change not allowed"));
    }
    connector.name = sent.name;
    connector.issuer = sent.issuer;
    connector.client_id = sent.client_id;
    if !sent.client_secret.is_empty() {
        connector.client_secret = Key::from(sent.client_secret);
    }
    Ok(ok(&show(connector)))
}

pub(in crate::netbird) fn delete(state: &mut State, _: &Request, caller: &User, id: &str) -> Reply {
    caller.may(Operation::Write)?;
    embedded(state)?;
    if id == LOCAL {
        let text = "failed to delete identity provider: cannot delete the local password connector";
        return Err(error(500, text));
    }
    let at = state.connectors.iter().position(|connector| connector.id == id);
    state.connectors.remove(at.ok_or_else(unknown)?);
    Ok(ok(&json!({})))
}

fn unknown() -> Response {
    error(404, "identity provider not found")
}

fn show(connector: &Connector) -> Value {
    json!({
        "client_id": connector.client_id,
        "id": connector.id,
        "issuer": connector.issuer,
        "name": connector.name,
        "type": connector.kind,
    })
}
