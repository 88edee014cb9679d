//! The OAuth2 provider.

use super::{About, keep, remove};
use crate::ids::{ProviderId, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::Provider;
use crate::plan::planner::Planner;
use crate::plan::provider::foreign_hosts;
use crate::plan::{FieldChange, Write};

const ID: &str = "provider";

/// The provider of the integration's name, and what speaks against removing it.
pub(super) struct Judged<'s> {
    pub(super) found: Option<&'s Provider>,
    pub(super) kept: Vec<String>,
}

impl Judged<'_> {
    /// Whether this is the provider that goes.
    pub(super) fn goes(&self, id: ProviderId) -> bool {
        self.kept.is_empty() && self.found.is_some_and(|found| found.pk == id)
    }
}

/// Looks for the provider, and for what it belongs to.
pub(super) fn judge<'s>(planner: &mut Planner<'s>) -> Judged<'s> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let resource = Resource::new(ResourceKind::Provider, &desired.provider.name);
    let same_name = snapshot.providers.iter().filter(|found| found.name == desired.provider.name);
    let found = planner
        .only(&resource, same_name, |found| format!("{} (pk {})", found.name, found.pk))
        .one();
    planner.fingerprint.note(&resource, found);
    let mut kept = Vec::new();
    if let Some(found) = found {
        planner.name_number("provider", &found.pk, &found.name);
        planner.existing.client_id = Some(found.client_id.clone());
        let domain = &desired.integration.domain;
        let foreign = foreign_hosts(found, domain);
        if !foreign.is_empty() {
            kept.push(format!("its redirect URIs lead to {}, not to {domain}", foreign.join(", ")));
        }
        let serves = found.assigned_application_slug.as_deref();
        if let Some(slug) = serves.filter(|slug| *slug != desired.application.slug.as_str()) {
            kept.push(format!("it serves the application \"{slug}\""));
        }
        let trusting = snapshot
            .providers
            .iter()
            .filter(|other| other.jwt_federation_providers.contains(&found.pk));
        kept.extend(
            trusting.map(|other| format!("the provider \"{}\" takes its tokens", other.name)),
        );
    }
    Judged { found, kept }
}

/// Plans its removal, after the application's.
pub(super) fn plan(planner: &mut Planner<'_>, provider: &Judged<'_>, application_goes: bool) {
    let Some(found) = provider.found else { return };
    let about = About {
        id: ID,
        resource: Resource::new(ResourceKind::Provider, &found.name),
        guide: GuideStep::Provider,
    };
    if !provider.kept.is_empty() {
        keep(planner, about, &provider.kept);
        return;
    }
    let waits_for = application_goes.then(|| super::application::ID.into()).into_iter().collect();
    let changes = vec![
        FieldChange::gone("client_id", &found.client_id),
        FieldChange::gone("redirect_uris", &found.redirect_uris),
    ];
    let reason = "NetBird's users log in through it no more";
    let write = Write::DeleteProvider { id: found.pk };
    remove(planner, about, reason, waits_for, changes, write);
}
