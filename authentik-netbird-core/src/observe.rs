//! Observing: reading everything that a plan needs, in one wave.

mod teardown;

use std::time::{Instant, SystemTime};

use crate::client::Client;
use crate::desired::DesiredState;
use crate::error::{Error, Problem, Result};
use crate::integration::NetbirdIntegration;
use crate::model::{Version, VersionAnswer};
use crate::plan::{Plan, plan};
use crate::request::{Request, observation};
use crate::snapshot::{Snapshot, Source};

impl Client {
    /// Reads what the server has, as far as it concerns `desired`: eleven reads at once, twelve
    /// with a `client_id`; more only for lists of over a thousand. Nothing is written, and no
    /// secret is read.
    ///
    /// # Errors
    /// What reading can meet: [`Error::Transport`], [`Error::Api`], [`Error::UnexpectedAnswer`],
    /// [`Error::Decode`]; and [`Error::Unplannable`] for a server that is too old.
    pub async fn observe(&self, desired: &DesiredState) -> Result<Snapshot> {
        let requests = observation(desired);
        let by_client_id = async {
            match &requests.providers_by_client_id {
                Some(request) => self.read_all(request).await,
                None => Ok(Vec::new()),
            }
        };
        let (
            version,
            flows,
            certificates,
            scope_mappings,
            brands,
            groups,
            providers,
            by_client_id,
            application,
            users,
            tokens,
            by_identifier,
        ) = tokio::join!(
            self.version(&requests.version),
            self.read_all(&requests.flows),
            self.read_all(&requests.certificates),
            self.read_all(&requests.scope_mappings),
            self.read_all(&requests.brands),
            self.read_all(&requests.groups),
            self.read_all(&requests.providers),
            by_client_id,
            self.read_one(&requests.application),
            self.read_all(&requests.users),
            self.read_all(&requests.tokens),
            self.read_all(&requests.tokens_by_identifier),
        );
        // First of all the version: an answer that can't be read may be that of a server too old.
        let version = version?;
        let mut snapshot = Snapshot {
            taken_at: Some(now()),
            flows: flows?,
            certificates: certificates?,
            scope_mappings: scope_mappings?,
            brands: brands?,
            groups: groups?,
            providers: providers?,
            applications: Vec::from_iter(application?),
            users: users?,
            tokens: tokens?,
            ..Snapshot::empty(Source::Server, version)
        };
        for provider in by_client_id? {
            if !snapshot.providers.contains(&provider) {
                snapshot.providers.push(provider);
            }
        }
        for token in by_identifier? {
            if !snapshot.tokens.contains(&token) {
                snapshot.tokens.push(token);
            }
        }
        Ok(snapshot)
    }

    async fn version(&self, request: &Request) -> Result<Version> {
        let version = self.read(request).await?.decode::<VersionAnswer>(request)?.version_current;
        if version < Version::OLDEST {
            return Err(Error::Unplannable(vec![Problem::too_old(version)]));
        }
        Ok(version)
    }

    /// Observes and plans. Nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when the integration is of another server than the client,
    /// [`Error::Unplannable`] with everything that is in the way, and what reading can meet.
    pub async fn plan(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let snapshot = self.observe(&desired).await?;
        let mut plan = plan(&desired, &snapshot)?;
        plan.observed = Some(Instant::now());
        Ok(plan)
    }

    pub(crate) fn same_server(&self, integration: &NetbirdIntegration) -> Result<()> {
        if integration.authentik_url == *self.url() {
            return Ok(());
        }
        Err(Error::InvalidPlan(format!(
            "it is for {}, the client is connected to {}; use a client of that server",
            integration.authentik_url,
            self.url()
        )))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one clock: from here on time is data")]
fn now() -> SystemTime {
    SystemTime::now()
}
