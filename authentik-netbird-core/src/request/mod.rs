//! Requests as values: method, path and body are decided here, and sent elsewhere.

use serde_json::Value;
use url::form_urlencoded;

use crate::ids::{Resource, ResourceKind, TokenIdentifier, UserId};
use crate::model::TokenIntent;
use crate::secret::Secret;

#[cfg(feature = "client")]
mod further;
mod look_up;
#[cfg(feature = "client")]
pub(crate) mod netbird;
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

/// HTTP methods that this crate uses. There is no PUT: it would overwrite what is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Changes the named fields.
    Patch,
    /// Removes.
    Delete,
}

/// One request to authentik's API, not yet sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path and query below `/api/v3/`.
    pub path: String,
    /// JSON body, but for `secret`.
    pub body: Option<Value>,
    /// One more field of the body, whose value is a secret.
    pub secret: Option<(&'static str, Secret)>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether its answer holds a secret.
    pub sensitive: bool,
    /// What it does, for messages: `read`, `create`, `update`.
    pub action: &'static str,
    /// To what.
    pub resource: Resource,
    /// The permissions that it needs.
    pub permissions: &'static [&'static str],
}

impl Request {
    fn get(resource: Resource, permissions: &'static [&'static str], path: String) -> Self {
        Self {
            method: Method::Get,
            path,
            body: None,
            secret: None,
            idempotent: true,
            sensitive: false,
            action: "read",
            resource,
            permissions,
        }
    }

    /// A list, by path and filters; as many entries to a page as authentik gives.
    fn list(
        kind: ResourceKind,
        name: &str,
        permissions: &'static [&'static str],
        path: &str,
        filters: &[(&str, &str)],
    ) -> Self {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .append_pair("page_size", "1000")
            .finish();
        Self::get(Resource::new(kind, name), permissions, format!("{path}?{query}"))
    }

    fn version() -> Self {
        Self::get(
            Resource::new(ResourceKind::Server, "version"),
            &["authentik_rbac.view_system_info"],
            "admin/version/".to_owned(),
        )
    }

    /// The same list, another page of it. Pages count from 1.
    #[must_use]
    pub fn page(&self, number: u32) -> Self {
        Self { path: format!("{}&page={number}", self.path), ..self.clone() }
    }
}

/// Reads an app password's value. authentik notes it in its event log.
#[must_use]
pub fn view_key(identifier: &TokenIdentifier) -> Request {
    Request {
        sensitive: true,
        ..Request::get(
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
        ..Request::get(
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
        ..Request::get(
            Resource::new(ResourceKind::AppPassword, identifier.as_str()),
            &["authentik_core.change_token"],
            format!("{TOKENS}{}/", segment(identifier.as_str())),
        )
    }
}
