//! Different things at once: two NetBirds, a rotation and an apply, a teardown and an apply.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_simulator::{Effect, Fault, Release};
use futures_util::FutureExt;
use serde_json::Value;

use super::AT_ONCE;
use super::appliers::{JITTER, client};
use super::assertions::{duplicates, has_what_netbird_needs, nothing_is_double, nothing_is_left};
use super::names::{NETBIRDS, Names};
use super::reports::{Others, reports_are_exact};
use super::run::run;
use crate::support::cases::{self, Case, has_time};
use crate::support::job::Job;
use crate::support::running::{Running, comparable, is_as_undisturbed, start};
use crate::support::story::{self, Server};

/// How many objects existed twice after a race: what one more apply has to remove.
static DUPLICATES: AtomicUsize = AtomicUsize::new(0);

/// Who does what at the same time, after both NetBirds, or one of them, were set up or not.
#[derive(Clone, Copy, Debug)]
enum Scene {
    /// Both are set up.
    BothSetUp,
    /// One is set up while the other is torn down.
    OneComesOneGoes,
    /// One's app password is rotated while an apply puts drift right.
    RotationAndApply,
    /// The same where the app password is gone, so that the apply makes a new one.
    RotationAndNewPassword,
    /// One is torn down while an apply puts drift right.
    TeardownAndApply,
    /// The same by two of each.
    TeardownsAndApplies,
    /// Three bind an application that is there, for which authentik has no unique key.
    ThreeBind,
    /// The same, and then the responses to what takes the others away are lost.
    ThreeBindUnheard,
    /// Three create the group that gives the account its rights. Until 2025.10 the server accepts several of
    /// a name, and gives the role to one of them.
    ThreeGiveRights,
}

const SCENES: [Scene; 9] = [
    Scene::BothSetUp,
    Scene::OneComesOneGoes,
    Scene::RotationAndApply,
    Scene::RotationAndNewPassword,
    Scene::TeardownAndApply,
    Scene::TeardownsAndApplies,
    Scene::ThreeBind,
    Scene::ThreeBindUnheard,
    Scene::ThreeGiveRights,
];

impl Scene {
    fn actors(self) -> Vec<(Names, Job)> {
        let [first, second] = NETBIRDS;
        match self {
            Self::BothSetUp => vec![(first, Job::FirstApply), (second, Job::FirstApply)],
            Self::OneComesOneGoes => vec![(first, Job::TearDown), (second, Job::FirstApply)],
            Self::RotationAndApply | Self::RotationAndNewPassword => {
                vec![(first, Job::Rotate), (first, Job::Update)]
            }
            Self::TeardownAndApply => vec![(first, Job::TearDown), (first, Job::Update)],
            Self::TeardownsAndApplies => vec![
                (first, Job::TearDown),
                (first, Job::Update),
                (first, Job::TearDown),
                (first, Job::Update),
            ],
            Self::ThreeBind | Self::ThreeBindUnheard | Self::ThreeGiveRights => {
                vec![(first, Job::Update); 3]
            }
        }
    }

    async fn prepare(self, running: &Running, wanted: &NetbirdIntegration) {
        running.simulator.edit(|state| {
            state.add_group("vpn");
        });
        if !matches!(self, Self::BothSetUp) {
            story::converge(&running.client, wanted).await;
        }
        running.simulator.edit(|state| {
            if let Some(application) = NETBIRDS[0].application(state) {
                "Drifted".clone_into(&mut application.name);
            }
            if let Some(provider) = NETBIRDS[0].provider(state) {
                "confidential".clone_into(&mut provider.client_type);
            }
            if matches!(self, Self::ThreeBind | Self::ThreeBindUnheard) {
                state.policy_bindings.clear();
            }
            if matches!(self, Self::ThreeGiveRights) {
                let reader = NETBIRDS[0].reader();
                state.groups.retain(|group| group.name != reader);
                let user = NETBIRDS[0].account(state).unwrap().pk;
                state.users.retain(|one| one.pk != user);
                state.tokens.retain(|token| token.user != user);
            }
            if matches!(self, Self::RotationAndNewPassword) {
                let user = NETBIRDS[0].account(state).unwrap().pk;
                state.tokens.retain(|token| token.user != user);
            }
        });
    }

    /// The server's state where nobody meets: both NetBirds are set up, one after the other.
    async fn undisturbed(self, release: Release, rights: ServiceAccount) -> Value {
        let running = start(release);
        let wanted = NETBIRDS.map(|of| of.wanted(running.simulator.url(), rights));
        self.prepare(&running, &wanted[0]).await;
        for one in &wanted {
            story::converge(&running.client, one).await;
        }
        comparable(&running.simulator)
    }

    async fn run(
        self,
        release: Release,
        rights: ServiceAccount,
        seed: u64,
        undisturbed: Arc<Value>,
    ) {
        let running = start(release);
        let wanted = |of: Names| of.wanted(running.simulator.url(), rights);
        self.prepare(&running, &wanted(NETBIRDS[0])).await;
        running.simulator.clear_requests();
        running.simulator.set_jitter(JITTER, seed);
        let each = self.actors().into_iter().map(async |(of, job)| {
            let client: Client = client(&running);
            run(job, &client, &wanted(of)).await
        });
        let ran = futures_util::future::join_all(each).await;
        running.simulator.set_jitter(std::time::Duration::ZERO, 0);
        reports_are_exact(&running, &ran, Others::Runs);
        DUPLICATES.fetch_add(running.simulator.edit(|state| duplicates(state)), Ordering::Relaxed);

        if matches!(self, Self::ThreeBindUnheard) {
            // What takes the second and the third one away is not heard of: lost before and after.
            let lost = Fault::new(Effect::Cut).on_method("DELETE").on_path("/policies/bindings/");
            running.simulator.add_fault(lost.clone().times(2).after_commit());
            running.simulator.add_fault(lost.times(1));
        }
        let server = Server::new(running.simulator.url(), running.simulator.token());
        for of in NETBIRDS {
            let wanted = wanted(of);
            let is_there = running.simulator.edit(|state| of.provider(state).is_some());
            story::converge(&running.client, &wanted).await;
            let outputs = running.client.outputs(&wanted).await.unwrap();
            has_what_netbird_needs(&running, of, &outputs);
            story::netbird_logs_in(&server, &outputs).await;
            assert!(is_there || !matches!(self, Self::BothSetUp));
        }
        running.simulator.clear_faults();
        running.simulator.edit(|state| nothing_is_double(state));
        is_as_undisturbed(&running.simulator, &undisturbed, "after one more apply");
        for of in NETBIRDS {
            let plan = running.client.plan_teardown(&wanted(of)).await.unwrap();
            running.client.apply(&plan).await.unwrap();
            let again = running.client.plan_teardown(&wanted(of)).await.unwrap();
            assert!(!again.has_changes(), "there is left {again}");
        }
        running.simulator.edit(|state| {
            for of in NETBIRDS {
                nothing_is_left(state, of);
            }
        });
    }
}

#[tokio::test]
async fn two_netbirds_and_different_jobs_at_once() {
    let mut cases: Vec<Case> = Vec::new();
    for rights in [ServiceAccount::Administrator, ServiceAccount::UserReader] {
        for (turn, release) in [Release::V2026_5, Release::V2025_10].into_iter().enumerate() {
            for scene in SCENES {
                let undisturbed = Arc::new(scene.undisturbed(release, rights).await);
                for seed in (0..if has_time() { 60 } else { 4 }).skip(turn).step_by(2) {
                    let name = format!("{release} {scene:?} {rights:?} seed {seed}");
                    let run = scene.run(release, rights, seed, Arc::clone(&undisturbed));
                    cases.push((name, run.boxed()));
                }
            }
        }
    }
    cases::run("at once", "race_histories", AT_ONCE, 1, cases.into_iter()).await;
    let duplicates = DUPLICATES.load(Ordering::Relaxed);
    println!("race_duplicates: {duplicates}");
    let is_selection = std::env::var_os("AUTHENTIK_NETBIRD_CASE").is_some();
    assert!(duplicates > 0 || is_selection, "no two runs created the same");
}
