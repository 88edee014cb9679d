//! NetBird's identity provider, and the scope mapping with the groups that are reported to it.

use super::super::change::FieldChange;
use super::super::claim;
use super::super::connector::{ID, ours, remove_duplicates, warn_if_static};
use super::super::planner::{About, Planner};
use super::super::warning::Warning;
use super::keep::{delete, keep};
use super::provider::Examined;
use crate::authentik::ScopeMapping;
use crate::error::Blocker;
use crate::integration::GuideStep;
use crate::netbird::IdentityProvider;
use crate::requirements::identity_provider::Match;
use crate::resource::Object;

/// Plans the deletion of NetBird's identity provider, which goes first: with authentik's client gone logins
/// through it would end in errors.
pub(super) fn plan(planner: &mut Planner<'_>, provider: &Examined<'_>) {
    let snapshot = planner.snapshot;
    let Some(wanted) = &planner.desired.connector else { return };
    let by_hand =
        "Delete its identity provider by hand in NetBird under Settings > Identity Providers";
    if let Some(unread) = Warning::netbird_unread(&snapshot.netbird, by_hand) {
        planner.warnings.push(unread);
        return;
    }
    let (found, surplus) = match ours(planner, wanted) {
        Match::None => return,
        Match::One(found) => (found, Vec::new()),
        Match::Duplicates { kept, surplus, .. } => (kept, surplus),
        Match::Ambiguous { matches, hint } => {
            let resource = IdentityProvider::API.resource(&wanted.name.value);
            planner.blockers.push(Blocker::ambiguous(resource, matches, hint));
            return;
        }
    };
    let about = About::new(ID, IdentityProvider::API.resource(&found.name), GuideStep::Connector);
    let mut kept = Vec::new();
    if !provider.kept.is_empty() {
        kept.push("authentik's provider is kept, and people may log in through both".to_owned());
    }
    if let Some(its) = provider.found.filter(|its| its.client_id.as_str() != found.client_id) {
        kept.push(format!("it has another client id than the provider \"{}\"", its.name));
    }
    if !kept.is_empty() {
        keep(planner, about, &kept);
        return;
    }
    if let Some(account) = snapshot.netbird.account() {
        let is_only = snapshot.netbird.identity_providers.len() == 1 + surplus.len();
        if is_only && account.is_on("local_auth_disabled") {
            let why = "it is the only identity provider, and NetBird's local logins are turned off: nobody \
                       could log in, and NetBird would not start again";
            let hint = "Turn local logins on in NetBird's configuration, or add another identity provider.";
            planner.block(about.resource, why, hint);
            return;
        }
        let allowed = account.allowed_groups();
        if !allowed.is_empty() && account.is_on("jwt_groups_enabled") {
            planner.warnings.push(Warning::groups_stay(&allowed.join("\", \"")));
        }
    }
    let changes = vec![
        FieldChange::removed("issuer", &found.issuer),
        FieldChange::removed("client_id", &found.client_id),
    ];
    planner.warnings.push(Warning::connector_removed(&found.name));
    warn_if_static(planner, found);
    let reason = "people will no longer log in to NetBird through it";
    let write = IdentityProvider::API.delete(&found.id);
    planner.operation(about, reason, Vec::new(), changes, Some(write));
    remove_duplicates(planner, &surplus);
}

/// Plans the deletion of our scope mapping, once no provider has it.
pub(super) fn plan_claim(planner: &mut Planner<'_>) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let Some(wanted) = desired.connector.as_ref().and_then(|one| one.claim.as_ref()) else {
        return;
    };
    let is_ours = |one: &&ScopeMapping| one.managed.is_none() && one.name == wanted.name;
    let Some(found) = snapshot.scope_mappings.iter().find(is_ours) else { return };
    let resource = ScopeMapping::API.resource(&wanted.name);
    let about = About::new(claim::ID, resource, GuideStep::Connector);
    let provider = super::provider::ID;
    let others = snapshot.providers.iter().filter(|one| one.name != desired.provider.name);
    let using = others.filter(|one| one.property_mappings.contains(&found.pk));
    let mut why: Vec<String> =
        using.map(|one| format!("the provider \"{}\" uses it", one.name)).collect();
    if found.expression != wanted.expression {
        why.push("someone changed it".to_owned());
    }
    if planner.has(provider) && planner.change(provider).is_none() {
        why.push("its provider is kept".to_owned());
    }
    let after = planner.changes(&[provider]);
    let changes = vec![FieldChange::removed("expression", &found.expression)];
    let write = ScopeMapping::API.delete(&found.pk);
    delete(planner, (about, &why), "nothing else uses it", after, changes, write);
}
