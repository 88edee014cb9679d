//! What has to change for a provider to be as wanted.

use super::FieldChange;
use super::change::Diff;
use crate::ids::{FlowId, Reference, ScopeMappingId};
use crate::integration::duration_seconds;
use crate::model::{
    GrantType, Null, Open, Provider, ProviderCreate, ProviderPatch, RedirectUriEntry,
    RedirectUriType,
};

/// What has to change for `found` to be as `wanted`. Only managed fields, after normalization.
pub(super) fn difference(
    found: &Provider,
    wanted: ProviderCreate,
) -> (ProviderPatch, Vec<FieldChange>) {
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
