//! The OAuth2 provider.

use serde_json::Value;
use url::Url;

use super::planner::{About, Found, Planner};
use super::signing_key;
use super::warning::Warning;
use crate::authentik::{
    Flow, FlowId, GrantType, MatchingMode, Provider, ProviderCreate, ProviderId, RedirectUriEntry,
    RedirectUriType, ScopeMapping, ScopeMappingId, Version,
};
use crate::error::Blocker;
use crate::ids::{Reference, Resource, Slug};
use crate::integration::GuideStep;
use crate::resource::{Body, Object, Open, object, value};

const ID: &str = "provider";

/// What the application needs to know of its provider.
pub(super) struct PlannedProvider {
    pub(super) id: Reference<ProviderId>,
    /// Slug of another application that it serves; to be released on adoption.
    pub(super) serves: Option<String>,
}

/// Plans the provider; `None` with the blockers recorded.
pub(super) fn plan(planner: &mut Planner<'_>) -> Option<PlannedProvider> {
    let desired = planner.desired;
    let resource = Provider::API.resource(&desired.provider.name);
    let found = planner.find::<Provider>(&desired.provider.name);
    warn_of_open_redirects(planner);
    client_id_is_free(planner, &resource);
    let wanted = wanted(planner, found.one());
    let about = About::new(ID, resource.clone(), GuideStep::Provider);
    match found {
        Found::Many => None,
        Found::None => {
            let write = Provider::API.create(&wanted?);
            planner.create(about, "NetBird's users log in through it", Vec::new(), write);
            Some(PlannedProvider { id: Reference::pending(ID), serves: None })
        }
        Found::One(found) => {
            planner.name_number("provider", &found.pk, &found.name);
            let serves = belongs(planner, &resource, found);
            let wanted = merged(found, &wanted?);
            let reason = "it differs from what NetBird needs";
            planner.update(about, reason, Vec::new(), found, (Provider::API, &found.pk, wanted));
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
            format!("the provider \"{}\" already has its client id", holder.name),
            "Set another `client_id`, or none to let authentik generate one.",
        ));
    }
}

/// Whether the provider found is this NetBird's. Returns another application that it serves.
fn belongs(planner: &mut Planner<'_>, resource: &Resource, found: &Provider) -> Option<String> {
    let desired = planner.desired;
    let hint = "Set another `provider_name` for this NetBird";
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

/// The provider as it is wanted, with this server's ids; `None` with the blockers recorded.
fn wanted(planner: &mut Planner<'_>, found: Option<&Provider>) -> Option<ProviderCreate> {
    let desired = &planner.desired.provider;
    let in_use = found.and_then(|found| found.signing_key.as_ref());
    // Each of these records its own blocker, and none hides the others'.
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
            .is_some_and(Version::has_grant_types)
            .then(|| desired.grant_types.clone()),
    })
}

fn flow(planner: &mut Planner<'_>, slug: &Slug, field: &str) -> Option<Reference<FlowId>> {
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

fn scope_mappings(planner: &mut Planner<'_>) -> Option<Vec<Reference<ScopeMappingId>>> {
    let wanted = &planner.desired.provider.scope_mappings;
    let mut references = Vec::with_capacity(wanted.len());
    for managed in wanted {
        match planner.find::<ScopeMapping>(managed) {
            Found::One(mapping) => {
                let name = managed.rsplit("/scope-").next().unwrap_or(managed);
                let reference = match planner.reference(&mapping.pk, name) {
                    Reference::Named { .. } => Reference::Named { named: (*managed).to_owned() },
                    known => known,
                };
                references.push(reference);
            }
            Found::None => planner.missing(
                ScopeMapping::API.resource(*managed),
                "the provider needs it",
                "Restore authentik's defaults: apply the blueprint \"System - OAuth2 Provider - \
                 Scopes\" under Customization > Blueprints.",
            ),
            Found::Many => {}
        }
    }
    (references.len() == wanted.len()).then_some(references)
}

/// The fields of an existing provider as they are wanted: what others added to its lists stays.
fn merged(found: &Provider, wanted: &ProviderCreate) -> Body {
    let mut fields = object(wanted);
    fields.insert("encryption_key".to_owned(), Value::Null);
    fields.insert("redirect_uris".to_owned(), value(&redirect_uris(found, wanted)));
    fields.insert("property_mappings".to_owned(), value(&property_mappings(found, wanted)));
    if let Some(types) = grant_types(found, wanted) {
        fields.insert("grant_types".to_owned(), value(&types));
    }
    fields
}

/// Exactly ours, and the entries for logouts, which are not ours.
fn redirect_uris(found: &Provider, wanted: &ProviderCreate) -> Vec<RedirectUriEntry> {
    // Types came with grant types, in 2026.5. A create fills them in, a patch stores what it gets.
    let redirect_uri_type =
        wanted.grant_types.as_ref().map(|_| Open::Known(RedirectUriType::Authorization));
    let ours = wanted.redirect_uris.iter().map(|uri| {
        let same = found.redirect_uris.iter().find(|entry| entry.is(uri)).cloned();
        same.unwrap_or_else(|| RedirectUriEntry {
            redirect_uri_type: redirect_uri_type.clone(),
            ..RedirectUriEntry::from(uri.clone())
        })
    });
    let others = found.redirect_uris.iter().filter(|entry| !entry.is_for_authorization());
    ours.chain(others.cloned()).collect()
}

/// At least ours.
fn property_mappings(found: &Provider, wanted: &ProviderCreate) -> Vec<Reference<ScopeMappingId>> {
    let has = |mapping: &&Reference<ScopeMappingId>| {
        mapping.known().is_some_and(|id| found.property_mappings.contains(id))
    };
    let missing = wanted.property_mappings.iter().filter(|mapping| !has(mapping)).cloned();
    found.property_mappings.iter().cloned().map(Reference::Known).chain(missing).collect()
}

/// At least ours; servers without grant types have no list.
fn grant_types(found: &Provider, wanted: &ProviderCreate) -> Option<Vec<Open<GrantType>>> {
    let (have, want) = (found.grant_types.as_ref()?, wanted.grant_types.as_ref()?);
    let is_missing = |grant: &&GrantType| !have.iter().any(|known| *known == **grant);
    let missing = want.iter().filter(is_missing).copied().map(Open::Known);
    Some(have.iter().cloned().chain(missing).collect())
}
