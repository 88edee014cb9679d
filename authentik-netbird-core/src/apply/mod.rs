//! Applying: carrying a plan out. Makes no choices.
//!
//! Independent operations run concurrently. A write is sent once; when its outcome is unknown, it is
//! read back before anything else. Runs that meet do not wait for each other: what a race leaves is
//! drift, which the next plan shows and removes.

mod classify;
mod execute;
mod generate;
mod outcome;
mod provision;
mod run;

use std::time::Duration;

use serde_json::json;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::ids::OperationId;
use crate::plan::{Operation, Plan, Purpose, WarningKind, differences};
use crate::report::{ApplyReport, OperationState, ReportEntry};
use crate::resource::{Write, object};

pub use outcome::Outcome;
pub use provision::Provisioned;

/// How long a plan that this process made may be applied without reading the server again.
const PLAN_MAX_AGE: Duration = Duration::from_secs(30);

/// An event of an apply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyEvent {
    /// The server is read again, because the plan is not fresh.
    Refreshing,
    /// An operation was started.
    Started(Box<Operation>),
    /// An operation was applied.
    Applied(ReportEntry),
    /// An operation failed, or its outcome is unknown.
    Failed(ReportEntry),
}

impl Client {
    /// Carries a plan out.
    ///
    /// A plan that this process made in the last 30 seconds is carried out as it is. For any other one
    /// the server is read again first, and the plan is refused if planning again gives a different one.
    /// Dropping the future leaves a state that the next plan completes: nothing more is begun, and a
    /// write in flight is never interrupted, as long as the runtime runs.
    ///
    /// # Errors
    /// [`Error::StalePlan`] and [`Error::InvalidPlan`], before anything is written;
    /// [`Error::PartialApply`] with what was applied, what failed and what was skipped.
    pub async fn apply(&self, plan: &Plan) -> Result<Outcome> {
        self.apply_with(plan, |_| ()).await
    }

    /// The same, with a listener that is called with each [`ApplyEvent`] as it happens, from the task
    /// that polls the future. It should not block.
    ///
    /// # Errors
    /// As [`Client::apply`].
    pub async fn apply_with(
        &self,
        plan: &Plan,
        listener: impl Fn(ApplyEvent) + Send + Sync,
    ) -> Result<Outcome> {
        self.can_apply(plan)?;
        let stop = self.stops().watch();
        let refreshed;
        // A plan without changes is checked, too: it may not be true any more, or never have been.
        let plan = if is_fresh(plan) {
            plan
        } else {
            listener(ApplyEvent::Refreshing);
            refreshed = self.refresh(plan).await?;
            missing_permissions(&refreshed)?;
            &refreshed
        };
        self.can_join(plan).await?;
        let (report, created, failure) = self.run(plan, &stop, &listener).await;
        match failure {
            Some(error) => {
                Err(Error::PartialApply { report: Box::new(report), source: Box::new(error) })
            }
            None => Ok(Outcome::new(plan, report, &created)),
        }
    }

    /// Plans again what a plan from elsewhere is for, and returns that plan: its warnings, names and
    /// reasons are today's, whatever the file says. For people who are to confirm a saved plan; `apply`
    /// does the same by itself.
    ///
    /// # Errors
    /// [`Error::StalePlan`] when planning again gives other operations, or warnings that the plan does
    /// not have; [`Error::InvalidPlan`], and the errors of planning.
    pub async fn refresh(&self, plan: &Plan) -> Result<Plan> {
        self.can_apply(plan)?;
        let new = match plan.purpose {
            Purpose::SetUp => self.plan(&plan.integration).await,
            Purpose::TearDown => self.plan_teardown(&plan.integration).await,
            Purpose::Rotate => self.plan_rotate(&plan.integration, plan.expiry()).await,
        }?;
        let differences = differences(plan, &new);
        if differences.is_empty() { Ok(new) } else { Err(Error::StalePlan { differences }) }
    }

    /// Whether a new account can join the group of its rights, where the token could not look up its permissions:
    /// otherwise the account would stay without rights, and nobody could say any more whose it is. No user has
    /// the key 0, so authentik adds none: it refuses the token, or finds no such user.
    async fn can_join(&self, plan: &Plan) -> Result<()> {
        if !plan.warnings.iter().any(|one| one.kind == WarningKind::RightsUnknown) {
            return Ok(());
        }
        let joins = plan.operations.iter().filter_map(|one| {
            let write = one.write.as_ref().filter(|write| write.action.name == "add_user")?;
            (!write.depends_on().is_empty()).then_some((one, write))
        });
        for (operation, write) in joins {
            let nobody = Write { body: object(&json!({"pk": 0})), ..write.clone() };
            // Of other failures the write itself tells more.
            match self.send(&nobody.request(&operation.resource), 1).await {
                Err(failed) if failed.error.is_permission_denied() => return Err(failed.error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The checks of a plan that need no server.
    fn can_apply(&self, plan: &Plan) -> Result<()> {
        self.same_server(&plan.integration)?;
        if plan.offline {
            let message = "it was made offline, without the server";
            return Err(Error::invalid_plan(message, "Create a plan with a client."));
        }
        check_order(plan)?;
        missing_permissions(plan)
    }
}

fn missing_permissions(plan: &Plan) -> Result<()> {
    if plan.has_changes() && !plan.missing_permissions.is_empty() {
        return Err(Error::MissingPermissions { permissions: plan.missing_permissions.clone() });
    }
    Ok(())
}

/// Whether the server was read just now, in this process.
fn is_fresh(plan: &Plan) -> bool {
    plan.freshness.read.is_some_and(|read| read.elapsed() <= PLAN_MAX_AGE)
}

/// A plan is data: in one that was taken apart operations could wait for ever and pass for applied.
fn check_order(plan: &Plan) -> Result<()> {
    for (index, operation) in plan.operations.iter().enumerate() {
        let earlier = &plan.operations[..index];
        let is_later = |id: &&OperationId| !earlier.iter().any(|one| one.id == **id);
        if let Some(id) = operation.depends_on.iter().find(is_later) {
            return Err(Error::invalid_plan(
                format!("\"{}\" depends on \"{id}\", which is not before it", operation.id),
                "Create a new plan.",
            ));
        }
    }
    Ok(())
}

/// A report in which nothing was sent yet.
fn unsent(plan: &Plan) -> ApplyReport {
    let entry = |operation: &Operation| ReportEntry {
        operation: operation.id.clone(),
        verb: operation.verb(),
        resource: operation.resource.clone(),
        state: if operation.is_change() {
            OperationState::Skipped
        } else {
            OperationState::Unchanged
        },
    };
    ApplyReport { entries: plan.operations.iter().map(entry).collect() }
}

#[cfg(test)]
mod tests;
