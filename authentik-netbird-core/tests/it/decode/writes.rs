//! What we send is what authentik's requests have: names of fields, and values of enums.

use authentik_netbird_core::authentik::{
    ClientType, FlowAuthentication, FlowDesignation, GrantType, IssuerMode, MatchingMode,
    SubjectMode, TokenIntent, Version,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::documents::{Document, documents};
use super::validate::problems;
use crate::releases::bodies;

/// The component of a write's body, by kind and action; `None`: it has no body.
fn component(kind: &str, action: &str) -> Option<&'static str> {
    Some(match (kind, action) {
        (_, "delete" | "read_secret") => return None,
        ("application", "create") => "ApplicationRequest",
        ("application", "update") => "PatchedApplicationRequest",
        ("app_password", "create") => "TokenRequest",
        ("app_password", "update") => "PatchedTokenRequest",
        ("app_password", "set_key") => "TokenSetKeyRequest",
        ("brand", "update") => "PatchedBrandRequest",
        ("flow", "create") => "FlowRequest",
        ("flow", "update") => "PatchedFlowRequest",
        ("group", "create") => "GroupRequest",
        ("group", "update") => "PatchedGroupRequest",
        ("group", "add_user" | "remove_user") => "UserAccountRequest",
        ("policy_binding", "create") => "PolicyBindingRequest",
        ("provider", "create") => "OAuth2ProviderRequest",
        ("provider", "update" | "set_secret") => "PatchedOAuth2ProviderRequest",
        ("role", "create") => "RoleRequest",
        ("role_permissions", "assign") => "PermissionAssignRequest",
        ("role_permissions", "unassign") => "PatchedPermissionAssignRequest",
        ("scope_mapping", "create") => "ScopeMappingRequest",
        ("scope_mapping", "update") => "PatchedScopeMappingRequest",
        ("service_account", "create" | "create_unnamed") => "UserServiceAccountRequest",
        ("service_account", "name" | "update") => "PatchedUserRequest",
        other => panic!("which component is {other:?}?"),
    })
}

/// The release of a document, such as `authentik-2025.10.0-rc1.yml`.
fn version(document: &Document) -> Version {
    let name = document.name.strip_prefix("authentik-").unwrap();
    name.rsplit_once('.').unwrap().0.parse().unwrap()
}

/// Every body that a plan can have for the release of a document, with its component.
fn planned_bodies(document: &Document) -> Vec<(&'static str, Value)> {
    let bodies = bodies::writes(version(document)).into_iter().filter_map(|(write, sent)| {
        let component = component(write.kind(), write.action());
        assert_eq!(component.is_some(), sent.body.is_some(), "{}", sent.case);
        component.zip(sent.body)
    });
    bodies.collect()
}

/// Every value of our closed enums, with the component and the field that it goes to.
fn enum_values() -> Vec<(&'static str, &'static str, Value)> {
    use {FlowAuthentication as A, FlowDesignation as D, GrantType as G, SubjectMode as S};
    let mut values = Vec::new();
    let mut add = |component, field, all: Vec<Value>| {
        values.extend(all.into_iter().map(|value| (component, field, value)));
    };
    let provider = "PatchedOAuth2ProviderRequest";
    add(provider, "client_type", each([ClientType::Public, ClientType::Confidential]));
    add(provider, "issuer_mode", each([IssuerMode::PerProvider, IssuerMode::Global]));
    let subjects =
        [S::UserId, S::HashedUserId, S::UserUuid, S::UserUsername, S::UserEmail, S::UserUpn];
    add(provider, "sub_mode", each(subjects));
    for grant in [
        G::AuthorizationCode,
        G::Implicit,
        G::Hybrid,
        G::RefreshToken,
        G::ClientCredentials,
        G::Password,
        G::DeviceCode,
    ] {
        add(provider, "grant_types", vec![json!([grant])]);
    }
    let designations = [
        D::Authentication,
        D::Authorization,
        D::Invalidation,
        D::Enrollment,
        D::Unenrollment,
        D::Recovery,
        D::StageConfiguration,
    ];
    add("PatchedFlowRequest", "designation", each(designations));
    let authentications =
        [A::None, A::RequireAuthenticated, A::RequireUnauthenticated, A::RequireSuperuser];
    add("PatchedFlowRequest", "authentication", each(authentications));
    let intents = [
        TokenIntent::Api,
        TokenIntent::AppPassword,
        TokenIntent::Verification,
        TokenIntent::Recovery,
    ];
    add("PatchedTokenRequest", "intent", each(intents));
    add("RedirectURIRequest", "matching_mode", each([MatchingMode::Strict, MatchingMode::Regex]));
    values
}

fn each<T: Serialize, const N: usize>(values: [T; N]) -> Vec<Value> {
    values.into_iter().map(|value| json!(value)).collect()
}

/// 2025.10 does not have this field: its values are sent to newer servers only.
fn is_newer(document: &Document, field: &str) -> bool {
    document.name.starts_with("authentik-2025.10") && field == "grant_types"
}

#[test]
fn every_field_that_we_send_is_one_that_the_documents_have() {
    for document in documents() {
        let mut wrong = Vec::new();
        let bodies = planned_bodies(&document);
        for (component, body) in &bodies {
            let schema = document.component(component).unwrap_or_else(|| panic!("no {component}"));
            let found = problems(&document, schema, body).into_iter();
            wrong.extend(found.map(|problem| format!("{component}{problem}")));
        }
        assert!(wrong.is_empty(), "{}:\n{}", document.name, wrong.join("\n"));
        assert!(bodies.len() > 100, "{}: {}", document.name, bodies.len());
        println!("{}: {} request bodies are as it says", document.name, bodies.len());
    }
}

#[test]
fn every_enum_value_that_we_can_send_is_one_that_the_documents_have() {
    for document in documents() {
        let mut wrong = Vec::new();
        for (component, field, value) in enum_values() {
            let schema = document.component(component).unwrap_or_else(|| panic!("no {component}"));
            let Some(field_schema) = schema["properties"].get(field) else {
                assert!(is_newer(&document, field), "{}: no {component}.{field}", document.name);
                continue;
            };
            let found = problems(&document, field_schema, &value);
            wrong.extend(found.into_iter().map(|problem| format!("{component}.{field}{problem}")));
        }
        assert!(wrong.is_empty(), "{}:\n{}", document.name, wrong.join("\n"));
        println!("{}: {} enum values are as it says", document.name, enum_values().len());
    }
}
