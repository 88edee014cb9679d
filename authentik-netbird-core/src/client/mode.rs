//! Which mode a NetBird is in.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Client, Endpoint};
use crate::http::{Message, Method};
use crate::ids::{Resource, ResourceKind, Server};
use crate::integration::ModeKind;

impl Client {
    /// Asks NetBird which mode it is in, in one round trip and without its token: one with the embedded identity
    /// provider is [`ModeKind::Connector`]. `None`: the client has no NetBird, or that does not say.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use authentik_netbird_core::Client;
    /// use authentik_netbird_core::integration::ModeKind;
    /// use authentik_simulator::netbird::NetbirdSimulator;
    ///
    /// let netbird = NetbirdSimulator::start()?; // yours is https://netbird.company
    /// let client = Client::builder("https://authentik.company").token("ak-token");
    /// let client = client.netbird(netbird.url(), netbird.token()).build()?;
    /// assert_eq!(client.detect_mode().await, Some(ModeKind::Connector));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_mode(&self) -> Option<ModeKind> {
        #[derive(Deserialize)]
        struct Instance {
            #[serde(rename = "setup_required")]
            _setup_required: bool,
        }
        #[derive(Deserialize)]
        struct Discovery {
            issuer: String,
        }
        let netbird = self.0.netbird.as_ref()?;
        let (discovery, instance) = tokio::join!(
            page::<Discovery>(netbird, "oauth2/.well-known/openid-configuration"),
            page::<Instance>(netbird, "api/instance"),
        );
        match (discovery, instance) {
            (Some(Discovery { issuer }), _)
                if issuer.trim_end_matches('/').ends_with("/oauth2") =>
            {
                Some(ModeKind::Connector)
            }
            (_, Some(_)) => Some(ModeKind::Standalone),
            _ => None,
        }
    }
}

/// What NetBird shows to everyone at this path, if it is JSON of this shape.
async fn page<T: DeserializeOwned>(netbird: &Endpoint, path: &str) -> Option<T> {
    let url = netbird.url.join(path).ok()?;
    let resource = Resource::new(ResourceKind::SERVER, "mode");
    let message = Message::new(Method::Get, url, "read", resource).to(Server::Netbird);
    let response = netbird.connection.send(&Arc::new(message.accept("application/json")), 1).await;
    response.ok()?.check().ok()?.decode().ok()
}
