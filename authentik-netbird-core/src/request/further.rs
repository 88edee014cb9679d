//! What a plan asks for with ids that the first wave found.

use url::form_urlencoded;

use super::Request;
use super::paths::{BINDINGS, GROUPS, PERMISSIONS, VIEW_BINDING, VIEW_GROUP, VIEW_ROLE, segment};
use crate::ids::{ApplicationId, GroupId, Resource, ResourceKind, RoleId, UserId};

/// One group.
pub(crate) fn group_by_id(id: &GroupId) -> Request {
    super::get(
        Resource::new(ResourceKind::Group, id.as_str()),
        VIEW_GROUP,
        format!("{GROUPS}{}/?include_users=false", segment(id.as_str())),
    )
}

/// The permissions of a role on single objects.
pub(crate) fn object_permissions_of(role: &RoleId) -> Request {
    let filters = [("uuid", role.as_str())];
    let path = format!("{PERMISSIONS}roles/");
    super::list(ResourceKind::RolePermissions, role.as_str(), VIEW_ROLE, &path, &filters)
}

/// Permissions that a user has without a role, global ones and those on single objects. Servers after
/// 2025.10 pass over the filter of the first and do not know the second.
pub(crate) fn permissions_of_user(user: UserId) -> (Request, Request) {
    let (pk, name) = (user.to_string(), "of the token's user");
    let list = |path: &str, filter| {
        super::list(ResourceKind::RolePermissions, name, VIEW_ROLE, path, &[(filter, pk.as_str())])
    };
    (list(PERMISSIONS, "user"), list(&format!("{PERMISSIONS}users/"), "user_id"))
}

/// The global permissions of a role.
pub(crate) fn permissions_of(role: &RoleId, name: &str) -> Request {
    let filters = [("role", role.as_str())];
    super::list(ResourceKind::RolePermissions, name, VIEW_ROLE, PERMISSIONS, &filters)
}

/// The bindings of an application.
pub(crate) fn bindings_of(application: &ApplicationId, slug: &str) -> Request {
    let filters = [("target", application.as_str())];
    super::list(ResourceKind::PolicyBinding, slug, VIEW_BINDING, BINDINGS, &filters)
}

/// What happened lately to objects of a model, the newest first. All of the model, and matched by the
/// caller: how the log writes primary keys differs between releases.
pub(crate) fn events_of(app: &str, model: &str) -> Request {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("action", "model_updated")
        .append_pair("context_model_app", app)
        .append_pair("context_model_name", model)
        .append_pair("ordering", "-created")
        .append_pair("page_size", "100")
        .finish();
    super::get(
        Resource::new(ResourceKind::Server, "event log"),
        &["authentik_events.view_event"],
        format!("events/events/?{query}"),
    )
}
