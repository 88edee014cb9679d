//! `/api/users/{id}/tokens`

use serde::Deserialize;
use serde_json::{Value, json};

use super::body;
use crate::host::{Request, Response};
use crate::netbird::caller::Operation;
use crate::netbird::objects::{AccessToken, User};
use crate::netbird::responses::{Reply, denied, error, ok};
use crate::netbird::state::State;
use crate::netbird::time;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Sent {
    name: String,
    expires_in: i64,
}

/// Everybody who may do so has their own tokens; administrators those of service users, too.
fn owner<'a>(state: &'a State, caller: &User, id: &str) -> Result<&'a User, Response> {
    let user = state.users.iter().find(|user| user.id == id);
    let user = user.ok_or_else(|| error(404, &format!("user: {id} not found")))?;
    if user.account != caller.account {
        return Err(denied());
    }
    if caller.id != id && !(caller.is_admin() && user.is_service_user) {
        return Err(error(403, "admin role required to perform this action"));
    }
    Ok(user)
}

pub(in crate::netbird) fn list(state: &mut State, _: &Request, caller: &User, id: &str) -> Reply {
    caller.may(Operation::Read)?;
    owner(state, caller, id)?;
    let tokens = state.tokens.iter().filter(|token| token.user == id);
    let now = state.now;
    let shown = tokens.map(|token| {
        let mut shown = show(token);
        if token.was_used {
            shown["last_used"] = json!(time(now));
        }
        shown
    });
    Ok(ok(&shown.collect()))
}

pub(in crate::netbird) fn create(
    state: &mut State,
    request: &Request,
    caller: &User,
    id: &str,
) -> Reply {
    let sent: Sent = body(request)?;
    if sent.name.is_empty() {
        return Err(error(422, "token name can't be empty"));
    }
    let days = u32::try_from(sent.expires_in).ok().filter(|days| (1..=365).contains(days));
    let days = days.ok_or_else(|| error(422, "expiration has to be between 1 and 365"))?;
    caller.may(Operation::Write)?;
    owner(state, caller, id)?;
    let token = state.add_token(&sent.name, id, days);
    token.created_by.clone_from(&caller.id);
    let shown = show(token);
    Ok(ok(&json!({ "personal_access_token": shown, "plain_token": &*token.token })))
}

pub(in crate::netbird) fn delete(
    state: &mut State,
    request: &Request,
    caller: &User,
    id: &str,
) -> Reply {
    caller.may(Operation::Write)?;
    owner(state, caller, id)?;
    let token = request.path.rsplit('/').next().unwrap_or_default();
    let at = state.tokens.iter().position(|known| known.user == id && known.id == token);
    let missing = || error(404, &format!("PAT: {token} not found"));
    state.tokens.remove(at.ok_or_else(missing)?);
    Ok(ok(&json!({})))
}

fn show(token: &AccessToken) -> Value {
    json!({
        "created_at": time(token.created_at),
        "created_by": token.created_by,
        "expiration_date": time(token.expires),
        "id": token.id,
        "name": token.name,
    })
}
