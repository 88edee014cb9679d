//! Whether a plan is stale: planning again from today's state gives a different plan.

use super::operation::Operation;
use super::plan::{Plan, Purpose};
use super::warning::{Warning, WarningKind};
use crate::report::Verb;

/// The operations in which `new` differs from `old`, and the warnings that it alone has. The text of a
/// warning changes with time, and who changed an object is not part of what is done.
pub(crate) fn differences(old: &Plan, new: &Plan) -> Vec<String> {
    let find = |plan: &'_ Plan, wanted: &Operation| plan.operation(wanted.id.as_str()).cloned();
    let mut differences = Vec::new();
    for operation in &old.operations {
        let (verb, resource) = (operation.verb(), &operation.resource);
        match find(new, operation) {
            None if operation.is_change() => {
                differences.push(format!("no longer needed: {verb} {resource}"));
            }
            None => differences.push(format!("no longer found: {resource}")),
            Some(other) if !is_same(operation, &other) => {
                let now = other.verb();
                differences.push(if now == verb {
                    format!("{verb} {resource} would now be different")
                } else {
                    let state = |verb| state(verb, old.purpose);
                    format!("{resource}: {} in the plan, now {}", state(verb), state(now))
                });
            }
            Some(_) => {}
        }
    }
    for operation in new.operations.iter().filter(|one| find(old, one).is_none()) {
        let (verb, resource) = (operation.verb(), &operation.resource);
        differences.push(if operation.is_change() {
            format!("not in the plan: {verb} {resource}")
        } else {
            format!("now found: {resource}")
        });
    }
    let order = |plan: &Plan| plan.operations.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    if differences.is_empty() && order(old) != order(new) {
        differences.push("the operations would be in another order".to_owned());
    }
    if old.existing != new.existing {
        differences.push("NetBird's client id or app password is a different one".to_owned());
    }
    if differences.is_empty() {
        differences = new_warnings(old, new);
    }
    differences
}

/// The action of a plan on an object, or the reason why there is none.
fn state(verb: Verb, purpose: Purpose) -> String {
    match (verb, purpose) {
        (Verb::NoChange, Purpose::TearDown) => "kept".to_owned(),
        (Verb::NoChange, Purpose::SetUp | Purpose::Rotate) => "up to date".to_owned(),
        (verb, _) => verb.to_string(),
    }
}

/// Warnings of `new` of a kind that `old` does not have: it was confirmed without them, or they were
/// removed from its file.
fn new_warnings(old: &Plan, new: &Plan) -> Vec<String> {
    let mut known: Vec<WarningKind> = old.warnings.iter().map(|one| one.kind).collect();
    let is_new = |warning: &&Warning| match known.iter().position(|kind| *kind == warning.kind) {
        Some(at) => {
            known.swap_remove(at);
            false
        }
        None => true,
    };
    let new = new.warnings.iter().filter(is_new);
    new.map(|warning| format!("a warning that the plan does not have: {warning}")).collect()
}

/// Whether two operations do the same for the same reason.
fn is_same(old: &Operation, new: &Operation) -> bool {
    Operation { changed_by: None, ..old.clone() } == Operation { changed_by: None, ..new.clone() }
}

#[cfg(test)]
mod tests;
