//! The server itself: whether it is set up, its first setup, its version.

use serde::Deserialize;
use serde_json::json;

use crate::host::{Request, Response};
use crate::netbird::objects::LocalUser;
use crate::netbird::responses::{Reply, error, ok, verbatim};
use crate::netbird::state::{LOCAL, State, user_id};

pub(in crate::netbird) fn get(state: &State) -> Response {
    ok(&json!({ "setup_required": state.is_setup_required() }))
}

/// For everybody with a token.
pub(in crate::netbird) fn version() -> Response {
    ok(&json!({
        "management_current_version": "development",
        "management_update_available": false,
    }))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Setup {
    email: String,
    password: String,
    name: String,
    create_pat: Option<bool>,
    pat_expire_in: Option<i64>,
}

impl Setup {
    fn problem(&self) -> Option<&'static str> {
        if self.email.is_empty() {
            return Some("email is required");
        }
        let parts = self.email.split_once('@');
        if parts.is_none_or(|(name, host)| name.is_empty() || host.is_empty()) {
            return Some("invalid email format");
        }
        if self.name.is_empty() {
            return Some("name is required");
        }
        match self.password.len() {
            0 => Some("password is required"),
            1..8 => Some("password must be at least 8 characters"),
            8..=72 => None,
            _ => Some("password must be at most 72 characters"),
        }
    }
}

/// The first setup. With `create_pat` the account is made at once, outside of single-account mode: its
/// domain stays empty.
pub(in crate::netbird) fn set_up(state: &mut State, request: &Request) -> Reply {
    let unreadable = |_| verbatim(400, "invalid request body");
    let sent: Setup = serde_json::from_slice(&request.body).map_err(unreadable)?;
    let with_token = sent.create_pat == Some(true) && state.options.may_create_token_in_setup;
    let days = sent.pat_expire_in.unwrap_or(1);
    let days = u32::try_from(days).ok().filter(|days| (1..=365).contains(days));
    if with_token && days.is_none() {
        return Err(error(422, "pat_expire_in must be between 1 and 365"));
    }
    if !state.options.is_embedded {
        return Err(error(500, "internal server error"));
    }
    if let Some(problem) = sent.problem() {
        return Err(error(422, problem));
    }
    if !state.is_setup_required() {
        return Err(error(412, "setup already completed"));
    }
    let subject = state.new_uuid();
    let id = user_id(&subject, LOCAL);
    let mut answer = json!({ "email": sent.email, "user_id": id });
    if let Some(days) = days.filter(|_| with_token) {
        state.add_account(&id, false);
        let owner = state.add_user(&subject, LOCAL, "owner");
        owner.email.clone_from(&sent.email);
        owner.name.clone_from(&sent.name);
        let token = state.add_token("setup-token", &id, days);
        answer["personal_access_token"] = json!(&*token.token);
    }
    state.local_users.push(LocalUser {
        id: subject,
        email: sent.email,
        name: sent.name,
        password: sent.password.into(),
    });
    Ok(ok(&answer).with("cache-control", "no-store"))
}
