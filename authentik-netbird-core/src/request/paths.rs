//! Paths of authentik's API below `/api/v3/`, and the permissions to read there.

use url::form_urlencoded;

pub(super) const PROVIDERS: &str = "providers/oauth2/";
pub(super) const APPLICATIONS: &str = "core/applications/";
pub(super) const USERS: &str = "core/users/";
pub(super) const TOKENS: &str = "core/tokens/";
pub(super) const GROUPS: &str = "core/groups/";
pub(super) const FLOWS: &str = "flows/instances/";
pub(super) const BRANDS: &str = "core/brands/";

pub(super) const VIEW_PROVIDER: &[&str] = &["authentik_providers_oauth2.view_oauth2provider"];
pub(super) const VIEW_APPLICATION: &[&str] = &["authentik_core.view_application"];
pub(super) const VIEW_USER: &[&str] = &["authentik_core.view_user"];
pub(super) const VIEW_TOKEN: &[&str] = &["authentik_core.view_token"];
pub(super) const ROLES: &str = "rbac/roles/";
pub(super) const ROLE_PERMISSIONS: &str = "rbac/permissions/assigned_by_roles/";
pub(super) const PERMISSIONS: &str = "rbac/permissions/";
pub(super) const BINDINGS: &str = "policies/bindings/";

pub(super) const VIEW_GROUP: &[&str] = &["authentik_core.view_group"];
pub(super) const VIEW_FLOW: &[&str] = &["authentik_flows.view_flow"];
pub(super) const VIEW_BRAND: &[&str] = &["authentik_brands.view_brand"];
pub(super) const VIEW_ROLE: &[&str] = &["authentik_rbac.view_role"];
pub(super) const VIEW_BINDING: &[&str] = &["authentik_policies.view_policybinding"];

/// One path segment; what the server gave us can't leave its place in the path.
pub(super) fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
