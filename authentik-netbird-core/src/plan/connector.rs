//! NetBird's side of the connector mode: its identity provider, and the settings of its account.

use serde_json::{Value, json};

use super::change::{FieldChange, diff};
use super::desired::DesiredConnector;
use super::planner::{About, Found, Planner, UP_TO_DATE};
use super::provider::{ID as PROVIDER, SECRET};
use super::warning::Warning;
use super::{access, claim, settings};
use crate::authentik::{Provider, Source};
use crate::error::Blocker;
use crate::ids::{OperationId, Resource};
use crate::integration::GuideStep;
use crate::netbird::{Account, IdentityProvider, NetbirdState};
use crate::outputs::Outputs;
use crate::requirements::identity_provider::{self as requirement, KINDS, Match, Wanted};
use crate::requirements::redirect_uris;
use crate::resource::{Body, Object, client_id_of, object, secret_reference, value};

pub(crate) const ID: &str = "identity-provider";

/// The steps on NetBird's side, where it could not be read.
const BY_HAND: &str = "Enter the identity provider by hand in NetBird under Settings > Identity Providers \
                       with the values that an apply shows";

/// Plans NetBird's side, after authentik's.
pub(super) fn plan(planner: &mut Planner<'_>) {
    let snapshot = planner.snapshot;
    let Some(wanted) = &planner.desired.connector else { return };
    warn_of_doubled_groups(planner);
    warn_of_another_host(planner);
    let state = &snapshot.netbird;
    if let Some(unread) = Warning::netbird_unread(state, BY_HAND) {
        planner.warnings.push(unread);
        return;
    }
    let Some(account) = account(planner, state) else { return };
    let found = ours(planner, wanted);
    match only(planner, wanted, &found) {
        Found::None => {
            create(planner, wanted);
            if settings::requires_approval(wanted, account) {
                planner.warnings.push(Warning::user_approval());
            }
        }
        Found::One(one) => {
            let is_new = matches!(found, Match::Duplicates { is_used: false, .. });
            update(planner, wanted, one, is_new);
            if let Match::Duplicates { surplus, .. } = found {
                remove_duplicates(planner, &surplus);
            }
        }
        Found::Many => return,
    }
    // Access by groups comes last: before authentik sends the groups it would keep everyone out.
    let mut after = planner.changes(&[claim::ID, PROVIDER, ID]);
    after.extend(planner.changes_of(access::PREFIX));
    settings::plan(planner, wanted, account, after);
}

/// Hands NetBird the client secret of a rotation.
pub(super) fn hand_over(planner: &mut Planner<'_>) {
    let state = &planner.snapshot.netbird;
    let Some(wanted) = &planner.desired.connector else { return };
    if let Some(why) = &state.unread {
        if state.is_without_token {
            planner.warnings.extend(Warning::netbird_unread(state, BY_HAND));
            return;
        }
        // Somebody gave the token: with authentik's half alone nobody could log in.
        let resource = IdentityProvider::API.resource(&wanted.name.value);
        let why = format!("NetBird could not be read, and would keep the old secret ({why})");
        let hint = "Run again when NetBird can be reached.";
        planner.block(resource, why, hint);
        return;
    }
    let found = ours(planner, wanted);
    match only(planner, wanted, &found) {
        Found::One(found) => update(planner, wanted, found, false),
        Found::None => {
            let resource = IdentityProvider::API.resource(&wanted.name.value);
            let hint = "Apply a plan first.";
            planner.missing(resource, "NetBird logs in with the secret through it", hint);
        }
        Found::Many => {}
    }
}

/// The issuer that NetBird compares with the one of authentik's discovery document.
pub(super) fn issuer(planner: &Planner<'_>) -> String {
    Outputs::of(&planner.desired.integration, "".into()).issuer()
}

/// NetBird's account, if people can log in to it through a connector; the blockers recorded otherwise.
fn account<'s>(planner: &mut Planner<'_>, state: &'s NetbirdState) -> Option<&'s Account> {
    let Some(account) = state.account() else {
        let resource = Account::API.resource("NetBird's");
        let hint = "Use the token of an owner or administrator of the account.";
        planner.missing(resource, "the token's user sees no account", hint);
        return None;
    };
    let (why, hint) = if planner.snapshot.source == Source::BuiltIn {
        return Some(account);
    } else if !account.has_embedded_provider() {
        (
            "this NetBird does not use its embedded identity provider, so it has no connectors",
            "Set `mode` to `standalone`, or move NetBird to the embedded identity provider first.",
        )
    } else if account.domain.is_empty() {
        (
            "the account has no domain, so everyone who logs in through authentik would become the owner \
             of a separate account",
            "Set NetBird up again, with an empty data directory and without `create_pat`.",
        )
    } else {
        return Some(account);
    };
    planner.block(Account::API.resource(account.id.as_str()), why, hint);
    None
}

/// NetBird's identity providers of this authentik.
pub(super) fn ours<'s>(planner: &Planner<'s>, wanted: &DesiredConnector) -> Match<'s> {
    let wanted = Wanted {
        issuer: &issuer(planner),
        name: &wanted.name.value,
        client_id: planner.existing.client_id.as_ref().map(crate::ids::ClientId::as_str),
    };
    requirement::find(&planner.snapshot.netbird, &wanted)
}

/// NetBird's identity provider of this integration, by its issuer, its client id, or its name; `Many` with the
/// blockers recorded.
fn only<'s>(
    planner: &mut Planner<'s>,
    wanted: &DesiredConnector,
    found: &Match<'s>,
) -> Found<'s, IdentityProvider> {
    let resource = IdentityProvider::API.resource(&wanted.name.value);
    let (one, hint) = match found {
        Match::Ambiguous { matches, hint } => {
            planner.blockers.push(Blocker::ambiguous(resource, matches.clone(), hint));
            return Found::Many;
        }
        Match::One(one) | Match::Duplicates { kept: one, .. } => {
            (*one, "Delete it in NetBird under Settings > Identity Providers if nobody uses it.")
        }
        Match::None => match named(planner, wanted, &resource) {
            Found::One(one) => (one, "Set another `identity_provider_name`."),
            other => return other,
        },
    };
    if !KINDS.contains(&one.kind.as_str()) {
        let why = format!("it has the type \"{}\", which NetBird does not change", one.kind);
        planner.block(resource, why, hint);
        return Found::Many;
    }
    Found::One(one)
}

/// Plans the end of what two runs at the same time created, once the one that stays has the secret.
pub(super) fn remove_duplicates(planner: &mut Planner<'_>, surplus: &[&IdentityProvider]) {
    for (index, one) in surplus.iter().enumerate() {
        let id = format!("{ID}-duplicate-{}", index + 1);
        let resource = IdentityProvider::API.resource(&one.name);
        let changes =
            vec![FieldChange::removed("id", &one.id), FieldChange::removed("issuer", &one.issuer)];
        let reason = "a duplicate, left by two runs at the same time; no user logs in through it";
        let after = planner.changes(&[ID]);
        let write = IdentityProvider::API.delete(&one.id);
        let about = About::new(id, resource, GuideStep::Connector);
        planner.operation(about, reason, after, changes, Some(write));
    }
}

/// The one of this name, which is somebody else's unless it is adopted.
fn named<'s>(
    planner: &mut Planner<'s>,
    wanted: &DesiredConnector,
    resource: &Resource,
) -> Found<'s, IdentityProvider> {
    let all = planner.snapshot.netbird.identity_providers.iter();
    let same: Vec<_> = all.filter(|one| one.name == wanted.name.value).collect();
    let found = match same[..] {
        [] => return Found::None,
        [one] => one,
        _ => {
            let shown = same.iter().map(|one| format!("{} ({})", one.issuer, one.id)).collect();
            let hint = "Set `identity_provider_name` to another name.";
            planner.blockers.push(Blocker::ambiguous(resource.clone(), shown, hint));
            return Found::Many;
        }
    };
    let why = format!("it has another issuer, {}, and another client", found.issuer);
    if planner.conflict(resource, why, "Set another `identity_provider_name`") {
        Found::One(found)
    } else {
        Found::Many
    }
}

/// The client id, as a value of a write.
fn client_id(planner: &Planner<'_>) -> Value {
    let asked = planner.desired.provider.client_id.as_ref();
    match asked.or(planner.existing.client_id.as_ref()) {
        Some(id) => value(id),
        None => client_id_of(PROVIDER),
    }
}

/// The operation that has the client secret: the one that creates the provider or sets another, else a new
/// one that reads it.
fn secret(planner: &mut Planner<'_>) -> &'static str {
    if planner.existing.client_id.is_none() {
        return PROVIDER;
    }
    let snapshot = planner.snapshot;
    let name = &planner.desired.provider.name;
    if planner.change(SECRET).is_none()
        && let Some(found) = snapshot.providers.iter().find(|one| one.name == *name)
    {
        let about = About::new(SECRET, Provider::API.resource(name), GuideStep::Connector);
        let write = Provider::API.write("read_secret", Some(value(&found.pk)), Body::new());
        let reason = "NetBird needs its client secret, which is read and sent to NetBird alone";
        planner.operation(about, reason, Vec::new(), Vec::new(), Some(write));
    }
    SECRET
}

/// NetBird reads authentik's discovery document when it gets a connector, and then people can log in: all of
/// authentik's side comes first, and who may log in above all.
fn after(planner: &Planner<'_>) -> Vec<OperationId> {
    let mut after = planner.changes(&[PROVIDER, super::application::ID]);
    after.extend(planner.changes_of(access::PREFIX));
    after
}

fn about(wanted: &DesiredConnector) -> About {
    let resource = IdentityProvider::API.resource(&wanted.name.value);
    About::new(ID, resource, GuideStep::Connector)
}

fn create(planner: &mut Planner<'_>, wanted: &DesiredConnector) {
    let secret = secret(planner);
    let body = json!({
        "type": KINDS[0],
        "name": wanted.name.value,
        "issuer": issuer(planner),
        "client_id": client_id(planner),
        "client_secret": secret_reference(secret),
    });
    let write = IdentityProvider::API.create(&body);
    let after = after(planner);
    planner.create(about(wanted), "people log in to NetBird through it", after, write);
}

/// Plans the change of one. Of duplicates that nobody used yet it is unknown which secret they have.
fn update(
    planner: &mut Planner<'_>,
    wanted: &DesiredConnector,
    found: &IdentityProvider,
    is_duplicated: bool,
) {
    let mut fields = object(&json!({"issuer": issuer(planner), "client_id": client_id(planner)}));
    if wanted.name.is_asked {
        fields.insert("name".to_owned(), wanted.name.value.clone().into());
    }
    let resource = IdentityProvider::API.resource(&found.name);
    let about = About::new(ID, resource, GuideStep::Connector);
    let (mut fields, mut changes) = diff(IdentityProvider::API, found, fields);
    let has_new_secret = planner.change(SECRET).is_some() || planner.existing.client_id.is_none();
    let is_login_changed = ["issuer", "client_id"].iter().any(|field| fields.contains_key(*field));
    let is_resent = wanted.send_secret || is_duplicated;
    let sends_secret = is_resent || has_new_secret || is_login_changed;
    if fields.is_empty() && !sends_secret {
        planner.unchanged(about, UP_TO_DATE);
        return;
    }
    warn_if_static(planner, found);
    let mut reason = "it differs from authentik's provider, or from what was asked for";
    let action = if sends_secret {
        let operation = secret(planner);
        fields.insert("client_secret".to_owned(), secret_reference(operation));
        changes.push(FieldChange::new_secret("client_secret"));
        planner.warnings.push(Warning::restart_netbird());
        if has_new_secret {
            reason = "authentik's client secret is a new one";
        } else if wanted.send_secret && !is_login_changed {
            reason = "`send_secret` asks for it";
        } else if is_duplicated {
            reason = "it has duplicates, and NetBird does not show which client secret it has";
        }
        "set_secret"
    } else {
        "update"
    };
    let write = IdentityProvider::API.write(action, Some(value(&found.id)), fields);
    // A new secret does not change who may log in: nothing comes between the two servers' halves of it.
    let after = if is_login_changed { after(planner) } else { Vec::new() };
    planner.operation(about, reason, after, changes, Some(write));
}

/// A change of an identity provider of `management.json` lasts until NetBird's next start.
pub(super) fn warn_if_static(planner: &mut Planner<'_>, found: &IdentityProvider) {
    if !found.id.is_generated() {
        planner.warnings.push(Warning::static_connector(&found.name));
    }
}

/// The API of another NetBird would get an identity provider whose logins lead to this one.
fn warn_of_another_host(planner: &mut Planner<'_>) {
    let domain = planner.desired.integration.domain();
    let Some(host) = planner.snapshot.netbird.host.as_deref() else { return };
    if !host.eq_ignore_ascii_case(domain) && !redirect_uris::is_local(host) {
        planner.warnings.push(Warning::another_host(host, domain));
    }
}

/// Two mappings that emit groups double them in NetBird.
fn warn_of_doubled_groups(planner: &mut Planner<'_>) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let found = snapshot.providers.iter().find(|one| one.name == desired.provider.name);
    let Some(found) = found else { return };
    let mappings = snapshot.scope_mappings.iter();
    let emitting: Vec<String> = mappings
        .filter(|one| found.property_mappings.contains(&one.pk) && one.emits_groups())
        .filter(|one| claim::is_kept(planner, &one.pk))
        .map(|one| format!("\"{}\"", one.name))
        .collect();
    if emitting.len() > 1 {
        planner.warnings.push(Warning::doubled_groups(&emitting.join(" and ")));
    }
}
