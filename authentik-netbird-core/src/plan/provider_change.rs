//! The changes of an existing provider: the options that were set, and needs of NetBird that are not met.

use serde_json::Value;

use super::claim;
use super::desired::API_SCOPE_MAPPING;
use super::lookup::flow;
use super::planner::Planner;
use super::signing_key;
use super::warning::Warning;
use crate::authentik::{
    GrantType, Provider, RedirectUri, RedirectUriEntry, RedirectUriType, ScopeMapping,
    ScopeMappingId, SubjectMode,
};
use crate::ids::Reference;
use crate::report::CheckStatus;
use crate::requirements::{
    Evidence, Judgement, claims, client, device_flow, encryption, exposure, fail, federation,
    grant_types, redirect_uris, scopes, signing_key as key, subject,
};
use crate::resource::{Body, Object, Open, differing, value};

/// Why a setting is written that was asked for.
const ASKED: &str = "it differs from what was asked for";

/// The fields that an existing provider is to have, and why; `None` with the blockers recorded. Those that
/// it has already are not changes.
pub(super) fn changes(
    planner: &mut Planner<'_>,
    found: &Provider,
    evidence: &Evidence<'_>,
) -> Option<(Body, Vec<String>)> {
    let desired = &planner.desired.provider;
    let exact = planner.desired.integration.exact();
    let mut fields = Fields { planner, has: value(found), body: Body::new(), reasons: Vec::new() };
    if let Some(client_id) = &desired.client_id {
        fields.ask("client_id", value(client_id));
    }
    let keeps_subject = keep_subject(&mut fields, found, evidence, exact);
    for (judgement, field, wanted) in [
        (client::judge(evidence), "client_type", value(&desired.client_type)),
        (subject::judge(evidence), "sub_mode", value(&desired.sub_mode)),
        (claims::judge_issuer(evidence), "issuer_mode", value(&desired.issuer_mode)),
        (encryption::judge(evidence), "encryption_key", Value::Null),
        (
            claims::judge(evidence),
            "include_claims_in_id_token",
            value(&desired.include_claims_in_id_token),
        ),
    ] {
        let is_asked = exact && !(keeps_subject && field == "sub_mode");
        fields.need(&judgement, is_asked, field, wanted);
    }
    if desired.access_code_validity.is_asked {
        fields.ask("access_code_validity", value(&desired.access_code_validity.value));
    } else if evidence.needs.device_flow {
        fields.warn(&device_flow::judge_code_validity(found, evidence.shown));
    }
    // Each of these records its own blocker, and none hides the others'.
    let done = [
        signing_key(&mut fields, evidence),
        flows(&mut fields, found),
        mappings(&mut fields, found, evidence, exact),
    ];
    grants(&mut fields, found, evidence, exact);
    redirects(&mut fields, found, evidence);
    if fields.planner.desired.integration.adopt() {
        let unmet = federation::judge(evidence);
        for field in ["jwt_federation_providers", "jwt_federation_sources"] {
            fields.need(&unmet, false, field, value(&[(); 0]));
        }
    }
    for warning in exposure::warnings(evidence) {
        fields.warn(&warning);
    }
    let Fields { body, reasons, .. } = fields;
    done.iter().all(|done| *done).then_some((body, reasons))
}

/// The fields so far.
struct Fields<'p, 'a> {
    planner: &'p mut Planner<'a>,
    has: Value,
    body: Body,
    reasons: Vec<String>,
}

impl Fields<'_, '_> {
    fn reason(&mut self, reason: &str) {
        if !self.reasons.iter().any(|known| known == reason) {
            self.reasons.push(reason.to_owned());
        }
    }

    /// A field that was asked for.
    fn ask(&mut self, field: &str, wanted: Value) {
        let wanted = Body::from_iter([(field.to_owned(), wanted)]);
        if !differing(Provider::API.normalize, &wanted, &self.has).is_empty() {
            self.reason(ASKED);
            self.body.extend(wanted);
        }
    }

    /// A field that is written if a requirement is not met, or if it was asked for.
    fn need(&mut self, judgement: &Judgement, is_asked: bool, field: &str, wanted: Value) {
        match judgement.status {
            CheckStatus::Fail => self.reason(&judgement.message),
            CheckStatus::Unknown => {
                self.reason(&format!("it does not show {}", judgement.message));
            }
            _ if is_asked => return self.ask(field, wanted),
            _ => return,
        }
        self.body.insert(field.to_owned(), wanted);
    }

    /// Warnings about a requirement that is met.
    fn warn(&mut self, judgement: &Judgement) {
        if let (CheckStatus::Warn, Some(hint)) = (judgement.status, &judgement.hint) {
            self.planner.warnings.push(Warning::of_requirement(&judgement.message, hint));
        }
    }
}

/// Whether the subject stays although every default is asked for: NetBird's user ids contain it, and with
/// another one everybody who logs in through the connector is a new user.
fn keep_subject(
    fields: &mut Fields<'_, '_>,
    found: &Provider,
    evidence: &Evidence<'_>,
    exact: bool,
) -> bool {
    let keeps = evidence.needs.is_connector();
    let other = found.sub_mode.as_ref().filter(|mode| **mode != SubjectMode::UserId);
    if let (true, true, Some(mode)) = (keeps, exact, other) {
        let resource = Provider::API.resource(&found.name);
        let why = format!(
            "its subject mode is {mode}, and with the default everyone who logs in to NetBird would become a \
             new user who waits for approval"
        );
        let hint = "Leave out `exact`, or change it in authentik if nobody uses NetBird yet.";
        fields.planner.block(resource, why, hint);
    }
    keeps
}

/// The key in use stays if NetBird can read it, so that nobody is logged out for a better-named one.
fn signing_key(fields: &mut Fields<'_, '_>, evidence: &Evidence<'_>) -> bool {
    let judgement = key::judge(evidence);
    fields.warn(&judgement);
    let is_asked = fields.planner.desired.provider.signing_key.is_some();
    if judgement.unmet().is_none() && !is_asked {
        return true;
    }
    let Some(chosen) = signing_key::choose(fields.planner) else { return false };
    fields.need(&judgement, is_asked, "signing_key", value(&chosen));
    true
}

fn flows(fields: &mut Fields<'_, '_>, found: &Provider) -> bool {
    let desired = &fields.planner.desired.provider;
    let mut is_done = true;
    for (field, wanted, has) in [
        ("authorization_flow", &desired.authorization_flow, &found.authorization_flow),
        ("invalidation_flow", &desired.invalidation_flow, &found.invalidation_flow),
    ] {
        if has.is_some() && !wanted.is_asked {
            continue;
        }
        match flow(fields.planner, &wanted.value, field) {
            None => is_done = false,
            Some(flow) if has.is_some() => fields.ask(field, value(&flow)),
            Some(flow) => {
                let unmet = fail(format!("it has no {field}"), "");
                fields.need(&unmet, false, field, value(&flow));
            }
        }
    }
    is_done
}

/// Adds mappings for scopes that nothing provides; `exact` takes others away.
fn mappings(
    fields: &mut Fields<'_, '_>,
    found: &Provider,
    evidence: &Evidence<'_>,
    exact: bool,
) -> bool {
    let provided = scopes::provided(evidence).unwrap_or_default();
    let kept = if exact { &[][..] } else { &found.property_mappings[..] };
    let kept = kept.iter().filter(|id| claim::is_kept(fields.planner, id));
    let mut wanted: Vec<Reference<ScopeMappingId>> = kept.cloned().map(Reference::Known).collect();
    let desired = &fields.planner.desired.provider.scope_mappings;
    let is_used = |name: &&str| evidence.needs.reads_users_with_client && !desired.contains(name);
    let api = [API_SCOPE_MAPPING].into_iter().filter(is_used);
    for name in desired.iter().copied().chain(api) {
        let scope = ScopeMapping::scope_of(name);
        let is_replaced = scope == claim::SCOPE && claim::is_missing(fields.planner, found);
        if scope == claim::SCOPE {
            // Its expression may have to change although the provider has it.
            let _ = claim::plan(fields.planner);
        }
        if exact || is_replaced || !provided.iter().any(|has| has == scope) {
            let Some(mapping) = claim::mapping(fields.planner, name) else { return false };
            wanted.push(mapping);
        }
    }
    let unmet = [scopes::judge(evidence), scopes::judge_api(evidence)];
    match unmet.iter().find(|judgement| judgement.unmet().is_some()) {
        Some(judgement) => fields.need(judgement, false, "property_mappings", value(&wanted)),
        None => fields.ask("property_mappings", value(&wanted)),
    }
    true
}

/// Adds those that NetBird uses; `exact` takes others away. Servers without grant types have no list.
fn grants(fields: &mut Fields<'_, '_>, found: &Provider, evidence: &Evidence<'_>, exact: bool) {
    let Some(have) = &found.grant_types else { return };
    let judgement = grant_types::judge(evidence);
    fields.warn(&judgement);
    let want = evidence.needs.grant_types();
    let is_missing = |grant: &&GrantType| !have.iter().any(|known| *known == **grant);
    let missing = want.iter().filter(is_missing).copied().map(Open::Known);
    let all: Vec<Open<GrantType>> = if exact {
        want.iter().copied().map(Open::Known).collect()
    } else {
        have.iter().cloned().chain(missing).collect()
    };
    fields.need(&judgement, exact, "grant_types", value(&all));
}

fn redirects(fields: &mut Fields<'_, '_>, found: &Provider, evidence: &Evidence<'_>) {
    let desired = &fields.planner.desired.provider.redirect_uris;
    let judgement = redirect_uris::judge(evidence);
    let (kept, added) = if desired.is_asked {
        (Vec::new(), desired.value.clone())
    } else {
        let kept = redirect_uris::kept(found, evidence.needs);
        let mut added = redirect_uris::missing(&kept, evidence.needs, &desired.value);
        for uri in fields.planner.desired.integration.extra_redirect_uris() {
            if !added.contains(uri) && !kept.iter().any(|entry| entry.is(uri)) {
                added.push(uri.clone());
            }
        }
        (kept, added)
    };
    fields.need(&judgement, true, "redirect_uris", value(&entries(found, kept, added)));
}

/// Entries for logins, new ones as the server has them already, and its own for logouts.
fn entries(
    found: &Provider,
    kept: Vec<&RedirectUriEntry>,
    added: Vec<RedirectUri>,
) -> Vec<RedirectUriEntry> {
    // Types came with grant types, in 2026.5. A create fills them in, a patch stores what it gets.
    let redirect_uri_type =
        found.grant_types.as_ref().map(|_| Open::Known(RedirectUriType::Authorization));
    let added = added.into_iter().map(|uri| {
        let same = found.redirect_uris.iter().find(|entry| entry.is(&uri)).cloned();
        same.unwrap_or_else(|| RedirectUriEntry {
            redirect_uri_type: redirect_uri_type.clone(),
            ..RedirectUriEntry::from(uri)
        })
    });
    let others = found.redirect_uris.iter().filter(|entry| !entry.is_for_authorization());
    kept.into_iter().cloned().chain(added).chain(others.cloned()).collect()
}
