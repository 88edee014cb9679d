//! One job, disturbed at one place or at two, and what must hold then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::plan::{Plan, WarningKind};
use authentik_netbird_core::report::{ApplyReport, OperationState, ReportEntry};
use authentik_netbird_core::{
    Client, ConnectionOptions, Error, ErrorKind, NetbirdIntegration, Outcome,
};
use authentik_simulator::{Effect, State};
use serde_json::Value;

use crate::support::cases;
use crate::support::faults::{FaultKind, IMPATIENCE};
use crate::support::job::{Job, Scene};
use crate::support::running::Running;

/// How long a run goes on trying, for each of its requests.
const RETRY: Duration = Duration::from_millis(250);
/// The same where trouble passes: no busy machine uses that up.
const PATIENCE: Duration = Duration::from_secs(30);
/// What ARCHITECTURE.md promises: one round trip of reads or writes, its look-up included, takes no
/// more than twice time-out and retrying. There are five at most; the rest is for a busy machine.
const BUDGET: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) scene: Arc<Scene>,
    /// From which request on, and what.
    pub(crate) faults: Vec<(u64, FaultKind)>,
    /// Whether each strikes once, or from there on.
    pub(crate) once: bool,
}

impl From<Case> for cases::Case {
    fn from(case: Case) -> Self {
        (case.name(), Box::pin(case.run()))
    }
}

/// The secrets of a server, old and new.
type Secrets = Vec<String>;

impl Case {
    pub(crate) fn name(&self) -> String {
        let Scene { job, release, .. } = &*self.scene;
        let faults = self.faults.iter().map(|(place, fault)| format!("{} at {place}", fault.name));
        let how = if self.once { "once" } else { "from then on" };
        format!("{release} {job:?}: {} ({how})", faults.collect::<Vec<_>>().join(", "))
    }

    pub(crate) async fn run(self) {
        let (running, wanted) = self.scene.start();
        let old = keys(&running);
        for (place, fault) in &self.faults {
            self.scene.add_fault(&running, *place, fault, self.once);
        }
        let client = self.client(&running);
        let started = Instant::now();
        let plan = self.scene.job.plan(&client, &wanted).await;
        let is_half = plan.as_ref().is_ok_and(is_of_authentik_alone);
        let ran = match plan {
            Ok(plan) => client.apply(&plan).await,
            Err(error) => Err(error),
        };
        assert!(started.elapsed() < BUDGET, "took {:?}", started.elapsed());
        self.late_work_is_done(&running).await;
        running.clear_faults();

        let secrets = [old.clone(), keys(&running), netbirds_secrets(&running)].concat();
        if let Err(error) = &ran {
            tells_no_secret(error, &secrets);
        }
        let may_fail = self.faults.iter().any(|(_, fault)| !fault.passes) || !self.once;
        let is_excused = is_only_unknown(&ran) || is_unreachable_for_netbird(&ran);
        if let (Err(error), false) = (&ran, may_fail || is_excused) {
            panic!("a fault that passes is survived: {}", error.chain());
        }
        let is_told = |fault: &FaultKind| fault.says_gone() || (fault.hides_uses() && ran.is_ok());
        let deceived =
            self.scene.job.is_teardown() && self.faults.iter().any(|one| is_told(&one.1));
        if !deceived {
            let mut undisturbed = self.scene.undisturbed.clone();
            if is_half {
                undisturbed["netbird"] = running.comparable()["netbird"].clone();
            }
            self.is_true(&running, &wanted, &ran, (&old, &undisturbed)).await;
        }
        self.the_next_run_ends_well(&running, &wanted).await;
    }

    fn client(&self, running: &Running) -> Client {
        let silent = self.faults.iter().any(|(_, fault)| fault.silent);
        let options = ConnectionOptions::new()
            .timeout(if silent { IMPATIENCE } else { BUDGET })
            .retry_timeout(if self.once { PATIENCE } else { RETRY });
        running.builder().options(options).build().unwrap()
    }

    /// What was begun is finished, although nobody waits for it.
    async fn late_work_is_done(&self, running: &Running) {
        if !self.faults.iter().any(|(_, fault)| fault.is_late()) {
            return;
        }
        // Those whose answer never comes are not finished, ever.
        let hung = self.faults.iter().filter(|(_, fault)| fault.effect == Effect::Hang).count();
        let deadline = Instant::now() + BUDGET;
        let open = || {
            let requests = running.requests();
            requests.iter().filter(|request| request.finished.is_none()).count()
        };
        while open() > hung {
            assert!(Instant::now() < deadline, "{:?}", running.requests());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What was said of the run is so.
    async fn is_true(
        &self,
        running: &Running,
        wanted: &NetbirdIntegration,
        ran: &Result<Outcome, Error>,
        (old, undisturbed): (&Secrets, &Value),
    ) {
        match ran {
            Ok(outcome) => {
                running.is_as_undisturbed(undisturbed, "now");
                if let Some(outputs) = outcome.outputs() {
                    has_what_netbird_needs(running, outputs, self.scene.job.is_rotation(), old);
                }
            }
            Err(Error::PartialApply { report, .. }) => {
                self.report_is_true(running, wanted, report, old).await;
            }
            Err(error) => {
                let writes = running.writes();
                assert_eq!(writes, 0, "{writes} writes, and no report: {}", error.chain());
            }
        }
    }

    async fn report_is_true(
        &self,
        running: &Running,
        wanted: &NetbirdIntegration,
        report: &ApplyReport,
        old: &Secrets,
    ) {
        let left = self.scene.job.plan(&running.client, wanted).await;
        let left = left.unwrap_or_else(|error| panic!("{}\nafter {report}", error.chain()));
        let has_old_key = keys(running) == *old;
        let is_left = |entry: &ReportEntry| {
            if self.is_rotation_of(entry) {
                // It can always be planned again: the value itself shows whether it was done.
                return has_old_key;
            }
            if self.scene.job == Job::RotateConnector {
                return has_old_key || !running.netbird_has_the_secret();
            }
            left.changes().any(|operation| operation.id == entry.operation)
        };
        // An account that has not got its name is created again, with its app password and its binding.
        let is_created_again = |entry: &ReportEntry| {
            ["app-password", "access-account", "api-access"].contains(&entry.operation.as_str())
                && left.changes().any(|one| one.id.as_str() == "service-account-unnamed")
        };
        // What is read for another operation is read again with it; one that was not read is not reported as such.
        let is_unread = |entry: &ReportEntry| match &entry.state {
            OperationState::Failed { message } => message.contains("returned no secret"),
            _ => false,
        };
        assert!(!report.entries.iter().any(is_unread), "{report}");
        let changes = |entry: &&ReportEntry| {
            entry.operation.as_str() != "client-secret" || self.is_rotation_of(entry)
        };
        for entry in report.entries.iter().filter(changes) {
            let is_left = is_left(entry);
            let is_true = match &entry.state {
                OperationState::Applied | OperationState::AlreadyApplied => {
                    !is_left || is_created_again(entry)
                }
                // Rejected, it was not ours; that another one exists, and may well do, is a different matter.
                OperationState::Failed { message }
                    if ["must be unique", "it was created after the plan, and differs"]
                        .iter()
                        .any(|why| message.contains(why)) =>
                {
                    true
                }
                OperationState::Failed { .. } | OperationState::Skipped => is_left,
                OperationState::Unknown { .. } | OperationState::Unchanged => true,
                _ => false,
            };
            assert!(is_true, "{} is left: {is_left}\n{report}\nleft is {left}", entry.operation);
        }
    }

    fn is_rotation_of(&self, entry: &ReportEntry) -> bool {
        let rotated = ["app-password", "client-secret"];
        self.scene.job.is_rotation() && rotated.contains(&entry.operation.as_str())
    }

    async fn the_next_run_ends_well(&self, running: &Running, wanted: &NetbirdIntegration) {
        let job = self.scene.job;
        let old = keys(running);
        let ran = job.run(&running.client, wanted).await;
        let ran = ran.unwrap_or_else(|error| panic!("then: {}", error.chain()));
        running.is_as_undisturbed(&self.scene.undisturbed, "then");
        if let Some(outputs) = ran.outputs() {
            has_what_netbird_needs(running, outputs, job.is_rotation(), &old);
        }
        let again = job.what_is_left(&running.client, wanted).await.unwrap();
        assert!(!again.has_changes(), "there is left {again}");
    }
}

/// Whether NetBird was not reached: the other half is planned, and says so.
fn is_of_authentik_alone(plan: &Plan) -> bool {
    plan.warnings.iter().any(|warning| warning.kind == WarningKind::NetbirdUnread)
}

/// Whether all that went wrong is a binding that authentik may have created or not, or an identity provider that
/// NetBird may have created or not, which is not sent twice, because the server would create two; or a role or
/// group that the run may have created, or somebody else.
fn is_only_unknown(ran: &Result<Outcome, Error>) -> bool {
    let Err(Error::PartialApply { report, .. }) = ran else { return false };
    report.entries.iter().all(|entry| match &entry.state {
        OperationState::Unknown { message } => match entry.resource.kind.as_str() {
            "policy_binding" | "identity_provider" => true,
            "role" | "group" => message.contains("perhaps created by somebody else"),
            _ => false,
        },
        OperationState::Failed { .. } => false,
        _ => true,
    })
}

/// Whether all that went wrong is that NetBird did not get authentik's discovery document: it says so, and does
/// nothing.
fn is_unreachable_for_netbird(ran: &Result<Outcome, Error>) -> bool {
    let Err(Error::PartialApply { report, .. }) = ran else { return false };
    report.entries.iter().all(|entry| match &entry.state {
        OperationState::Failed { message } => message.contains("identity provider issuer"),
        OperationState::Unknown { .. } => false,
        _ => true,
    })
}

/// NetBird logs in with the client id and the password that authentik has now.
fn has_what_netbird_needs(running: &Running, outputs: &Outputs, rotated: bool, old: &Secrets) {
    running.simulator.edit(|state| {
        let provider = state.providers.iter().find(|provider| provider.name == "NetBird").unwrap();
        assert_eq!(outputs.client_id.as_str(), provider.client_id);
        if let Some(connector) = &outputs.connector {
            let secret = &*provider.client_secret;
            assert!(connector.client_secret.as_ref().is_none_or(|has| has.expose() == secret));
            assert!(!rotated || !old.iter().any(|one| one == secret), "a rotation makes a new one");
            return;
        }
        let password = outputs.account.as_ref().unwrap().app_password.as_ref();
        let key = netbird_key(state);
        match password {
            Some(password) => assert_eq!(password.expose(), key, "the password that is there"),
            // When there was nothing to do it is not read, and setup.env keeps what it has.
            None => assert!(old.contains(&key), "a new password, and nobody hears of it"),
        }
        assert!(!rotated || !old.contains(&key), "a rotation makes a new one");
    });
}

fn netbird_key(state: &State) -> String {
    let user = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
    let token = state.tokens.iter().find(|token| token.user == user).unwrap();
    token.key.to_string()
}

fn keys(running: &Running) -> Secrets {
    running.simulator.edit(|state| {
        let keys = state.tokens.iter().map(|token| token.key.to_string());
        keys.chain(state.providers.iter().map(|one| one.client_secret.to_string())).collect()
    })
}

fn netbirds_secrets(running: &Running) -> Secrets {
    let Some(netbird) = &running.netbird else { return Vec::new() };
    netbird.edit(|state| {
        let tokens = state.tokens.iter().map(|token| token.token.to_string());
        let connectors = state.connectors.iter().map(|one| one.client_secret.to_string());
        tokens.chain(connectors.filter(|secret| secret != "another")).collect()
    })
}

fn tells_no_secret(error: &Error, secrets: &Secrets) {
    let mut texts = vec![error.chain(), format!("{error} {error:?} {:?}", error.hint())];
    if let Error::PartialApply { report, .. } = error {
        texts.push(format!("{report} {report:?} {}", serde_json::to_string(report).unwrap()));
        assert_eq!(error.kind(), ErrorKind::PartialApply);
    }
    for (text, secret) in texts.iter().flat_map(|text| secrets.iter().map(move |one| (text, one))) {
        assert!(!text.contains(secret.as_str()), "a secret in: {text}");
    }
}
