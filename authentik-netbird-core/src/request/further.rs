//! What a plan asks for with ids that the first wave found.

use super::Request;
use super::paths::{BINDINGS, GROUPS, PERMISSIONS, VIEW_BINDING, VIEW_GROUP, VIEW_ROLE, segment};
use crate::ids::{ApplicationId, GroupId, Resource, ResourceKind, RoleId};

/// One group.
pub(crate) fn group_by_id(id: &GroupId) -> Request {
    Request::get(
        Resource::new(ResourceKind::Group, id.as_str()),
        VIEW_GROUP,
        format!("{GROUPS}{}/?include_users=false", segment(id.as_str())),
    )
}

/// The permissions of a role on single objects.
pub(crate) fn object_permissions_of(role: &RoleId) -> Request {
    let filters = [("uuid", role.as_str())];
    let path = format!("{PERMISSIONS}roles/");
    Request::list(ResourceKind::RolePermissions, role.as_str(), VIEW_ROLE, &path, &filters)
}

/// The global permissions of a role.
pub(crate) fn permissions_of(role: &RoleId, name: &str) -> Request {
    let filters = [("role", role.as_str())];
    Request::list(ResourceKind::RolePermissions, name, VIEW_ROLE, PERMISSIONS, &filters)
}

/// The bindings of an application.
pub(crate) fn bindings_of(application: &ApplicationId, slug: &str) -> Request {
    let filters = [("target", application.as_str())];
    Request::list(ResourceKind::PolicyBinding, slug, VIEW_BINDING, BINDINGS, &filters)
}
