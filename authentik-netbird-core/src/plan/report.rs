//! What became of each operation of a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

#[cfg(feature = "client")]
use super::Operation;
use super::Verb;
use crate::ids::{OperationId, Resource};

/// What became of each operation of a plan, in the plan's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyReport {
    /// One entry for each operation.
    pub entries: Vec<ReportEntry>,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// The operation.
    pub operation: OperationId,
    /// What it was to do.
    pub verb: Verb,
    /// To what.
    pub resource: Resource,
    /// What became of it.
    pub state: OperationState,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationState {
    /// There was nothing to do.
    Unchanged,
    /// It was done, and the server said so.
    Done,
    /// A look showed the server as wanted: the write's answer was lost, or someone else was faster,
    /// or made a second one at the same moment, and this run took its own away again.
    FoundDone,
    /// It failed.
    Failed {
        /// Why, with its sources.
        message: String,
    },
    /// Its outcome is not known: no answer came, and the server could not be asked, or may still be
    /// at it.
    Unknown {
        /// Why, with its sources.
        message: String,
    },
    /// It was not tried, because one that it waits for failed.
    NotTried,
}

impl ApplyReport {
    /// A report in which nothing was tried yet.
    #[cfg(feature = "client")]
    pub(crate) fn untried(operations: &[Operation]) -> Self {
        let entries = operations
            .iter()
            .map(|operation| ReportEntry {
                operation: operation.id.clone(),
                verb: operation.verb(),
                resource: operation.resource.clone(),
                state: if operation.write.is_some() {
                    OperationState::NotTried
                } else {
                    OperationState::Unchanged
                },
            })
            .collect();
        Self { entries }
    }

    /// Whether an operation failed, or its outcome is not known.
    pub(crate) fn has_failed(&self) -> bool {
        let failed = |entry: &ReportEntry| {
            matches!(entry.state, OperationState::Failed { .. } | OperationState::Unknown { .. })
        };
        self.entries.iter().any(failed)
    }

    /// How many operations wrote something.
    #[must_use]
    pub fn changed(&self) -> usize {
        let wrote = |entry: &&ReportEntry| {
            matches!(entry.state, OperationState::Done | OperationState::FoundDone)
        };
        self.entries.iter().filter(wrote).count()
    }
}

impl fmt::Display for ApplyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut done, mut failed, mut untried) = (0, 0, 0);
        for entry in &self.entries {
            match entry.state {
                OperationState::Unchanged => {}
                OperationState::Done | OperationState::FoundDone => done += 1,
                OperationState::Failed { .. } | OperationState::Unknown { .. } => failed += 1,
                OperationState::NotTried => untried += 1,
            }
        }
        write!(f, "{done} done, {failed} failed, {untried} not tried")?;
        for ReportEntry { verb, resource, state, .. } in &self.entries {
            let (mark, message) = match state {
                OperationState::Unchanged => continue,
                OperationState::Done => ("done:     ", ""),
                OperationState::FoundDone => ("done:     ", " (a look showed it)"),
                OperationState::Failed { message } => ("failed:   ", message.as_str()),
                OperationState::Unknown { message } => ("unknown:  ", message.as_str()),
                OperationState::NotTried => ("not tried:", ""),
            };
            let separator = if message.is_empty() || message.starts_with(' ') { "" } else { ": " };
            write!(f, "\n  {mark} {verb} {resource}{separator}{message}")?;
        }
        Ok(())
    }
}
