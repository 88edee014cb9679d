//! The result of each operation of a plan, and what operations do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{OperationId, Resource, parsed};

/// The kinds of change of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verb {
    /// Creates it.
    Create,
    /// Changes the named fields of it.
    Update,
    /// Leaves it unchanged.
    NoChange,
    /// Reads a secret of it that another operation needs.
    Read,
    /// Deletes it.
    Delete,
}

parsed!(Verb);

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no change",
            Self::Read => "read",
            Self::Delete => "delete",
        })
    }
}

/// The result of each operation of a plan, in the plan's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApplyReport {
    /// One entry for each operation.
    pub entries: Vec<ReportEntry>,
}

/// The result of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReportEntry {
    /// The operation.
    pub operation: OperationId,
    /// The kind of change.
    pub verb: Verb,
    /// To what.
    pub resource: Resource,
    /// The result.
    pub state: OperationState,
}

/// The result of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationState {
    /// There was nothing to do.
    Unchanged,
    /// It was applied, and the server confirmed it.
    Applied,
    /// Reading it back shows that it holds: the response was lost, or another run was faster.
    AlreadyApplied,
    /// It failed.
    Failed {
        /// Why, with its sources.
        message: String,
    },
    /// Its outcome is unknown: no response came, and the server could not be read, or may still be
    /// processing the request.
    Unknown {
        /// Why, with its sources.
        message: String,
    },
    /// It was not sent, because an operation that it depends on failed.
    Skipped,
}

impl ApplyReport {
    /// Whether an operation failed, or its outcome is unknown.
    pub(crate) fn has_failed(&self) -> bool {
        self.entries.iter().any(|entry| entry.state.is_failure())
    }

    /// How many operations were applied.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.entries.iter().filter(|entry| entry.state.is_success()).count()
    }
}

impl OperationState {
    /// Its name, without a message: `applied`, `failed`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Applied => "applied",
            Self::AlreadyApplied => "already_applied",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// Whether it was applied, by this run or another.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Applied | Self::AlreadyApplied)
    }

    /// Whether it failed, or its outcome is unknown.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Unknown { .. })
    }
}

impl fmt::Display for ApplyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |is: fn(&OperationState) -> bool| {
            self.entries.iter().filter(|entry| is(&entry.state)).count()
        };
        let skipped = count(|state| *state == OperationState::Skipped);
        let (applied, failed) = (self.changed(), count(OperationState::is_failure));
        write!(f, "{applied} applied, {failed} failed, {skipped} skipped")?;
        for ReportEntry { verb, resource, state, .. } in &self.entries {
            let (mark, message) = match state {
                OperationState::Unchanged => continue,
                OperationState::Applied => ("applied:", ""),
                OperationState::AlreadyApplied => ("applied:", " (confirmed by reading it back)"),
                OperationState::Failed { message } => ("failed: ", message.as_str()),
                OperationState::Unknown { message } => ("unknown:", message.as_str()),
                OperationState::Skipped => ("skipped:", ""),
            };
            let separator = if message.is_empty() || message.starts_with(' ') { "" } else { ": " };
            write!(f, "\n  {mark} {verb} {resource}{separator}{message}")?;
        }
        Ok(())
    }
}
