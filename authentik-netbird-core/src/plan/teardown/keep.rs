//! Objects that are kept, and why.

use super::super::change::FieldChange;
use super::super::planner::{About, Planner};
use crate::authentik::Snapshot;
use crate::ids::{OperationId, Resource};
use crate::resource::Write;

/// Why an object is kept when the server does not show what uses it.
const UNKNOWN: &str = "the token may not see what else uses it";

/// Adds the finding that something is kept, and why.
pub(super) fn keep(planner: &mut Planner<'_>, about: About, reasons: &[String]) {
    planner.unchanged(about, format!("kept: {}", reasons.join("; ")));
}

/// Plans that an object goes, or says why it is kept.
pub(super) fn delete(
    planner: &mut Planner<'_>,
    (about, kept): (About, &[String]),
    reason: &str,
    after: Vec<OperationId>,
    changes: Vec<FieldChange>,
    write: Write,
) {
    if kept.is_empty() {
        planner.operation(about, reason, after, changes, Some(write));
    } else {
        keep(planner, about, kept);
    }
}

/// A reason to keep an object whose users could not be read.
pub(super) fn unknown_uses(snapshot: &Snapshot, resource: &Resource) -> Option<String> {
    snapshot.is_unknown(resource).then(|| UNKNOWN.to_owned())
}

/// `provider "A"`, `provider "A" and 2 more`.
pub(super) fn providers(names: &[String]) -> String {
    let first = names.first().map(String::as_str).unwrap_or_default();
    match names.len() {
        0 | 1 => format!("provider \"{first}\""),
        many => format!("provider \"{first}\" and {} more", many - 1),
    }
}
