//! [`Client::verify`] and [`Verifier`]: with an administrator's token, and without.

use std::time::Duration;

use super::answers::{Answers, TokenOutcome};
use super::ask::ask;
use super::judge::{Case, judge};
use super::{NetbirdSettings, Verification};
use crate::client::{Client, ConnectionSettings};
use crate::error::{Error, Result};
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::secret::Secret;

impl Client {
    /// Asks authentik what NetBird will ask with these outputs, and reads what tells causes apart.
    /// At most four round trips; nothing is written.
    ///
    /// Outputs whose app password is not known (after an apply that had nothing to do) leave the
    /// checks `token` and `users` out; [`Client::outputs`] reads it.
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
    /// let verification = client.verify(&integration, outcome.outputs()).await?;
    /// println!("{verification}");
    /// verification.into_result()?; // an error where a check failed
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when integration or outputs are of another server than the client,
    /// [`Error::InvalidOutputs`] when NetBird could not carry them. What authentik answers, or that
    /// it does not, is no error but a failed check.
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
                "the outputs are of {}, the client is connected to {}",
                settings.authentik_url(),
                self.url()
            );
            return Err(Error::invalid_plan(message, "use the outputs of that server"));
        }
        let answers = Box::pin(ask(self.connection(), &settings, Some(self))).await;
        Ok(verification(&settings, &answers, Some(integration), Some(self.token())))
    }
}

/// Asks authentik what NetBird will ask, without an administrator's token: from a `setup.env`
/// alone, also one that someone wrote by hand.
///
/// What only an administrator can see is skipped, and where several causes look the same from
/// outside the remedy lists them, the likeliest first.
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
/// # outcome.outputs().netbird_env().write(&path)?;
/// use authentik_netbird_core::Verifier;
/// use authentik_netbird_core::verify::NetbirdSettings;
///
/// let settings = NetbirdSettings::from_setup_env(&std::fs::read_to_string(path)?)?;
/// let verification = Verifier::new().verify(&settings).await?;
/// assert!(verification.is_success(), "{verification}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Verifier {
    connection: ConnectionSettings,
}

impl Verifier {
    /// One with the operating system's certificates and the usual waits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Certificates of a private authority, PEM, one or more. They are trusted besides the
    /// operating system's. May be called more than once.
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.ca_certificates.push(pem.into());
        self
    }

    /// Whether any certificate will do: of any authority, for any name, expired. Default: no. Whoever
    /// is between here and authentik can then read NetBird's password: for trying things out, never for
    /// production, where [`ca_certificates`](Self::ca_certificates) is what you want.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.connection.accept_invalid_certificates = accept;
        self
    }

    /// Longest wait for one answer, its body included. Default: 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.connection.timeout = timeout;
        self
    }

    /// Longest wait for a connection. Default: 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// How long a request is tried again after a failure that may pass, counted from its start.
    /// Default: 15 seconds; zero: never again. At most five attempts in any case.
    pub fn retry_for(mut self, total: Duration) -> Self {
        self.connection.retry.total = total;
        self
    }

    /// Asks. At most four round trips; nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidClient`] for certificates that can't be read. What authentik answers, or that
    /// it does not, is no error but a failed check.
    pub async fn verify(&self, settings: &NetbirdSettings) -> Result<Verification> {
        let url = &settings.configuration_endpoint;
        let connection = self.connection.build(url).map_err(Error::invalid_client)?;
        let answers = Box::pin(ask(&connection, settings, None)).await;
        Ok(verification(settings, &answers, None, None))
    }
}

fn verification(
    settings: &NetbirdSettings,
    answers: &Answers,
    wanted: Option<&NetbirdIntegration>,
    administrator: Option<&Secret>,
) -> Verification {
    let password = settings.account.as_ref().and_then(|account| account.password.as_ref());
    let token = match &answers.token {
        Some(TokenOutcome::Issued(issued)) => Some(&issued.token),
        _ => None,
    };
    let secrets = [administrator, password, token].into_iter().flatten().collect();
    Verification {
        authentik_url: settings.authentik_url().as_str().trim_end_matches('/').to_owned(),
        domain: settings.domain.clone(),
        checks: judge(&Case { settings, answers, wanted, secrets }),
    }
}
