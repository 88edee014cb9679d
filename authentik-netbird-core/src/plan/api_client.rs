//! The client with which NetBird's management reads users: it alone has the scope of authentik's API, only the
//! service account may use it, and no browser does.

use serde_json::json;

use super::access::{bind_account, refuse_all};
use super::api_client_choice::{existing, separate};
use super::application;
use super::change::FieldChange;
use super::desired::{API_SCOPE_MAPPING, DesiredApiClient};
use super::lookup::scope_mapping;
use super::planner::{About, Found, Planner};
use super::provider;
use super::signing_key;
use super::warning::Warning;
use crate::authentik::{
    Application, ApplicationCreate, ApplicationId, ClientType, GrantType, Provider, ProviderCreate,
    ProviderId, RedirectUri, RedirectUriEntry, ScopeMappingId, UserId, Version,
};
use crate::error::Blocker;
use crate::ids::{Reference, Resource};
use crate::integration::{ApiClientMigration, GuideStep};
use crate::requirements::api_client::{has_api_scope, provides_api_scope};
use crate::requirements::federation;
use crate::resource::{Body, Object, Open, object, value};

pub(crate) const PROVIDER: &str = "api-provider";
pub(super) const APPLICATION: &str = "api-application";
pub(super) const BINDING: &str = "api-access";
/// The end of the scope on the client of people's browsers.
const SCOPE: &str = "provider-api-scope";

/// Where a login through this client would lead: nowhere, by RFC 2606. Before 2026.5 a provider without a
/// redirect URI would take over the first one that it is asked for.
const NOWHERE: &str = "https://unused.invalid";
/// authentik shows no tile for it.
const NO_TILE: &str = "blank://blank";

/// Plans it, and what is left of the API scope on the client of people's browsers.
pub(super) fn plan(planner: &mut Planner<'_>, account: Option<&Reference<UserId>>) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let had_one = desired.api_client.as_ref().is_some_and(|one| existing(one, snapshot).is_some());
    let separate = separate(desired, snapshot);
    if let Some(wanted) = separate {
        let provider = plan_provider(planner, wanted);
        let application = provider.and_then(|id| plan_application(planner, wanted, id));
        if let (Some(application), Some(account)) = (application, account) {
            let id = (BINDING, wanted.slug.as_str());
            if !refuse_all(planner, wanted.slug.as_str(), account) {
                bind_account(planner, id, &application, account);
            }
            warn_of_others(planner, wanted, account);
        }
    }
    match snapshot.find::<Provider>(&desired.provider.name) {
        Some(login) if has_api_scope(login, snapshot) => match separate {
            Some(wanted) if wanted.migration == ApiClientMigration::RemoveScope => {
                remove_scope(planner, login, had_one);
            }
            separate => warn(planner, login, separate.is_some()),
        },
        None if desired.service_account.is_some() && separate.is_none() => {
            planner.warnings.push(Warning::api_scope(
                &desired.provider.name,
                &desired.integration.domain,
                "Leave out `as_in_guide` to use a separate client.",
            ));
        }
        _ => {}
    }
}

fn warn(planner: &mut Planner<'_>, login: &Provider, has_client: bool) {
    let hint = if planner.desired.service_account.is_none() {
        "Remove that scope mapping from the provider in authentik: NetBird reads no users."
    } else if has_client {
        "Once NetBird runs with the new NETBIRD_IDP_MGMT_CLIENT_ID, set `migrate_api_client` to \
         `remove_scope`."
    } else {
        "Set `migrate_api_client` to `add_client`, which interrupts no login."
    };
    let domain = &planner.desired.integration.domain;
    planner.warnings.push(Warning::api_scope(&login.name, domain, hint));
}

fn plan_provider(
    planner: &mut Planner<'_>,
    wanted: &DesiredApiClient,
) -> Option<Reference<ProviderId>> {
    let resource = Provider::API.resource(&wanted.name);
    let about = About::new(PROVIDER, resource.clone(), GuideStep::Provider);
    match planner.find::<Provider>(&wanted.name) {
        Found::Many => None,
        Found::None => {
            let new = new(planner, wanted)?;
            let reason = "NetBird's management reads users with it; no browser can use it";
            planner.create(about, reason, Vec::new(), Provider::API.create(&new));
            Some(Reference::pending(PROVIDER))
        }
        Found::One(found) => {
            planner.name_number("provider", &found.pk, &found.name);
            belongs(planner, &resource, found, wanted);
            planner.existing.api_client_id = Some(found.client_id.clone());
            let fields = changes(planner, found)?;
            let reason = "it differs from what NetBird's management needs";
            planner.update(about, reason, Vec::new(), found, (Provider::API, &found.pk, fields));
            Some(Reference::Known(found.pk))
        }
    }
}

fn new(planner: &mut Planner<'_>, wanted: &DesiredApiClient) -> Option<ProviderCreate> {
    let base = provider::base(planner);
    let mapping = scope_mapping(planner, API_SCOPE_MAPPING);
    let has_types = planner.snapshot.version.is_some_and(Version::has_grant_types);
    Some(ProviderCreate {
        name: wanted.name.clone(),
        client_id: None,
        client_type: ClientType::Confidential,
        redirect_uris: vec![RedirectUri::strict(NOWHERE).into()],
        property_mappings: vec![mapping?],
        grant_types: has_types.then(|| vec![GrantType::ClientCredentials]),
        ..base?
    })
}

/// Records a conflict where something else logs in through the provider.
fn belongs(
    planner: &mut Planner<'_>,
    resource: &Resource,
    found: &Provider,
    wanted: &DesiredApiClient,
) {
    let hint = "Rename it in authentik, or set another `provider_name`";
    let serves = found.assigned_application_slug.as_deref();
    if let Some(slug) = serves.filter(|slug| *slug != wanted.slug.as_str()) {
        // A provider serves one application; `adopt` does not take this one's away.
        let why = format!("it serves the application \"{slug}\"");
        planner.blockers.push(Blocker::conflict(resource.clone(), why, format!("{hint}.")));
    }
    let is_foreign = |uri: &&RedirectUriEntry| uri.is_for_authorization() && uri.url != NOWHERE;
    if let Some(uri) = found.redirect_uris.iter().find(is_foreign) {
        let why =
            format!("logins through it lead to {}, with a token for authentik's API", uri.url);
        planner.conflict(resource, why, hint);
    }
    if let Some((message, hint)) = federation::judge_provider(found).concern() {
        planner.conflict(resource, message, &hint);
    }
}

/// The changes that an existing one needs; `None` with the blockers recorded.
fn changes(planner: &mut Planner<'_>, found: &Provider) -> Option<Body> {
    let mut fields = object(&json!({
        "client_type": ClientType::Confidential,
        "encryption_key": null,
        "redirect_uris": [RedirectUriEntry::from(RedirectUri::strict(NOWHERE))],
    }));
    // A patch of the URIs names their type on servers that have types.
    if found.redirect_uris.iter().any(|uri| uri.url == NOWHERE) && found.redirect_uris.len() == 1 {
        fields.remove("redirect_uris");
    }
    // Otherwise they are a conflict.
    if planner.desired.integration.adopt() {
        fields.insert("jwt_federation_providers".to_owned(), json!([]));
        fields.insert("jwt_federation_sources".to_owned(), json!([]));
    }
    if !has_api_scope(found, planner.snapshot) {
        let mapping = scope_mapping(planner, API_SCOPE_MAPPING)?;
        let has = found.property_mappings.iter().cloned().map(Reference::Known);
        let all: Vec<Reference<ScopeMappingId>> = has.chain([mapping]).collect();
        fields.insert("property_mappings".to_owned(), value(&all));
    }
    let grants = found.grant_types.as_deref();
    if let Some(has) =
        grants.filter(|has| !has.iter().any(|one| *one == GrantType::ClientCredentials))
    {
        let all = has.iter().cloned().chain([Open::Known(GrantType::ClientCredentials)]);
        fields.insert("grant_types".to_owned(), value(&all.collect::<Vec<_>>()));
    }
    if found.signing_key.is_none() {
        fields.insert("signing_key".to_owned(), value(&signing_key::choose(planner)?));
    }
    Some(fields)
}

fn plan_application(
    planner: &mut Planner<'_>,
    wanted: &DesiredApiClient,
    provider: Reference<ProviderId>,
) -> Option<Reference<ApplicationId>> {
    let slug = wanted.slug.as_str();
    let resource = Application::API.resource(slug);
    let about = About::new(APPLICATION, resource.clone(), GuideStep::Application);
    match planner.find::<Application>(slug) {
        Found::Many => None,
        Found::None => {
            let body = ApplicationCreate {
                name: wanted.application_name.clone(),
                slug: wanted.slug.clone(),
                provider,
                meta_launch_url: NO_TILE.to_owned(),
                group: None,
            };
            let reason = "the provider needs one; its binding decides who may use the client";
            planner.create(about, reason, Vec::new(), Application::API.create(&body));
            Some(Reference::pending(APPLICATION))
        }
        Found::One(found) => {
            if let Some(its) = found.provider
                && provider.known() != Some(&its)
            {
                let name = found.provider_name.clone().unwrap_or_else(|| format!("pk {its}"));
                let hint = "Set another `application_slug`";
                planner.conflict(&resource, format!("it has the provider \"{name}\""), hint);
            }
            let id = planner.reference(&found.pk, slug);
            let fields = object(&json!({ "provider": provider }));
            let reason = "it does not have the provider";
            let write = (Application::API, &wanted.slug, fields);
            planner.update(about, reason, Vec::new(), found, write);
            Some(id)
        }
    }
}

/// Anyone else who may use the client gets tokens for authentik's API by it.
fn warn_of_others(
    planner: &mut Planner<'_>,
    wanted: &DesiredApiClient,
    account: &Reference<UserId>,
) {
    let Some(application) = planner.snapshot.application(wanted.slug.as_str()) else { return };
    let others = planner.snapshot.bindings.iter().filter(|one| {
        one.target == application.pk && one.enabled && one.user.as_ref() != account.known()
    });
    let count = others.count();
    if count > 0 {
        planner.warnings.push(Warning::api_client_open(wanted.slug.as_str(), count));
    }
}

/// Plans the second step of the migration: the scope goes when NetBird uses the other client.
fn remove_scope(planner: &mut Planner<'_>, login: &Provider, had_client: bool) {
    let resource = Provider::API.resource(&login.name);
    if !had_client {
        planner.block(
            resource,
            "NetBird's management still reads users with it, so every login would fail",
            "Apply with `migrate_api_client` set to `add_client`, and restart NetBird with the new \
             setup.env.",
        );
        return;
    }
    let mappings = &planner.snapshot.scope_mappings;
    let is_api =
        |id: &ScopeMappingId| mappings.iter().any(|one| one.pk == *id && provides_api_scope(one));
    let (gone, kept): (Vec<_>, Vec<_>) =
        login.property_mappings.iter().cloned().partition(|id| is_api(id));
    for mapping in mappings {
        planner.name(&mapping.pk, &mapping.name);
    }
    let about = About::new(SCOPE, resource, GuideStep::Provider);
    let fields = Body::from_iter([("property_mappings".to_owned(), value(&kept))]);
    let changes = vec![FieldChange::removed("property_mappings", &gone)];
    let after = planner.changes(&[provider::ID, PROVIDER, application::ID, APPLICATION, BINDING]);
    let reason = "people's browsers no longer get tokens for authentik's API; NetBird must use the other \
                  client by now";
    let write = Provider::API.update(&login.pk, fields);
    planner.operation(about, reason, after, changes, Some(write));
}
