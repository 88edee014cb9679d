//! The caller, and the permissions of their role.

use super::objects::User;
use super::people;
use super::responses::{Reply, denied, error};
use super::state::State;
use crate::host::{Request, Response};

/// The action that is requested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Write,
}

/// The user whose token a request has.
pub(super) fn authenticate(state: &mut State, request: &Request) -> Result<User, Response> {
    let header = request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or((&header, ""));
    let invalid = || error(401, "token invalid");
    match scheme.to_lowercase().as_str() {
        "token" => by_access_token(state, token).ok_or_else(invalid),
        "bearer" if token.starts_with("nbp_") => by_access_token(state, token).ok_or_else(invalid),
        "bearer" => by_login(state, token).map_err(|reason| {
            state.log.push(format!("Error when validating JWT: {reason}"));
            invalid()
        }),
        _ => Err(error(401, "no valid authentication provided")),
    }
}

/// A token of the embedded identity provider. A person who comes with one for the first time becomes a user.
fn by_login(state: &mut State, token: &str) -> Result<User, String> {
    let now = state.now;
    let issued = state.dex.issued.iter().find(|issued| issued.token == token);
    let issued = issued.filter(|issued| issued.expires > now);
    let claims = issued.map(|issued| issued.claims.clone());
    people::admit(state, &claims.ok_or("token is malformed or expired")?)
}

fn by_access_token(state: &mut State, token: &str) -> Option<User> {
    let now = state.now;
    let known = state.tokens.iter_mut().find(|known| &*known.token == token)?;
    if known.expires < now {
        return None;
    }
    known.was_used = true;
    let id = known.user.clone();
    state.users.iter().find(|user| user.id == id).cloned()
}

impl User {
    /// Whether the user has the role for everything.
    pub(super) fn is_admin(&self) -> bool {
        self.role == "owner" || self.role == "admin"
    }

    /// Blocked users may do nothing; service users may read everything.
    pub(super) fn may(&self, operation: Operation) -> Result<(), Response> {
        if self.pending_approval {
            let text = "failed to validate user permissions: user is pending approval";
            return Err(error(403, text));
        }
        if self.is_blocked {
            return Err(error(403, "failed to validate user permissions: user is blocked"));
        }
        let reads = operation == Operation::Read
            && (self.is_service_user || self.role == "auditor" || self.role == "network_admin");
        if self.is_admin() || reads { Ok(()) } else { Err(denied()) }
    }
}

/// Flattens a reply.
pub(super) fn respond(reply: Reply) -> Response {
    reply.unwrap_or_else(|early| early)
}
