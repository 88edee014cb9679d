//! Shapes of answers that are read for rights, drift and teardowns.

use authentik_netbird_core::model::{
    Event, Flow, FlowDetail, Group, Me, Permission, Role, UsedBy, User, UserDetail,
};
use serde_json::{Value, json};

use super::shapes::{Fields, Shape, array, flow, list, one, shape};

pub(crate) const FURTHER: [Shape; 11] = [
    shape!("/flows/instances/", "Flow", flow_detail),
    shape!("/core/groups/", "Group", |group: &Group| vec![
        ("roles", json!(group.roles)),
        ("parent", json!(group.parent)),
        ("parents", json!(group.parents)),
    ]),
    shape!("/core/users/", "User", |user: &User| vec![("groups", json!(user.groups))]),
    shape!("/core/users/", "User", |user: &UserDetail| vec![
        ("pk", json!(user.pk)),
        ("username", json!(user.username)),
        ("type", json!(user.user_type)),
        ("groups", json!(user.groups)),
        ("groups_obj", named(&user.named_groups, |group| (json!(group.pk), &group.name))),
        ("roles", json!(user.roles)),
        ("roles_obj", named(&user.named_roles, |role| (json!(role.pk), &role.name))),
    ]),
    shape!("/core/users/me/", "SessionUser", |me: &Me| vec![(
        "user",
        json!({
            "pk": me.user.pk,
            "username": me.user.username,
            "is_superuser": me.user.is_superuser,
            "groups": me.user.groups,
            "roles": me.user.roles,
        })
    )]),
    shape!("/rbac/roles/", "Role", |role: &Role| vec![
        ("pk", json!(role.pk)),
        ("name", json!(role.name)),
    ]),
    shape!("/rbac/permissions/", "Permission", permission),
    shape!("/rbac/permissions/roles/", "ExtraRoleObjectPermission", permission),
    shape!("/rbac/permissions/users/", "ExtraUserObjectPermission", permission),
    shape!("/used_by/", "UsedBy", |used: &UsedBy| vec![
        ("app", json!(used.app)),
        ("model_name", json!(used.model_name)),
        ("pk", json!(used.pk)),
        ("name", json!(used.name)),
    ]),
    shape!("/events/events/", "Event", |event: &Event| vec![
        ("action", json!(event.action)),
        ("user", event.user.clone()),
        ("context", event.context.clone()),
        ("created", json!(event.created)),
    ]),
];

fn flow_detail(detail: &FlowDetail) -> Fields {
    let mut fields = flow(&Flow::from(detail.clone()));
    fields.extend([
        ("stages", json!(detail.stages)),
        ("policies", json!(detail.policies)),
        ("layout", json!(detail.layout)),
        ("denied_action", json!(detail.denied_action)),
        ("policy_engine_mode", json!(detail.policy_engine_mode)),
        ("compatibility_mode", json!(detail.compatibility_mode)),
        ("background", json!(detail.background)),
    ]);
    fields
}

fn permission(permission: &Permission) -> Fields {
    vec![("app_label", json!(permission.app_label)), ("codename", json!(permission.codename))]
}

/// Nested objects by key and name.
fn named<T>(objects: &[T], parts: fn(&T) -> (Value, &String)) -> Value {
    objects.iter().map(parts).map(|(pk, name)| json!({"pk": pk, "name": name})).collect()
}
