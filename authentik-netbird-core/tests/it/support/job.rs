//! What is disturbed: a job on one server or on two, what it starts from, and where it ends undisturbed.

use std::time::Duration;

use authentik_netbird_core::integration::{ModeKind, ServiceAccount, UserApproval};
use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, Error, NetbirdIntegration, NetbirdIntegrationBuilder, Outcome,
};
use authentik_simulator::{Release, State, netbird};
use serde_json::Value;

use super::faults::FaultKind;
use super::running::{Running, start};
use super::story;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// The guide's setup, on a fresh server.
    FirstApply,
    /// The defaults, with a separate client for NetBird's management, on a fresh server.
    SeparateClient,
    /// Least privilege and access groups, on a fresh server.
    LeastPrivilege,
    /// Everything was set up, and then all of it was changed.
    Update,
    Rotate,
    /// With an expiry to be taken away.
    RotateForEver,
    TearDown,
    /// Of least privilege and access groups.
    TearDownLeastPrivilege,
    /// The connector of NetBird's embedded identity provider, groups and settings, on two fresh servers.
    Connect,
    /// The connector was set up, and then both servers were changed.
    UpdateConnector,
    /// Another client secret.
    RotateConnector,
    TearDownConnector,
}

/// Without the defaults, whose cases are fewer (`faults::matrix`).
pub(crate) const JOBS: [Job; 7] = [
    Job::FirstApply,
    Job::LeastPrivilege,
    Job::Update,
    Job::Rotate,
    Job::RotateForEver,
    Job::TearDown,
    Job::TearDownLeastPrivilege,
];

/// Those over two servers.
pub(crate) const CONNECTOR_JOBS: [Job; 4] =
    [Job::Connect, Job::UpdateConnector, Job::RotateConnector, Job::TearDownConnector];

/// A job on one release.
pub(crate) struct Scene {
    pub(crate) job: Job,
    pub(crate) release: Release,
    before: State,
    netbird_before: Option<netbird::State>,
    pub(crate) undisturbed: Value,
    /// How many requests it takes.
    pub(crate) requests: u64,
    /// How many of them go to authentik; the others go to NetBird.
    to_authentik: u64,
}

impl Scene {
    pub(crate) async fn new(job: Job, release: Release) -> Self {
        let running = job.start(release);
        let wanted = job.wanted(&running);
        running.simulator.edit(|state| {
            state.add_group("vpn");
        });
        let fresh = [Job::FirstApply, Job::SeparateClient, Job::LeastPrivilege, Job::Connect];
        if !fresh.contains(&job) {
            story::converge(&running.client, &wanted).await;
        }
        job.prepare(&running);
        let before = running.simulator.edit(|state| state.clone());
        let netbird_before = running.netbird.as_ref().map(|one| one.edit(|state| state.clone()));
        running.clear_requests();
        job.run(&running.client, &wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
        let requests = running.requests().len() as u64;
        let to_authentik = running.simulator.requests().len() as u64;
        let undisturbed = running.comparable();
        assert!(running.netbird_has_the_secret(), "{job:?} ends with a login that works");
        Self { job, release, before, netbird_before, undisturbed, requests, to_authentik }
    }

    /// Servers with the state that the job starts from.
    pub(crate) fn start(&self) -> (Running, NetbirdIntegration) {
        let running = self.job.start(self.release);
        let url = running.simulator.url().to_owned();
        running.simulator.edit(|state| *state = self.before.clone());
        if let (Some(netbird), Some(before)) = (&running.netbird, &self.netbird_before) {
            netbird.edit(|state| {
                *state = before.clone();
                // authentik is at another address.
                for connector in &mut state.connectors {
                    let path = connector.issuer.split_once("/application/").map(|(_, path)| path);
                    connector.issuer = format!("{url}/application/{}", path.unwrap_or_default());
                }
            });
        }
        let wanted = self.job.wanted(&running);
        (running, wanted)
    }

    /// Adds a fault at the `place`-th request: those to authentik come first.
    pub(crate) fn add_fault(&self, running: &Running, place: u64, fault: &FaultKind, once: bool) {
        let (place, is_netbirds) = self.place(place);
        running.add_fault(fault.at(place, once, is_netbirds), is_netbirds);
    }

    /// The place of the `place`-th request among those to its server, and whether that is NetBird's.
    pub(crate) fn place(&self, place: u64) -> (u64, bool) {
        let is_netbirds = self.netbird_before.is_some() && place >= self.to_authentik;
        (if is_netbirds { place - self.to_authentik } else { place }, is_netbirds)
    }
}

impl Job {
    fn start(self, release: Release) -> Running {
        let running = start(release);
        if self.is_connector() { running.with_netbird() } else { running }
    }

    pub(crate) fn is_connector(self) -> bool {
        CONNECTOR_JOBS.contains(&self)
    }

    fn wanted(self, running: &Running) -> NetbirdIntegration {
        if self.is_connector() {
            let builder = NetbirdIntegration::builder(running.simulator.url(), "netbird.company");
            let builder = builder.mode(ModeKind::Connector).claim_group("vpn").sync_groups(true);
            let builder = builder.allowed_group("vpn").user_approval(UserApproval::NotRequired);
            return builder.build().unwrap();
        }
        let builder = crate::support::as_in_guide(running.simulator.url(), "netbird.company");
        self.asking(builder).build().unwrap()
    }

    fn asking(self, builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
        match self {
            Self::SeparateClient => {
                builder.as_in_guide(false).service_account(ServiceAccount::UserReader)
            }
            Self::LeastPrivilege | Self::TearDownLeastPrivilege => {
                let builder =
                    builder.service_account(ServiceAccount::UserReader).create_access_groups(true);
                builder.access_group("vpn-guests").access_group("vpn")
            }
            _ => builder,
        }
    }

    fn prepare(self, running: &Running) {
        running.simulator.edit(|state| match self {
            Self::Update => drift(state),
            Self::UpdateConnector => drift_of_connector(state),
            Self::RotateForEver => {
                let year = Duration::from_secs(360 * 86_400);
                let now = state.now();
                let token = state.tokens.last_mut().unwrap();
                (token.expires, token.expiring) = (Some(now + year), true);
            }
            _ => {}
        });
        if let (Self::UpdateConnector, Some(netbird)) = (self, &running.netbird) {
            netbird.edit(|state| {
                state.connectors[0].client_id = "another".into();
                state.connectors[0].client_secret = "another".into();
                state.accounts[0].settings.jwt_groups_enabled = false;
                state.accounts[0].settings.jwt_allow_groups.clear();
            });
        }
    }

    pub(crate) fn is_teardown(self) -> bool {
        matches!(self, Self::TearDown | Self::TearDownLeastPrivilege | Self::TearDownConnector)
    }

    pub(crate) fn is_rotation(self) -> bool {
        matches!(self, Self::Rotate | Self::RotateForEver | Self::RotateConnector)
    }

    pub(crate) async fn plan(
        self,
        client: &Client,
        wanted: &NetbirdIntegration,
    ) -> Result<Plan, Error> {
        match self {
            Self::Rotate | Self::RotateConnector => {
                client.plan_rotate(wanted, AppPasswordExpiry::Keep).await
            }
            Self::RotateForEver => client.plan_rotate(wanted, AppPasswordExpiry::Never).await,
            _ => self.what_is_left(client, wanted).await,
        }
    }

    /// A plan that has no changes once the job is done. A rotation can always be planned again.
    pub(crate) async fn what_is_left(
        self,
        client: &Client,
        wanted: &NetbirdIntegration,
    ) -> Result<Plan, Error> {
        if self.is_teardown() {
            client.plan_teardown(wanted).await
        } else {
            client.plan(wanted).await
        }
    }

    pub(crate) async fn run(
        self,
        client: &Client,
        wanted: &NetbirdIntegration,
    ) -> Result<Outcome, Error> {
        let plan = self.plan(client, wanted).await?;
        client.apply(&plan).await
    }
}

/// The same of a connector, in authentik.
fn drift_of_connector(state: &mut State) {
    let provider = &mut state.providers[0];
    provider.client_type = "public".into();
    provider.include_claims_in_id_token = false;
    provider.redirect_uris.clear();
    state.applications[0].provider = None;
    let ours = state.scope_mappings.iter_mut().find(|one| one.managed.is_none());
    ours.unwrap().expression = "return {}".into();
}

/// Everything that a plan puts right.
fn drift(state: &mut State) {
    state.providers[0].client_type = "confidential".into();
    state.applications[0].name = "Drifted".into();
    let user = state.users.iter_mut().find(|user| user.username == "NetBird").unwrap();
    user.is_active = false;
    let user = user.pk;
    state.tokens.retain(|token| token.user != user);
    let flow = state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow");
    flow.unwrap().title = "Drifted".into();
    state.brands[0].flow_device_code = None;
}
