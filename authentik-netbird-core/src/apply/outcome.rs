//! [`Outcome`]: what became of a plan, and what NetBird needs now.

use crate::client::Client;
use crate::error::{Blocker, Error, Result};
use crate::ids::{ClientId, Resource, ResourceKind};
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::plan::{ApplyReport, Made, MadeBy, Plan, Purpose, Write, default_identifier};
use crate::secret::Secret;

/// What became of a plan, and what NetBird needs now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    report: ApplyReport,
    outputs: Outputs,
}

impl Outcome {
    pub(super) fn new(
        plan: &Plan,
        report: ApplyReport,
        made: &MadeBy,
        existing: Option<Secret>,
    ) -> Result<Self> {
        let asked = plan.integration.client_id().cloned();
        let mut client_id = asked.or_else(|| plan.existing.client_id.clone());
        let mut password = existing;
        for one in made.values() {
            match one {
                Made::Provider { client_id: made, .. } => client_id = Some(made.clone()),
                Made::ServiceAccount { password: Some(made), .. }
                | Made::AppPassword { password: Some(made) } => password = Some(made.clone()),
                _ => {}
            }
        }
        let client_id = match (client_id, plan.purpose) {
            (Some(client_id), _) => client_id,
            // Its provider was gone already.
            (None, Purpose::TearDown) => ClientId::from(""),
            (None, _) => return Err(Error::invalid_plan(super::NO_PROVIDER, "create a new plan")),
        };
        let outputs = outputs(plan, client_id, password);
        Ok(Self { report, outputs })
    }

    /// What became of each operation.
    #[must_use]
    pub fn report(&self) -> &ApplyReport {
        &self.report
    }

    /// What NetBird needs. When there was nothing to do the app password was not read, and so is
    /// not in it: a `setup.env` that has it keeps it, and [`Client::outputs`] reads it.
    ///
    /// After a teardown: what NetBird used until now, without the app password, for whoever wants to
    /// find it in NetBird's files. The client id is empty when the provider was gone before, and
    /// NetBird's variables are refused then.
    #[must_use]
    pub fn outputs(&self) -> &Outputs {
        &self.outputs
    }
}

fn outputs(plan: &Plan, client_id: ClientId, app_password: Option<Secret>) -> Outputs {
    let mut outputs = Outputs::of(&plan.integration, client_id);
    if let Some(account) = &mut outputs.account {
        let made = plan.operations.iter().find_map(|operation| match &operation.write {
            Some(Write::CreateAppPassword(body)) => Some(body.identifier.clone()),
            _ => None,
        });
        let identifier = plan.existing.app_password.clone().or(made);
        let default = || default_identifier(&account.username);
        account.app_password_identifier = Some(identifier.unwrap_or_else(default));
        account.app_password = app_password;
    }
    outputs
}

impl Client {
    /// What NetBird needs, from a server that is set up, with the app password's value. Reading it
    /// leaves an event in authentik's log; nothing else is written.
    ///
    /// # Errors
    /// [`Error::Blocked`] when provider or app password are not there yet: apply a plan first.
    pub async fn outputs(&self, integration: &NetbirdIntegration) -> Result<Outputs> {
        let plan = self.plan(integration).await?;
        let missing = |kind, name: &str| {
            Blocker::missing(Resource::new(kind, name), "NetBird needs it", "apply a plan first")
        };
        let mut blockers = Vec::new();
        if plan.existing.client_id.is_none() {
            blockers.push(missing(ResourceKind::Provider, integration.provider_name()));
        }
        let account = Outputs::of(integration, "".into()).account;
        if let (Some(account), None) = (account, &plan.existing.app_password) {
            blockers.push(missing(ResourceKind::AppPassword, &account.username));
        }
        let (Some(client_id), true) = (plan.existing.client_id.clone(), blockers.is_empty()) else {
            return Err(Error::Blocked { blockers });
        };
        let password = match &plan.existing.app_password {
            Some(identifier) => Some(self.password(identifier).await?),
            None => None,
        };
        Ok(outputs(&plan, client_id, password))
    }
}
