//! The process that is killed: this test's own program, started once more.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{Client, NetbirdIntegration};
use serde_json::{Value, json};

use crate::support::job::{CONNECTOR_JOBS, JOBS, Job};
use crate::support::running::Running;

/// What the process is to do, as JSON.
const ORDER: &str = "AUTHENTIK_NETBIRD_KILLED";
const SIGKILL: i32 = 9;
/// Far more than a busy machine takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running process. It is killed when it is dropped.
pub(crate) struct Child(std::process::Child);

impl Child {
    /// Starts a process that does a job and writes `setup.env` at the end.
    pub(crate) fn with_job(
        running: &Running,
        wanted: &NetbirdIntegration,
        job: Job,
        path: &Path,
    ) -> Self {
        Self::start(&json!({
            "integration": wanted,
            "token": running.simulator.token(),
            "netbird": running.netbird.as_ref().map(|one| (one.url(), one.token())),
            "job": format!("{job:?}"),
            "path": path,
        }))
    }

    /// Starts a process that writes two `setup.env` in turn, without end.
    pub(crate) fn writing(wanted: &NetbirdIntegration, path: &Path) -> Self {
        Self::start(&json!({"integration": wanted, "path": path}))
    }

    fn start(order: &Value) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "killed::child::does_as_it_is_told", "--nocapture"]);
        command.env(ORDER, order.to_string()).stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// Waits until something is so. The process must not end before that.
    pub(crate) fn wait_until(&mut self, what: &str, is_so: impl Fn() -> bool) {
        self.wait(what, is_so, || std::thread::sleep(Duration::from_millis(1)));
    }

    /// The same for what does not last.
    pub(crate) fn catch(&mut self, what: &str, is_so: impl Fn() -> bool) {
        self.wait(what, is_so, std::thread::yield_now);
    }

    fn wait(&mut self, what: &str, is_so: impl Fn() -> bool, pause: impl Fn()) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            let ended = self.0.try_wait().unwrap();
            assert!(ended.is_none() || is_so(), "{ended:?}, waiting for {what}");
            assert!(Instant::now() < deadline, "waiting for {what}");
            pause();
        }
    }

    /// Kills it. Returns whether that is what it died of.
    pub(crate) fn kill(mut self) -> bool {
        // Fails where it has ended by itself.
        let _ = self.0.kill();
        self.0.wait().unwrap().signal() == Some(SIGKILL)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until what the killed process sent is answered, or its connections have ended, so that the next run does
/// not meet it: until no more connections are open than before.
pub(crate) fn until_answered(running: &Running, before: (usize, usize)) {
    let deadline = Instant::now() + PATIENCE;
    let is_more = |now: (usize, usize)| now.0 > before.0 || now.1 > before.1;
    while is_more(running.connections()) {
        assert!(Instant::now() < deadline, "connections: {:?}", running.connections());
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Two that differ, and are of one length.
pub(crate) fn two_outputs(wanted: &NetbirdIntegration) -> [Outputs; 2] {
    ["first-client-id", "other-client-id"].map(|client_id| {
        let url = wanted.authentik_url().clone();
        Outputs::new(url, "netbird.company", "netbird".into(), client_id.into())
    })
}

#[test]
#[ignore = "the process that the other tests start and kill"]
fn does_as_it_is_told() {
    #[expect(clippy::disallowed_methods, reason = "how it is told")]
    let order = std::env::var(ORDER).unwrap();
    let order: Value = serde_json::from_str(&order).unwrap();
    let wanted: NetbirdIntegration = serde_json::from_value(order["integration"].clone()).unwrap();
    let path = order["path"].as_str().unwrap();
    let Some(job) = order["job"].as_str() else {
        let outputs = two_outputs(&wanted);
        loop {
            for one in &outputs {
                one.netbird_env().write(path).unwrap();
            }
        }
    };
    let mut jobs = JOBS.into_iter().chain(CONNECTOR_JOBS);
    let job = jobs.find(|one| format!("{one:?}") == job).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let token = order["token"].as_str().unwrap();
        let builder = Client::builder(wanted.authentik_url().as_str()).token(token);
        let netbird = &order["netbird"];
        let client = match netbird[0].as_str().zip(netbird[1].as_str()) {
            Some((url, token)) => builder.netbird(url, token),
            None => builder,
        };
        let client = client.build().unwrap();
        let ran = job.run(&client, &wanted).await;
        let ran = ran.unwrap_or_else(|error| panic!("{}", error.chain()));
        if let Some(outputs) = ran.outputs().filter(|_| !job.is_connector()) {
            outputs.netbird_env().write(path).unwrap();
        }
    });
}
