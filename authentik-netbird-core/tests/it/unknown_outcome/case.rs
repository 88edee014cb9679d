//! One write, disturbed in one way.

use std::time::{Duration, Instant};

use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::report::{ApplyReport, OperationState};
use authentik_netbird_core::{Client, ConnectionOptions, Error, ErrorKind, Outcome};
use authentik_simulator::{Effect, Fault, Release};
use serde_json::Value;

use super::writes::{Start, Write, differ, is_done};
use crate::support::running::{Running, comparable};
use crate::support::story::{self, Server};

/// Far more than any run takes; a wait without bounds is what it is to find.
const BUDGET: Duration = Duration::from_secs(20);

#[derive(Clone, Debug)]
pub(crate) enum Disturbance {
    Fault {
        effect: Effect,
        after: bool,
        once: bool,
    },
    /// The write's answer is lost, and then no read is answered.
    Blind,
    /// Someone else makes it between plan and write.
    Race {
        same: bool,
    },
}

#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) release: Release,
    pub(crate) start: Start,
    pub(crate) write: Write,
    pub(crate) disturbance: Disturbance,
    pub(crate) undisturbed: Value,
}

impl Case {
    pub(crate) async fn run(self) {
        let name = format!(
            "{} {:?} {} {:?}",
            self.release, self.start, self.write.operation, self.disturbance
        );
        let running = self.start.running(self.release).await;
        let plan = running.client.plan(&running.wanted).await.unwrap();
        self.disturb(&running, &plan).await;
        running.simulator.clear_requests();

        let started = Instant::now();
        let applied = self.client(&running).apply(&plan).await;
        assert!(started.elapsed() < BUDGET, "{name}: took {:?}", started.elapsed());
        running.simulator.clear_faults();
        let report = match &applied {
            Ok(outcome) => outcome.report().clone(),
            Err(Error::PartialApply { report, .. }) => (**report).clone(),
            Err(other) => panic!("{name}: {}", other.chain()),
        };
        self.the_report_tells_the_truth(&running, &report, &name);
        self.as_expected(&running, &applied, &report, &name);
        if let Ok(outcome) = &applied {
            works(&running, outcome).await;
        }
        self.the_next_run_ends_well(&running, &name).await;
    }

    /// The client that applies: impatient where there is no answer to wait for.
    fn client(&self, running: &Running) -> Client {
        let hangs = matches!(&self.disturbance, Disturbance::Fault { effect: Effect::Hang, .. });
        // What passes may take its time on a busy machine, but for a wait that is not to be begun.
        let passes = matches!(self.disturbance, Disturbance::Fault { once: true, .. });
        let (timeout, retry) = match (hangs, passes) {
            (true, false) => (1_500, 3_000),
            (true, true) => (1_500, 9_000),
            (false, false) => (10_000, 900),
            (false, true) => (10_000, 9_000),
        };
        let options = ConnectionOptions::new()
            .timeout(Duration::from_millis(timeout))
            .retry_timeout(Duration::from_millis(retry));
        Client::builder(running.simulator.url())
            .token(running.simulator.token())
            .options(options)
            .build()
            .unwrap()
    }

    async fn disturb(&self, running: &Running, plan: &Plan) {
        let Write { operation, method, path } = self.write;
        let fault = |effect| Fault::new(effect).on_method(method).on_path(path);
        match &self.disturbance {
            Disturbance::Fault { effect, after, once, .. } => {
                let mut fault = fault(effect.clone());
                fault = if *after { fault.after_commit() } else { fault };
                running.simulator.add_fault(if *once { fault.times(1) } else { fault });
            }
            Disturbance::Blind => {
                running.simulator.add_fault(fault(Effect::Cut).after_commit());
                running.simulator.add_fault(Fault::new(Effect::Cut).on_method("GET"));
            }
            Disturbance::Race { same } => {
                let mut theirs = plan.clone();
                let this = theirs.operations.iter().find(|one| one.id.as_str() == operation);
                let depends_on = this.unwrap().depends_on.clone();
                theirs
                    .operations
                    .retain(|one| one.id.as_str() == operation || depends_on.contains(&one.id));
                running.client.apply(&theirs).await.unwrap_or_else(|e| panic!("{}", e.chain()));
                if !same {
                    running.simulator.edit(|state| differ(state, operation));
                }
            }
        }
    }

    fn the_report_tells_the_truth(&self, running: &Running, report: &ApplyReport, name: &str) {
        let race = matches!(self.disturbance, Disturbance::Race { .. });
        running.simulator.edit(|state| {
            for entry in &report.entries {
                let operation = entry.operation.as_str();
                let done = is_done(state, operation);
                let told = match entry.state {
                    OperationState::Applied | OperationState::AlreadyApplied => done,
                    OperationState::Failed { .. } | OperationState::Skipped => !done || race,
                    OperationState::Unknown { .. } | OperationState::Unchanged => true,
                    _ => false,
                };
                assert!(told, "{name}: {operation} is done: {done}\n{report}");
            }
        });
    }

    fn as_expected(
        &self,
        running: &Running,
        applied: &Result<Outcome, Error>,
        report: &ApplyReport,
        name: &str,
    ) {
        let Write { operation, method, path } = self.write;
        let entry = report.entries.iter().find(|entry| entry.operation.as_str() == operation);
        let state = &entry.unwrap().state;
        let sent = running.count(method, path);
        match &self.disturbance {
            Disturbance::Fault { after: true, effect, .. } => {
                assert_eq!(sent, 1, "{name}: sent again\n{report}");
                // A broken 201 is good enough where nothing is to be read from it, and a 204 has
                // nothing that could break off.
                let says_done = match effect {
                    Effect::Answer(answer) => answer.status == 201,
                    _ => false,
                };
                let done = says_done && *state == OperationState::Applied;
                assert!(done || *state == OperationState::AlreadyApplied, "{name}\n{report}");
                assert!(applied.is_ok(), "{name}\n{report}");
            }
            Disturbance::Fault { after: false, once: true, effect, .. } => {
                // A wait that is longer than there is time is not begun.
                let too_long = matches!(effect, Effect::Answer(answer)
                    if answer.headers.iter().any(|header| header.1 == "60"));
                assert_eq!(applied.is_ok(), !too_long, "{name}\n{report}");
                assert_eq!(sent, if too_long { 1 } else { 2 }, "{name}\n{report}");
            }
            Disturbance::Fault { after: false, once: false, effect, .. } => {
                // Whoever gave up waiting does not know whether authentik has, too.
                let told = match effect {
                    Effect::Hang => matches!(state, OperationState::Unknown { .. }),
                    _ => matches!(state, OperationState::Failed { .. }),
                };
                assert!(told, "{name}\n{report}");
                assert!(sent <= 5, "{name}: sent {sent} times\n{report}");
            }
            Disturbance::Blind => {
                assert!(matches!(state, OperationState::Unknown { .. }), "{name}\n{report}");
                assert_eq!(sent, 1, "{name}: sent again\n{report}");
            }
            // Somebody else may have created the account: it gets no rights.
            Disturbance::Race { .. } if path == "/core/users/service_account/" => {
                assert!(matches!(state, OperationState::Failed { .. }), "{name}\n{report}");
                assert_eq!(sent, 1, "{name}\n{report}");
            }
            Disturbance::Race { same: true }
                if self.start == Start::Fresh && operation == "service-account" =>
            {
                assert_eq!(*state, OperationState::Skipped, "{name}\n{report}");
            }
            Disturbance::Race { same: true } => assert!(applied.is_ok(), "{name}\n{report}"),
            Disturbance::Race { same: false } => {
                let OperationState::Failed { message } = state else { panic!("{name}\n{report}") };
                assert!(message.contains("differs in"), "{name}: {message}");
                assert!(message.contains("create a new plan"), "{name}: {message}");
                assert_eq!(sent, 1, "{name}\n{report}");
            }
        }
        if let Err(error) = applied {
            assert_eq!(error.kind(), ErrorKind::PartialApply);
            assert!(error.chain().contains(" failed, "), "{name}: {}", error.chain());
        }
    }

    async fn the_next_run_ends_well(&self, running: &Running, name: &str) {
        // The password's identifier is taken for good then: this server ends with another one.
        let taken = self.write.operation == "app-password"
            && matches!(self.disturbance, Disturbance::Race { same: false });
        story::converge(&running.client, &running.wanted).await;
        let outputs = running.client.outputs(&running.wanted).await.unwrap();
        let server = Server::new(running.simulator.url(), running.simulator.token());
        let now = comparable(&running.simulator);
        for (list, entries) in now.as_object().unwrap() {
            assert!(taken || *entries == self.undisturbed[list], "{name}\n{entries:#}");
        }
        story::netbird_logs_in(&server, &outputs).await;
    }
}

/// Outputs of an apply that went well have a password, and it works.
async fn works(running: &Running, outcome: &Outcome) {
    let server = Server::new(running.simulator.url(), running.simulator.token());
    story::netbird_logs_in(&server, outcome.outputs().unwrap()).await;
}
