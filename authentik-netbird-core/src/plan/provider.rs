//! The OAuth2 provider: a new one gets what is preferred, an existing one what it needs and is missing.

use super::api_client_choice::may_use_login_client;
use super::change::FieldChange;
use super::claim;
use super::consequences;
use super::lookup::flow;
use super::planner::{About, Found, Planner};
use super::provider_change::changes;
use super::signing_key;
use super::warning::Warning;
use crate::authentik::{
    MatchingMode, Provider, ProviderCreate, ProviderId, RedirectUri, RedirectUriEntry,
    RedirectUriType, ScopeMapping, ScopeMappingId, Version,
};
use crate::ids::{Reference, Resource};
use crate::integration::GuideStep;
use crate::requirements::{
    self, Evidence, LOGOUT_CALLBACK, Needs, Probes, exposure, federation, redirect_uris,
};
use crate::resource::{Body, Object, Open, value};

pub(crate) const ID: &str = "provider";

/// The operation with an existing provider's client secret: it gets a new one, or it is read.
pub(crate) const SECRET: &str = "client-secret";

/// The facts about its provider that an application needs.
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
    let about = About::new(ID, resource.clone(), GuideStep::Provider);
    match found {
        Found::Many => None,
        Found::None => {
            another_of_this_host(planner, &resource);
            let write = Provider::API.create(&new(planner)?);
            planner.create(about, "NetBird's users log in through it", Vec::new(), write);
            Some(PlannedProvider { id: Reference::pending(ID), serves: None })
        }
        Found::One(found) => {
            planner.name_number("provider", &found.pk, &found.name);
            planner.existing.client_id = Some(found.client_id.clone());
            let mut needs = Needs::from(&desired.integration);
            needs.reads_users_with_client = may_use_login_client(desired, planner.snapshot);
            let evidence = Evidence {
                needs: &needs,
                provider: Some(found),
                snapshot: Some(planner.snapshot),
                probes: Probes::default(),
                shown: &str::to_owned,
            };
            let conflicts = planner.warnings.len();
            let serves = belongs(planner, &resource, found);
            if let Some((message, hint)) = federation::judge(&evidence).concern() {
                planner.conflict(&resource, message, &hint);
            }
            let is_adopted = planner.warnings.len() > conflicts;
            warn_of_mappings(planner, found);
            names_people(planner, &resource, &evidence);
            let (fields, reasons) = changes(planner, found, &evidence)?;
            consequences::warn(planner, found, &fields);
            let reason = reasons.join("; ");
            planner.update(about, &reason, Vec::new(), found, (Provider::API, &found.pk, fields));
            set_secret(planner, found, is_adopted, &evidence);
            Some(PlannedProvider { id: Reference::Known(found.pk), serves })
        }
    }
}

/// Anyone who may create providers could have prepared one with scope mappings of theirs. One that an application uses
/// is an administrator's.
fn warn_of_mappings(planner: &mut Planner<'_>, provider: &Provider) {
    if provider.assigned_application_slug.is_some() {
        return;
    }
    let ours = claim::name(planner);
    let is_foreign = |one: &&ScopeMapping| {
        provider.property_mappings.contains(&one.pk)
            && one.managed.is_none()
            && Some(&one.name) != ours
    };
    let foreign = planner.snapshot.scope_mappings.iter().filter(is_foreign);
    let names: Vec<String> = foreign.map(|one| format!("\"{}\"", one.name)).collect();
    if !names.is_empty() {
        let warning = Warning::provider_without_application(&provider.name, &names.join(", "));
        planner.warnings.push(warning);
    }
}

/// Plans a new client secret, where others may know it or there is none: authentik gives a token to anyone
/// who has it. A standalone NetBird has no use for it.
fn set_secret(
    planner: &mut Planner<'_>,
    found: &Provider,
    is_adopted: bool,
    evidence: &Evidence<'_>,
) {
    let judgement = exposure::judge_secret(evidence);
    let reason = match judgement.unmet() {
        Some(why) => why,
        None if is_adopted => "its earlier owner may know its secret",
        None => return,
    };
    let resource = Provider::API.resource(&found.name);
    let about = About::new(SECRET, resource, GuideStep::Provider);
    let after = planner.changes(&[ID]);
    let changes = vec![FieldChange::new_secret("client_secret")];
    let write = Provider::API.write("set_secret", Some(value(&found.pk)), Body::new());
    planner.operation(about, reason, after, changes, Some(write));
}

fn warn_of_open_redirects(planner: &mut Planner<'_>) {
    for uri in &planner.desired.provider.redirect_uris.value {
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
        planner.block(
            resource.clone(),
            format!("the provider \"{}\" already has its client id", holder.name),
            "Set another `client_id`, or none to let authentik generate one.",
        );
    }
}

/// Records a conflict where a provider of another name leads logins to this NetBird already: `adopt` would not take
/// it over, but create a second one. During a migration a connector has one beside that of the other mode.
fn another_of_this_host(planner: &mut Planner<'_>, resource: &Resource) {
    if planner.desired.connector.is_some() {
        return;
    }
    let domain = planner.desired.integration.domain.as_str();
    let leads_here = |uri: &RedirectUriEntry| {
        uri.is_for_authorization()
            && redirect_uris::host(uri).is_some_and(|host| host.eq_ignore_ascii_case(domain))
    };
    let other = planner.snapshot.providers.iter().find_map(|other| {
        let is_it = other.is_netbird() && other.redirect_uris.iter().any(leads_here);
        Some((&other.name, other.assigned_application_slug.as_ref().filter(|_| is_it)?))
    });
    if let Some((name, slug)) = other {
        planner.block(
            resource.clone(),
            format!("the provider \"{name}\" leads logins to {domain} already"),
            format!("Set `provider_name` to \"{name}\" and `application_slug` to \"{slug}\"."),
        );
    }
}

/// Whether the provider found is this NetBird's. Returns another application that it serves.
pub(super) fn belongs(
    planner: &mut Planner<'_>,
    resource: &Resource,
    found: &Provider,
) -> Option<String> {
    let desired = planner.desired;
    let hint = "Set another `provider_name` for this NetBird";
    let domain = &desired.integration.domain;
    let is_connector = desired.connector.is_some();
    if let Some((what, hint)) = of_another_mode(found, is_connector) {
        // Never converted, not even with `adopt`: people log in through it. No other conflict may offer that.
        planner.block(resource.clone(), format!("it is {what}"), hint);
        return None;
    }
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

/// Why a provider is not this mode's, and what to do.
pub(super) fn of_another_mode(
    found: &Provider,
    is_connector: bool,
) -> Option<(&'static str, &'static str)> {
    if is_connector {
        return found.is_netbird().then_some((
            "the client of a standalone NetBird, through which people log in, and not the connector of NetBird's \
             embedded identity provider",
            "Set another `provider_name` and `application_slug` for the connector, or set `mode` to \
             `standalone`.",
        ));
    }
    requirements::client::is_connector(found).then_some((
        "the connector of NetBird's embedded identity provider, through which people log in, and not the client of \
         a standalone NetBird",
        "Set another `provider_name` and `application_slug` for a standalone NetBird, or set `mode` to \
         `connector`.",
    ))
}

/// Whether tokens name the people who log in. A mapping that someone wrote may say otherwise.
fn names_people(planner: &mut Planner<'_>, resource: &Resource, evidence: &Evidence<'_>) {
    for mapping in requirements::subject::overriding(evidence) {
        let why = format!(
            "its scope mapping \"{}\" may replace the subject of tokens, so that one person could be \
             another in NetBird",
            mapping.name
        );
        planner.conflict(resource, why, "Remove `sub` from its expression, or the mapping");
    }
}

/// Hosts of a provider's redirect URIs, where all of them are another NetBird's: none is ours, and
/// at least one is not the user's own machine. Compared as texts, so that patterns count, too; one for
/// every host is nobody's.
pub(super) fn foreign_hosts(found: &Provider, domain: &str) -> Vec<String> {
    let callback = format!("https://{domain}/auth");
    let mut hosts = Vec::new();
    for uri in found.redirect_uris.iter().filter(|uri| uri.is_for_authorization()) {
        let host = redirect_uris::host(uri).unwrap_or_else(|| uri.url.clone());
        if host.eq_ignore_ascii_case(domain) {
            return Vec::new();
        }
        let is_nobodys = redirect_uris::is_local(&host) || redirect_uris::allows(uri, &callback);
        if !is_nobodys && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// The body that every new provider has, with this server's ids; `None` with the blockers recorded.
pub(super) fn base(planner: &mut Planner<'_>) -> Option<ProviderCreate> {
    let desired = &planner.desired.provider;
    // Each of these records its own blocker, and none hides the others'.
    let signing_key = signing_key::choose(planner);
    let authorization_flow = flow(planner, &desired.authorization_flow.value, "authorization_flow");
    let invalidation_flow = flow(planner, &desired.invalidation_flow.value, "invalidation_flow");
    Some(ProviderCreate {
        name: desired.name.clone(),
        client_id: desired.client_id.clone(),
        client_type: desired.client_type,
        authorization_flow: authorization_flow?,
        invalidation_flow: invalidation_flow?,
        redirect_uris: Vec::new(),
        signing_key: signing_key?,
        access_code_validity: desired.access_code_validity.value.clone(),
        sub_mode: desired.sub_mode,
        issuer_mode: desired.issuer_mode,
        include_claims_in_id_token: desired.include_claims_in_id_token,
        property_mappings: Vec::new(),
        grant_types: None,
    })
}

/// A new provider of people's logins; `None` with the blockers recorded.
fn new(planner: &mut Planner<'_>) -> Option<ProviderCreate> {
    let desired = &planner.desired.provider;
    let base = base(planner);
    let mappings: Vec<Option<Reference<ScopeMappingId>>> =
        desired.scope_mappings.iter().map(|managed| claim::mapping(planner, managed)).collect();
    let has_types = planner.snapshot.version.is_some_and(Version::has_grant_types);
    Some(ProviderCreate {
        redirect_uris: new_redirect_uris(planner, has_types),
        property_mappings: mappings.into_iter().collect::<Option<_>>()?,
        // Types of redirect URIs came with grant types, in 2026.5.
        grant_types: has_types.then(|| desired.grant_types.clone()),
        ..base?
    })
}

/// Those of logins, and where a server tells them apart the one that a logout leads back to.
fn new_redirect_uris(planner: &Planner<'_>, has_types: bool) -> Vec<RedirectUriEntry> {
    let wanted = planner.desired.provider.redirect_uris.value.iter().cloned();
    let entries = wanted.map(RedirectUriEntry::from);
    let path = if planner.desired.connector.is_some() { LOGOUT_CALLBACK } else { "/" };
    let logout =
        RedirectUri::strict(format!("https://{}{path}", planner.desired.integration.domain));
    if !has_types {
        let logout = planner.desired.connector.as_ref().map(|_| RedirectUriEntry::from(logout));
        return entries.chain(logout).collect();
    }
    let logout = RedirectUriEntry {
        redirect_uri_type: Some(Open::Known(RedirectUriType::Logout)),
        ..RedirectUriEntry::from(logout)
    };
    entries.chain([logout]).collect()
}
