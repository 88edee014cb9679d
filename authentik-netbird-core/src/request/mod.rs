//! Requests as values: method, path and body are decided here, and sent elsewhere.

pub use crate::http::{Method, Request};
use crate::ids::{Resource, ResourceKind, TokenIdentifier, UserId};
use crate::model::TokenIntent;
use crate::secret::Secret;

#[cfg(feature = "client")]
mod further;
mod look_up;
mod observation;
mod paths;
mod teardown;
#[cfg(feature = "client")]
pub(crate) mod verification;
mod write;

#[cfg(feature = "client")]
pub(crate) use further::{
    bindings_of, events_of, group_by_id, object_permissions_of, permissions_of, permissions_of_user,
};
pub use look_up::{Wanted, look_up};
#[cfg(feature = "client")]
pub(crate) use observation::group;
pub use observation::{AccountObservation, Observation, observation};
use paths::{TOKENS, segment};
pub use teardown::{
    TeardownAccountObservation, TeardownObservation, account_uses, teardown_observation,
};
#[cfg(feature = "client")]
pub(crate) use teardown::{group_uses, role_uses};
#[cfg(feature = "client")]
pub(crate) use write::take_back;
pub use write::write;

/// A read. A shim for the tables of permissions in this module.
fn get(resource: Resource, permissions: &[&str], path: String) -> Request {
    Request::get(resource, permissions.iter().map(ToString::to_string).collect(), path)
}

/// A list, by path and filters.
fn list(
    kind: ResourceKind,
    name: &str,
    permissions: &[&str],
    path: &str,
    filters: &[(&str, &str)],
) -> Request {
    let permissions = permissions.iter().map(ToString::to_string).collect();
    Request::list(Resource::new(kind, name), permissions, path, filters)
}

fn version() -> Request {
    get(
        Resource::new(ResourceKind::Server, "version"),
        &["authentik_rbac.view_system_info"],
        "admin/version/".to_owned(),
    )
}

/// Reads an app password's value. authentik notes it in its event log.
#[must_use]
pub fn view_key(identifier: &TokenIdentifier) -> Request {
    Request {
        sensitive: true,
        ..get(
            Resource::new(ResourceKind::AppPassword, identifier.as_str()),
            &["authentik_core.view_token_key"],
            format!("{TOKENS}{}/view_key/", segment(identifier.as_str())),
        )
    }
}

/// Gives an app password another value. Sending it twice does no more than sending it once.
#[must_use]
pub fn set_key(identifier: &TokenIdentifier, key: &Secret) -> Request {
    Request {
        method: Method::Post,
        secret: Some(("key", key.clone())),
        action: "update",
        ..get(
            Resource::new(ResourceKind::AppPassword, identifier.as_str()),
            &["authentik_core.set_token_key"],
            format!("{TOKENS}{}/set_key/", segment(identifier.as_str())),
        )
    }
}

/// Lets an app password live for ever. With user and intent: without them authentik hands a token to
/// whoever patches it, and makes it an API token.
#[must_use]
pub fn never_expires(identifier: &TokenIdentifier, user: UserId) -> Request {
    Request {
        method: Method::Patch,
        body: Some(serde_json::json!({
            "user": user, "intent": TokenIntent::AppPassword, "expiring": false,
        })),
        action: "update",
        ..get(
            Resource::new(ResourceKind::AppPassword, identifier.as_str()),
            &["authentik_core.change_token"],
            format!("{TOKENS}{}/", segment(identifier.as_str())),
        )
    }
}
