//! [`Client::provision`]: everything in one call.

use std::path::Path;

use super::{ApplyEvent, Outcome};
use crate::authentik::view_key;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result, UnexpectedResponseKind};
use crate::integration::NetbirdIntegration;
use crate::outputs::{FileChange, Outputs, PASSWORD};
use crate::plan::{Plan, Purpose};

/// The result of a plan and of `setup.env`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Provisioned {
    /// The plan that was applied.
    pub plan: Plan,
    /// The result.
    pub outcome: Outcome,
    /// The change of the file.
    pub file: FileChange,
}

impl Client {
    /// Sets authentik up and writes NetBird's `setup.env`: plan, apply, and merge into the file. Safe
    /// to run again: what is up to date is left alone, in authentik and in the file. The app password
    /// is read from authentik only if this run did not create it and the file has none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use authentik_netbird_core::{Client, NetbirdIntegration};
    /// use authentik_simulator::Simulator;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("setup.env");
    /// let authentik = Simulator::start()?; // yours is https://authentik.company
    /// let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    ///
    /// let first = client.provision(&integration, &path).await?;
    /// assert!(first.outcome.report().changed() > 0);
    /// let second = client.provision(&integration, &path).await?;
    /// assert!(!second.plan.has_changes() && !second.file.is_change());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::plan`] and [`Client::apply`]; [`Error::InvalidOutputs`] and [`Error::File`] where the
    /// file cannot be merged or written: running again completes it.
    pub async fn provision(
        &self,
        integration: &NetbirdIntegration,
        path: impl AsRef<Path>,
    ) -> Result<Provisioned> {
        let plan = self.plan(integration).await?;
        self.provision_plan(plan, path.as_ref(), |_| ()).await
    }

    /// The same for a plan that was made before, of a set-up or a rotation, with a listener as in
    /// [`Client::apply_with`].
    ///
    /// # Errors
    /// As [`Client::provision`]; [`Error::InvalidPlan`] for a teardown, which has no outputs.
    pub async fn provision_plan(
        &self,
        plan: Plan,
        path: &Path,
        listener: impl Fn(ApplyEvent) + Send + Sync,
    ) -> Result<Provisioned> {
        let refuse = |message: &str| Err(Error::invalid_plan(message, "Apply it without a file."));
        if plan.purpose == Purpose::TearDown {
            return refuse("it is a teardown, which has no outputs to write");
        }
        if plan.integration.connector().is_some() {
            return refuse("the mode `connector` has no setup.env to write");
        }
        let outcome = Box::pin(self.apply_with(&plan, listener)).await?;
        let Some(outputs) = outcome.outputs() else {
            return refuse("it has no outputs to write");
        };
        let file = match outputs.netbird_env().write(path) {
            // Neither this run nor the file has the password: read it.
            Err(error) if is_missing_password(&error) => {
                self.read_password(outputs.clone()).await?.netbird_env().write(path)?
            }
            written => written?,
        };
        self.check_overtaken(&plan, outputs).await?;
        Ok(Provisioned { plan, outcome, file })
    }

    /// Fails if authentik no longer has the app password that a rotation wrote. Of two at the same time each sets its own,
    /// and the file may have got the older one last, which no later plan shows.
    async fn check_overtaken(&self, plan: &Plan, outputs: &Outputs) -> Result<()> {
        let account = outputs.account.as_ref().filter(|_| plan.purpose == Purpose::Rotate);
        let Some((Some(identifier), Some(ours))) =
            account.map(|one| (&one.app_password_identifier, &one.app_password))
        else {
            return Ok(());
        };
        // Where authentik cannot be read nothing contradicts it.
        match self.password(identifier).await {
            Ok(now) if now != *ours => {
                let detail =
                    "another run changed the app password at the same time, so setup.env may have \
                              one that is refused; rotate once more"
                        .to_owned();
                let kind = UnexpectedResponseKind::Overtaken { detail };
                Err(self.message(&view_key(identifier)).unexpected(200, kind))
            }
            _ => Ok(()),
        }
    }

    async fn read_password(&self, mut outputs: Outputs) -> Result<Outputs> {
        if let Some(account) = &mut outputs.account
            && let Some(identifier) = &account.app_password_identifier
        {
            account.app_password = Some(self.password(identifier).await?);
        }
        Ok(outputs)
    }
}

/// Whether the password is all that is missing in a file.
fn is_missing_password(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidOutputs
        && error.issues().iter().all(|issue| issue.field == PASSWORD)
}
