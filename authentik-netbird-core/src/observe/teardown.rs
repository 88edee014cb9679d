//! Observing for a teardown: what is there, and who else uses it.

use std::time::Instant;

use crate::client::Client;
use crate::desired::DesiredState;
use crate::error::Result;
use crate::integration::NetbirdIntegration;
use crate::model::{Flow, FlowDetail, UsedBy};
use crate::plan::Plan;
use crate::plan::teardown::{TeardownSnapshot, plan_teardown};
use crate::request::{Request, account_uses, teardown_observation};
use crate::snapshot::{Snapshot, Source};

impl Client {
    /// Observes and plans the removal of what an integration made, and of nothing else: ten reads at
    /// once, then one more if the service account is there. Nothing is written.
    ///
    /// [`Client::apply`] carries the plan out, in two more round trips. What something else uses,
    /// what someone extended, and what belongs to something else is kept, and named in the plan with
    /// the reason: [`Plan::operations`] without a write.
    ///
    /// ```
    /// # #[cfg(feature = "simulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use authentik_netbird_core::simulator::Simulator;
    /// use authentik_netbird_core::{Client, NetbirdIntegration};
    ///
    /// let authentik = Simulator::start()?; // yours is https://authentik.company
    /// let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
    /// let client = Client::builder(authentik.url()).token(authentik.token()).build()?;
    /// client.apply(&client.plan(&integration).await?).await?;
    ///
    /// let plan = client.plan_teardown(&integration).await?; // reads only
    /// println!("{plan}"); // what goes, what is kept, and why
    /// client.apply(&plan).await?;
    ///
    /// assert!(!client.plan_teardown(&integration).await?.has_changes()); // nothing is left
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "simulator"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPlan`](crate::Error::InvalidPlan) when the integration is of another server
    /// than the client, [`Error::Unplannable`](crate::Error::Unplannable) when the server is too old
    /// or has several objects of one name, and what reading can meet.
    pub async fn plan_teardown(&self, integration: &NetbirdIntegration) -> Result<Plan> {
        self.same_server(integration)?;
        let desired = DesiredState::from(integration);
        let read = self.observe_for_teardown(&desired).await?;
        let mut plan = plan_teardown(&desired, &read)?;
        plan.observed = Some(Instant::now());
        Ok(plan)
    }

    async fn observe_for_teardown(&self, desired: &DesiredState) -> Result<TeardownSnapshot> {
        let requests = teardown_observation(desired);
        let (
            version,
            flows,
            flow_uses,
            brands,
            providers,
            application,
            application_uses,
            users,
            service_accounts,
            tokens,
        ) = tokio::join!(
            self.version(&requests.version),
            self.read_all::<FlowDetail>(&requests.flows),
            self.uses(&requests.flow_uses),
            self.read_all(&requests.brands),
            self.read_all(&requests.providers),
            self.read_one(&requests.application),
            self.uses(&requests.application_uses),
            self.read_all(&requests.users),
            self.read_all(&requests.service_accounts),
            self.read_all(&requests.tokens),
        );
        // First of all the version: an answer that can't be read may be that of a server too old.
        let version = version?;
        let flows = flows?;
        let snapshot = Snapshot {
            taken_at: Some(super::now()),
            flows: flows.iter().cloned().map(Flow::from).collect(),
            brands: brands?,
            providers: providers?,
            applications: Vec::from_iter(application?),
            tokens: tokens?,
            ..Snapshot::empty(Source::Server, version)
        };
        let mut read = TeardownSnapshot {
            flows,
            flow_uses: flow_uses?,
            application_uses: application_uses?,
            users: users?,
            service_accounts: service_accounts?,
            ..TeardownSnapshot::new(snapshot)
        };
        let account = read.service_account(desired);
        if let Some(request) = account.map(|user| account_uses(user.pk, &user.username)) {
            read.account_uses = self.uses(&request).await?;
        }
        Ok(read)
    }

    /// What uses an object; nothing does where there is none.
    async fn uses(&self, request: &Request) -> Result<Vec<UsedBy>> {
        Ok(self.read_one(request).await?.unwrap_or_default())
    }
}
