//! The management API below `/api/`.

pub(super) mod accounts;
pub(super) mod groups;
pub(super) mod identity_providers;
pub(super) mod instance;
pub(super) mod tokens;
pub(super) mod users;

use serde::de::DeserializeOwned;

use super::responses::unreadable;
use crate::host::{Request, Response};

/// Reads a request's body.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Response> {
    serde_json::from_slice(&request.body).map_err(|_| unreadable())
}
