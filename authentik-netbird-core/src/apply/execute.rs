//! One operation: send it once; when the outcome is not known, look before anything else.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::fate::{Fate, fate, may_be_so, may_still_be_done};
use super::settle::key_of_double;
use crate::client::Client;
use crate::error::{Error, Result, UnexpectedResponseKind};
use crate::http::{Attempts, LOOKS, Response};
use crate::ids::TokenIdentifier;
use crate::model::{
    Application, Flow, Group, Provider, Role, ServiceAccountCreated, Token, TokenKey,
};
use crate::plan::{Confirmation, Made, Operation, Verb, Write, confirm, default_identifier};
use crate::request::{self, Request, Wanted};
use crate::secret::Secret;

/// Lists that authentik saves after the object that has them, and not in one transaction with it.
const SAVED_LAST: [&str; 3] = ["property_mappings", "roles", "users"];

/// An operation that was done.
pub(super) struct Executed {
    pub(super) made: Made,
    /// Whether a look at the server said so, and not the write's own answer.
    pub(super) found: bool,
    /// Why the new app password's value is not known, where that is so.
    pub(super) unread: Option<Error>,
}

/// An operation that was not done, as far as can be known.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Why it may have been done after all, or may still be.
    pub(super) unknown: Option<&'static str>,
}

/// Whether someone else may have done the same since the plan was made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rivals {
    /// What it belongs to was made by this run at this time; whoever finds that waits a while.
    Unlikely(Instant),
    Perhaps,
    /// What it belongs to was made by someone else just now, who makes this, too.
    Certain,
}

/// Whoever waits for someone else's does so for over a second; one that comes later may be a second one.
const IN_TIME: Duration = Duration::from_millis(500);

impl Rivals {
    /// Whether this run can count on being the only one.
    fn are_unlikely(self) -> bool {
        matches!(self, Self::Unlikely(since) if since.elapsed() < IN_TIME)
    }
}

pub(super) const UNSEEN: &str = "what is there could not be read";
pub(super) const LATE: &str =
    "it was not there when looked for, but the server may still be at it; run again";

impl Client {
    /// Carries out one operation, with its references resolved.
    pub(super) async fn execute(
        &self,
        operation: &Operation,
        write: Option<Result<Write>>,
        rivals: Rivals,
    ) -> Result<Executed, Failure> {
        let known = |error| Failure { error, unknown: None };
        let write = match write {
            None => return Ok(Executed { made: Made::Nothing, found: false, unread: None }),
            Some(write) => write.map_err(known)?,
        };
        let request = request::write(&write, &operation.resource);
        if write.can_double() && !rivals.are_unlikely() {
            // No unique field is in the way of a second one.
            match self.look_for_rivals(operation, &write, rivals).await {
                Ok(Confirmation::Done(made)) => {
                    return Ok(Executed { made, found: true, unread: None });
                }
                Ok(Confirmation::Different(fields)) => {
                    return Err(known(self.different(&request, None, &fields)));
                }
                // The write is what tells more.
                Ok(Confirmation::NotDone) | Err(_) => {}
            }
        }
        let mut attempts = self.retry().start();
        // Whether an earlier attempt may be done yet: then a refusal of a later one is not all.
        let mut late = None;
        loop {
            let refusal = match self.write(request.clone()).await {
                Ok(answer) => match made(&write, &answer) {
                    Ok(made) => {
                        let own = key_of_double(&write, &answer);
                        let executed = self.with_password(&write, made, false).await;
                        return match own {
                            Some(_) if !rivals.are_unlikely() => {
                                self.settle(operation, &write, executed, own).await
                            }
                            _ => Ok(executed),
                        };
                    }
                    // It was done, but its answer is not readable; what is there says more.
                    Err(error) => error.into(),
                },
                Err(refusal) => refusal,
            };
            let error = refusal.error;
            let fate = fate(&error);
            match fate {
                Fate::NotDone if !error.is_retryable() => {
                    return Err(Failure { error, unknown: late });
                }
                Fate::NotDone => {}
                Fate::Refused if !may_be_so(&write, &error) => {
                    return Err(Failure { error, unknown: late });
                }
                Fate::Refused | Fate::Unknown => match self.look_settled(operation, &write).await {
                    Ok(Confirmation::Done(made)) => {
                        let executed = self.with_password(&write, made, true).await;
                        return match write {
                            // Of two of that name one may be about to go.
                            Write::CreateGroup(..) => {
                                self.settle(operation, &write, executed, None).await
                            }
                            _ => Ok(executed),
                        };
                    }
                    Ok(Confirmation::NotDone) => {
                        if matches!(fate, Fate::Refused) {
                            return Err(Failure { error, unknown: late });
                        }
                        if write.can_double() {
                            return self.await_late(operation, &write, error, attempts).await;
                        }
                        if may_still_be_done(&error) {
                            late = Some(LATE);
                        }
                    }
                    Ok(Confirmation::Different(fields)) => {
                        return Err(known(self.different(&request, error.status(), &fields)));
                    }
                    // It can't be told. For a refusal the refusal itself is the news.
                    Err(_) if matches!(fate, Fate::Refused) => {
                        return Err(Failure { error, unknown: late });
                    }
                    Err(_) => return Err(Failure { error, unknown: Some(UNSEEN) }),
                },
            }
            if !attempts.next(refusal.retry_after).await {
                return Err(Failure { error, unknown: late });
            }
        }
    }

    /// Looks again, for as long as a write would be tried again, whether one whose answer was lost
    /// was done after all. It is not sent again: of this kind authentik would make a second one.
    async fn await_late(
        &self,
        operation: &Operation,
        write: &Write,
        error: Error,
        mut attempts: Attempts,
    ) -> Result<Executed, Failure> {
        while attempts.next(None).await {
            match self.look(operation, write).await {
                Ok(Confirmation::Done(made)) => {
                    return Ok(self.with_password(write, made, true).await);
                }
                Ok(_) => {}
                Err(_) => return Err(Failure { error, unknown: Some(UNSEEN) }),
            }
        }
        Err(Failure { error, unknown: Some(LATE) })
    }

    /// What is there now, once it has all its lists or still lacks them on the last look. Seen on
    /// 2025.10.4 and 2026.5.0-rc1: whoever loses a race looks while the winner's lists are missing.
    pub(super) async fn look_settled(
        &self,
        operation: &Operation,
        write: &Write,
    ) -> Result<Confirmation> {
        let mut attempts = self.retry().start();
        loop {
            let seen = self.look(operation, write).await?;
            let is_half_made = matches!(&seen, Confirmation::Different(fields)
                if fields.iter().all(|field| SAVED_LAST.contains(&field.as_str())));
            if !is_half_made || !attempts.next(None).await {
                return Ok(seen);
            }
        }
    }

    /// Whether someone else made the same; who is certain to is given some time for it.
    async fn look_for_rivals(
        &self,
        operation: &Operation,
        write: &Write,
        rivals: Rivals,
    ) -> Result<Confirmation> {
        let mut attempts = self.retry().start();
        loop {
            let seen = self.look(operation, write).await?;
            let is_to_come = rivals == Rivals::Certain && seen == Confirmation::NotDone;
            if !is_to_come || attempts.count >= LOOKS || !attempts.next(None).await {
                return Ok(seen);
            }
        }
    }

    /// What is there now under the write's identity key.
    async fn look(&self, operation: &Operation, write: &Write) -> Result<Confirmation> {
        let (request, wanted) = request::look_up(write, &operation.resource);
        let found: Option<Value> = match wanted {
            Wanted::Object => self.read_one(&request).await?,
            Wanted::List => Some(Value::Array(self.read_all(&request).await?)),
            Wanted::Entry { field, value } => {
                // All pages: a server that passes over the filter lists everything.
                let listed: Vec<Value> = self.read_all(&request).await?;
                let is_it = |found: &Value| match found.get(field) {
                    Some(Value::String(text)) => *text == value,
                    Some(Value::Number(number)) => number.to_string() == value,
                    _ => false,
                };
                listed.into_iter().find(is_it)
            }
        };
        Ok(confirm(write, found.as_ref()))
    }

    /// Adds the app password's value where the write's answer did not hold it.
    async fn with_password(&self, write: &Write, made: Made, found: bool) -> Executed {
        let identifier = match (write, &made) {
            (Write::CreateAppPassword(body), _) => Some(body.identifier.clone()),
            (Write::CreateServiceAccount(body), Made::ServiceAccount { password: None, .. }) => {
                Some(default_identifier(&body.name))
            }
            _ => None,
        };
        let Some(identifier) = identifier else { return Executed { made, found, unread: None } };
        let (value, unread) = match self.password(&identifier).await {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(error)),
        };
        let made = match made {
            Made::ServiceAccount { id, .. } => Made::ServiceAccount { id, password: value },
            _ => Made::AppPassword { password: value },
        };
        Executed { made, found, unread }
    }

    /// Reads an app password's value.
    pub(super) async fn password(&self, identifier: &TokenIdentifier) -> Result<Secret> {
        let request = request::view_key(identifier);
        Ok(self.read(&request).await?.decode::<TokenKey>()?.key)
    }
}

/// What a write's answer says it made.
pub(super) fn made(write: &Write, answer: &Response) -> Result<Made> {
    Ok(match write {
        Write::CreateProvider(..) => {
            let provider: Provider = answer.decode()?;
            Made::Provider { id: provider.pk, client_id: provider.client_id }
        }
        Write::CreateServiceAccount(..) => {
            let account: ServiceAccountCreated = answer.decode()?;
            Made::ServiceAccount { id: account.pk, password: Some(account.token) }
        }
        Write::CreateAppPassword(..) => {
            answer.decode::<Token>()?;
            Made::AppPassword { password: None }
        }
        Write::CreateFlow(..) => Made::Flow { id: answer.decode::<Flow>()?.pk },
        Write::CreateApplication(..) => {
            Made::Application { id: answer.decode::<Application>()?.pk }
        }
        Write::CreateRole(..) => Made::Role { id: answer.decode::<Role>()?.pk },
        Write::CreateGroup(..) => Made::Group { id: answer.decode::<Group>()?.pk },
        _ if answer.is_empty() => Made::Nothing,
        // Nothing is needed of it; but what is no answer of authentik's says nothing of a write. The
        // answer to a patch is the object, and shows whether it took.
        write => match (write.verb(), answer.decode::<Value>()?) {
            (Verb::Update, object) => match confirm(write, Some(&object)) {
                Confirmation::Done(made) => made,
                _ => {
                    return Err(answer.message.unexpected(200, UnexpectedResponseKind::NotApplied));
                }
            },
            _ => Made::Nothing,
        },
    })
}

impl Client {
    /// The object is not as the write was to make it.
    pub(super) fn not_applied(&self, request: &Request) -> Error {
        self.message(request).unexpected(200, UnexpectedResponseKind::NotApplied)
    }

    /// Another object is in the place of the one that was to be created.
    fn different(&self, request: &Request, status: Option<u16>, fields: &[String]) -> Error {
        let detail = format!(
            "it was created after the plan, and differs in {}; create a new plan",
            fields.join(", ")
        );
        self.message(request)
            .api_error(status.unwrap_or(200), &serde_json::json!({"detail": detail}))
    }
}
