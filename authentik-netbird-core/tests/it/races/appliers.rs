//! Two to sixteen appliers of the same integration at once.

use std::sync::Arc;
use std::time::Duration;

use authentik_netbird_core::plan::{OperationState, Verb, WarningKind};
use authentik_netbird_core::{Client, Error, NetbirdIntegration};
use authentik_simulator::Release;
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::AT_ONCE;
use super::assertions::{all_writes_are_told, has_what_netbird_needs, key, report, said};
use super::names::NETBIRDS;
use super::run::{self, apply};
use crate::support::cases::{self, Case, has_time};
use crate::support::job::{JOBS, Scene};
use crate::support::running::{Running, comparable};

/// The longest wait between the stages of a request.
pub(crate) const JITTER: Duration = Duration::from_millis(3);

/// What only one of several can make.
const MADE_ONCE: [&str; 11] = [
    "provider",
    "application",
    "service-account",
    "app-password",
    "device-flow",
    "role",
    "rights-group",
    "access-group-1",
    "access-account",
    "access-1",
    "access-2",
];

pub(crate) fn client(running: &Running) -> Client {
    Client::builder(running.simulator.url()).token(running.simulator.token()).build().unwrap()
}

/// One job, done by several at once.
struct Crowd {
    scene: Arc<Scene>,
    many: usize,
    /// Whether everyone has a plan before anyone applies his.
    plans_first: bool,
    seed: u64,
}

impl Crowd {
    async fn run(self) {
        let (running, wanted) = self.scene.start();
        running.simulator.set_jitter(JITTER, self.seed);
        let clients: Vec<Client> = (0..self.many).map(|_| client(&running)).collect();
        let ran = self.at_once(&clients, &wanted).await;
        running.simulator.set_jitter(Duration::ZERO, 0);
        for one in &ran {
            assert!(one.is_ok(), "{}", said(one));
        }
        all_writes_are_told(&running, &ran);
        assert_eq!(comparable(&running.simulator), self.scene.undisturbed);
        Self::each_was_made_by_one(&ran);
        self.outputs_are_true(&running, &ran);
        for client in &clients {
            let next = self.scene.job.plan(client, &wanted).await.unwrap();
            assert!(!next.has_changes(), "there is left {next}");
            let told = next.warnings.iter().any(|one| one.kind == WarningKind::DoubleBinding);
            assert!(!told, "{next}");
        }
    }

    async fn at_once(&self, clients: &[Client], wanted: &NetbirdIntegration) -> Vec<run::Result> {
        let job = self.scene.job;
        if !self.plans_first || job.is_rotation() {
            return join_all(clients.iter().map(|client| run::run(job, client, wanted))).await;
        }
        let plans = join_all(clients.iter().map(|client| job.plan(client, wanted))).await;
        let one = async |(client, plan): (&Client, Result<_, Error>)| apply(client, &plan?).await;
        join_all(clients.iter().zip(plans).map(one)).await
    }

    /// Of what can be made once, one made it; the others found it, or had nothing to do.
    fn each_was_made_by_one(ran: &[run::Result]) {
        let entries: Vec<_> =
            ran.iter().filter_map(report).flat_map(|report| &report.entries).collect();
        let is_once = |verb: Verb| verb == Verb::Create || verb == Verb::Delete;
        for id in MADE_ONCE {
            let of: Vec<_> = entries
                .iter()
                .filter(|entry| entry.operation.as_str() == id && is_once(entry.verb))
                .collect();
            let done = of.iter().filter(|entry| entry.state == OperationState::Done).count();
            assert_eq!(done, usize::from(!of.is_empty()), "{id} in\n{entries:#?}");
        }
    }

    fn outputs_are_true(&self, running: &Running, ran: &[run::Result]) {
        let outputs = ran.iter().flatten().filter_map(|ran| ran.outputs.as_ref());
        if !self.scene.job.is_rotation() {
            outputs.for_each(|one| has_what_netbird_needs(running, NETBIRDS[0], one));
            return;
        }
        // Of several rotations the last one holds.
        let now = running.simulator.edit(|state| key(state, NETBIRDS[0]));
        let is_it = |password: &authentik_netbird_core::Secret| password.expose() == now;
        let holds = outputs
            .filter_map(|one| one.account.as_ref()?.app_password.as_ref())
            .filter(|password| is_it(password))
            .count();
        assert_eq!(holds, 1, "one of them has the value that authentik has");
    }
}

async fn crowds(release: Release) {
    let mut cases: Vec<Case> = Vec::new();
    let (sizes, seeds): (&[usize], u64) =
        if has_time() { (&[2, 3, 4, 6, 8, 12, 16], 6) } else { (&[2, 5, 16], 1) };
    for job in JOBS {
        let scene = Arc::new(Scene::new(job, release).await);
        for &many in sizes {
            for plans_first in [true, false] {
                for seed in 0..seeds {
                    let name = format!(
                        "{release} {job:?}: {many} at once, plans first: {plans_first}, seed {seed}"
                    );
                    let crowd = Crowd { scene: Arc::clone(&scene), many, plans_first, seed };
                    cases.push((name, crowd.run().boxed()));
                }
            }
        }
    }
    let what = format!("appliers, {release}");
    cases::run(&what, "race_histories", AT_ONCE, 1, cases.into_iter()).await;
}

#[tokio::test]
async fn many_appliers_make_one_set_of_objects_on_2025_10() {
    crowds(Release::V2025_10).await;
}

#[tokio::test]
async fn many_appliers_make_one_set_of_objects_on_2026_5() {
    crowds(Release::V2026_5).await;
}
