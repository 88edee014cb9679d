//! Killed at every request, before and after authentik has done its work.

use std::fs;
use std::sync::Arc;

use authentik_netbird_core::outputs::parse_setup_env;
use authentik_simulator::{Effect, Fault, Release};

use super::child::{self, Child};
use crate::support::cases::{self, Case, has_time};
use crate::support::job::{CONNECTOR_JOBS, JOBS, Job, Scene};
use crate::support::running::Running;

/// Processes at once.
const AT_ONCE: usize = 4;
/// What was there before.
pub(crate) const OLD: &str =
    "# mine\nNETBIRD_DOMAIN=\"old.company\"\nNETBIRD_DISABLE_LETSENCRYPT=true\n";

struct Kill {
    scene: Arc<Scene>,
    at: u64,
    /// Whether authentik has done its work for the request.
    after: bool,
}

impl Kill {
    fn name(&self) -> String {
        let Self { scene, at, after } = self;
        let when = if *after { "after" } else { "before" };
        format!("{} {:?}: killed {when} request {at}", scene.release, scene.job)
    }

    fn run(&self) {
        let Self { scene, at, after } = self;
        let (running, wanted) = scene.start();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("setup.env");
        fs::write(&path, OLD).unwrap();
        let (place, is_netbirds) = scene.place(*at);
        let fault = Fault::new(Effect::Hang).skip(place).times(1);
        running.add_fault(if *after { fault.after_commit() } else { fault }, is_netbirds);
        let others = running.connections();
        let mut child = Child::with_job(&running, &wanted, scene.job, &path);
        child.wait_until(&self.name(), || {
            let requests = running.requests_to(is_netbirds);
            let request = requests.get(usize::try_from(place).unwrap());
            request.is_some_and(|request| !after || request.committed.is_some())
        });
        assert!(child.kill(), "it waits for an answer");
        child::until_answered(&running, others);
        running.clear_faults();
        assert_eq!(fs::read_to_string(&path).unwrap(), OLD);

        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let job = scene.job;
            let ran = job.run(&running.client, &wanted).await;
            let ran = ran.unwrap_or_else(|error| panic!("then: {}", error.chain()));
            assert_eq!(running.comparable(), scene.undisturbed);
            let again = job.what_is_left(&running.client, &wanted).await.unwrap();
            assert!(!again.has_changes(), "there is left {again}");
            // What a connector needs is in NetBird itself.
            if let Some(outputs) = ran.outputs().filter(|_| !job.is_connector()) {
                // When everything was done, but nobody heard the password, it has to be read.
                let outputs = if outputs.account.as_ref().unwrap().app_password.is_some() {
                    outputs.clone()
                } else {
                    running.client.outputs(&wanted).await.unwrap()
                };
                outputs.netbird_env().write(&path).unwrap();
                has_the_password(&running, &fs::read_to_string(&path).unwrap());
            }
        });
    }
}

impl From<Kill> for Case {
    fn from(kill: Kill) -> Self {
        let name = kill.name();
        let run = async move {
            let ended = tokio::task::spawn_blocking(move || kill.run()).await;
            ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        };
        (name, Box::pin(run))
    }
}

fn has_the_password(running: &Running, setup_env: &str) {
    let key = running.simulator.edit(|state| {
        let user = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
        let token = state.tokens.iter().find(|token| token.user == user).unwrap();
        token.key.to_string()
    });
    let values = parse_setup_env(setup_env).unwrap();
    let password = values["NETBIRD_IDP_MGMT_EXTRA_PASSWORD"].as_ref().unwrap();
    assert_eq!(password.expose(), key, "the password that is there");
    assert!(setup_env.starts_with("# mine\n"), "other lines are kept");
}

#[test]
fn the_next_run_ends_as_an_undisturbed_one() {
    let (releases, jobs): (&[Release], &[Job]) = if has_time() {
        (&[Release::V2025_10, Release::V2026_5], &JOBS)
    } else {
        (&[Release::V2026_5], &[Job::FirstApply, Job::Update, Job::Rotate, Job::TearDown])
    };
    killed(releases, jobs, "killed at every request");
}

#[test]
fn the_next_run_over_two_servers_ends_as_an_undisturbed_one() {
    killed(&[Release::V2026_5], &CONNECTOR_JOBS, "killed at every request to two servers");
}

fn killed(releases: &[Release], jobs: &[Job], what: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut cases = Vec::new();
    for &release in releases {
        for &job in jobs {
            let scene = Arc::new(runtime.block_on(Scene::new(job, release)));
            for at in 0..scene.requests {
                let kill = |after| Kill { scene: Arc::clone(&scene), at, after };
                cases.extend([false, true].map(kill));
            }
        }
    }
    let all = cases::run(what, "kill_cases", AT_ONCE, 1, cases.into_iter());
    runtime.block_on(all);
}
