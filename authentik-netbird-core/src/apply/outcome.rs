//! [`Outcome`]: the result of a plan, and what NetBird needs now.

use crate::authentik::{Provider, Token, TokenIdentifier, default_identifier};
use crate::client::Client;
use serde::Deserialize;

use crate::error::{Blocker, Error, Result};
use crate::http::Request;
use crate::ids::ClientId;
use crate::integration::NetbirdIntegration;
use crate::outputs::Outputs;
use crate::plan::{API_PROVIDER, PROVIDER, Plan, Purpose};
use crate::report::ApplyReport;
use crate::resource::{CreatedBy, Object};
use crate::secret::Secret;

/// The result of a plan, and what NetBird needs now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    report: ApplyReport,
    outputs: Option<Outputs>,
}

impl Outcome {
    pub(super) fn new(plan: &Plan, report: ApplyReport, created: &CreatedBy) -> Self {
        if plan.purpose == Purpose::TearDown {
            return Self { report, outputs: None };
        }
        let client_id = created.get(&PROVIDER.into()).and_then(|one| one.client_id.clone());
        let asked = plan.integration.client_id().cloned();
        let client_id = client_id.or(asked).or_else(|| plan.existing.client_id.clone());
        let password = created.values().find_map(|one| one.password.clone());
        let outputs = client_id.map(|client_id| {
            let mut outputs = outputs(plan, client_id, password);
            let api = created.get(&API_PROVIDER.into()).and_then(|one| one.client_id.clone());
            outputs.api_client_id = api.or(outputs.api_client_id);
            if let Some(connector) = &mut outputs.connector {
                connector.client_secret =
                    created.values().find_map(|one| one.client_secret.clone());
            }
            outputs
        });
        Self { report, outputs }
    }

    /// The result of each operation.
    #[must_use]
    pub fn report(&self) -> &ApplyReport {
        &self.report
    }

    /// The outputs for NetBird; `None` after a teardown, and for a plan without a provider. They have the app password
    /// if this run created or replaced it: a `setup.env` that has it keeps it, and [`Client::outputs`] reads it.
    #[must_use]
    pub fn outputs(&self) -> Option<&Outputs> {
        self.outputs.as_ref()
    }
}

fn outputs(plan: &Plan, client_id: ClientId, app_password: Option<Secret>) -> Outputs {
    let mut outputs = Outputs::of(&plan.integration, client_id);
    outputs.api_client_id.clone_from(&plan.existing.api_client_id);
    if let Some(account) = &mut outputs.account {
        let created = plan.changes().find_map(|operation| {
            let write = operation.write.as_ref()?;
            (write.kind() == Token::API.kind).then(|| write.text("identifier"))?
        });
        let created = created.map(TokenIdentifier::from);
        let identifier = plan.existing.app_password.clone().or(created);
        let default = || default_identifier(&account.username);
        account.app_password_identifier = Some(identifier.unwrap_or_else(default));
        account.app_password = app_password;
    }
    outputs
}

impl Client {
    /// The outputs for NetBird, from a server that is set up, with the app password's value. Reading it
    /// leaves an event in authentik's log; nothing else is written.
    ///
    /// # Errors
    /// [`Error::Blocked`] when provider or app password do not exist yet: apply a plan first.
    pub async fn outputs(&self, integration: &NetbirdIntegration) -> Result<Outputs> {
        let plan = self.plan(integration).await?;
        self.outputs_of(&plan).await
    }

    /// The values that NetBird needs, from a server that this plan found set up.
    pub(super) async fn outputs_of(&self, plan: &Plan) -> Result<Outputs> {
        let wanted = &plan.integration;
        let missing =
            |resource| Blocker::missing(resource, "NetBird needs it", "Apply a plan first.");
        let mut blockers = Vec::new();
        if plan.existing.client_id.is_none() {
            blockers.push(missing(Provider::API.resource(wanted.provider_name())));
        }
        let account = Outputs::of(wanted, "".into()).account;
        if let (Some(account), None) = (account, &plan.existing.app_password) {
            blockers.push(missing(Token::API.resource(account.username)));
        }
        let (Some(client_id), true) = (plan.existing.client_id.clone(), blockers.is_empty()) else {
            return Err(Error::Blocked { blockers });
        };
        if wanted.connector().is_some() {
            let mut outputs = outputs(plan, client_id, None);
            if let Some(connector) = &mut outputs.connector {
                connector.client_secret = Some(self.client_secret(wanted.provider_name()).await?);
            }
            return Ok(outputs);
        }
        let password = match &plan.existing.app_password {
            Some(identifier) => Some(self.password(identifier).await?),
            None => None,
        };
        Ok(outputs(plan, client_id, password))
    }

    /// Reads a provider's client secret, by the provider's name.
    pub(crate) async fn client_secret(&self, name: &str) -> Result<Secret> {
        let resource = Provider::API.resource(name);
        let request = Request {
            sensitive: true,
            ..Request::list(
                resource.clone(),
                Provider::API.view(),
                Provider::API.path,
                &[("name", name)],
            )
        };
        let found: Vec<NamedSecret> = self.read_all(&request).await?;
        let found = found.into_iter().find(|one| one.name == name);
        found.map(|one| one.client_secret).ok_or_else(|| {
            let hint = "Apply a plan first.";
            Error::Blocked { blockers: vec![Blocker::missing(resource, "NetBird needs it", hint)] }
        })
    }
}

#[derive(Deserialize)]
struct NamedSecret {
    name: String,
    client_secret: Secret,
}
