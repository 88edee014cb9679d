//! Requests as values: method, path and body are decided here, and sent elsewhere.

use serde_json::Value;
use url::form_urlencoded;

use crate::ids::{Resource, ResourceKind, TokenIdentifier};

mod look_up;
mod observation;
mod paths;
mod teardown;
mod write;

pub use look_up::{Wanted, look_up};
pub use observation::{Observation, observation};
use paths::{TOKENS, segment};
pub use teardown::{TeardownObservation, account_uses, teardown_observation};
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
    /// JSON body.
    pub body: Option<Value>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether its answer holds a secret.
    pub sensitive: bool,
    /// What it does, for messages: `read`, `create`, `update`.
    pub doing: &'static str,
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
            idempotent: true,
            sensitive: false,
            doing: "read",
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
