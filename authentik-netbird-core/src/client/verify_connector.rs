//! [`Client::verify`] in the connector mode.

use std::future::Future;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::Client;
use super::prober::same_server;
use crate::authentik::{Provider, ProviderId, Snapshot, reads::Goal};
use crate::error::{Error, Result};
use crate::http::{Connection, Request, Response};
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::plan::{DesiredState, names};
use crate::resource::Object;
use crate::secret::Secret;
use crate::verify::Verification;
use crate::verify::administration::goal_of;
use crate::verify::checks::connector::ConnectorEvidence;
use crate::verify::expiries::expiries;
use crate::verify::fixes::Findings;
use crate::verify::probe::Probe;
use crate::verify::responses::{self, Document};

impl Client {
    /// Verifies both servers: what authentik has, what NetBird has, and that authentik accepts the client
    /// secret, that of the outputs or else its own.
    pub(super) async fn verify_connector(
        &self,
        integration: &NetbirdIntegration,
        secret: Option<Secret>,
    ) -> Result<Verification> {
        self.same_server(integration)?;
        let goal = Goal::SetUp(names(&DesiredState::from(integration)));
        let read = Box::pin(async {
            let (mut snapshot, mut errors) = self.snapshot_with_errors(&goal).await;
            let more = self.extend(&mut snapshot, &goal_of(integration)).await;
            errors.extend(more.into_iter().map(|(_, error)| error));
            (snapshot, errors)
        });
        let findings = self.judge_connector(integration, secret, read).await?;
        Ok(self.with_fixes(findings, integration).await)
    }

    /// Sends the probes while both servers are read, and judges everything.
    pub(super) async fn judge_connector(
        &self,
        integration: &NetbirdIntegration,
        secret: Option<Secret>,
        read: impl Future<Output = (Snapshot, Vec<Error>)>,
    ) -> Result<Findings> {
        let outputs = Outputs::of(integration, "".into());
        let (url, issuer) = (integration.netbird_url(), outputs.issuer());
        let other = self.connection_to(Some(url.clone()))?;
        let connection = other.as_ref().unwrap_or(self.connection());
        let stored = async {
            match secret {
                Some(secret) => Some(secret),
                None => self.client_secret(integration.provider_name()).await.ok(),
            }
        };
        let discovery = async {
            let at = outputs.openid_configuration_endpoint();
            match Url::parse(&at) {
                Ok(url) => {
                    self.probe(connection, Probe::discovery(url, None), responses::document).await
                }
                Err(_) => Err(Error::invalid_outputs(Vec::new())),
            }
        };
        let ((snapshot, errors), secret, discovery) = tokio::join!(read, stored, discovery);
        let provider: Option<&Provider> = snapshot.find(integration.provider_name());
        let document = discovery.as_ref().ok();
        let here = |pick: fn(&Document) -> &str| same_server(pick(document?), &url);
        let keys = async {
            let probe = Probe::keys(here(|document| &document.jwks_uri)?);
            Some(self.probe(connection, probe, responses::keys).await)
        };
        let code = async {
            let (at, secret) = (here(|document| &document.token_endpoint)?, secret.as_ref()?);
            let probe = Probe::code(at, integration.domain(), provider?.client_id.as_str(), secret);
            Some(self.probe(connection, probe, responses::token).await)
        };
        let preview = async { Some(self.preview(provider?.pk).await) };
        let (keys, code, preview) = tokio::join!(keys, code, preview);
        let secrets: Vec<&Secret> =
            [Some(self.token()), secret.as_ref()].into_iter().flatten().collect();
        let expiries = expiries(&snapshot, provider, None, &secrets);
        let evidence = ConnectorEvidence {
            integration,
            issuer: &issuer,
            snapshot: &snapshot,
            errors: &errors,
            discovery: &discovery,
            keys,
            code,
            preview,
            secrets,
        };
        Ok(Findings::of(&evidence, url.as_str(), integration.domain(), expiries))
    }

    async fn probe<T>(
        &self,
        connection: &Connection,
        Probe(mut message): Probe,
        read: fn(&Response) -> Result<T>,
    ) -> Result<T> {
        message.secrets.push(self.token().clone());
        read(&connection.send_with_retry(&Arc::new(message)).await?)
    }

    /// The claims that authentik would put into a token of the token's own user.
    async fn preview(&self, provider: ProviderId) -> Result<Value> {
        #[derive(Deserialize)]
        struct Preview {
            preview: Value,
        }
        let path = format!("{}preview_user/", Provider::API.item(&provider.to_string()));
        let request = Request::get(Provider::API.resource("preview"), Provider::API.view(), path);
        Ok(self.read(&request).await?.decode::<Preview>()?.preview)
    }
}
