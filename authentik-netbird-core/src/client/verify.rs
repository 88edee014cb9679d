//! [`verify`] and [`Client::verify`]: without an administrator's token, and with one.

use super::Client;
use super::prober::Prober;
use crate::error::{Error, Result};
use crate::http::{Connection, ConnectionOptions};
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::verify::checks::{Evidence, judge};
use crate::verify::responses::TokenResponse;
use crate::verify::{NetbirdSettings, Verification};

/// Verifies NetBird's settings without an administrator's token: from a `setup.env` alone, also one
/// that someone wrote by hand. At most four round trips; nothing is written.
///
/// What only an administrator can see is skipped. If several causes look the same from outside, the
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
/// let settings = NetbirdSettings::from_setup_env(&std::fs::read_to_string(path)?)?;
/// let verification = verify(&settings, &ConnectionOptions::new()).await?;
/// assert!(verification.is_success(), "{verification}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidClient`] for options that are not valid. What authentik responds, or that it does
/// not, is not an error but a failed check.
pub async fn verify(
    settings: &NetbirdSettings,
    options: &ConnectionOptions,
) -> Result<Verification> {
    let url = &settings.configuration_endpoint;
    let connection = options.build(Some(url)).map_err(Error::invalid_client)?;
    Ok(run(&connection, settings, None, None).await)
}

impl Client {
    /// Sends authentik what NetBird will send with these outputs, and reads what tells causes apart.
    /// At most four round trips; nothing is written.
    ///
    /// If the outputs have no app password (after an apply that had nothing to do), the checks
    /// `token` and `users` are skipped; [`Client::outputs`] reads it.
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
    /// [`Error::InvalidPlan`] if integration or outputs are of another server than the client,
    /// [`Error::InvalidOutputs`] if NetBird's files cannot hold them. What authentik responds, or that
    /// it does not, is not an error but a failed check.
    pub async fn verify(
        &self,
        integration: &NetbirdIntegration,
        outputs: &Outputs,
    ) -> Result<Verification> {
        self.same_server(integration)?;
        let env = outputs.netbird_env();
        env.check()?;
        let settings = NetbirdSettings::from_env(&env)?;
        if settings.authentik_url() != *self.url() {
            let message = format!(
                "the outputs are of {}, but the client is connected to {}",
                settings.authentik_url(),
                self.url()
            );
            return Err(Error::invalid_plan(message, "Use the outputs of that server."));
        }
        Ok(run(self.connection(), &settings, Some(self), Some(integration)).await)
    }
}

async fn run(
    connection: &Connection,
    settings: &NetbirdSettings,
    administrator: Option<&Client>,
    integration: Option<&NetbirdIntegration>,
) -> Verification {
    let responses = Box::pin(Prober::new(connection, settings, administrator).gather()).await;
    let password = settings.account.as_ref().and_then(|account| account.password.as_ref());
    let token = match &responses.token {
        Some(Ok(TokenResponse::Issued(issued))) => Some(&issued.token),
        _ => None,
    };
    let secrets = [administrator.map(Client::token), password, token].into_iter().flatten();
    let evidence =
        Evidence { settings, responses: &responses, integration, secrets: secrets.collect() };
    Verification {
        authentik_url: settings.authentik_url().as_str().trim_end_matches('/').to_owned(),
        domain: settings.domain.clone(),
        checks: judge(&evidence),
    }
}
