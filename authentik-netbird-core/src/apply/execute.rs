//! One operation: send it once; when the outcome is unknown, read back before anything else.

use serde_json::Value;

use super::classify::{WriteStatus, classify, may_already_hold, may_be_anothers, may_still_apply};
use super::generate::{generate, unguessable};
use crate::authentik::{Token, TokenIdentifier, TokenKey, password_identifier, view_key};
use crate::client::{Client, RequestError};
use crate::error::{Error, Result, UnexpectedResponseKind};
use crate::http::{Attempts, Method, Request, Response};
use crate::plan::{Operation, UNNAMED_ACCOUNT};
use crate::report::Verb;
use crate::resource::{
    AccountResponse, CreateResponse, Created, LookUp, Object, Proof, ReadBack, SecretField,
    SecretResponse, Write,
};
use crate::secret::Secret;

/// Lists that authentik saves after the object that has them, and not in one transaction with it.
const SAVED_LAST: [&str; 3] = ["property_mappings", "roles", "users"];

pub(super) struct Executed {
    pub(super) created: Created,
    /// Whether reading back showed it, and not the write's own response.
    pub(super) was_read_back: bool,
    /// Why the new app password's value is unknown, or a client secret is not the current one any more.
    pub(super) unread: Option<Error>,
}

/// An operation that was not applied, as far as can be known.
pub(super) struct OperationError {
    pub(super) error: Error,
    /// Why it may have been applied after all, or may still be.
    pub(super) unknown: Option<&'static str>,
}

impl From<Error> for OperationError {
    fn from(error: Error) -> Self {
        Self { error, unknown: None }
    }
}

/// The end of an operation that was not applied, and perhaps why that is not certain.
fn failed(
    error: Error,
    unknown: impl Into<Option<&'static str>>,
) -> Result<Executed, OperationError> {
    Err(OperationError { error, unknown: unknown.into() })
}

const READ_BACK_FAILED: &str = "the current state could not be read";
const MAY_STILL_APPLY: &str =
    "not found yet; the server may still be processing the request. Run again to check";

const SECRET_NOT_SHOWN: &str = "the server does not show whether it has the new secret";

/// Why an object gets no rights that was found in place of the one that was to be created.
const UNPROVEN: &str =
    "it exists now, perhaps created by somebody else, and gets no rights; create a new plan";

impl Client {
    /// Carries out one operation, with its references resolved.
    pub(super) async fn execute(
        &self,
        operation: &Operation,
        write: &Write,
    ) -> Result<Executed, OperationError> {
        let write = &unguessable(write)?;
        let mut request = write.request(&operation.resource);
        let generated = match write.action.secret.generated() {
            Some(field) => {
                let secret = generate()?;
                request.secret = Some((field, secret.clone()));
                Some(secret)
            }
            None => None,
        };
        if !write.action.replaces.is_empty() {
            request.body = Some(self.whole(&request, operation, write).await?);
        }
        if operation.id.as_str() == UNNAMED_ACCOUNT {
            self.is_still_unnamed(&request, operation, write).await?;
        }
        let mut attempts = self.retry().start();
        // Whether an earlier attempt may still be applied: then a rejection of a later one is not all.
        let mut late = None;
        loop {
            let sent = match self.write(request.clone(), attempts.count).await {
                Ok(response) if is_another(write, &response) => {
                    return Err(self.discard(&request, write, &response).await.into());
                }
                // It was applied, but its response is not readable; reading back says more.
                Ok(response) => {
                    created(write, &response, generated.as_ref()).map_err(RequestError::from)
                }
                Err(error) => Err(error),
            };
            let RequestError { error, retry_after } = match sent {
                Ok(created) => return Ok(self.with_password(write, created, false).await),
                Err(error) => error,
            };
            let status = classify(&error);
            // A read can be sent again, and its outcome does not matter.
            let is_read = write.verb() == Verb::Read;
            let is_final = match status {
                _ if is_read => !error.is_retryable(),
                WriteStatus::NotSent => !error.is_retryable(),
                WriteStatus::Rejected => !may_already_hold(write, &error),
                WriteStatus::Unknown => false,
            };
            if is_final {
                return failed(error, late);
            }
            if !is_read && !matches!(status, WriteStatus::NotSent) {
                let is_rejected = matches!(status, WriteStatus::Rejected);
                match self.read_back(operation, write, generated.as_ref()).await {
                    Ok(ReadBack::Applied(_))
                        if write.action.proof == Proof::NoRejection && may_be_anothers(&error) =>
                    {
                        return failed(error, UNPROVEN);
                    }
                    Ok(ReadBack::Applied(created)) => {
                        return Ok(self.with_password(write, created, true).await);
                    }
                    Ok(ReadBack::Conflict(fields)) => {
                        return Err(self.conflict(&request, error.status(), &fields).into());
                    }
                    Ok(ReadBack::Unproven) => return failed(error, UNPROVEN),
                    // The state is unknown. For a rejection the rejection itself is reported.
                    Ok(ReadBack::NotApplied) | Err(_) if is_rejected => {
                        return failed(self.taken(&request, write, error).await, late);
                    }
                    Err(_) => return failed(error, READ_BACK_FAILED),
                    Ok(ReadBack::NotApplied) if write.action.lacks_unique_key => {
                        return self.poll(operation, write, error, attempts).await;
                    }
                    Ok(ReadBack::NotApplied) => {
                        if may_still_apply(&error) {
                            late = Some(MAY_STILL_APPLY);
                        } else if write.secret.is_some() {
                            late = Some(SECRET_NOT_SHOWN);
                        }
                    }
                }
            }
            if !attempts.next(retry_after).await {
                return failed(error, late);
            }
        }
    }

    /// Reads again, for as long as a write would be retried, whether one whose response was lost was
    /// applied after all. It is not sent again: authentik would create a second object.
    async fn poll(
        &self,
        operation: &Operation,
        write: &Write,
        error: Error,
        mut attempts: Attempts,
    ) -> Result<Executed, OperationError> {
        while attempts.next(None).await {
            match self.read_back(operation, write, None).await {
                Ok(ReadBack::Applied(created)) => {
                    return Ok(self.with_password(write, created, true).await);
                }
                Ok(_) => {}
                Err(_) => return failed(error, READ_BACK_FAILED),
            }
        }
        failed(error, MAY_STILL_APPLY)
    }

    /// The server's current object of the write. An object whose lists are not there yet is
    /// read again: authentik saves them last.
    async fn read_back(
        &self,
        operation: &Operation,
        write: &Write,
        generated: Option<&Secret>,
    ) -> Result<ReadBack> {
        // The server never shows it; sending it again sets it to the same value.
        if write.secret.is_some() && write.verb() == Verb::Update {
            return Ok(ReadBack::NotApplied);
        }
        let request = write.look_up(&operation.resource);
        if write.action.look_up == LookUp::Secret {
            let TokenKey { key } = self.read(&request).await?.decode()?;
            let is_ours = Some(&key) == generated;
            let created = Created { password: Some(key), ..Created::default() };
            return Ok(if is_ours { ReadBack::Applied(created) } else { ReadBack::NotApplied });
        }
        let mut attempts = self.retry().start();
        loop {
            let found = self.found(&request, write).await?;
            let seen = judged(write, found.as_ref(), generated);
            let is_incomplete = matches!(&seen, ReadBack::Conflict(fields)
                if fields.iter().all(|field| SAVED_LAST.contains(&field.as_str())));
            if !is_incomplete || !attempts.next(None).await {
                return Ok(seen);
            }
        }
    }

    /// The server's current object of the write.
    async fn found(&self, request: &Request, write: &Write) -> Result<Option<Value>> {
        if write.is_listed() {
            // All pages: a server that ignores the filter lists everything.
            return Ok(write.select(self.read_all(request).await?));
        }
        self.read_one(request).await
    }

    /// The fields that a write replaces, as the server has them now, with the changes of the write.
    async fn whole(
        &self,
        request: &Request,
        operation: &Operation,
        write: &Write,
    ) -> Result<Value> {
        let look_up = write.look_up(&operation.resource);
        let Some(found) = self.found(&look_up, write).await? else {
            let body = serde_json::json!({"detail": "it does not exist any more"});
            return Err(self.message(request).api_error(404, &body));
        };
        Ok(write.whole(&found))
    }

    /// Whether an account still has the name that it was to be deleted by. Another run that created it a moment ago may
    /// have given it NetBird's name since, and handed its password out.
    async fn is_still_unnamed(
        &self,
        request: &Request,
        operation: &Operation,
        write: &Write,
    ) -> Result<()> {
        let found = self.found(&write.look_up(&operation.resource), write).await?;
        let name = found.as_ref().and_then(|user| user.get("username")).and_then(Value::as_str);
        if name.is_some_and(|name| name != operation.resource.name) {
            let detail = "another run has just given it its name".to_owned();
            let kind = UnexpectedResponseKind::Overtaken { detail };
            return Err(self.message(request).unexpected(200, kind));
        }
        Ok(())
    }

    /// Adds the app password's value where the write's response did not contain it.
    async fn with_password(
        &self,
        write: &Write,
        created: Created,
        was_read_back: bool,
    ) -> Executed {
        let is_known = created.password.is_some() || created.client_secret.is_some();
        let identifier = if is_known { None } else { password_identifier(write) };
        let (password, unread) = match identifier {
            Some(identifier) => match self.password(&identifier).await {
                Ok(password) => (Some(password), None),
                Err(error) => (None, Some(error)),
            },
            None => (created.password, None),
        };
        Executed { created: Created { password, ..created }, was_read_back, unread }
    }

    pub(crate) async fn password(&self, identifier: &TokenIdentifier) -> Result<Secret> {
        let request = view_key(identifier);
        Ok(self.read(&request).await?.decode::<TokenKey>()?.key)
    }

    /// Deletes a token that authentik created for another user than was asked for.
    async fn discard(&self, request: &Request, write: &Write, response: &Response) -> Error {
        let resource = request.resource.clone();
        let identifier = write.text("identifier").map(TokenIdentifier::from);
        let deletion = identifier.map(|one| Token::API.delete(&one).request(&resource));
        let is_deleted = match deletion {
            Some(deletion) => self.write(deletion, 1).await.is_ok(),
            None => false,
        };
        let rest = if is_deleted { "it was deleted again" } else { "delete it" };
        let detail = format!(
            "authentik created it for the token's own user, which is not an administrator; {rest}"
        );
        self.message(request).api_error(response.status, &serde_json::json!({"detail": detail}))
    }

    /// Why an account with an unguessable name was rejected: its app password's name is not unguessable.
    async fn taken(&self, request: &Request, write: &Write, error: Error) -> Error {
        let (Proof::UnguessableName, Some(status @ 400), Some(identifier)) =
            (write.action.proof, error.status(), password_identifier(write))
        else {
            return error;
        };
        // In the caller's language. The run that created that password may have deleted it meanwhile.
        let says_so = error.to_string().contains("details already exists");
        if !says_so && self.password(&identifier).await.is_err() {
            return error;
        }
        let detail = "somebody else, perhaps another run, created one of this name after the plan; \
                      create a new plan";
        self.message(request).api_error(status, &serde_json::json!({"detail": detail}))
    }

    /// Another object is in the place of the one that was to be created.
    fn conflict(&self, request: &Request, status: Option<u16>, fields: &[String]) -> Error {
        let detail = format!(
            "it was created after the plan, and differs in {}; create a new plan",
            fields.join(", ")
        );
        let body = serde_json::json!({"detail": detail});
        self.message(request).api_error(status.unwrap_or(200), &body)
    }
}

/// Whether an object shows that a write was applied, a secret of ours included.
fn judged(write: &Write, found: Option<&Value>, generated: Option<&Secret>) -> ReadBack {
    let Some((secret, field)) = generated.zip(write.action.secret.generated()) else {
        return write.read_back(found);
    };
    let has = found.and_then(|found| found.get(field)).and_then(Value::as_str);
    if has != Some(secret.expose()) {
        return ReadBack::NotApplied;
    }
    let client_secret = (field == "client_secret").then(|| secret.clone());
    ReadBack::Applied(Created { client_secret, ..Created::default() })
}

/// Whether a new token is not as it was sent: authentik gives the caller those that it may not create for
/// another user.
fn is_another(write: &Write, response: &Response) -> bool {
    let object = response.decode::<Value>().ok();
    write.action.secret == SecretField::Read
        && object
            .is_some_and(|object| !matches!(write.read_back(Some(&object)), ReadBack::Applied(_)))
}

/// The object that a write created, from its response.
fn created(write: &Write, response: &Response, generated: Option<&Secret>) -> Result<Created> {
    match write.action.secret {
        SecretField::Response("client_secret") => {
            return Ok(response.decode::<SecretResponse>()?.into());
        }
        SecretField::Response(_) => return Ok(response.decode::<AccountResponse>()?.into()),
        SecretField::None
        | SecretField::Read
        | SecretField::Generated(_)
        | SecretField::Output(_) => {}
    }
    if write.creates_object() {
        return Ok(response.decode::<CreateResponse>()?.into());
    }
    if response.is_empty() {
        return Ok(Created { password: generated.cloned(), ..Created::default() });
    }
    // Nothing is needed of it; but what is not authentik's response says nothing of a write. The
    // response to a patch is the object, and shows whether it was changed.
    let object: Value = response.decode()?;
    let is_change = write.verb() == Verb::Update || write.action.method == Method::Patch;
    let is_applied =
        !is_change || matches!(judged(write, Some(&object), generated), ReadBack::Applied(_));
    if is_applied {
        let client_secret = match write.action.secret {
            SecretField::Generated("client_secret") => generated.cloned(),
            _ => None,
        };
        return Ok(Created { client_secret, ..Created::default() });
    }
    Err(response.message.unexpected(200, UnexpectedResponseKind::NotApplied))
}
