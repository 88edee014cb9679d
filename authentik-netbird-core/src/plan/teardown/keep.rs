//! What is kept, and why.

use super::super::planner::{About, Planner};
use crate::authentik::Snapshot;
use crate::ids::Resource;

/// Why an object is kept when the server does not show what uses it.
const UNKNOWN: &str = "the token may not see what else uses it";

/// Adds the finding that something is kept, and why.
pub(super) fn keep(planner: &mut Planner<'_>, about: About, reasons: &[String]) {
    planner.unchanged(about, format!("kept: {}", reasons.join("; ")));
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
