//! [`RequestContext`]: which request an error is about.

use std::fmt;

use crate::ids::{Resource, Server};

/// Which request an error is about. Displays as `create the provider "NetBird"`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestContext {
    /// The action: `read`, `create`, `update` or `delete`.
    pub action: &'static str,
    /// The resource concerned.
    pub resource: Resource,
    /// Which of the servers it was sent to.
    pub peer: Server,
    /// The server: scheme, host and port.
    pub server: String,
    /// The path at that server, without a query.
    pub path: String,
}

impl RequestContext {
    /// The part of the path that a proxy has to pass on: the API, the OAuth2 endpoints, or this page.
    pub(crate) fn prefix(&self) -> &str {
        let end = |prefix: &str| self.path.find(prefix).map(|at| at + prefix.len());
        let end = end("/api/").or_else(|| end("/application/o/"));
        &self.path[..end.unwrap_or(self.path.len())]
    }

    /// Whether a redirect's location is where the request went, whatever the scheme.
    pub(crate) fn is_at(&self, location: &str) -> bool {
        let location = location.split(['?', '#']).next().unwrap_or_default();
        let without_scheme = |url: &str| match url.split_once("://") {
            Some((_, rest)) => rest.to_lowercase(),
            None => url.trim_start_matches('/').to_lowercase(),
        };
        let own = format!("{}{}", self.server, self.path);
        if location.starts_with('/') && !location.starts_with("//") {
            return location == self.path;
        }
        without_scheme(location) == without_scheme(&own)
    }

    /// The server's base URL at another place, where the same request is at that place.
    pub(crate) fn base_of<'l>(&self, location: &'l str) -> &'l str {
        location.strip_suffix(&self.path).filter(|base| base.contains("://")).unwrap_or(location)
    }

    pub(crate) fn not_found_hint(&self) -> String {
        if self.path.contains("/api/") {
            let peer = self.peer;
            return format!(
                "Check that the URL is {peer}'s base URL, with its path if it has one."
            );
        }
        let (peer, prefix) = (self.peer, self.prefix());
        format!("Check the address, and that the proxy routes {prefix} to {peer}.")
    }
}

impl fmt::Display for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} the {}", self.action, self.resource)
    }
}
