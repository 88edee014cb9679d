//! The OAuth2 provider.

use url::Url;

use super::change::created;
use super::planner::{Draft, Found, Planner};
use super::provider_diff::difference;
use super::signing_key;
use super::{Warning, Write};
use crate::error::Blocker;
use crate::ids::{FlowId, ProviderId, Reference, Resource, ResourceKind, ScopeMappingId, Slug};
use crate::integration::GuideStep;
use crate::model::{MatchingMode, Provider, ProviderCreate};

const ID: &str = "provider";

/// What the application needs to know of its provider.
pub(super) struct PlannedProvider {
    pub(super) id: Reference<ProviderId>,
    /// Slug of another application that it serves; to be released on take-over.
    pub(super) serves: Option<String>,
}

/// Plans the provider; `None` with the problems noted.
pub(super) fn plan(planner: &mut Planner<'_>) -> Option<PlannedProvider> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let resource = Resource::new(ResourceKind::Provider, &desired.provider.name);
    let same_name = snapshot.providers.iter().filter(|found| found.name == desired.provider.name);
    let found =
        planner.only(&resource, same_name, |found| format!("{} (pk {})", found.name, found.pk));
    planner.fingerprint.note(&resource, found.one());
    warn_of_open_redirects(planner);
    client_id_is_free(planner, &resource);
    let wanted = wanted(planner, found.one());
    match found {
        Found::Many => None,
        Found::None => {
            let body = wanted?;
            let draft = Draft {
                id: ID,
                resource,
                reason: "NetBird's users log in through it".to_owned(),
                guide: GuideStep::Provider,
                waits_for: Vec::new(),
                changes: created(&body),
            };
            planner.operation(draft, Some(Write::CreateProvider(Box::new(body))));
            Some(PlannedProvider { id: Reference::Made { made_by: ID.into() }, serves: None })
        }
        Found::One(found) => {
            planner.name_number("provider", &found.pk, &found.name);
            let serves = belongs(planner, &resource, found);
            update(planner, resource, found, wanted?);
            planner.existing.client_id = Some(found.client_id.clone());
            Some(PlannedProvider { id: Reference::Known(found.pk), serves })
        }
    }
}

fn warn_of_open_redirects(planner: &mut Planner<'_>) {
    for uri in &planner.desired.provider.redirect_uris {
        if uri.matching_mode == MatchingMode::Regex
            && crate::integration::leaves_host_open(&uri.url)
        {
            planner.warnings.push(Warning::open_redirect(&uri.url));
        }
    }
}

/// A client id that was asked for must not be another provider's.
fn client_id_is_free(planner: &mut Planner<'_>, resource: &Resource) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let Some(client_id) = &desired.provider.client_id else { return };
    let holder = snapshot
        .providers
        .iter()
        .find(|found| found.client_id == *client_id && found.name != desired.provider.name);
    if let Some(holder) = holder {
        planner.blockers.push(Blocker::conflict(
            resource.clone(),
            format!("its client id is that of the provider \"{}\"", holder.name),
            "give another client_id, or none to let authentik make one",
        ));
    }
    let client = Resource::new(ResourceKind::Provider, format!("client id {client_id}"));
    planner.fingerprint.note(&client, holder.map(|holder| &holder.pk));
}

/// Whether the provider found is this NetBird's. Returns another application that it serves.
fn belongs(planner: &mut Planner<'_>, resource: &Resource, found: &Provider) -> Option<String> {
    let desired = planner.desired;
    let hint = "give this NetBird's provider another provider_name";
    let domain = &desired.integration.domain;
    let foreign = foreign_hosts(found, domain);
    if !foreign.is_empty() {
        let why = format!("its redirect URIs lead to {}, not to {domain}", foreign.join(", "));
        planner.conflict(resource, why, hint);
    }
    let slug = found.assigned_application_slug.as_deref()?;
    if slug == desired.application.slug.as_str() {
        return None;
    }
    planner.conflict(resource, format!("it serves the application \"{slug}\""), hint);
    Some(slug.to_owned())
}

/// Hosts of a provider's redirect URIs, where all of them are another NetBird's: none is ours, and
/// at least one is not the user's own machine. Compared as texts, so that patterns count, too.
pub(super) fn foreign_hosts(found: &Provider, domain: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    for uri in found.redirect_uris.iter().filter(|uri| uri.is_for_authorization()) {
        let plain = uri.url.replace('\\', "");
        let after_scheme = plain.split_once("://").map_or(plain.as_str(), |(_, rest)| rest);
        let end = after_scheme.find(['/', ':', '(', '?', '#', '*', '$']);
        let host = after_scheme[..end.unwrap_or(after_scheme.len())].trim_end_matches('.');
        if host.eq_ignore_ascii_case(domain) {
            return Vec::new();
        }
        let local = matches!(host, "localhost" | "127.0.0.1" | "")
            || Url::parse(&uri.url).is_ok_and(|url| crate::integration::is_loopback(&url));
        if !local && !hosts.iter().any(|known| known == host) {
            hosts.push(host.to_owned());
        }
    }
    hosts
}

/// The provider as it is wanted, with this server's ids; `None` with the problems noted.
fn wanted(planner: &mut Planner<'_>, found: Option<&Provider>) -> Option<ProviderCreate> {
    let desired = &planner.desired.provider;
    let in_use = found.and_then(|found| found.signing_key.as_ref());
    // Each of these notes its own problem, and none hides the others'.
    let signing_key = signing_key::choose(planner, in_use);
    let authorization_flow = flow(planner, &desired.authorization_flow, "authorization_flow");
    let invalidation_flow = flow(planner, &desired.invalidation_flow, "invalidation_flow");
    let property_mappings = scope_mappings(planner);
    Some(ProviderCreate {
        name: desired.name.clone(),
        client_id: desired.client_id.clone(),
        client_type: desired.client_type,
        authorization_flow: authorization_flow?,
        invalidation_flow: invalidation_flow?,
        redirect_uris: desired.redirect_uris.clone(),
        signing_key: signing_key?,
        access_code_validity: desired.access_code_validity.clone(),
        sub_mode: desired.sub_mode,
        issuer_mode: desired.issuer_mode,
        include_claims_in_id_token: desired.include_claims_in_id_token,
        property_mappings: property_mappings?,
        grant_types: planner
            .snapshot
            .version
            .has_grant_types()
            .then(|| desired.grant_types.clone()),
    })
}

fn flow(planner: &mut Planner<'_>, slug: &Slug, field: &str) -> Option<Reference<FlowId>> {
    let snapshot = planner.snapshot;
    let resource = Resource::new(ResourceKind::Flow, slug.as_str());
    let matches = snapshot.flows.iter().filter(|flow| flow.slug == *slug);
    let found = planner.only(&resource, matches, |flow| format!("{} ({})", flow.name, flow.pk));
    planner.fingerprint.note(&resource, found.one().map(|flow| &flow.pk));
    match found {
        Found::One(flow) => Some(planner.reference(&flow.pk, slug.as_str())),
        Found::None => {
            let hint = format!("name another one as {field}, or restore it in authentik");
            planner.missing(resource, "the provider needs it", hint);
            None
        }
        Found::Many => None,
    }
}

fn scope_mappings(planner: &mut Planner<'_>) -> Option<Vec<Reference<ScopeMappingId>>> {
    let snapshot = planner.snapshot;
    let wanted = &planner.desired.provider.scope_mappings;
    let mut references = Vec::with_capacity(wanted.len());
    for managed in wanted {
        let resource = Resource::new(ResourceKind::ScopeMapping, *managed);
        let matches = snapshot
            .scope_mappings
            .iter()
            .filter(|mapping| mapping.managed.as_deref() == Some(managed));
        let found = planner.only(&resource, matches, |mapping| mapping.pk.to_string());
        planner.fingerprint.note(&resource, found.one().map(|mapping| &mapping.pk));
        match found {
            Found::One(mapping) => {
                let name = managed.rsplit("/scope-").next().unwrap_or(managed);
                let reference = match planner.reference(&mapping.pk, name) {
                    Reference::Named { .. } => Reference::Named { named: (*managed).to_owned() },
                    known => known,
                };
                references.push(reference);
            }
            Found::None => planner.missing(
                resource,
                "the provider needs it",
                "restore authentik's defaults: apply the blueprint \"System - OAuth2 Provider - \
                 Scopes\" under Customization > Blueprints",
            ),
            Found::Many => {}
        }
    }
    (references.len() == wanted.len()).then_some(references)
}

fn update(planner: &mut Planner<'_>, resource: Resource, found: &Provider, wanted: ProviderCreate) {
    let (patch, changes) = difference(found, wanted);
    let unchanged = changes.is_empty();
    let draft = Draft {
        id: ID,
        resource,
        reason: if unchanged {
            "it is as wanted".to_owned()
        } else {
            "it differs from what NetBird needs".to_owned()
        },
        guide: GuideStep::Provider,
        waits_for: Vec::new(),
        changes,
    };
    let write = Write::UpdateProvider { id: found.pk, body: Box::new(patch) };
    planner.operation(draft, (!unchanged).then_some(write));
}
