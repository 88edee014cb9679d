//! Drift: whose change it was.
#![cfg(feature = "client")]

use super::{ChangedBy, Operation, Plan, Write};
use crate::ids::OperationId;
use crate::model::Event;
use crate::snapshot::Snapshot;

/// An object that is to be put right: what authentik's event log calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drifted {
    pub(crate) operation: OperationId,
    pub(crate) app: &'static str,
    pub(crate) model: &'static str,
    pk: String,
}

/// Objects that a plan puts right. Without a provider nothing was set up yet, and so has not drifted.
pub(crate) fn drifted(plan: &Plan, snapshot: &Snapshot) -> Vec<Drifted> {
    if plan.existing.client_id.is_none() {
        return Vec::new();
    }
    plan.operations.iter().filter_map(|operation| of(operation, snapshot)).collect()
}

fn of(operation: &Operation, snapshot: &Snapshot) -> Option<Drifted> {
    let (app, model, pk) = match operation.write.as_ref()? {
        Write::UpdateProvider { id, .. } => {
            ("authentik_providers_oauth2", "oauth2provider", id.to_string())
        }
        Write::UpdateApplication { slug, .. } => {
            let found = snapshot.applications.iter().find(|one| one.slug == *slug)?;
            ("authentik_core", "application", found.pk.to_string())
        }
        Write::UpdateServiceAccount { id, .. } => ("authentik_core", "user", id.to_string()),
        // A membership is a field of its group.
        Write::UpdateGroup { id: group, .. } | Write::AddGroupMember { group, .. } => {
            ("authentik_core", "group", group.known()?.to_string())
        }
        Write::RemoveGroupMember { group, .. } => ("authentik_core", "group", group.to_string()),
        Write::UpdateFlow { slug, .. } => {
            let found = snapshot.flows.iter().find(|one| one.slug == *slug)?;
            ("authentik_flows", "flow", found.pk.to_string())
        }
        Write::UpdateBrand { brand, .. } => {
            ("authentik_brands", "brand", brand.known()?.to_string())
        }
        _ => return None,
    };
    Some(Drifted { operation: operation.id.clone(), app, model, pk: plain(&pk) })
}

impl Drifted {
    /// Who changed it last, by events of its model, the newest first.
    pub(crate) fn changed_by(&self, events: &[Event]) -> Option<ChangedBy> {
        let is_it = |event: &&Event| {
            event.action == "model_updated"
                && event.subject().is_some_and(|(app, model, pk)| {
                    app == self.app && model == self.model && plain(&pk) == self.pk
                })
        };
        let newest = events.iter().filter(is_it).max_by(|a, b| a.created.cmp(&b.created))?;
        Some(ChangedBy { user: newest.username()?.to_owned(), at: newest.created.clone() })
    }
}

/// authentik's event log has UUIDs without their dashes.
fn plain(pk: &str) -> String {
    pk.replace('-', "").to_ascii_lowercase()
}
