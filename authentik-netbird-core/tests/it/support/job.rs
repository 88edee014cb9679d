//! What is disturbed: a job, what it starts from, and where it ends undisturbed.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, Error, NetbirdIntegration, NetbirdIntegrationBuilder, Outcome,
};
use authentik_simulator::{Release, State};
use serde_json::Value;

use super::running::{Running, comparable, start};
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

/// A job on one release.
pub(crate) struct Scene {
    pub(crate) job: Job,
    pub(crate) release: Release,
    before: State,
    pub(crate) undisturbed: Value,
    /// How many requests it takes.
    pub(crate) requests: u64,
}

impl Scene {
    pub(crate) async fn new(job: Job, release: Release) -> Self {
        let running = start(release);
        let wanted = job.wanted(&running);
        running.simulator.edit(|state| {
            state.add_group("vpn");
        });
        if !matches!(job, Job::FirstApply | Job::SeparateClient | Job::LeastPrivilege) {
            story::converge(&running.client, &wanted).await;
        }
        running.simulator.edit(|state| job.prepare(state));
        let before = running.simulator.edit(|state| state.clone());
        running.simulator.clear_requests();
        job.run(&running.client, &wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
        let requests = running.simulator.requests().len() as u64;
        let undisturbed = comparable(&running.simulator);
        Self { job, release, before, undisturbed, requests }
    }

    /// A server with the state that the job starts from.
    pub(crate) fn start(&self) -> (Running, NetbirdIntegration) {
        let running = start(self.release);
        running.simulator.edit(|state| *state = self.before.clone());
        let wanted = self.job.wanted(&running);
        (running, wanted)
    }
}

impl Job {
    fn wanted(self, running: &Running) -> NetbirdIntegration {
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

    fn prepare(self, state: &mut State) {
        match self {
            Self::Update => drift(state),
            Self::RotateForEver => {
                let year = Duration::from_secs(360 * 86_400);
                let now = state.now();
                let token = state.tokens.last_mut().unwrap();
                (token.expires, token.expiring) = (Some(now + year), true);
            }
            _ => {}
        }
    }

    pub(crate) fn is_teardown(self) -> bool {
        matches!(self, Self::TearDown | Self::TearDownLeastPrivilege)
    }

    pub(crate) fn is_rotation(self) -> bool {
        matches!(self, Self::Rotate | Self::RotateForEver)
    }

    pub(crate) async fn plan(
        self,
        client: &Client,
        wanted: &NetbirdIntegration,
    ) -> Result<Plan, Error> {
        match self {
            Self::Rotate => client.plan_rotate(wanted, AppPasswordExpiry::Keep).await,
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
