//! `/oauth2/callback`: a person comes back from the issuer with a code, which Dex exchanges.

use serde_json::Value;

use super::authorize::{finish, login_of};
use super::memory::{AuthRequest, Identity};
use super::{FAILED, page, upstream};
use crate::host::{Fetch, Fetched, Request, Response};
use crate::jwt;
use crate::netbird::issuer;
use crate::netbird::state::State;

/// How far a login is.
enum Step {
    /// Something has to be asked elsewhere.
    Ask(Fetch),
    Done(Identity),
}

pub(super) fn fetch(state: &State, request: &Request) -> Option<Fetch> {
    let login = login_of(state, request).ok()?;
    match step(state, request, &login) {
        Ok(Step::Ask(fetch)) => Some(fetch),
        Ok(Step::Done(_)) | Err(_) => None,
    }
}

pub(super) fn answer(state: &mut State, request: &Request) -> Response {
    let mut login = match login_of(state, request) {
        Ok(login) => login,
        Err(response) => return response,
    };
    match step(state, request, &login) {
        Ok(Step::Done(identity)) => {
            login.identity = Some(identity);
            let response = finish(request, &login);
            state.dex.requests.retain(|known| known.id != login.id);
            state.dex.requests.push(login);
            response
        }
        Ok(Step::Ask(_)) => page(500, FAILED),
        Err(reason) => {
            state.log.push(format!("failed to authenticate: {reason}"));
            page(500, FAILED)
        }
    }
}

fn step(state: &State, request: &Request, login: &AuthRequest) -> Result<Step, String> {
    if let Some(fetch) = upstream::fetch(state, request, &login.connector) {
        return Ok(Step::Ask(fetch));
    }
    let (connector, upstream) = upstream::with_upstream(state, request, &login.connector)?;
    if let Some(error) = request.parameter("error") {
        let description = request.parameter("error_description").unwrap_or_default();
        return Err(format!("{error}: {description}"));
    }
    let client = (connector.client_id.as_str(), &*connector.client_secret);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", request.parameter("code").unwrap_or_default()),
        ("redirect_uri", &state.redirect_uri()),
    ];
    let exchange = issuer::post(state, &upstream.token, client, &form);
    let exchange = exchange.ok_or("oidc: failed to get token: invalid token endpoint")?;
    let Some(exchanged) = request.outcome_of(&exchange) else { return Ok(Step::Ask(exchange)) };
    let tokens =
        json(exchanged).map_err(|reason| format!("oidc: failed to get token: {reason}"))?;
    let token = tokens["id_token"].as_str().ok_or("oidc: no id_token in token response")?;

    let keys = issuer::get(state, &upstream.keys).ok_or("oidc: invalid key set endpoint")?;
    let Some(fetched) = request.outcome_of(&keys) else { return Ok(Step::Ask(keys)) };
    let keys = json(fetched).unwrap_or_default();
    let claims = jwt::verify(token, &upstream.algorithms, &keys)
        .and_then(|claims| meant_for(state, &claims, &connector.client_id, &connector.issuer))
        .map_err(|reason| format!("oidc: failed to verify ID Token: {reason}"))?;
    identity(&claims).map(Step::Done)
}

/// The JSON of a successful response, or oauth2's message about another one.
fn json(fetched: &Fetched) -> Result<Value, String> {
    let (status, body) = match fetched {
        Fetched::Response { status, body, .. } => (*status, body),
        Fetched::Failed(error) => return Err(issuer::reason("", error)),
    };
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    if (200..300).contains(&status) {
        return Ok(json);
    }
    match (json["error"].as_str(), json["error_description"].as_str()) {
        (Some(error), Some(description)) => Err(format!("oauth2: {error:?} {description:?}")),
        _ => Err(format!("oauth2: cannot fetch token: {status}\nResponse: {body}")),
    }
}

/// Whether a token is from that issuer, for that client, and not too old.
fn meant_for(state: &State, claims: &Value, client: &str, issuer: &str) -> Result<Value, String> {
    if claims["iss"] != issuer {
        let found = &claims["iss"];
        let text = "oidc: id token issued by a different provider";
        return Err(format!("{text}, expected {issuer:?} got {found}"));
    }
    if claims["aud"] != client {
        return Err(format!("oidc: expected audience {client:?} got [{}]", claims["aud"]));
    }
    let now = state.now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if claims["exp"].as_u64().is_none_or(|expires| expires < now) {
        return Err("oidc: token is expired".to_owned());
    }
    Ok(claims.clone())
}

fn identity(claims: &Value) -> Result<Identity, String> {
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    let groups = claims["groups"]
        .as_array()
        .map(|groups| groups.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    Ok(Identity {
        subject: text("sub").ok_or("missing \"sub\" claim")?,
        name: text("name").ok_or("missing \"name\" claim")?,
        preferred_username: text("preferred_username").unwrap_or_default(),
        email: text("email").ok_or("missing email claim, not found \"email\" key")?,
        email_verified: claims["email_verified"].as_bool().unwrap_or(true),
        groups,
    })
}
