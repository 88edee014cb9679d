//! [`verify`] and [`Client::verify`]: without an administrator's token, and with one.

use std::future::{Future, ready};
use std::sync::Mutex;

use url::Url;

use super::Client;
use super::prober::Prober;
use crate::authentik::Snapshot;
use crate::error::{Error, Result};
use crate::http::{Connection, ConnectionOptions};
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::verify::administration::{self, Administration, Found, goal_of};
use crate::verify::checks::Evidence;
use crate::verify::environment::Environment;
use crate::verify::expiries::expiries;
use crate::verify::fixes::Findings;
use crate::verify::responses::{Responses, TokenResponse};
use crate::verify::{NetbirdSettings, Verification};

/// Verifies NetBird's settings without an administrator's token: from a `setup.env` or `management.json`
/// alone, also one that someone wrote by hand. At most four round trips; nothing is written.
///
/// Checks that need an administrator's token are unknown. If several causes look the same from outside, the
/// hint lists them, the likeliest first.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use authentik_netbird_core::{Client, NetbirdIntegration};
/// # use authentik_simulator::Simulator;
/// # let authentik = Simulator::start()?;
/// # let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
/// # let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
/// # let outcome = client.apply(&client.plan(&integration).await?).await?;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("setup.env");
/// # outcome.outputs().ok_or("a teardown has none")?.netbird_env().write(&path)?;
/// use authentik_netbird_core::ConnectionOptions;
/// use authentik_netbird_core::verify::{NetbirdSettings, verify};
///
/// let settings = NetbirdSettings::parse(&std::fs::read_to_string(path)?);
/// let verification = verify(&settings, &ConnectionOptions::new()).await?;
/// assert!(verification.clone().into_result().is_ok(), "{verification}");
/// assert!(!verification.is_complete()); // only an administrator sees the redirect URIs
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidClient`] for options that are not valid. A failed request to
/// authentik is not an error but a failed check.
pub async fn verify(
    settings: &NetbirdSettings,
    options: &ConnectionOptions,
) -> Result<Verification> {
    let endpoint = settings.configuration_endpoint.as_ref();
    let connection = options.build(endpoint).map_err(Error::invalid_client)?;
    Ok(run(&connection, settings, None, None, ready(None)).await.with(None))
}

impl Client {
    /// Sends authentik what NetBird will send with these outputs, and reads what tells causes apart.
    /// At most four round trips; nothing is written.
    ///
    /// If the outputs have no app password (after an apply that had nothing to do), the checks
    /// `token` and `users` are unknown; [`Client::outputs`] reads it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use authentik_netbird_core::{Client, NetbirdIntegration};
    /// # use authentik_simulator::Simulator;
    /// # let authentik = Simulator::start()?;
    /// # let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// # let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    /// let plan = client.plan(&integration).await?;
    /// let outcome = client.apply(&plan).await?;
    /// let outputs = outcome.outputs().ok_or("a teardown has none")?;
    /// let verification = client.verify(&integration, outputs).await?;
    /// println!("{verification}");
    /// verification.into_result()?; // an error if a check failed
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] if the integration is for another server than the client,
    /// [`Error::InvalidOutputs`] if NetBird's files cannot hold the outputs. A failed
    /// request to authentik is not an error but a failed check.
    pub async fn verify(
        &self,
        integration: &NetbirdIntegration,
        outputs: &Outputs,
    ) -> Result<Verification> {
        if integration.connector().is_some() {
            let secret = outputs.connector.as_ref().and_then(|one| one.client_secret.clone());
            return self.verify_connector(integration, secret).await;
        }
        let env = outputs.netbird_env();
        env.check()?;
        self.verify_settings(&NetbirdSettings::from_env(&env), Some(integration)).await
    }

    /// Verifies the settings that NetBird has, with the token of an administrator, and whatever state
    /// authentik is in. At most four round trips; nothing is written.
    ///
    /// The settings come from a file ([`NetbirdSettings::parse`]), whose password is tried, or from
    /// authentik ([`Client::netbird_settings`]). With an integration the report also says whether a
    /// file is one for it. The token goes to this client's server alone, and the file's password to the
    /// server that the file names.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use authentik_netbird_core::{Client, NetbirdIntegration};
    /// # use authentik_simulator::Simulator;
    /// # let authentik = Simulator::start()?;
    /// # let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// # let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    /// // Nothing is set up yet: that is what the report says.
    /// let settings = client.netbird_settings(&integration).await?;
    /// let verification = client.verify_settings(&settings, Some(&integration)).await?;
    /// assert!(verification.to_string().contains("no application with the slug \"netbird\""));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] if the integration is for another server than the client.
    pub async fn verify_settings(
        &self,
        settings: &NetbirdSettings,
        integration: Option<&NetbirdIntegration>,
    ) -> Result<Verification> {
        if let Some(integration) = integration {
            self.same_server(integration)?;
            if integration.connector().is_some() {
                return self.verify_connector(integration, None).await;
            }
        }
        let goal = administration::goal(settings);
        let read = async {
            let (snapshot, errors) = Box::pin(self.snapshot_with_errors(&goal)).await;
            Administration { snapshot, errors }
        };
        let findings = self.judge(settings, integration, read).await?;
        Ok(match integration {
            Some(integration) => self.with_fixes(findings, integration).await,
            None => findings.with(None),
        })
    }

    /// The report, which says for each failure whether a plan fixes it.
    pub(super) async fn with_fixes(
        &self,
        findings: Findings,
        integration: &NetbirdIntegration,
    ) -> Verification {
        if !findings.need_plan() {
            return findings.with(None);
        }
        findings.with(Some(&Box::pin(self.plan(integration)).await))
    }

    /// Sends the probes while an administrator's evidence is read, and judges both.
    pub(super) async fn judge(
        &self,
        settings: &NetbirdSettings,
        integration: Option<&NetbirdIntegration>,
        read: impl Future<Output = Administration>,
    ) -> Result<Findings> {
        let other = self.connection_to(settings.authentik_url())?;
        let connection = other.as_ref().unwrap_or(self.connection());
        let read = async { Some(read.await) };
        Ok(run(connection, settings, Some(self), integration, read).await)
    }

    /// A connection to this address of authentik, where it is another one than the client's.
    pub(super) fn connection_to(&self, url: Option<Url>) -> Result<Option<Connection>> {
        let other = url.filter(|url| url.origin() != self.url().origin());
        let other = other.map(|url| self.options().build(Some(&url)));
        other.transpose().map_err(Error::invalid_client)
    }

    /// The settings that NetBird should have, from what authentik has: the client id of the application's
    /// provider, and the app password, which leaves an event in authentik's log. Settings that
    /// authentik does not have are not known in them.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] if the integration is for another server than the client.
    pub async fn netbird_settings(
        &self,
        integration: &NetbirdIntegration,
    ) -> Result<NetbirdSettings> {
        self.same_server(integration)?;
        let (snapshot, _) = self.snapshot_with_errors(&goal_of(integration)).await;
        Ok(self.settings_in(&snapshot, integration).await)
    }

    /// The same, of what was read already.
    pub(super) async fn settings_in(
        &self,
        snapshot: &Snapshot,
        integration: &NetbirdIntegration,
    ) -> NetbirdSettings {
        let found = Found::of(integration, snapshot);
        let mut outputs = Outputs::of(integration, found.client_id);
        outputs.api_client_id = found.api_client_id;
        if let (Some(account), Some(identifier)) = (&mut outputs.account, found.app_password) {
            // The report says that it may not be read.
            account.app_password = self.password(&identifier).await.ok();
            account.app_password_identifier = Some(identifier);
        }
        let mut settings = NetbirdSettings::from_env(&outputs.netbird_env());
        // Objects that are missing in them are missing on the server.
        settings.environment = Environment::default();
        settings
    }
}

async fn run(
    connection: &Connection,
    settings: &NetbirdSettings,
    administrator: Option<&Client>,
    integration: Option<&NetbirdIntegration>,
    administration: impl Future<Output = Option<Administration>>,
) -> Findings {
    let settings = &settings.clone().at(integration);
    let probes = async {
        match &settings.configuration_endpoint {
            Some(endpoint) => {
                let clock = Mutex::default();
                let prober = Prober { connection, endpoint, settings, administrator, clock };
                Box::pin(prober.gather()).await
            }
            None => Responses::unsent(),
        }
    };
    let (responses, administration) = tokio::join!(probes, administration);
    let responses = Responses { administration, ..responses };
    let password = settings.account.as_ref().and_then(|account| account.password.as_ref());
    let token = match &responses.token {
        Some(Ok(TokenResponse::Issued(issued))) => Some(&issued.token),
        _ => None,
    };
    let secrets = [administrator.map(Client::token), password, token].into_iter().flatten();
    let evidence = Evidence {
        settings,
        responses: &responses,
        integration,
        administrator: administrator.map(Client::url),
        secrets: secrets.collect(),
    };
    let expiries = responses.administration.as_ref().map(|seen| {
        let username = settings.account.as_ref().map(|account| account.username.as_str());
        let provider = seen.client(&settings.client_id).found();
        expiries(&seen.snapshot, provider, username, &evidence.secrets)
    });
    let url = settings.authentik_url();
    let url = url.as_ref().or(evidence.administrator).map_or("", Url::as_str);
    Findings::of(&evidence, url, &settings.domain, expiries.unwrap_or_default())
}
