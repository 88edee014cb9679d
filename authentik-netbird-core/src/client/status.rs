//! [`Client::status`]: verification and plan from one reading of the servers.

use std::future::ready;

use super::Client;
use crate::authentik::Version;
use crate::authentik::reads::Goal;
use crate::error::Result;
use crate::integration::NetbirdIntegration;
use crate::plan::{DesiredState, Plan, names, plan};
use crate::verify::Verification;
use crate::verify::administration::{Administration, goal_of};

/// How an integration is: for an overview of many.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The checks of authentik as NetBird will use it, with the dates on which something expires that logins depend on.
    pub verification: Verification,
    /// The drift, as a plan; `None` if something is in the way of a plan ([`Verification::blocked`]), or the token
    /// does not show all that a plan needs: the check `administration` has the reason.
    pub plan: Option<Plan>,
    /// authentik's version; `None` if it cannot be read with this token.
    pub server_version: Option<Version>,
}

impl Client {
    /// Verifies what authentik has for an integration, and plans it, from one reading of the servers: 29
    /// requests, where [`Client::plan`] takes 19 and a verification 29 more. Nothing is written.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use authentik_netbird_core::{Client, NetbirdIntegration};
    /// # use authentik_simulator::Simulator;
    /// # let authentik = Simulator::start()?;
    /// # let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// # let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    /// # client.apply(&client.plan(&integration).await?).await?;
    /// let status = client.status(&integration).await?;
    /// assert!(status.verification.is_success());
    /// assert!(!status.plan.ok_or("blocked")?.has_changes());
    /// for expiry in &status.verification.expiries {
    ///     println!("{} {}: {:?}", expiry.kind, expiry.name, expiry.expires);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`](crate::Error::InvalidPlan) if the integration is for another server than the
    /// client. A failed request to the servers is not an error but a failed check.
    pub async fn status(&self, integration: &NetbirdIntegration) -> Result<Status> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let mut snapshot = self.empty_snapshot();
        let set_up = Goal::SetUp(names(&desired));
        let failed = Box::pin(self.extend(&mut snapshot, &set_up)).await;
        let server_version = snapshot.version;
        // Before anything else is read: a plan depends on all that is known.
        let is_readable = failed.iter().all(|(is_tolerated, _)| *is_tolerated);
        let planned = is_readable.then(|| plan(&desired, &snapshot));
        let more = Box::pin(self.extend(&mut snapshot, &goal_of(integration))).await;
        let findings = if integration.connector().is_some() {
            let errors = failed.into_iter().chain(more).map(|(_, error)| error).collect();
            Box::pin(self.judge_connector(integration, None, ready((snapshot, errors)))).await?
        } else {
            let failed = failed.into_iter().filter(|(is_tolerated, _)| !is_tolerated);
            let errors = failed.chain(more).map(|(_, error)| error).collect();
            let settings = self.settings_in(&snapshot, integration).await;
            let read = ready(Administration { snapshot, errors });
            self.judge(&settings, Some(integration), read).await?
        };
        let verification = findings.with(planned.as_ref());
        Ok(Status { verification, plan: planned.and_then(Result::ok), server_version })
    }
}
