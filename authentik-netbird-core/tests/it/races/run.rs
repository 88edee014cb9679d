//! Running a job, and what came of it.

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::plan::{ApplyReport, Purpose};
use authentik_netbird_core::{Client, Error, NetbirdIntegration, Plan};

use crate::support::job::Job;

/// What came of a run.
pub(crate) struct Ran {
    /// What NetBird is to use from now on; a teardown has none.
    pub(crate) outputs: Option<Outputs>,
    /// A rotation has none.
    pub(crate) report: Option<ApplyReport>,
}

pub(crate) type Result = std::result::Result<Ran, Error>;

pub(crate) async fn run(job: Job, client: &Client, wanted: &NetbirdIntegration) -> Result {
    if job.is_rotation() {
        let outputs = job.run(client, wanted).await?.outputs;
        return Ok(Ran { outputs, report: None });
    }
    apply(client, &job.plan(client, wanted).await?).await
}

pub(crate) async fn apply(client: &Client, plan: &Plan) -> Result {
    apply_with(client, plan, |_| ()).await
}

pub(crate) async fn apply_with(
    client: &Client,
    plan: &Plan,
    listener: impl Fn(authentik_netbird_core::Event) + Send + Sync,
) -> Result {
    let outcome = client.apply_with(plan, listener).await?;
    let is_setup = plan.purpose == Purpose::SetUp;
    let outputs = is_setup.then(|| outcome.outputs().clone());
    Ok(Ran { outputs, report: Some(outcome.report().clone()) })
}
