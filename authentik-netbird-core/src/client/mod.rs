//! [`Client`]: requests to one authentik, with a token.

mod builder;
mod plans;
mod prober;
mod read;
mod send;
mod verify;

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use url::Url;

use crate::http::{Connection, ConnectionOptions, Retry};
use crate::secret::Secret;

pub use builder::ClientBuilder;
pub(crate) use send::RequestError;
pub use verify::verify;

/// A connection to one authentik, with a token.
///
/// Cheap to clone; clones share connections. The token goes to this server alone, over `https` or
/// to loopback, and redirects are not followed. HTTP/2 where the server offers it; a proxy from
/// the environment (`HTTPS_PROXY`, `NO_PROXY` and so on).
///
/// ```
/// use authentik_netbird_core::{Client, NetbirdIntegration};
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let client = Client::builder(integration.authentik_url()).token("ak-token").build()?;
/// assert!(!format!("{client:?}").contains("ak-token"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    connection: Connection,
    /// Goes with every request to the API, and with no other.
    authorization: HeaderValue,
    /// Base URL; its path ends in a slash.
    url: Url,
    token: Secret,
    /// How to connect, also to the address that NetBird uses.
    options: ConnectionOptions,
}

impl Client {
    /// Starts a client of the authentik at this base URL.
    pub fn builder(authentik_url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(authentik_url.as_ref())
    }

    /// authentik's base URL; its path ends in a slash.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    pub(crate) fn options(&self) -> &ConnectionOptions {
        &self.0.options
    }

    /// The token, to keep it out of messages.
    pub(crate) fn token(&self) -> &Secret {
        &self.0.token
    }

    pub(crate) fn retry(&self) -> &Retry {
        &self.0.connection.retry
    }
}

/// What the HTTP library would show of itself, headers and proxies, is not ours to vouch for.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { url, token, connection, .. } = &*self.0;
        f.debug_struct("Client")
            .field("url", &url.as_str())
            .field("token", token)
            .field("retry", &connection.retry)
            .finish_non_exhaustive()
    }
}
