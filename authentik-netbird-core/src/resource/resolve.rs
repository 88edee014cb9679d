//! References in a write: what creates them, and putting ids in their place.

use serde_json::{Value, json};

use super::api::SecretField;
use super::created::{Created, CreatedBy};
use super::write::Write;
use crate::error::{Error, Result};
use crate::ids::OperationId;
use crate::secret::Secret;

impl Write {
    /// The same write, with what earlier operations created in the place of references.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when a reference is still open: the plan is offline, or an operation
    /// returned no id.
    pub fn resolve(&self, created: &CreatedBy) -> Result<Self> {
        let mut write = self.clone();
        if let SecretField::Output(field) = write.action.secret
            && let Some(reference) = write.body.remove(field)
        {
            write.secret = Some(secret_of(&reference, created)?);
        }
        write
            .key
            .iter_mut()
            .chain(write.body.values_mut())
            .try_for_each(|one| fill(one, created))?;
        Ok(write)
    }

    /// The operations that create the ids in it, each once.
    pub(crate) fn depends_on(&self) -> Vec<OperationId> {
        let mut ids = Vec::new();
        self.key.iter().chain(self.body.values()).for_each(|one| collect(one, &mut ids));
        ids
    }
}

/// A reference to a secret that an operation creates or reads.
pub(crate) fn secret_reference(operation: &str) -> Value {
    json!({"secret_of": operation})
}

/// A reference to the client id of what an operation creates.
pub(crate) fn client_id_of(operation: &str) -> Value {
    json!({"pending": operation, "field": "client_id"})
}

fn secret_of(reference: &Value, created: &CreatedBy) -> Result<Secret> {
    let operation = reference.get("secret_of").and_then(Value::as_str).unwrap_or_default();
    let secret = created.get(&operation.into()).and_then(|one| one.client_secret.clone());
    secret.ok_or_else(|| {
        Error::invalid_plan(
            format!("operation \"{operation}\" returned no secret, but others depend on it"),
            "Create a new plan.",
        )
    })
}

/// Collects references, at any depth.
fn collect(value: &Value, ids: &mut Vec<OperationId>) {
    match value {
        Value::Object(fields) => match ["pending", "secret_of"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(Value::as_str))
        {
            Some(id) if !ids.iter().any(|known| known.as_str() == id) => ids.push(id.into()),
            Some(_) => {}
            None => fields.values().for_each(|one| collect(one, ids)),
        },
        Value::Array(entries) => entries.iter().for_each(|one| collect(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Replaces references, at any depth.
fn fill(value: &mut Value, created: &CreatedBy) -> Result<()> {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(operation)) = fields.get("pending") {
                let operation = OperationId::from(operation.as_str());
                let is_client_id = fields.get("field").is_some_and(|field| field == "client_id");
                let output = |one: &Created| {
                    if is_client_id {
                        one.client_id.as_ref().map(|id| Value::from(id.as_str()))
                    } else {
                        one.id.clone()
                    }
                };
                *value = created.get(&operation).and_then(output).ok_or_else(|| {
                    Error::invalid_plan(
                        format!(
                            "operation \"{operation}\" returned no id, but other operations depend \
                             on it"
                        ),
                        "Create a new plan.",
                    )
                })?;
            } else if let Some(Value::String(named)) = fields.get("named") {
                return Err(Error::invalid_plan(
                    format!("it was made offline, so the id of \"{named}\" is unknown"),
                    "Create a plan with a client.",
                ));
            } else {
                fields.values_mut().try_for_each(|one| fill(one, created))?;
            }
            Ok(())
        }
        Value::Array(entries) => entries.iter_mut().try_for_each(|one| fill(one, created)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}
