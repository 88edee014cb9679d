//! A NetBird's report about itself before it is set up: its mode, whether it has an owner, whether it takes a token.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Client;
use crate::error::{Error, Result};
use crate::http::{Connection, ConnectionOptions, Message, Method, Response, access_token};
use crate::ids::{Resource, Server};
use crate::integration::{ModeKind, base_url};
use crate::issue::Issue;
use crate::secret::Secret;

/// A NetBird's report about itself, see [`netbird_instance`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NetbirdInstance {
    /// The mode that it is for: one with the embedded identity provider is [`ModeKind::Connector`].
    pub mode: ModeKind,
    /// Whether it has no owner yet, see [`first_start`](super::first_start).
    pub setup_required: bool,
    /// Whether it accepts the access token; `None`: none was given.
    pub accepts_token: Option<bool>,
}

/// Asks the NetBird at this base URL what it is, in one round trip. It needs no token: one that
/// is given is tried, and goes to this server alone.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use authentik_netbird_core::ConnectionOptions;
/// use authentik_netbird_core::client::netbird_instance;
/// use authentik_netbird_core::integration::ModeKind;
/// use authentik_simulator::netbird::NetbirdSimulator;
///
/// let netbird = NetbirdSimulator::start()?; // yours is https://netbird.company
/// let instance = netbird_instance(netbird.url(), None, &ConnectionOptions::new()).await?;
/// assert_eq!(instance.mode, ModeKind::Connector);
/// assert!(!instance.setup_required);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidClient`] for a URL, token or options that are not valid, and what the server can respond.
pub async fn netbird_instance(
    netbird_url: &str,
    token: Option<&Secret>,
    options: &ConnectionOptions,
) -> Result<NetbirdInstance> {
    let mut issues = Vec::new();
    let found = reachable(netbird_url, options, &mut issues);
    match found.filter(|_| issues.is_empty()) {
        Some((url, connection)) => instance(&connection, &url, token).await,
        None => Err(Error::invalid_client(issues)),
    }
}

/// NetBird's base URL, and a connection for it; `None` with the issues added.
pub(super) fn reachable(
    netbird_url: &str,
    options: &ConnectionOptions,
    issues: &mut Vec<Issue>,
) -> Option<(Url, Connection)> {
    let url = base_url(netbird_url, options.is_http_allowed())
        .map_err(|(message, hint)| issues.push(Issue::new("netbird_url", message, hint)))
        .ok();
    let connection = options.build(url.as_ref()).map_err(|found| issues.extend(found)).ok();
    url.zip(connection)
}

impl Client {
    /// Asks NetBird which mode it is for, in one round trip and without its token. `None`: the client has no
    /// NetBird, or that does not say; [`netbird_instance`] says why.
    pub async fn detect_mode(&self) -> Option<ModeKind> {
        let netbird = self.0.netbird.as_ref()?;
        Some(instance(&netbird.connection, &netbird.url, None).await.ok()?.mode)
    }
}

async fn instance(
    connection: &Connection,
    url: &Url,
    token: Option<&Secret>,
) -> Result<NetbirdInstance> {
    #[derive(Deserialize)]
    struct Instance {
        setup_required: bool,
    }
    #[derive(Deserialize)]
    struct Discovery {
        issuer: String,
    }
    let page = |path: &'static str, token: Option<&Secret>| {
        let message = message(url, path, token);
        async move { connection.send(&Arc::new(message?), 1).await }
    };
    let user = async {
        let Some(token) = token else { return Ok(None) };
        let response = page("api/users/current", Some(token)).await?;
        if response.status == 401 {
            return Ok(Some(false));
        }
        response.check().map(|_| Some(true))
    };
    let (discovery, instance, accepts_token) = tokio::join!(
        page("oauth2/.well-known/openid-configuration", None),
        page("api/instance", None),
        user,
    );
    let discovery = discovery?;
    // A redirect or a proxy's error says nothing about NetBird.
    if discovery.is_redirect() || discovery.is_retryable() {
        return Err(discovery.error());
    }
    let decoded = |response: &Response| response.check()?.decode::<Instance>();
    let Instance { setup_required } = instance.and_then(|response| decoded(&response))?;
    let discovery = discovery.check().and_then(Response::decode::<Discovery>);
    let is_embedded =
        discovery.is_ok_and(|found| found.issuer.trim_end_matches('/').ends_with("/oauth2"));
    let mode = if is_embedded { ModeKind::Connector } else { ModeKind::Standalone };
    Ok(NetbirdInstance { mode, setup_required, accepts_token: accepts_token? })
}

/// A path below NetBird's base URL.
pub(super) fn join(url: &Url, path: &str) -> Result<Url> {
    url.join(path)
        .map_err(|error| invalid("netbird_url", error.to_string(), "Give NetBird's base URL."))
}

fn invalid(field: &str, message: String, hint: &str) -> Error {
    Error::invalid_client(vec![Issue::new(field, message, hint)])
}

fn message(url: &Url, path: &str, token: Option<&Secret>) -> Result<Message> {
    let message = Message::new(Method::Get, join(url, path)?, "read", Resource::server("instance"));
    let mut message = message.accept("application/json").to(Server::Netbird);
    if let Some(token) = token {
        let header = access_token(token).map_err(|_| {
            let hint = "Give an access token of NetBird, which begins with nbp_.";
            invalid("netbird_token", "contains invalid characters".to_owned(), hint)
        })?;
        message.authorization = Some(header);
        message.secrets.push(token.clone());
    }
    Ok(message)
}
