//! The kinds of objects that Terraform's providers have resources for.

use serde::Deserialize;
use serde_json::json;

use crate::resource::Write;

/// A kind of object that the export has a resource for, by the name that writes have for it.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Application,
    #[serde(rename = "policy_binding")]
    Binding,
    Flow,
    Group,
    IdentityProvider,
    Provider,
    Role,
    RolePermissions,
    ScopeMapping,
    ServiceAccount,
}

impl Kind {
    /// `None`: the export leaves it out.
    pub(super) fn of(write: &Write) -> Option<Self> {
        serde_json::from_value(json!(write.kind())).ok()
    }

    /// The resource, and its attribute that others refer to.
    pub(super) const fn resource(self) -> (&'static str, &'static str) {
        match self {
            Self::Application => ("authentik_application", "uuid"),
            Self::Binding => ("authentik_policy_binding", "id"),
            Self::Flow => ("authentik_flow", "uuid"),
            Self::Group => ("authentik_group", "id"),
            Self::IdentityProvider => ("netbird_identity_provider", "id"),
            Self::Provider => ("authentik_provider_oauth2", "id"),
            Self::Role => ("authentik_rbac_role", "id"),
            Self::RolePermissions => ("authentik_rbac_permission_role", "id"),
            Self::ScopeMapping => ("authentik_property_mapping_provider_scope", "id"),
            Self::ServiceAccount => ("authentik_user", "id"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Kind;
    use crate::authentik::RESOURCES;

    #[test]
    fn terraform_has_a_resource_for_whatever_a_plan_creates() {
        let created = RESOURCES.iter().filter(|api| api.action("create").is_some());
        let is_unknown = |kind: &&str| serde_json::from_value::<Kind>(json!(kind)).is_err();
        let unknown: Vec<&str> = created.map(|api| api.kind).filter(is_unknown).collect();
        // It comes with its account.
        assert_eq!(unknown, ["app_password"]);
    }
}
