//! The OAuth2 provider.

use url::Url;

use super::change::{Diff, created};
use super::planner::{Draft, Found, Planner};
use super::signing_key;
use super::{Warning, Write};
use crate::ids::{FlowId, ProviderId, Reference, Resource, ResourceKind, ScopeMappingId, Slug};
use crate::integration::{GuideStep, duration_seconds};
use crate::model::{
    GrantType, MatchingMode, Null, Open, Provider, ProviderCreate, ProviderPatch, RedirectUriEntry,
    RedirectUriType,
};

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
        planner.problems.push(crate::error::Problem::Conflict {
            resource: resource.clone(),
            why: format!("its client id is that of the provider \"{}\"", holder.name),
            hint: "give another client_id, or none to let authentik make one".to_owned(),
        });
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
fn foreign_hosts(found: &Provider, domain: &str) -> Vec<String> {
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

/// What has to change for `found` to be as `wanted`. Only managed fields, after normalization.
pub(super) fn difference(
    found: &Provider,
    wanted: ProviderCreate,
) -> (ProviderPatch, Vec<super::FieldChange>) {
    let mut diff = Diff::default();
    let same_id = |have: &Option<FlowId>, want: &Reference<FlowId>| have.as_ref() == want.known();
    let code_validity = same_duration(&found.access_code_validity, &wanted.access_code_validity);
    let redirect_uris = redirect_uris(found, &wanted);
    let property_mappings = property_mappings(found, &wanted);
    let grant_types = grant_types(found, &wanted);
    let patch = ProviderPatch {
        client_id: wanted.client_id.and_then(|client_id| {
            let same = found.client_id == client_id;
            diff.field("client_id", &found.client_id, client_id, same)
        }),
        client_type: diff.field(
            "client_type",
            &found.client_type,
            wanted.client_type,
            found.client_type.as_ref().is_some_and(|have| *have == wanted.client_type),
        ),
        authorization_flow: diff.field(
            "authorization_flow",
            &found.authorization_flow,
            wanted.authorization_flow.clone(),
            same_id(&found.authorization_flow, &wanted.authorization_flow),
        ),
        invalidation_flow: diff.field(
            "invalidation_flow",
            &found.invalidation_flow,
            wanted.invalidation_flow.clone(),
            same_id(&found.invalidation_flow, &wanted.invalidation_flow),
        ),
        redirect_uris: redirect_uris
            .and_then(|uris| diff.field("redirect_uris", &found.redirect_uris, uris, false)),
        signing_key: diff.field(
            "signing_key",
            &found.signing_key,
            wanted.signing_key.clone(),
            found.signing_key.as_ref() == wanted.signing_key.known(),
        ),
        encryption_key: diff.field(
            "encryption_key",
            &found.encryption_key,
            Null,
            found.encryption_key.is_none(),
        ),
        access_code_validity: diff.field(
            "access_code_validity",
            &found.access_code_validity,
            wanted.access_code_validity,
            code_validity,
        ),
        sub_mode: diff.field(
            "sub_mode",
            &found.sub_mode,
            wanted.sub_mode,
            found.sub_mode.as_ref().is_some_and(|have| *have == wanted.sub_mode),
        ),
        issuer_mode: diff.field(
            "issuer_mode",
            &found.issuer_mode,
            wanted.issuer_mode,
            found.issuer_mode.as_ref().is_some_and(|have| *have == wanted.issuer_mode),
        ),
        include_claims_in_id_token: diff.field(
            "include_claims_in_id_token",
            &found.include_claims_in_id_token,
            wanted.include_claims_in_id_token,
            found.include_claims_in_id_token == Some(wanted.include_claims_in_id_token),
        ),
        property_mappings: property_mappings.and_then(|mappings| {
            diff.field("property_mappings", &found.property_mappings, mappings, false)
        }),
        grant_types: grant_types
            .and_then(|types| diff.field("grant_types", &found.grant_types, types, false)),
    };
    (patch, diff.finish())
}

fn same_duration(have: &str, want: &str) -> bool {
    have == want
        || duration_seconds(have)
            .zip(duration_seconds(want))
            .is_some_and(|(have, want)| (have - want).abs() < 0.000_000_5)
}

/// The whole list to send, where the ones for logins differ; the order does not count. Those for
/// logouts are not ours and go along unchanged.
fn redirect_uris(found: &Provider, wanted: &ProviderCreate) -> Option<Vec<RedirectUriEntry>> {
    let (ours, others): (Vec<_>, Vec<_>) =
        found.redirect_uris.iter().partition(|entry| entry.is_for_authorization());
    let same = ours.len() == wanted.redirect_uris.len()
        && wanted.redirect_uris.iter().all(|uri| ours.iter().any(|entry| entry.is(uri)));
    if same {
        return None;
    }
    // Types came with grant types, in 2026.5. A create fills them in, a patch stores what it gets.
    let redirect_uri_type =
        wanted.grant_types.as_ref().map(|_| Open::Known(RedirectUriType::Authorization));
    let list = wanted.redirect_uris.iter().cloned().map(|uri| RedirectUriEntry {
        redirect_uri_type: redirect_uri_type.clone(),
        ..RedirectUriEntry::from(uri)
    });
    Some(list.chain(others.into_iter().cloned()).collect())
}

/// The whole list to send, where one of ours is missing; what others added stays.
fn property_mappings(
    found: &Provider,
    wanted: &ProviderCreate,
) -> Option<Vec<Reference<ScopeMappingId>>> {
    let has = |mapping: &Reference<ScopeMappingId>| {
        mapping.known().is_some_and(|id| found.property_mappings.contains(id))
    };
    let missing: Vec<_> =
        wanted.property_mappings.iter().filter(|mapping| !has(mapping)).cloned().collect();
    if missing.is_empty() {
        return None;
    }
    let kept = found.property_mappings.iter().cloned().map(Reference::Known);
    Some(kept.chain(missing).collect())
}

/// The whole list to send, where one of ours is missing; what others added stays. Servers without
/// grant types have no list.
fn grant_types(found: &Provider, wanted: &ProviderCreate) -> Option<Vec<Open<GrantType>>> {
    let (have, want) = (found.grant_types.as_ref()?, wanted.grant_types.as_ref()?);
    let missing: Vec<_> =
        want.iter().filter(|grant| !have.iter().any(|known| *known == **grant)).collect();
    if missing.is_empty() {
        return None;
    }
    Some(have.iter().cloned().chain(missing.into_iter().copied().map(Open::Known)).collect())
}
