//! The scope mapping that decides which groups are reported to NetBird, in place of authentik's for `profile`.

use super::lookup::scope_mapping;
use super::planner::{About, Planner};
use crate::authentik::{Provider, ScopeMapping, ScopeMappingCreate, ScopeMappingId};
use crate::ids::Reference;
use crate::integration::GuideStep;
use crate::resource::{Body, Object};

pub(super) const ID: &str = "groups-claim";

/// The scope whose mapping has the groups.
pub(super) const SCOPE: &str = "profile";

const REASON: &str =
    "it gives NetBird the groups that were asked for, in place of authentik's mapping";

/// The mapping for a scope of people's tokens, by the name of authentik's own mapping; `None` with the blocker
/// recorded.
pub(super) fn mapping(
    planner: &mut Planner<'_>,
    managed: &str,
) -> Option<Reference<ScopeMappingId>> {
    if wanted(planner) && ScopeMapping::scope_of(managed) == SCOPE {
        return plan(planner);
    }
    scope_mapping(planner, managed)
}

fn wanted(planner: &Planner<'_>) -> bool {
    planner.desired.connector.as_ref().is_some_and(|connector| connector.claim.is_some())
}

/// Whether a mapping of an existing provider stays: not one for the same scope, where ours is wanted.
pub(super) fn is_kept(planner: &Planner<'_>, id: &ScopeMappingId) -> bool {
    let found = planner.snapshot.scope_mappings.iter().find(|one| one.pk == *id);
    let has_our_scope = found.is_some_and(|one| one.scope_name == SCOPE);
    !(wanted(planner) && has_our_scope) || found.is_some_and(|one| Some(&one.name) == name(planner))
}

/// Whether an existing provider already has ours.
pub(super) fn is_missing(planner: &Planner<'_>, found: &Provider) -> bool {
    let ours = planner.snapshot.scope_mappings.iter().find(|one| Some(&one.name) == name(planner));
    wanted(planner) && !ours.is_some_and(|ours| found.property_mappings.contains(&ours.pk))
}

/// Whether an existing provider has a mapping for the scope that stays, and none that emits groups.
pub(super) fn is_silent(planner: &Planner<'_>) -> bool {
    let snapshot = planner.snapshot;
    let Some(found) = snapshot.find::<Provider>(&planner.desired.provider.name) else {
        return false;
    };
    let is_used = |one: &&ScopeMapping| found.property_mappings.contains(&one.pk);
    let used: Vec<_> = snapshot.scope_mappings.iter().filter(is_used).collect();
    !wanted(planner)
        && used.iter().any(|one| one.scope_name == SCOPE)
        && !used.iter().any(|one| one.emits_groups())
}

pub(super) fn name<'p>(planner: &'p Planner<'_>) -> Option<&'p String> {
    planner.desired.connector.as_ref()?.claim.as_ref().map(|claim| &claim.name)
}

/// Plans it, once.
pub(super) fn plan(planner: &mut Planner<'_>) -> Option<Reference<ScopeMappingId>> {
    let snapshot = planner.snapshot;
    let claim = planner.desired.connector.as_ref()?.claim.as_ref()?;
    let resource = ScopeMapping::API.resource(&claim.name);
    let found: Vec<&ScopeMapping> = snapshot
        .scope_mappings
        .iter()
        .filter(|one| one.managed.is_none() && one.name == claim.name)
        .collect();
    let found = planner.only(resource.clone(), &found, |one| one.pk.to_string()).one();
    if planner.has(ID) {
        return Some(found.map_or(Reference::pending(ID), |one| Reference::Known(one.pk.clone())));
    }
    let about = About::new(ID, resource.clone(), GuideStep::Connector);
    let Some(found) = found else {
        let write = ScopeMapping::API.create(&ScopeMappingCreate {
            name: claim.name.clone(),
            scope_name: SCOPE,
            expression: claim.expression.clone(),
        });
        planner.create(about, REASON, Vec::new(), write);
        return Some(Reference::pending(ID));
    };
    planner.name(&found.pk, &found.name);
    let provider = snapshot.find::<Provider>(&planner.desired.provider.name);
    let is_used = provider.is_some_and(|provider| provider.property_mappings.contains(&found.pk));
    if found.scope_name != SCOPE {
        let why = format!("it is for the scope \"{}\", not for {SCOPE}", found.scope_name);
        planner.conflict(&resource, why, "Rename it in authentik");
    } else if found.expression != claim.expression && !is_used {
        let why =
            "it has another expression, and is not used by NetBird's provider: others may use it";
        planner.conflict(&resource, why, "Rename it in authentik");
    }
    let fields = [("scope_name", SCOPE), ("expression", claim.expression.as_str())];
    let fields: Body =
        fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).into())).collect();
    let write = (ScopeMapping::API, &found.pk, fields);
    planner.update(about, REASON, Vec::new(), found, write);
    Some(Reference::Known(found.pk.clone()))
}
