//! The catalogue of permissions: of the models that are simulated, not all of authentik's.

/// App label, its name, model, its name. authentik numbers permissions as its database grew; here
/// they are numbered as they stand.
const MODELS: [(&str, &str, &str, &str); 15] = [
    ("authentik_brands", "authentik Brands", "brand", "Brand"),
    ("authentik_core", "authentik Core", "application", "Application"),
    ("authentik_core", "authentik Core", "group", "Group"),
    ("authentik_core", "authentik Core", "token", "Token"),
    ("authentik_core", "authentik Core", "user", "User"),
    ("authentik_crypto", "authentik Crypto", "certificatekeypair", "Certificate-Key Pair"),
    ("authentik_flows", "authentik Flows", "flow", "Flow"),
    ("authentik_policies", "authentik Policies", "policybinding", "Policy Binding"),
    (
        "authentik_providers_oauth2",
        "authentik Providers.OAuth2",
        "oauth2provider",
        "OAuth2/OpenID Provider",
    ),
    ("authentik_providers_oauth2", "authentik Providers.OAuth2", "scopemapping", "Scope Mapping"),
    ("authentik_rbac", "authentik RBAC", "role", "Role"),
    ("authentik_blueprints", "authentik Blueprints", "blueprintinstance", "Blueprint Instance"),
    ("authentik_events", "authentik Events", "event", "Event"),
    ("guardian", "guardian", "roleobjectpermission", "role object permission"),
    ("guardian", "guardian", "userobjectpermission", "user object permission"),
];

/// App label, model, codename, name.
const SPECIAL: [(&str, &str, &str, &str); 13] = [
    ("authentik_core", "group", "add_user_to_group", "Add user to group"),
    ("authentik_core", "group", "remove_user_from_group", "Remove user from group"),
    ("authentik_core", "group", "enable_group_superuser", "Enable superuser status"),
    ("authentik_core", "group", "disable_group_superuser", "Disable superuser status"),
    ("authentik_core", "token", "set_token_key", "Set a token's key"),
    ("authentik_core", "token", "view_token_key", "View token's key"),
    ("authentik_core", "user", "reset_user_password", "Reset Password"),
    ("authentik_core", "user", "impersonate", "Can impersonate other users"),
    ("authentik_core", "user", "assign_user_permissions", "Can assign permissions to users"),
    ("authentik_core", "user", "unassign_user_permissions", "Can unassign permissions from users"),
    (
        "authentik_crypto",
        "certificatekeypair",
        "view_certificatekeypair_key",
        "View the private key",
    ),
    ("authentik_rbac", "role", "assign_role_permissions", "Can assign permissions to roles"),
    ("authentik_rbac", "role", "unassign_role_permissions", "Can unassign permissions from roles"),
];

pub(super) struct Permission {
    pub(super) id: usize,
    pub(super) app_label: &'static str,
    pub(super) app_label_verbose: &'static str,
    pub(super) model: &'static str,
    pub(super) model_verbose: &'static str,
    pub(super) codename: String,
    pub(super) name: String,
}

impl Permission {
    /// `authentik_core.view_user`
    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.app_label, self.codename)
    }
}

/// All of them, ordered by id.
pub(super) fn catalogue() -> Vec<Permission> {
    let mut all = Vec::new();
    for (app_label, app_label_verbose, model, model_verbose) in MODELS {
        let mut add = |codename: String, name: String| {
            all.push(Permission {
                id: all.len() + 1,
                app_label,
                app_label_verbose,
                model,
                model_verbose,
                codename,
                name,
            });
        };
        for verb in ["add", "change", "delete", "view"] {
            add(format!("{verb}_{model}"), format!("Can {verb} {model_verbose}"));
        }
        for (app, of, codename, name) in SPECIAL {
            if app == app_label && of == model {
                add(codename.to_owned(), name.to_owned());
            }
        }
    }
    all
}
