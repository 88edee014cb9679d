//! After a write whose outcome is not known: does what is there now say that it was done?

use serde::Serialize;
use serde_json::{Value, json};

use super::{Made, Write};
use crate::ids::{ApplicationId, ClientId, FlowId, GroupId, ProviderId, RoleId, UserId};
use crate::model::{GroupMember, PolicyBindingCreate, ProviderCreate};

/// What a look at the server says about a write whose outcome was not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confirmation {
    /// It was done.
    Done(Made),
    /// It was not done; sending it again is safe.
    NotDone,
    /// Something else is there in its place; these fields differ.
    Different(Vec<String>),
}

/// Judges `found`, what is there now under the write's identity key, if anything is. `write` must
/// be resolved. Lists compare in any order, and fields that were not sent do not count.
#[must_use]
pub fn confirm(write: &Write, found: Option<&Value>) -> Confirmation {
    let Some(found) = found else {
        return done_if(write.is_done_when_gone());
    };
    let number = || found.get("pk").and_then(Value::as_i64);
    let text = |field| found.get(field).and_then(Value::as_str);
    match write {
        Write::CreateProvider(body) => created(&as_known(body, found), found, || {
            let client_id = ClientId::from(text("client_id")?);
            Some(Made::Provider { id: ProviderId(number()?), client_id })
        }),
        Write::CreateFlow(body) => {
            created(body, found, || Some(Made::Flow { id: FlowId::from(text("pk")?) }))
        }
        Write::CreateApplication(body) => created(body, found, || {
            Some(Made::Application { id: ApplicationId::from(text("pk")?) })
        }),
        Write::CreateRole(body) => {
            created(body, found, || Some(Made::Role { id: RoleId::from(text("pk")?) }))
        }
        Write::CreateGroup(body) => {
            let made = || Some(Made::Group { id: GroupId::from(text("pk")?) });
            // What comes later may be there already, when another run was faster.
            let mut sent = json!({"name": body.name, "is_superuser": false});
            if !body.users.is_empty() {
                sent["users"] = json!(body.users);
            }
            if !body.roles.is_empty() {
                sent["roles"] = json!(body.roles);
            }
            created(&sent, found, made)
        }
        Write::CreatePolicyBinding(body) => bound(body, found),
        Write::CreateAppPassword(body) => {
            // authentik makes one with every service account, and describes it otherwise.
            let sent = json!({"identifier": body.identifier, "intent": body.intent,
                "user": body.user, "expiring": body.expiring});
            created(&sent, found, || Some(Made::AppPassword { password: None }))
        }
        Write::CreateServiceAccount(..) => {
            let wanted = serde_json::json!({"type": "service_account", "is_active": true});
            created(&wanted, found, || {
                Some(Made::ServiceAccount { id: UserId(number()?), password: None })
            })
        }
        Write::AddGroupMember { body, .. } => done_if(is_member(body, found)),
        Write::RemoveGroupMember { body, .. } => done_if(!is_member(body, found)),
        Write::AssignPermissions { body, .. } => {
            done_if(body.permissions.iter().all(|one| has_permission(found, one)))
        }
        Write::UnassignPermissions { body, .. } => {
            done_if(!body.permissions.iter().any(|one| has_permission(found, one)))
        }
        Write::UpdateProvider { body, .. } => updated(body, found),
        Write::UpdateApplication { body, .. } => updated(body, found),
        Write::ReleaseProvider { body, .. } => updated(body, found),
        Write::UpdateServiceAccount { body, .. } => updated(body, found),
        Write::UpdateFlow { body, .. } => updated(body, found),
        Write::UpdateGroup { body, .. } => updated(body, found),
        Write::UpdateBrand { body, .. } => updated(body, found),
        Write::ReleaseBrand { body, .. } => updated(body, found),
        Write::DeleteProvider { .. }
        | Write::DeleteApplication { .. }
        | Write::DeleteServiceAccount { .. }
        | Write::DeleteFlow { .. }
        | Write::DeleteGroup { .. }
        | Write::DeleteRole { .. } => Confirmation::NotDone,
    }
}

/// The keys of those in a list that are as a write would have made them: several where runs at the same
/// moment each made one.
#[cfg(feature = "client")]
pub(crate) fn twins(write: &Write, list: &[Value]) -> Vec<String> {
    let is_one = |found: &&Value| {
        let alone = match write {
            Write::CreatePolicyBinding(..) => confirm(write, Some(&json!([found]))),
            _ => confirm(write, Some(found)),
        };
        matches!(alone, Confirmation::Done(_))
    };
    let key = |found: &Value| found.get("pk").and_then(Value::as_str).map(str::to_owned);
    list.iter().filter(is_one).filter_map(key).collect()
}

fn done_if(done: bool) -> Confirmation {
    if done { Confirmation::Done(Made::Nothing) } else { Confirmation::NotDone }
}

fn is_member(body: &GroupMember, group: &Value) -> bool {
    let members = group.get("users").and_then(Value::as_array);
    body.pk
        .known()
        .zip(members)
        .is_some_and(|(user, members)| members.iter().any(|member| member.as_i64() == Some(user.0)))
}

/// Whether a list of permissions has one of this full name.
fn has_permission(found: &Value, full_name: &str) -> bool {
    let text = |one: &Value, field| one.get(field).and_then(Value::as_str).map(str::to_owned);
    found.as_array().into_iter().flatten().any(|one| {
        let (app, name) = (text(one, "app_label"), text(one, "codename"));
        app.zip(name).is_some_and(|(app, name)| format!("{app}.{name}") == full_name)
    })
}

/// Whether a list of bindings has one that lets the same in. Its place in the order does not matter.
fn bound(body: &PolicyBindingCreate, list: &Value) -> Confirmation {
    let is_same = |found: &&Value| differences(body, found).iter().all(|field| field == "order");
    let lets_in = json!({"enabled": true, "negate": false, "policy": null});
    let same = list.as_array().into_iter().flatten().filter(is_same);
    let in_the_way = same.map(|found| differing(lets_in.clone(), found));
    match in_the_way.min_by_key(Vec::len) {
        None => Confirmation::NotDone,
        Some(fields) if fields.is_empty() => Confirmation::Done(Made::Nothing),
        Some(fields) => Confirmation::Different(fields),
    }
}

fn created(body: &impl Serialize, found: &Value, made: impl Fn() -> Option<Made>) -> Confirmation {
    let differences = differences(body, found);
    if !differences.is_empty() {
        return Confirmation::Different(differences);
    }
    match made() {
        Some(made) => Confirmation::Done(made),
        None => Confirmation::Different(vec!["pk".to_owned()]),
    }
}

/// What was sent without what this server does not know: releases are known by their number, and a
/// preview of one may lack a field that the release has. Planning passes over it, too.
fn as_known(body: &ProviderCreate, found: &Value) -> ProviderCreate {
    let mut body = body.clone();
    body.grant_types = body.grant_types.filter(|_| found.get("grant_types").is_some());
    body
}

/// A patch that is not there yet may be sent again: it says what the fields are to be.
fn updated(body: &impl Serialize, found: &Value) -> Confirmation {
    if differences(body, found).is_empty() {
        Confirmation::Done(Made::Nothing)
    } else {
        Confirmation::NotDone
    }
}

/// Fields of what was sent that are otherwise in what is there.
fn differences(body: &impl Serialize, found: &Value) -> Vec<String> {
    serde_json::to_value(body).map(|sent| differing(sent, found)).unwrap_or_default()
}

fn differing(sent: Value, found: &Value) -> Vec<String> {
    let Value::Object(sent) = sent else { return Vec::new() };
    let differs = |(field, value): &(String, Value)| {
        !contains(found.get(field).unwrap_or(&Value::Null), value)
    };
    sent.into_iter().filter(differs).map(|(field, _)| field).collect()
}

/// Whether `found` has all that `sent` says: objects at least, lists in any order.
fn contains(found: &Value, sent: &Value) -> bool {
    match (found, sent) {
        (Value::Object(found), Value::Object(sent)) => sent
            .iter()
            .all(|(field, value)| found.get(field).is_some_and(|found| contains(found, value))),
        (Value::Array(found), Value::Array(sent)) => {
            found.len() == sent.len()
                && sent.iter().all(|value| found.iter().any(|found| contains(found, value)))
        }
        _ => found == sent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Reference;
    use crate::model::{BrandPatch, FlowAuthentication, FlowCreate, FlowDesignation};

    fn flow() -> Write {
        Write::CreateFlow(FlowCreate {
            name: "f".into(),
            slug: "f".into(),
            title: "F".into(),
            designation: FlowDesignation::StageConfiguration,
            authentication: FlowAuthentication::RequireAuthenticated,
        })
    }

    #[test]
    fn what_is_there_as_sent_was_done_and_what_differs_is_named() {
        let mut found = json!({"pk": "1-2", "name": "f", "slug": "f", "title": "F", "stages": [],
            "designation": "stage_configuration", "authentication": "require_authenticated"});
        let done = Confirmation::Done(Made::Flow { id: "1-2".into() });
        assert_eq!(confirm(&flow(), Some(&found)), done);
        assert_eq!(confirm(&flow(), None), Confirmation::NotDone);
        found["title"] = json!("G");
        assert_eq!(confirm(&flow(), Some(&found)), Confirmation::Different(vec!["title".into()]));
    }

    #[test]
    fn a_provider_of_a_server_without_grant_types_is_as_sent_without_them() {
        let sent = json!({"name": "NetBird", "client_type": "public", "authorization_flow": "a",
            "invalidation_flow": "i", "redirect_uris": [], "signing_key": "k",
            "access_code_validity": "minutes=10", "sub_mode": "user_id",
            "issuer_mode": "per_provider", "include_claims_in_id_token": true,
            "property_mappings": [], "grant_types": ["authorization_code"]});
        let write = Write::CreateProvider(serde_json::from_value(sent.clone()).unwrap());
        let mut found = sent;
        found["pk"] = json!(7);
        found["client_id"] = json!("c");
        let done = Confirmation::Done(Made::Provider { id: ProviderId(7), client_id: "c".into() });
        found["grant_types"] = json!([]);
        let dead = Confirmation::Different(vec!["grant_types".into()]);
        assert_eq!(confirm(&write, Some(&found)), dead);
        found.as_object_mut().unwrap().remove("grant_types");
        assert_eq!(confirm(&write, Some(&found)), done);
    }

    #[test]
    fn the_app_password_that_came_with_an_account_is_as_good_as_one_of_ours() {
        let write = Write::CreateAppPassword(crate::model::TokenCreate {
            identifier: "service-account-netbird-password".into(),
            intent: crate::model::TokenIntent::AppPassword,
            user: Reference::Known(UserId(4)),
            description: "ours".into(),
            expiring: false,
        });
        let mut found = json!({"pk": "1-2", "identifier": "service-account-netbird-password",
            "intent": "app_password", "user": 4, "description": "", "expiring": false});
        let done = Confirmation::Done(Made::AppPassword { password: None });
        assert_eq!(confirm(&write, Some(&found)), done);
        found["user"] = json!(5);
        let anothers = Confirmation::Different(vec!["user".into()]);
        assert_eq!(confirm(&write, Some(&found)), anothers);
    }

    #[test]
    fn a_group_that_another_run_has_gone_on_with_is_the_one_that_was_wanted() {
        let body = crate::model::GroupCreate {
            name: "g".into(),
            users: vec![Reference::Known(UserId(4))],
            roles: Vec::new(),
        };
        let write = Write::CreateGroup(body);
        let mut found = json!({"pk": "1-2", "name": "g", "is_superuser": false, "users": [4],
            "roles": ["3-4"]});
        assert_eq!(
            confirm(&write, Some(&found)),
            Confirmation::Done(Made::Group { id: "1-2".into() })
        );
        found["is_superuser"] = json!(true);
        let powerful = Confirmation::Different(vec!["is_superuser".into()]);
        assert_eq!(confirm(&write, Some(&found)), powerful);
    }

    #[test]
    fn a_patch_that_is_not_there_may_be_sent_again() {
        let brand = Reference::Known("b".into());
        let body = BrandPatch { flow_device_code: Reference::Known("f".into()) };
        let write = Write::UpdateBrand { brand, body };
        let there = json!({"flow_device_code": "f", "domain": "d"});
        assert_eq!(confirm(&write, Some(&there)), Confirmation::Done(Made::Nothing));
        let not_there = json!({"flow_device_code": null});
        assert_eq!(confirm(&write, Some(&not_there)), Confirmation::NotDone);
    }

    #[test]
    fn a_binding_is_looked_for_in_a_list_and_may_be_anywhere_in_the_order() {
        let write = Write::CreatePolicyBinding(PolicyBindingCreate {
            target: Reference::Known("a".into()),
            group: Some(Reference::Known("g".into())),
            user: None,
            order: 0,
        });
        let there = |group: &str, enabled| {
            json!({"target": "a", "group": group, "user": null, "policy": null, "order": 4,
                "enabled": enabled, "negate": false})
        };
        let among = |list: &[Value]| confirm(&write, Some(&json!(list)));
        assert_eq!(among(&[]), Confirmation::NotDone);
        assert_eq!(among(&[there("h", true)]), Confirmation::NotDone);
        let off = Confirmation::Different(vec!["enabled".into()]);
        assert_eq!(among(&[there("g", false)]), off);
        let done = Confirmation::Done(Made::Nothing);
        assert_eq!(among(&[there("g", false), there("g", true)]), done);
    }

    #[test]
    fn membership_is_looked_up_among_the_members() {
        let write = Write::AddGroupMember {
            group: Reference::Known("g".into()),
            body: GroupMember { pk: Reference::Known(UserId(5)) },
        };
        let with = json!({"users": [3, 5]});
        assert_eq!(confirm(&write, Some(&with)), Confirmation::Done(Made::Nothing));
        assert_eq!(confirm(&write, Some(&json!({"users": [3]}))), Confirmation::NotDone);
    }

    #[test]
    fn lists_compare_in_any_order_and_by_their_length() {
        let sent = json!([{"url": "a"}, {"url": "b"}]);
        let same = json!([{"url": "b", "redirect_uri_type": "authorization"}, {"url": "a"}]);
        assert!(contains(&same, &sent));
        assert!(!contains(&json!([{"url": "a"}]), &sent));
        assert!(!contains(&json!([{"url": "a"}, {"url": "b"}, {"url": "c"}]), &sent));
    }
}
