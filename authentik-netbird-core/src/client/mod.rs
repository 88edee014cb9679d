//! [`Client`]: requests to one authentik, and to one NetBird, with their tokens.

mod builder;
mod first_start;
mod instance;
mod plans;
mod prober;
mod read;
mod send;
mod status;
mod stop;
mod verify;
mod verify_connector;

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use url::Url;

use crate::http::{Connection, ConnectionOptions, Retry};
use crate::ids::Server;
use crate::secret::Secret;

pub use builder::ClientBuilder;
pub use first_start::{Owner, first_start};
pub use instance::{NetbirdInstance, netbird_instance};
pub(crate) use send::RequestError;
pub use status::Status;
pub(crate) use stop::{Stop, Stops};
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
    authentik: Endpoint,
    /// NetBird's management API; `None`: its token is not known.
    netbird: Option<Endpoint>,
    /// How to connect, also to the address that NetBird uses.
    options: ConnectionOptions,
    stops: Stops,
}

/// One server's API.
struct Endpoint {
    connection: Connection,
    /// Goes with every request to this API, and with no other.
    authorization: HeaderValue,
    /// Base URL; its path ends in a slash.
    url: Url,
    token: Secret,
}

impl Client {
    /// Starts a client of the authentik at this base URL.
    pub fn builder(authentik_url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(authentik_url.as_ref())
    }

    /// authentik's base URL; its path ends in a slash.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.authentik.url
    }

    /// NetBird's base URL, if the client has NetBird's token.
    #[must_use]
    pub fn netbird_url(&self) -> Option<&Url> {
        self.url_of(Server::Netbird)
    }

    /// A server's base URL; `None` without its token.
    pub(crate) fn url_of(&self, server: Server) -> Option<&Url> {
        self.endpoint(server).map(|endpoint| &endpoint.url)
    }

    /// A server's API; `None` without its token.
    fn endpoint(&self, server: Server) -> Option<&Endpoint> {
        match server {
            Server::Authentik => Some(&self.0.authentik),
            Server::Netbird => self.0.netbird.as_ref(),
        }
    }

    pub(crate) fn stops(&self) -> &Stops {
        &self.0.stops
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0.authentik.connection
    }

    pub(crate) fn options(&self) -> &ConnectionOptions {
        &self.0.options
    }

    /// The token, to keep it out of messages.
    pub(crate) fn token(&self) -> &Secret {
        &self.0.authentik.token
    }

    pub(crate) fn retry(&self) -> &Retry {
        &self.0.authentik.connection.retry
    }
}

/// Headers and proxies, which the HTTP library would show of itself, may hold secrets.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Endpoint { url, token, connection, .. } = &self.0.authentik;
        f.debug_struct("Client")
            .field("url", &url.as_str())
            .field("token", token)
            .field("netbird_url", &self.netbird_url().map(Url::as_str))
            .field("retry", &connection.retry)
            .finish_non_exhaustive()
    }
}
