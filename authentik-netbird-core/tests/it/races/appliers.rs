//! Two to sixteen appliers of the same integration at once.

use std::sync::Arc;
use std::time::Duration;

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::report::{OperationState, Verb};
use authentik_netbird_core::{Client, Error, NetbirdIntegration, Plan};
use authentik_simulator::Release;
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::AT_ONCE;
use super::assertions::{has_what_netbird_needs, key};
use super::names::NETBIRDS;
use super::reports::{Others, reports_are_exact};
use super::run::{Ran, apply, run};
use crate::support::cases::{self, Case, has_time};
use crate::support::job::{CONNECTOR_JOBS, JOBS, Job, Scene};
use crate::support::running::Running;
use authentik_simulator::netbird::NetbirdSimulator;

/// The longest wait between the stages of a request.
pub(crate) const JITTER: Duration = Duration::from_millis(3);

/// Operations that create what authentik has a unique key for, on every release.
const UNIQUE: [&str; 6] =
    ["provider", "application", "service-account", "app-password", "device-flow", "role"];

pub(crate) fn client(running: &Running) -> Client {
    running.builder().build().unwrap()
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
        running.set_jitter(JITTER, self.seed);
        let clients: Vec<Client> = (0..self.many).map(|_| client(&running)).collect();
        let ran = self.at_once(&clients, &wanted).await;
        running.set_jitter(Duration::ZERO, 0);
        for one in &ran {
            let is_excused = gave_way(one);
            assert!(one.result.is_ok() || is_excused, "{}", one.text());
        }
        if !lost_its_account(&running, &ran) {
            reports_are_exact(&running, &ran, Others::Runs);
            each_was_created_by_one(&ran);
            self.outputs_are_true(&running, &ran);
        }
        self.one_more_run_ends_undisturbed(&running, &wanted).await;
    }

    async fn at_once(&self, clients: &[Client], wanted: &NetbirdIntegration) -> Vec<Ran> {
        let job = self.scene.job;
        if !self.plans_first {
            return join_all(clients.iter().map(|client| run(job, client, wanted))).await;
        }
        let plans = join_all(clients.iter().map(|client| job.plan(client, wanted))).await;
        let one = async |(client, plan): (&Client, Result<Plan, Error>)| match plan {
            Ok(plan) => apply(client, plan).await,
            Err(error) => Ran { plan: None, result: Err(error) },
        };
        join_all(clients.iter().zip(plans).map(one)).await
    }

    fn outputs_are_true(&self, running: &Running, ran: &[Ran]) {
        let outputs = ran.iter().filter_map(Ran::outputs);
        if !self.scene.job.is_rotation() {
            outputs.for_each(|one| has_what_netbird_needs(running, NETBIRDS[0], one));
            return;
        }

        // Of several rotations the last one holds.
        let is_connector = self.scene.job.is_connector();
        let now = running.simulator.edit(|state| {
            if is_connector {
                return state.providers[0].client_secret.to_string();
            }
            key(state, NETBIRDS[0])
        });
        let rotated = |one: &'_ Outputs| match &one.connector {
            Some(connector) => connector.client_secret.clone(),
            None => one.account.as_ref()?.app_password.clone(),
        };
        let holds = outputs.filter_map(rotated).filter(|secret| secret.expose() == now).count();
        assert_eq!(holds, 1, "one of them has the value that authentik has");
        let netbird = running.netbird.as_ref();
        let has = |netbird: &NetbirdSimulator| {
            netbird.edit(|state| {
                state.connectors.iter().all(|one| one.client_secret.to_string() == now)
            })
        };
        let is_said = ran.iter().any(|one| one.result.is_err());
        assert!(
            is_said || netbird.is_none_or(has),
            "NetBird has another secret, and nobody says so"
        );
    }

    async fn one_more_run_ends_undisturbed(&self, running: &Running, wanted: &NetbirdIntegration) {
        let job = self.scene.job;
        let last = job.run(&running.client, wanted).await;
        last.unwrap_or_else(|error| panic!("one more run: {}", error.chain()));
        running.is_as_undisturbed(&self.scene.undisturbed, "after one more run");
        let left = job.what_is_left(&running.client, wanted).await.unwrap();
        assert!(!left.has_changes(), "there is left {left}");
    }
}

/// Whether a run named its account after another one looked at it last, and before that one deleted it for left over:
/// ARCHITECTURE.md promises no more, since authentik has no conditional write. Then that account is gone, or there
/// is another one; what the next run makes of it is as ever.
fn lost_its_account(running: &Running, ran: &[Ran]) -> bool {
    let applied =
        |id: &str| ran.iter().filter(|one| one.state(id) == Some(&OperationState::Applied)).count();
    let is_there = running.simulator.edit(|state| NETBIRDS[0].account(state).is_some());
    applied("service-account-unnamed") > 0 && applied("service-account") > usize::from(is_there)
}

/// Whether all that failed did so because another run was faster. What gives rights is never taken for its
/// own by the run that did not create it; and until 2025.10 only one group can give a role.
fn gave_way(ran: &Ran) -> bool {
    let entries = || ran.report().into_iter().flat_map(|report| &report.entries);
    let is_excused = |id: &str, message: &str| match id {
        "app-password" => message.contains("perhaps another run, created one of this name"),
        // Another run found the account without its name, and deleted it.
        "service-account" => message.contains("returned 404"),
        // Another run named it before it was deleted.
        "service-account-unnamed" => message.contains("has just given it its name"),
        "rights-group-role" => message.contains("Roles can only be used with a single group"),
        // Another run created it and put its account in.
        "rights-group" if message.contains("after the plan, and differs in users") => true,
        _ => message.contains("perhaps created by somebody else"),
    };
    entries().next().is_some()
        && entries().all(|entry| match &entry.state {
            OperationState::Failed { message } | OperationState::Unknown { message } => {
                is_excused(entry.operation.as_str(), message)
            }
            _ => true,
        })
}

/// Of what has a unique key, one created it; the others found it, or had nothing to do.
fn each_was_created_by_one(ran: &[Ran]) {
    for id in UNIQUE {
        let creates = |ran: &&Ran| {
            let mut changes = ran.plan.iter().flat_map(Plan::changes);
            changes.any(|one| one.id.as_str() == id && one.verb() == Verb::Create)
        };
        let creators: Vec<&Ran> = ran.iter().filter(creates).collect();
        let applied = |ran: &&&Ran| ran.state(id) == Some(&OperationState::Applied);
        let count = creators.iter().filter(applied).count();
        let texts = || ran.iter().map(Ran::text).collect::<Vec<_>>().join("\n");
        // One that another run takes for left over is created twice.
        let is_again = id == "app-password" && count > 1;
        // Each gave way to another one: the next run completes it.
        let is_again = is_again || count == 0 && creators.iter().all(|ran| gave_way(ran));
        let is_one = count == usize::from(!creators.is_empty());
        assert!(is_one || is_again, "{count} created {id} in\n{}", texts());
    }
}

async fn crowds(release: Release, jobs: &[Job]) {
    let mut cases: Vec<Case> = Vec::new();
    let (sizes, seeds): (&[usize], u64) =
        if has_time() { (&[2, 3, 4, 6, 8, 12, 16], 6) } else { (&[2, 5, 16], 1) };
    for &job in jobs {
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
    crowds(Release::V2025_10, &JOBS).await;
}

#[tokio::test]
async fn many_appliers_make_one_set_of_objects_on_2026_5() {
    crowds(Release::V2026_5, &JOBS).await;
}

#[tokio::test]
async fn many_appliers_connect_two_servers() {
    crowds(Release::V2026_5, &CONNECTOR_JOBS).await;
}
