//! [`Outcome`]: what became of a plan, and what NetBird needs now.

use crate::authentik::{Provider, Token, TokenIdentifier, default_identifier};
use crate::client::Client;
use crate::error::{Blocker, Error, Result};
use crate::ids::ClientId;
use crate::integration::{NetbirdIntegration, ServiceAccount};
use crate::outputs::{AccountOutputs, Outputs};
use crate::plan::{Plan, Purpose};
use crate::report::ApplyReport;
use crate::resource::{CreatedBy, Object};
use crate::secret::Secret;

/// What became of a plan, and what NetBird needs now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    report: ApplyReport,
    outputs: Option<Outputs>,
}

impl Outcome {
    pub(super) fn new(plan: &Plan, report: ApplyReport, created: &CreatedBy) -> Result<Self> {
        if plan.purpose == Purpose::TearDown {
            return Ok(Self { report, outputs: None });
        }
        let client_id = created.values().find_map(|one| one.client_id.clone());
        let asked = plan.integration.client_id.clone();
        let Some(client_id) = client_id.or(asked).or_else(|| plan.existing.client_id.clone())
        else {
            let message = "it has no provider and creates none";
            return Err(Error::invalid_plan(message, "create a new plan"));
        };
        let password = created.values().find_map(|one| one.password.clone());
        let outputs = Some(outputs(plan, client_id, password));
        Ok(Self { report, outputs })
    }

    /// What became of each operation.
    #[must_use]
    pub fn report(&self) -> &ApplyReport {
        &self.report
    }

    /// What NetBird needs; `None` after a teardown. The app password is in it if this run created or
    /// replaced it: a `setup.env` that has it keeps it, and [`Client::outputs`] reads it.
    #[must_use]
    pub fn outputs(&self) -> Option<&Outputs> {
        self.outputs.as_ref()
    }
}

fn outputs(plan: &Plan, client_id: ClientId, app_password: Option<Secret>) -> Outputs {
    let wanted = &plan.integration;
    let username = &wanted.service_account_name;
    let created = plan.changes().find_map(|operation| {
        let write = operation.write.as_ref()?;
        (*write.kind() == Token::API.kind).then(|| write.text("identifier"))?
    });
    let identifier = plan
        .existing
        .app_password
        .clone()
        .or_else(|| created.map(TokenIdentifier::from))
        .unwrap_or_else(|| default_identifier(username));
    Outputs {
        authentik_url: wanted.authentik_url.clone(),
        domain: wanted.domain.clone(),
        application_slug: wanted.application_slug.clone(),
        client_id,
        account: (wanted.service_account != ServiceAccount::None).then(|| AccountOutputs {
            username: username.clone(),
            app_password,
            app_password_identifier: Some(identifier),
        }),
        reverse_proxy: wanted.reverse_proxy,
    }
}

impl Client {
    /// What NetBird needs, from a server that is set up, with the app password's value. Reading it
    /// leaves an event in authentik's log; nothing else is written.
    ///
    /// # Errors
    /// [`Error::Blocked`] when provider or app password do not exist yet: apply a plan first.
    pub async fn outputs(&self, integration: &NetbirdIntegration) -> Result<Outputs> {
        let plan = self.plan(integration).await?;
        self.outputs_of(&plan).await
    }

    /// What NetBird needs, from a server that this plan found set up.
    pub(super) async fn outputs_of(&self, plan: &Plan) -> Result<Outputs> {
        let wanted = &plan.integration;
        let missing =
            |resource| Blocker::missing(resource, "NetBird needs it", "apply a plan first");
        let mut blockers = Vec::new();
        if plan.existing.client_id.is_none() {
            blockers.push(missing(Provider::API.resource(&wanted.provider_name)));
        }
        let has_account = wanted.service_account != ServiceAccount::None;
        if has_account && plan.existing.app_password.is_none() {
            blockers.push(missing(Token::API.resource(&wanted.service_account_name)));
        }
        let (Some(client_id), true) = (plan.existing.client_id.clone(), blockers.is_empty()) else {
            return Err(Error::Blocked { blockers });
        };
        let password = match &plan.existing.app_password {
            Some(identifier) => Some(self.password(identifier).await?),
            None => None,
        };
        Ok(outputs(plan, client_id, password))
    }
}
