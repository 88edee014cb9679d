//! The settings of NetBird's account that concern logins.

use serde_json::{Map, Value, json};

use super::change::{FieldChange, diff};
use super::claim;
use super::desired::DesiredConnector;
use super::planner::{About, Planner, UP_TO_DATE};
use super::warning::Warning;
use crate::ids::OperationId;
use crate::integration::GuideStep;
use crate::netbird::Account;
use crate::resource::{Body, Object, value};

const ID: &str = "account-settings";

/// The claim in which authentik reports groups.
const CLAIM: &str = "groups";

/// Plans the settings that were asked for; all others are sent back as they are.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    wanted: &DesiredConnector,
    account: &Account,
    after: Vec<OperationId>,
) {
    let settings = asked(wanted, account);
    let is_asked = !settings.is_empty();
    let about = About::new(ID, Account::API.resource(&account.domain), GuideStep::Connector);
    let (fields, changes) = diff(Account::API, &account.settings, settings);
    warn_of_groups(planner, account, &fields);
    if fields.is_empty() {
        if is_asked {
            planner.unchanged(about, UP_TO_DATE);
        }
        return;
    }
    let approval =
        || FieldChange::changed(APPROVAL, account.setting(APPROVAL), &wanted.user_approval);
    let changes = changes.into_iter().map(|one| if one.path == EXTRA { approval() } else { one });
    let changes = changes.map(in_settings).collect();
    let body = Body::from_iter([("settings".to_owned(), Value::Object(fields))]);
    let write = Account::API.write("update", Some(value(&account.id)), body);
    planner.operation(about, "NetBird's settings were asked for", after, changes, Some(write));
}

/// The group of settings that has the next one.
const EXTRA: &str = "extra";
const APPROVAL: &str = "extra.user_approval_required";

/// The settings that were asked for, as NetBird writes them.
fn asked(wanted: &DesiredConnector, account: &Account) -> Body {
    let mut settings = Map::new();
    if let Some(sync) = wanted.sync_groups {
        settings.insert("jwt_groups_enabled".to_owned(), sync.into());
        if sync {
            settings.insert("jwt_groups_claim_name".to_owned(), CLAIM.into());
        }
    }
    if let Some(groups) = &wanted.allowed_groups {
        settings.insert("jwt_allow_groups".to_owned(), value(groups));
    }
    if let Some(required) = wanted.user_approval
        && account.setting(APPROVAL) != Some(&required.into())
    {
        settings.insert(EXTRA.to_owned(), json!({"user_approval_required": required}));
    }
    settings
}

/// Warns of what the allowed groups mean for people's access after the changes, those that nobody asked for, too.
fn warn_of_groups(planner: &mut Planner<'_>, account: &Account, fields: &Body) {
    let mut after = account.clone();
    after.settings.extend(fields.clone());
    let allowed = after.allowed_groups();
    if allowed.is_empty() {
        return;
    }
    let names = allowed.join("\", \"");
    let options = planner.desired.integration.connector();
    let are_reported = !claim::is_silent(planner)
        && options.is_some_and(|options| allowed.iter().any(|name| options.reports_group(name)));
    let is_changed = fields.keys().any(|field| field.starts_with("jwt_"))
        || !planner.changes(&[claim::ID]).is_empty();
    let warning = match after.is_on("jwt_groups_enabled") {
        true if !are_reported => Warning::none_of_groups(&names),
        true if is_changed => Warning::only_groups(&names),
        false if fields.contains_key("jwt_groups_enabled") => Warning::any_group(&names),
        _ => return,
    };
    planner.warnings.push(warning);
}

/// Whether people wait for an approval after their first login.
pub(super) fn requires_approval(wanted: &DesiredConnector, account: &Account) -> bool {
    wanted.user_approval.unwrap_or(account.is_on(APPROVAL))
}

fn in_settings(change: FieldChange) -> FieldChange {
    FieldChange { path: format!("settings.{}", change.path), ..change }
}
