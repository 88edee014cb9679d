//! An account that is to get rights, and that somebody else may have created: a conflict, or adopted.
//!
//! A name proves nothing: who may create service accounts may have created this one first, and knows its
//! app password. Adopting it takes that away: it gets another app password, and access tokens and
//! sessions, which outlive one, end with its deactivation.

use serde_json::json;

use super::account::{ID, PASSWORD, best_app_password, create_app_password};
use super::audit::created_by;
use super::change::FieldChange;
use super::desired::DesiredServiceAccount;
use super::operation::ChangedBy;
use super::other_tokens;
use super::planner::{About, Planner};
use super::warning::Warning;
use crate::authentik::{Token, User, set_key};
use crate::integration::GuideStep;
use crate::resource::{Object, object};

pub(super) const DEACTIVATION: &str = "service-account-deactivation";

/// Plans the adoption where it is asked for; `None` with the conflict recorded.
pub(super) fn plan(planner: &mut Planner<'_>, user: &User) -> Option<()> {
    let resource = User::API.resource(&user.username);
    let creator = created_by(user.pk, &planner.snapshot.events)
        .map(|ChangedBy { user, at }| format!("; by the event log, \"{user}\" created it at {at}"));
    let creator = creator.unwrap_or_default();
    if !planner.desired.integration.adopt() {
        let wanted = planner.desired.service_account.as_ref();
        let group = wanted.map(DesiredServiceAccount::member_of).unwrap_or_default();
        let has = if user.group(group).is_some() {
            "it has fewer rights than are asked for, and".to_owned()
        } else {
            format!("it exists, but not with rights from the group \"{group}\", so")
        };
        planner.block(
            resource,
            format!("{has} somebody else may have created it and know its password{creator}"),
            "Set another `service_account_name`, or set `adopt` to give it rights and another app \
             password.",
        );
        return None;
    }
    let password = best_app_password(planner.snapshot, user);
    planner.warnings.push(Warning::adopt(&format!("{resource}{creator}")));
    warn_of_others(planner, user);
    let about = |id: &str| About::new(id, resource.clone(), GuideStep::ServiceAccount);
    let active = |is_active: bool| object(&json!({"is_active": is_active}));
    let reason = "access tokens and sessions that it has end";
    let update = (User::API, &user.pk, active(false));
    planner.update(about(DEACTIVATION), reason, Vec::new(), user, update);
    let after = planner.changes(&[DEACTIVATION]);
    other_tokens::plan(planner, user, password, &after);
    let reason = "somebody else may know the one that it has";
    match password {
        Some(token) => {
            planner.existing.app_password = Some(token.identifier.clone());
            let about = About::new(
                PASSWORD,
                Token::API.resource(token.identifier.as_str()),
                GuideStep::ServiceAccount,
            );
            let changes = vec![FieldChange::new_secret("key")];
            planner.operation(about, reason, after, changes, Some(set_key(&token.identifier)));
        }
        None => create_app_password(planner, user, reason, after),
    }
    let deactivated = User { is_active: false, ..user.clone() };
    let update = (User::API, &user.pk, active(true));
    let after = planner.changes(&[PASSWORD]);
    planner.update(about(ID), "so that NetBird can use it", after, &deactivated, update);
    Some(())
}

/// The other sources of the account's rights.
fn warn_of_others(planner: &mut Planner<'_>, user: &User) {
    let list = |what: &str, names: Vec<&str>| {
        (!names.is_empty()).then(|| format!("the {what} \"{}\"", names.join("\", \"")))
    };
    let groups = user.named_groups.iter().map(|group| group.name.as_str()).collect();
    let roles = user.named_roles.iter().map(|role| role.name.as_str()).collect();
    let all = [list("groups", groups), list("roles", roles)];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if !all.is_empty() {
        planner.warnings.push(Warning::adopted_with(&user.username, &all.join(", ")));
    }
}
