//! Drift: who changed an object, as far as authentik's event log says.

use super::operation::{ChangedBy, Operation};
use super::plan::Drifted;
use crate::authentik::{LogEvent, Snapshot, User, UserId};
use crate::ids::Reference;
use crate::report::Verb;
use crate::resource::{Object, Write};

/// Existing objects that these operations change.
pub(super) fn drifted(operations: &[Operation], snapshot: &Snapshot) -> Vec<Drifted> {
    let drifted = |operation: &Operation| {
        let write = operation.write.as_ref()?;
        let (app, model) = (write.api.app, write.api.model);
        let pk = plain(&primary_key(write, snapshot)?);
        Some(Drifted { operation: operation.id.clone(), app, model, pk })
    };
    operations.iter().filter_map(drifted).collect()
}

/// Primary key of the object that a write changes. Objects that are created or deleted have not
/// drifted; a membership is a field of its group.
fn primary_key(write: &Write, snapshot: &Snapshot) -> Option<String> {
    let is_change = write.verb() == Verb::Update || write.body.contains_key("pk");
    let key = write.key.as_ref().filter(|_| is_change)?;
    let Ok(Reference::Known(key)) = serde_json::from_value(key.clone()) else { return None };
    let key: serde_json::Value = key;
    let Some(text) = key.as_str() else { return Some(key.to_string()) };
    let application = snapshot.application(text).map(|found| found.pk.to_string());
    let flow = || {
        let flow = snapshot.flows.iter().find(|found| found.slug.as_str() == text)?;
        Some(flow.pk.to_string())
    };
    match write.api.model {
        "application" => application,
        "flow" => flow(),
        _ => Some(text.to_owned()),
    }
}

/// The user who changed an object last, by entries of the log.
pub(crate) fn changed_by(drifted: &Drifted, events: &[LogEvent]) -> Option<ChangedBy> {
    let is_it = |event: &&LogEvent| {
        event.action == "model_updated"
            && event.subject().is_some_and(|(app, model, pk)| {
                app == drifted.app && model == drifted.model && plain(&pk) == drifted.pk
            })
    };
    let newest = events.iter().filter(is_it).max_by(|a, b| a.created.cmp(&b.created))?;
    Some(ChangedBy { user: newest.username()?.to_owned(), at: newest.created.clone() })
}

/// Who created a user, by entries of the log. Anyone who may add entries can forge one.
pub(super) fn created_by(user: UserId, events: &[LogEvent]) -> Option<ChangedBy> {
    let pk = user.to_string();
    let is_it = |event: &&LogEvent| {
        let (app, model) = (User::API.app, User::API.model);
        event.action == "model_created" && event.subject() == Some((app, model, pk.clone()))
    };
    let event = events.iter().find(is_it)?;
    Some(ChangedBy { user: event.username()?.to_owned(), at: event.created.clone() })
}

/// authentik's event log has UUIDs without their dashes.
fn plain(pk: &str) -> String {
    pk.replace('-', "").to_ascii_lowercase()
}
