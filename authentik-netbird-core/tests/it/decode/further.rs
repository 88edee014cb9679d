//! Shapes of responses that are read for rights, authors of drift and teardowns.

use authentik_netbird_core::authentik::{LogEvent, Me, Permission, Role, UsedBy};
use serde_json::json;

use super::shapes::{Fields, Shape, array, list, one, shape};

pub(crate) const FURTHER: [Shape; 7] = [
    shape!("/core/users/me/", "SessionUser", |me: &Me| vec![(
        "user",
        json!({
            "pk": me.user.pk,
            "username": me.user.username,
            "is_superuser": me.user.is_superuser,
            "groups": me.user.named_groups.iter()
                .map(|one| json!({"pk": one.pk, "name": one.name})).collect::<Vec<_>>(),
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
    shape!("/events/events/", "Event", |event: &LogEvent| vec![
        ("action", json!(event.action)),
        ("user", event.user.clone()),
        ("context", event.context.clone()),
        ("created", json!(event.created)),
    ]),
];

fn permission(permission: &Permission) -> Fields {
    vec![("app_label", json!(permission.app_label)), ("codename", json!(permission.codename))]
}
