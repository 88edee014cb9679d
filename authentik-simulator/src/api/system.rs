//! What the API says about the installation itself.

use serde_json::json;

use super::Request;
use crate::State;
use crate::answer::{Answer, Reply};
use crate::listing::Listing;
use crate::time;

/// Name and file of the blueprints that come with authentik.
const BLUEPRINTS: [(&str, &str); 28] = [
    ("Default - Authentication flow", "default/flow-default-authentication-flow.yaml"),
    ("Default - Brand", "default/default-brand.yaml"),
    ("Default - Events Transport & Rules", "default/events-default.yaml"),
    ("Default - Invalidation flow", "default/flow-default-invalidation-flow.yaml"),
    ("Default - Out-of-box-experience flow", "default/flow-oobe.yaml"),
    ("Default - Password change flow", "default/flow-password-change.yaml"),
    (
        "Default - Provider authorization flow (explicit consent)",
        "default/flow-default-provider-authorization-explicit-consent.yaml",
    ),
    (
        "Default - Provider authorization flow (implicit consent)",
        "default/flow-default-provider-authorization-implicit-consent.yaml",
    ),
    ("Default - Provider invalidation flow", "default/flow-default-provider-invalidation.yaml"),
    ("Default - RBAC Role Admins", "default/rbac-role-admins.yaml"),
    ("Default - RBAC Role Read-only", "default/rbac-role-read-only.yaml"),
    ("Default - Source authentication flow", "default/flow-default-source-authentication.yaml"),
    ("Default - Source enrollment flow", "default/flow-default-source-enrollment.yaml"),
    (
        "Default - Source pre-authentication flow",
        "default/flow-default-source-pre-authentication.yaml",
    ),
    ("Default - Static MFA setup flow", "default/flow-default-authenticator-static-setup.yaml"),
    ("Default - TOTP MFA setup flow", "default/flow-default-authenticator-totp-setup.yaml"),
    ("Default - User settings flow", "default/flow-default-user-settings-flow.yaml"),
    ("Default - WebAuthn MFA setup flow", "default/flow-default-authenticator-webauthn-setup.yaml"),
    ("Migration - Remove old prompt fields", "migrations/old-prompt-fields.yaml"),
    ("System - LDAP Source - Mappings", "system/sources-ldap.yaml"),
    ("System - Kerberos Source - Mappings", "system/sources-kerberos.yaml"),
    ("System - OAuth2 Provider - Scopes", "system/providers-oauth2.yaml"),
    ("System - Proxy Provider - Scopes", "system/providers-proxy.yaml"),
    ("System - RADIUS Provider - Mappings", "system/providers-radius.yaml"),
    ("System - SAML Provider - Mappings", "system/providers-saml.yaml"),
    ("System - SCIM Provider - Mappings", "system/providers-scim.yaml"),
    ("System - Google Workspace Provider - Mappings", "system/providers-google-workspace.yaml"),
    ("System - Microsoft Entra Provider - Mappings", "system/providers-microsoft-entra.yaml"),
];

#[expect(clippy::unnecessary_wraps, reason = "the form of a view")]
pub(super) fn version(state: &mut State, _request: &Request<'_>) -> Reply {
    let version = state.release.version();
    Ok(Answer::ok(&json!({
        "version_current": version,
        "version_latest": version,
        "version_latest_valid": true,
        "build_hash": "",
        "outdated": false,
        "outpost_outdated": false,
    })))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of a view")]
pub(super) fn config(state: &mut State, _request: &Request<'_>) -> Reply {
    let mut config = json!({
        "error_reporting": {
            "enabled": false,
            "sentry_dsn": "https://key@sentry.example/1",
            "environment": "customer",
            "send_pii": false,
            "traces_sample_rate": 0.1,
        },
        "capabilities": ["can_impersonate", "is_enterprise"],
        "cache_timeout": 300,
        "cache_timeout_flows": 300,
        "cache_timeout_policies": 300,
    });
    if !state.release.is_2026() {
        config["cache_timeout_reputation"] = json!(0);
    }
    Ok(Answer::ok(&config))
}

pub(super) fn blueprints(state: &mut State, request: &Request<'_>) -> Reply {
    request.caller.must("authentik_blueprints.view_blueprintinstance")?;
    let now = time::rfc3339(state.now);
    let mut metadata = json!({ "labels": {} });
    let mut status = "successful";
    if state.release.is_2026() {
        // The recorded server had not applied them itself.
        metadata = json!({});
        status = "unknown";
    }
    let rows = BLUEPRINTS.iter().enumerate().map(|(at, (name, path))| {
        let mut metadata = metadata.clone();
        metadata["name"] = json!(name);
        json!({
            "pk": format!("00000000-0000-4000-8000-0000000000{at:02x}"),
            "name": name,
            "path": path,
            "context": {},
            "last_applied": now,
            "last_applied_hash": "",
            "status": status,
            "enabled": true,
            "managed_models": [],
            "metadata": metadata,
            "content": "",
        })
    });
    Listing::new(request.call, rows).exact(&["name", "path"]).search(&["name", "path"]).page("name")
}
