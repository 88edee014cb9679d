//! [`Request`]: one request to a server's API, not yet sent.

use serde_json::Value;
use url::form_urlencoded;

use crate::ids::{Resource, Server};
use crate::secret::Secret;

/// HTTP methods that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes the named fields.
    Patch,
    /// Replaces an object, which NetBird's API has no other way to change. authentik gets none: it would
    /// overwrite what is not ours.
    Put,
    /// Deletes.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One request to a server's API, not yet sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// Where it goes.
    pub server: Server,
    /// HTTP method.
    pub method: Method,
    /// Path and query below the root of the API: authentik's `/api/v3/`, NetBird's `/api/`.
    pub path: String,
    /// JSON body, without `secret`.
    pub body: Option<Value>,
    /// One more field of the body, whose value is a secret.
    pub secret: Option<(&'static str, Secret)>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether its response holds a secret.
    pub sensitive: bool,
    /// The action, for messages: `read`, `create`, `update`, `delete`.
    pub action: &'static str,
    /// The resource concerned.
    pub resource: Resource,
    /// The permissions that it needs.
    pub permissions: Vec<String>,
}

impl Request {
    /// Entries per page of a list.
    pub(crate) const PAGE_SIZE: u32 = 1000;

    pub(crate) fn get(resource: Resource, permissions: Vec<String>, path: String) -> Self {
        Self {
            server: Server::Authentik,
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

    /// Reads the first page of a list, narrowed down by filters.
    pub(crate) fn list(
        resource: Resource,
        permissions: Vec<String>,
        path: &str,
        filters: &[(&str, &str)],
    ) -> Self {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .append_pair("page_size", &Self::PAGE_SIZE.to_string())
            .finish();
        Self::get(resource, permissions, format!("{path}?{query}"))
    }

    pub(crate) fn to(self, server: Server) -> Self {
        Self { server, ..self }
    }

    /// Whether an id in its path is empty, or one that a URL takes for a folder: it would lead elsewhere.
    pub(crate) fn has_invalid_id(&self) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        path.split('/').any(|segment| matches!(segment, "" | "." | ".."))
    }

    /// Another page of the same list. Pages count from 1.
    #[must_use]
    pub fn page(&self, number: u32) -> Self {
        Self { path: format!("{}&page={number}", self.path), ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
