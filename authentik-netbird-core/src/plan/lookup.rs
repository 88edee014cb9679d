//! Finds authentik's built-in objects by their identity keys.

use super::planner::{Found, Planner};
use crate::authentik::{Flow, FlowId, ScopeMapping, ScopeMappingId};
use crate::ids::{Reference, Slug};
use crate::resource::Object;

/// A flow, by its slug; `None` with the blocker recorded.
pub(super) fn flow(
    planner: &mut Planner<'_>,
    slug: &Slug,
    field: &str,
) -> Option<Reference<FlowId>> {
    match planner.find::<Flow>(slug.as_str()) {
        Found::One(flow) => Some(planner.reference(&flow.pk, slug.as_str())),
        Found::None => {
            let hint = format!("Set `{field}` to another flow, or restore it in authentik.");
            planner.missing(Flow::API.resource(slug.as_str()), "the provider needs it", hint);
            None
        }
        Found::Many => None,
    }
}

/// One of authentik's own scope mappings; `None` with the blocker recorded.
pub(super) fn scope_mapping(
    planner: &mut Planner<'_>,
    managed: &str,
) -> Option<Reference<ScopeMappingId>> {
    match planner.find::<ScopeMapping>(managed) {
        Found::One(mapping) => {
            let name = managed.rsplit("/scope-").next().unwrap_or(managed);
            Some(match planner.reference(&mapping.pk, name) {
                Reference::Named { .. } => Reference::Named { named: managed.to_owned() },
                known => known,
            })
        }
        Found::None => {
            planner.missing(
                ScopeMapping::API.resource(managed),
                "the provider needs it",
                "Restore authentik's defaults: apply the blueprint \"System - OAuth2 Provider - \
                 Scopes\" under Customization > Blueprints.",
            );
            None
        }
        Found::Many => None,
    }
}
