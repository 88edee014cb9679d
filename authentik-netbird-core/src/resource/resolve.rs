//! References in a write: what creates them, and putting ids in their place.

use serde_json::Value;

use super::created::CreatedBy;
use super::write::Write;
use crate::error::{Error, Result};
use crate::ids::OperationId;

impl Write {
    /// The same write, with what earlier operations created in the place of references.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when a reference is still open: the plan is offline, or an operation
    /// returned no id.
    pub fn resolve(&self, created: &CreatedBy) -> Result<Self> {
        let mut write = self.clone();
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

/// Collects references, at any depth.
fn collect(value: &Value, ids: &mut Vec<OperationId>) {
    match value {
        Value::Object(fields) => match fields.get("pending").and_then(Value::as_str) {
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
                *value = created.get(&operation).and_then(|one| one.id.clone()).ok_or_else(|| {
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
