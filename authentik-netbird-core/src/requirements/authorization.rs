//! The authorization flow.

use crate::authentik::{Flow, Snapshot};

/// Whether a flow asks people for consent each time or for a while: authentik's own one does by its name.
pub(crate) fn asks_for_consent(flow: &Flow) -> bool {
    flow.slug.as_str().contains("explicit-consent")
}

/// The flow of this primary key.
pub(crate) fn find<'s>(snapshot: &'s Snapshot, id: &crate::authentik::FlowId) -> Option<&'s Flow> {
    snapshot.flows.iter().find(|flow| flow.pk == *id)
}
