//! Applying: carrying a plan out. Makes no choices.
//!
//! Operations that wait for nothing run at the same time. A write is sent once; when its outcome
//! is not known, what is there is looked at before anything else is done.

mod execute;
mod fate;
mod outcome;
mod rotate;
mod settle;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::ids::{OperationId, ResourceKind};
use crate::plan::{
    ApplyReport, MadeBy, Operation, OperationState, Plan, Purpose, ReportEntry, Write,
};
use crate::secret::Secret;
use execute::{Executed, Failure, Rivals};

pub use outcome::Outcome;
pub use rotate::AppPasswordExpiry;

/// How long a plan that this process made stays fresh. An older one, or one from a file, is
/// checked against the server before anything is written.
const FRESH: Duration = Duration::from_secs(30);
const NO_PROVIDER: &str = "it has no provider";
/// The most operations under way at once.
const AT_ONCE: usize = 8;

/// What happens while a plan is applied, for whoever wants to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The server is read again, because the plan is not fresh.
    Checking,
    /// An operation was started.
    Started(Box<Operation>),
    /// An operation was done.
    Done(ReportEntry),
    /// An operation failed, or its outcome is not known.
    Failed(ReportEntry),
}

impl Client {
    /// Carries a plan out.
    ///
    /// A plan that this process made in the last 30 seconds is carried out as it is. For any other
    /// one the server is read again first, and the plan refused if anything that it was made from
    /// has changed. Dropping the future leaves a state that the next plan completes: nothing more is
    /// begun, and a write that is on its way is let finish, as long as the runtime runs.
    ///
    /// # Errors
    /// [`Error::StalePlan`] and [`Error::InvalidPlan`], before anything is written;
    /// [`Error::PartialApply`] with what was done, what failed and what was not tried.
    pub async fn apply(&self, plan: &Plan) -> Result<Outcome> {
        self.apply_with(plan, |_| ()).await
    }

    /// The same, with a listener that hears of each [`Event`] as it happens. It is called from the
    /// task that polls the future, and should not block.
    ///
    /// # Errors
    /// As [`Client::apply`].
    pub async fn apply_with(
        &self,
        plan: &Plan,
        listener: impl Fn(Event) + Send + Sync,
    ) -> Result<Outcome> {
        self.same_server(&plan.integration)?;
        if plan.offline {
            return Err(Error::invalid_plan(
                "it was made offline",
                "create the plan with a client",
            ));
        }
        is_whole(plan)?;
        if plan.has_changes() && !plan.missing_permissions.is_empty() {
            return Err(Error::MissingPermissions {
                permissions: plan.missing_permissions.clone(),
            });
        }
        // That there is nothing to do is checked, too: it may be true no more, or never have been.
        if !is_fresh(plan) {
            listener(Event::Checking);
            self.refuse_stale(plan).await?;
        }
        if !plan.has_changes() {
            let report = ApplyReport::untried(&plan.operations);
            return Outcome::new(plan, report, &MadeBy::new(), None);
        }
        // Whoever is about to change NetBird's account needs the password for setup.env, too. A
        // new account's comes with it; that of one that is there is read while the writes run.
        let (run, password) =
            tokio::join!(self.carry_out(plan, &listener), self.existing_password(plan));
        let (report, made, failure) = run;
        match failure {
            Some(error) => {
                Err(Error::PartialApply { report: Box::new(report), source: Box::new(error) })
            }
            None => Outcome::new(plan, report, &made, password),
        }
    }

    async fn refuse_stale(&self, old: &Plan) -> Result<()> {
        let new = match old.purpose {
            Purpose::SetUp => self.plan(&old.integration).await?,
            Purpose::TearDown => self.plan_teardown(&old.integration).await?,
        };
        let differences = old.fingerprint.differences(&new.fingerprint);
        if !differences.is_empty() {
            return Err(Error::StalePlan { differences });
        }
        if old.has_changes() && !new.missing_permissions.is_empty() {
            return Err(Error::MissingPermissions { permissions: new.missing_permissions });
        }
        if !same(&new, old) {
            // The same server, another plan: it says what this release would not do, or would have
            // the outputs be another's.
            return Err(Error::invalid_plan(
                "this version of authentik-netbird would make different changes",
                "create a new plan",
            ));
        }
        Ok(())
    }

    async fn existing_password(&self, plan: &Plan) -> Option<Secret> {
        let identifier = plan.existing.app_password.as_ref()?;
        match self.password(identifier).await {
            Ok(password) => Some(password),
            Err(error) => {
                // The outputs then say that it is not known, and keep what setup.env has.
                tracing::warn!(error = %error, "can't read the app password");
                None
            }
        }
    }

    async fn carry_out(
        &self,
        plan: &Plan,
        listener: &(impl Fn(Event) + Send + Sync),
    ) -> (ApplyReport, MadeBy, Option<Error>) {
        let mut report = ApplyReport::untried(&plan.operations);
        let mut made = MadeBy::new();
        let mut failure = None;
        let mut done = BTreeMap::new();
        let mut waiting: Vec<usize> = (0..plan.operations.len())
            .filter(|index| plan.operations[*index].is_change())
            .collect();
        let mut running = FuturesUnordered::new();
        loop {
            let mut ready = Vec::new();
            waiting.retain(|index| {
                let start = running.len() + ready.len() < AT_ONCE
                    && is_ready(&plan.operations[*index], &report);
                if start {
                    ready.push(*index);
                }
                !start
            });
            for index in ready {
                let operation = &plan.operations[index];
                listener(Event::Started(Box::new(operation.clone())));
                let resolved = operation.write.as_ref().map(|write| write.resolve(&made));
                let rivals = rivals(operation, &report, &done);
                running
                    .push(async move { (index, self.execute(operation, resolved, rivals).await) });
            }
            let Some((index, executed)) = running.next().await else { break };
            let entry = &mut report.entries[index];
            entry.state = match executed {
                Ok(Executed { made: one, found, unread }) => {
                    done.insert(entry.operation.clone(), Instant::now());
                    made.insert(entry.operation.clone(), one);
                    // It was done; but outputs without the new password would pass for whole, and a
                    // setup.env would keep the old one.
                    if let Some(error) = unread {
                        failure.get_or_insert(error);
                    }
                    if found { OperationState::FoundDone } else { OperationState::Done }
                }
                Err(Failure { error, unknown }) => {
                    let message = error.message_with_sources();
                    failure.get_or_insert(error);
                    match unknown {
                        Some(why) => {
                            OperationState::Unknown { message: format!("{message}; {why}") }
                        }
                        None => OperationState::Failed { message },
                    }
                }
            };
            listener(match entry.state {
                OperationState::Done | OperationState::FoundDone => Event::Done(entry.clone()),
                _ => Event::Failed(entry.clone()),
            });
        }
        (report, made, failure)
    }
}

/// Whether they do the same and end in the same. Whose change was put right is no part of that, and
/// warnings change with time.
fn same(new: &Plan, old: &Plan) -> bool {
    let plain = |plan: &Plan| {
        let mut plan = Plan { warnings: Vec::new(), ..plan.clone() };
        plan.operations.iter_mut().for_each(|operation| operation.changed_by = None);
        plan
    };
    plain(new) == plain(old)
}

/// Whether the server was read just now, in this process.
fn is_fresh(plan: &Plan) -> bool {
    plan.observed.is_some_and(|observed| observed.elapsed() <= FRESH)
}

/// A plan is data. In one that was taken apart operations could wait for ever and pass for done, or
/// the outputs could turn out to be impossible when everything is written.
fn is_whole(plan: &Plan) -> Result<()> {
    let operations = &plan.operations;
    let makes_provider = |one: &Operation| matches!(one.write, Some(Write::CreateProvider(..)));
    if plan.purpose == Purpose::SetUp
        && plan.existing.client_id.is_none()
        && !operations.iter().any(makes_provider)
    {
        return Err(Error::invalid_plan(NO_PROVIDER, "create a new plan"));
    }
    for (index, operation) in operations.iter().enumerate() {
        let before = |id: &OperationId| operations[..index].iter().any(|earlier| earlier.id == *id);
        if let Some(id) = operation.waits_for.iter().find(|id| !before(id)) {
            return Err(Error::invalid_plan(
                format!("\"{}\" depends on \"{id}\", which is not before it", operation.id),
                "create a new plan",
            ));
        }
    }
    Ok(())
}

/// Whether everything that an operation waits for is done.
fn is_ready(operation: &Operation, report: &ApplyReport) -> bool {
    operation.waits_for.iter().all(|id| {
        report.entries.iter().any(|entry| {
            entry.operation == *id
                && matches!(
                    entry.state,
                    OperationState::Done | OperationState::FoundDone | OperationState::Unchanged
                )
        })
    })
}

/// Whether others may be making the same. An application and a role can be made once only: whoever made
/// it goes on at once, and whoever found it made meanwhile knows of another run.
fn rivals(
    operation: &Operation,
    report: &ApplyReport,
    done: &BTreeMap<OperationId, Instant>,
) -> Rivals {
    let first = match &operation.write {
        Some(Write::CreatePolicyBinding(body)) => body.target.made_by(),
        Some(Write::CreateGroup(_)) => operation.waits_for.iter().find(|id| {
            let is_role = |entry: &&ReportEntry| entry.resource.kind == ResourceKind::Role;
            report.entries.iter().filter(is_role).any(|entry| entry.operation == **id)
        }),
        _ => None,
    };
    let Some(first) = first else { return Rivals::Perhaps };
    let state = report.entries.iter().find(|entry| entry.operation == *first);
    match state.map(|entry| &entry.state) {
        Some(OperationState::Done) => {
            done.get(first).map_or(Rivals::Perhaps, |at| Rivals::Unlikely(*at))
        }
        Some(OperationState::FoundDone) => Rivals::Certain,
        _ => Rivals::Perhaps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integration::NetbirdIntegration;

    #[test]
    fn a_plan_is_fresh_for_half_a_minute() {
        let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
        let mut plan = crate::plan::offline(&builder.build().unwrap());
        assert!(!is_fresh(&plan), "from elsewhere");
        plan.observed = Some(Instant::now());
        assert!(is_fresh(&plan));
        plan.observed = Instant::now().checked_sub(FRESH + Duration::from_millis(1));
        assert!(!is_fresh(&plan));
    }
}
