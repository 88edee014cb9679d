//! Planning against a server: read, then plan purely.

use std::time::Instant;

use super::Client;
use crate::authentik::reads::Goal;
use crate::authentik::{Snapshot, Version};
use crate::error::{Error, Result};
use crate::integration::NetbirdIntegration;
use crate::outputs::export;
use crate::plan::DesiredState;
use crate::plan::{
    AppPasswordExpiry, Plan, changed_by, names, plan, plan_rotate, plan_teardown, rotate_goal,
};

impl Client {
    /// Reads the server and plans a set-up: ten requests at once, and more only with reason (access
    /// groups, least privilege, a token whose user is not an administrator). Nothing is written, and
    /// no secret is read.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when the integration is for another server than the client,
    /// [`Error::Blocked`] with every blocker, [`Error::MissingPermissions`] where the token may not read
    /// several things, and the errors of reading: [`Error::Transport`], [`Error::Api`],
    /// [`Error::UnexpectedResponse`], [`Error::Decode`].
    pub async fn plan(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        let plan_set_up = |desired: &DesiredState, snapshot: &Snapshot| plan(desired, snapshot);
        self.read_and_plan(integration, |desired| Goal::SetUp(names(desired)), plan_set_up).await
    }

    /// Reads the server and plans the removal of what an integration created, and of nothing else, in
    /// two round trips. Nothing is written.
    ///
    /// [`Client::apply`] carries the plan out, in two more. An object that something else
    /// uses, that someone extended, or that belongs to something else is kept, and named in the plan with
    /// the reason: [`Plan::operations`] without a write.
    ///
    /// # Errors
    /// As [`Client::plan`].
    pub async fn plan_teardown(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        self.read_and_plan(integration, |desired| Goal::Teardown(names(desired)), plan_teardown)
            .await
    }

    /// Reads the server and plans another value for the service account's app password, in one round
    /// trip. [`Client::apply`] generates it and sets it; the old one stops working at that moment:
    /// write `setup.env`, run `configure.sh` and restart NetBird at once, or every login fails.
    ///
    /// # Errors
    /// As [`Client::plan`]; [`Error::Blocked`] when provider, account or a valid app password do not
    /// exist: apply a set-up plan first.
    pub async fn plan_rotate(
        &self,
        integration: &NetbirdIntegration,
        expiry: AppPasswordExpiry,
    ) -> Result<Plan> {
        let plan =
            |desired: &DesiredState, snapshot: &Snapshot| plan_rotate(desired, snapshot, expiry);
        self.read_and_plan(integration, rotate_goal, plan).await
    }

    /// Reads the server, as for a plan, and gives the integration as Terraform's HCL, with `import` blocks for
    /// what exists ([`export::terraform`]). Nothing is written.
    ///
    /// # Errors
    /// As [`Client::plan`]: what is not this integration's is not imported. Also those of [`export::terraform`].
    pub async fn export_terraform(&self, integration: &NetbirdIntegration) -> Result<String> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let snapshot = Box::pin(self.snapshot(&Goal::SetUp(names(&desired)))).await?;
        plan(&desired, &snapshot)?;
        let version = snapshot.version.unwrap_or(Version::MAX_TESTED);
        export::terraform(integration, version, Some(&snapshot))
    }

    /// Adds to a plan who last changed what it corrects, as far as authentik's event log may be read;
    /// one round trip where there is drift, and none otherwise. For people: applying does not need it.
    pub async fn with_authors(&self, mut plan: Plan) -> Plan {
        let drifted = std::mem::take(&mut plan.freshness.drifted);
        let models = drifted.iter().map(|one| (one.app, one.model)).collect();
        // Changes that are not in the log are left out. A log that cannot be read is not a failure.
        let Ok(snapshot) = self.snapshot(&Goal::Authors(models)).await else { return plan };
        for one in drifted {
            if let Some(operation) = plan.operations.iter_mut().find(|op| op.id == one.operation) {
                operation.changed_by = changed_by(&one, &snapshot.events);
            }
        }
        plan
    }

    async fn read_and_plan(
        &self,
        integration: &NetbirdIntegration,
        goal: impl FnOnce(&DesiredState) -> Goal,
        plan: impl FnOnce(&DesiredState, &Snapshot) -> Result<Plan>,
    ) -> Result<Plan> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let snapshot = Box::pin(self.snapshot(&goal(&desired))).await?;
        let mut plan = plan(&desired, &snapshot)?;
        plan.freshness.read = Some(Instant::now());
        Ok(plan)
    }

    pub(crate) fn same_server(&self, integration: &NetbirdIntegration) -> Result<()> {
        if integration.authentik_url == *self.url() {
            return Ok(());
        }
        Err(Error::invalid_plan(
            format!(
                "it is for {}, but the client is connected to {}",
                integration.authentik_url,
                self.url()
            ),
            "Use a client of that server.",
        ))
    }
}
