//! Running the operations of a plan, as their dependencies allow.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;
use url::Url;

use super::execute::{Executed, OperationError};
use super::{ApplyEvent, unsent};
use crate::authentik::Provider;
use crate::client::{Client, Stop};
use crate::error::{Error, UnexpectedResponseKind};
use crate::plan::{CLIENT_SECRET as SECRET, Operation, Plan};
use crate::report::{ApplyReport, OperationState, ReportEntry, Verb};
use crate::resource::{Body, Created, CreatedBy, Object, SecretField, SecretResponse, Write};

/// The most operations in flight at once.
const MAX_CONCURRENCY: usize = 8;

impl Client {
    /// The result of each operation, what they created, and the first failure.
    pub(super) async fn run(
        &self,
        plan: &Plan,
        stop: &Stop,
        listener: &(impl Fn(ApplyEvent) + Send + Sync),
    ) -> (ApplyReport, CreatedBy, Option<Error>) {
        let mut report = unsent(plan);
        let mut created = CreatedBy::new();
        let mut failure = None;
        let mut waiting: Vec<usize> = (0..plan.operations.len())
            .filter(|index| plan.operations[*index].is_change())
            .collect();
        let mut running = FuturesUnordered::new();
        loop {
            if stop.is_requested() {
                let all = waiting.len();
                // Otherwise authentik would have a secret that NetBird does not have, and nobody knows.
                waiting.retain(|index| keeps_old_secret(&plan.operations[*index]));
                if waiting.len() < all {
                    failure.get_or_insert(Error::Stopped);
                }
            }
            let mut ready = Vec::new();
            waiting.retain(|index| {
                let start = running.len() + ready.len() < MAX_CONCURRENCY
                    && is_ready(&plan.operations[*index], &report);
                if start {
                    ready.push(*index);
                }
                !start
            });
            for index in ready {
                let operation = &plan.operations[index];
                let Some(write) = &operation.write else { continue };
                listener(ApplyEvent::Started(Box::new(operation.clone())));
                let resolved = write.resolve(&created);
                let span = tracing::info_span!(
                    "operation",
                    server = self.url_of(operation.server).map(Url::as_str),
                    operation = operation.id.as_str(),
                    action = %operation.verb(),
                    resource = %operation.resource,
                    state = Empty,
                    elapsed = Empty,
                );
                let start = Instant::now();
                let executing = async move {
                    match resolved {
                        Ok(write) => {
                            let executed = self.execute(operation, &write).await?;
                            let problem = self.overtaken(plan, operation, &write).await;
                            Ok(Executed { unread: executed.unread.or(problem), ..executed })
                        }
                        Err(error) => Err(OperationError::from(error)),
                    }
                };
                let executing = executing.instrument(span.clone());
                running.push(async move {
                    let executed = executing.await;
                    span.record("elapsed", start.elapsed().as_secs_f64());
                    (index, span, executed)
                });
            }
            let Some((index, span, executed)) = running.next().await else { break };
            let entry = &mut report.entries[index];
            entry.state = match executed {
                Ok(Executed { created: one, was_read_back, unread }) => {
                    created.insert(entry.operation.clone(), one);
                    // It was applied; but outputs without the new password would pass for complete,
                    // and a setup.env would keep the old one.
                    if let Some(error) = unread {
                        failure.get_or_insert(error);
                    }
                    if was_read_back {
                        OperationState::AlreadyApplied
                    } else {
                        OperationState::Applied
                    }
                }
                Err(OperationError { error, unknown }) => {
                    let mut message = error.message_with_sources();
                    let operation = &plan.operations[index];
                    let may_have_new = unknown.is_some() && is_handed_over(plan, operation);
                    if keeps_old_secret(operation) || may_have_new {
                        message.push_str(OLD_SECRET);
                    }
                    failure.get_or_insert(error);
                    match unknown {
                        Some(why) => {
                            OperationState::Unknown { message: format!("{message}; {why}") }
                        }
                        None => OperationState::Failed { message },
                    }
                }
            };
            span.record("state", entry.state.as_str());
            tracing::info!(parent: &span, "{}", entry.state.as_str());
            let event =
                if entry.state.is_success() { ApplyEvent::Applied } else { ApplyEvent::Failed };
            listener(event(entry.clone()));
        }
        (report, created, failure)
    }
}

impl Client {
    /// Why NetBird got a secret that authentik no longer has. Another rotation at the same time sets another one,
    /// which NetBird may have got before ours: then neither run would know that logins fail.
    async fn overtaken(&self, plan: &Plan, operation: &Operation, write: &Write) -> Option<Error> {
        let secret = write.secret.as_ref().filter(|_| keeps_old_secret(operation))?;
        let source = plan.operation(SECRET)?;
        let key = source.write.as_ref()?.key.clone()?;
        let read = Provider::API.write("read_secret", Some(key), Body::new());
        let request = read.request(&source.resource);
        // Where authentik cannot be read nothing contradicts it.
        let response = self.read(&request).await.ok()?;
        let now = Created::from(response.decode::<SecretResponse>().ok()?).client_secret;
        let detail = format!("another run changed the client secret at the same time{OLD_SECRET}");
        let kind = UnexpectedResponseKind::Overtaken { detail };
        (now.as_ref() != Some(secret))
            .then(|| self.message(&request).unexpected(response.status, kind))
    }
}

/// The hint where authentik has a new secret and NetBird may have the old one. NetBird does not show it, so the
/// next plan would find nothing to do.
const OLD_SECRET: &str =
    "; NetBird may still have the old client secret: rotate again, or apply with `send_secret`";

/// Whether an operation hands over a secret to an object that has one already.
fn keeps_old_secret(operation: &Operation) -> bool {
    let hands_over = |write: &Write| matches!(write.action.secret, SecretField::Output(_));
    operation.verb() == Verb::Update && operation.write.as_ref().is_some_and(hands_over)
}

/// Whether NetBird is to get the secret that an operation sets.
fn is_handed_over(plan: &Plan, operation: &Operation) -> bool {
    let takes_it =
        |other: &Operation| keeps_old_secret(other) && other.depends_on.contains(&operation.id);
    plan.operations.iter().any(takes_it)
}

/// Whether everything that an operation depends on is applied.
fn is_ready(operation: &Operation, report: &ApplyReport) -> bool {
    let is_done =
        |entry: &ReportEntry| entry.state.is_success() || entry.state == OperationState::Unchanged;
    operation
        .depends_on
        .iter()
        .all(|id| report.entries.iter().any(|entry| entry.operation == *id && is_done(entry)))
}
