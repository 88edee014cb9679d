//! Running a job: the plan, and what came of it.

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::report::{ApplyReport, OperationState};
use authentik_netbird_core::{ApplyEvent, Client, Error, NetbirdIntegration, Outcome, Plan};

use crate::support::job::Job;

/// What came of a run.
pub(crate) struct Ran {
    /// What was applied; `None` where there was no plan.
    pub(crate) plan: Option<Plan>,
    pub(crate) result: Result<Outcome, Error>,
}

impl Ran {
    /// The report, whether or not all of it went well.
    pub(crate) fn report(&self) -> Option<&ApplyReport> {
        match &self.result {
            Ok(outcome) => Some(outcome.report()),
            Err(Error::PartialApply { report, .. }) => Some(report),
            Err(_) => None,
        }
    }

    /// What became of one operation.
    pub(crate) fn state(&self, operation: &str) -> Option<&OperationState> {
        let mut entries = self.report()?.entries.iter();
        Some(&entries.find(|entry| entry.operation.as_str() == operation)?.state)
    }

    /// What NetBird is to use from now on; nothing after a failure or a teardown.
    pub(crate) fn outputs(&self) -> Option<&Outputs> {
        self.result.as_ref().ok()?.outputs()
    }

    /// The run in words.
    pub(crate) fn text(&self) -> String {
        match &self.result {
            Ok(outcome) => outcome.report().to_string(),
            Err(error) => error.chain(),
        }
    }
}

/// Plans and applies.
pub(crate) async fn run(job: Job, client: &Client, wanted: &NetbirdIntegration) -> Ran {
    match job.plan(client, wanted).await {
        Ok(plan) => apply(client, plan).await,
        Err(error) => Ran { plan: None, result: Err(error) },
    }
}

pub(crate) async fn apply(client: &Client, plan: Plan) -> Ran {
    apply_with(client, plan, |_| ()).await
}

pub(crate) async fn apply_with(
    client: &Client,
    plan: Plan,
    listener: impl Fn(ApplyEvent) + Send + Sync,
) -> Ran {
    let result = client.apply_with(&plan, listener).await;
    Ran { plan: Some(plan), result }
}
