//! What we send is what authentik's requests have: names of fields, and values of enums.

use authentik_netbird_core::ids::Reference;
use authentik_netbird_core::model::{
    ApplicationCreate, ApplicationPatch, ApplicationRelease, BrandPatch, ClientType,
    FlowAuthentication, FlowCreate, FlowDesignation, FlowPatch, GrantType, GroupMember, IssuerMode,
    MatchingMode, Null, Open, PolicyBindingCreate, ProviderCreate, ProviderPatch, RedirectUri,
    RedirectUriEntry, RedirectUriType, ServiceAccountCreate, SubjectMode, TokenCreate, TokenIntent,
    UserPatch,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::documents::{Document, documents};
use super::validate::problems;

const UUID: &str = "0191e4d2-7c0e-7a55-9d5e-3f6d1c5b2a10";

fn known<T: From<&'static str>>() -> Reference<T> {
    Reference::Known(UUID.into())
}

/// Our request bodies with every field that they can have, and the component of each.
fn bodies() -> Vec<(&'static str, Value)> {
    fn body(component: &'static str, body: impl Serialize) -> (&'static str, Value) {
        (component, serde_json::to_value(body).unwrap())
    }
    let mut bodies = vec![
        body("OAuth2ProviderRequest", provider_create()),
        body("PatchedOAuth2ProviderRequest", provider_patch()),
        body(
            "ApplicationRequest",
            ApplicationCreate {
                name: "NetBird".to_owned(),
                slug: "netbird".into(),
                provider: Reference::Known(authentik_netbird_core::ids::ProviderId(7)),
                meta_launch_url: "https://netbird.company".to_owned(),
                group: Some("Network".to_owned()),
            },
        ),
        body(
            "PatchedApplicationRequest",
            ApplicationPatch {
                name: Some("NetBird".to_owned()),
                provider: Some(Reference::Known(authentik_netbird_core::ids::ProviderId(7))),
                meta_launch_url: Some("https://netbird.company".to_owned()),
                group: Some("Network".to_owned()),
            },
        ),
        body("PatchedApplicationRequest", ApplicationRelease { provider: Some(Null) }),
        body(
            "UserServiceAccountRequest",
            ServiceAccountCreate {
                name: "NetBird".to_owned(),
                create_group: false,
                expiring: true,
                expires: Some("2027-02-01T12:00:00Z".to_owned()),
            },
        ),
        body("PatchedUserRequest", UserPatch { is_active: Some(true) }),
        body("UserAccountRequest", GroupMember { pk: user() }),
        body("PatchedBrandRequest", BrandPatch { flow_device_code: known() }),
        body(
            "PolicyBindingRequest",
            PolicyBindingCreate {
                target: known(),
                group: Some(known()),
                user: Some(user()),
                order: 0,
            },
        ),
    ];
    for intent in [TokenIntent::Api, TokenIntent::AppPassword] {
        bodies.push(body(
            "TokenRequest",
            TokenCreate {
                identifier: "netbird".into(),
                intent,
                user: user(),
                description: "NetBird".to_owned(),
                expiring: false,
            },
        ));
    }
    bodies.extend(flows());
    bodies
}

fn user() -> Reference<authentik_netbird_core::ids::UserId> {
    Reference::Known(authentik_netbird_core::ids::UserId(5))
}

fn provider_create() -> ProviderCreate {
    ProviderCreate {
        name: "NetBird".to_owned(),
        client_id: Some("5JXuw0qD".into()),
        client_type: ClientType::Public,
        authorization_flow: known(),
        invalidation_flow: known(),
        redirect_uris: vec![
            RedirectUri::strict("http://localhost:53000"),
            RedirectUri::regex("https://netbird\\.company/.*"),
        ],
        signing_key: known(),
        access_code_validity: "minutes=10".to_owned(),
        sub_mode: SubjectMode::UserId,
        issuer_mode: IssuerMode::PerProvider,
        include_claims_in_id_token: true,
        property_mappings: vec![known()],
        grant_types: Some(vec![GrantType::AuthorizationCode]),
    }
}

fn provider_patch() -> ProviderPatch {
    let entry = RedirectUriEntry {
        matching_mode: Open::Known(MatchingMode::Strict),
        url: "http://localhost:53000".to_owned(),
        redirect_uri_type: Some(Open::Known(RedirectUriType::Authorization)),
    };
    ProviderPatch {
        client_id: Some("5JXuw0qD".into()),
        client_type: Some(ClientType::Public),
        authorization_flow: Some(known()),
        invalidation_flow: Some(known()),
        redirect_uris: Some(vec![entry]),
        signing_key: Some(known()),
        encryption_key: Some(Null),
        access_code_validity: Some("minutes=10".to_owned()),
        sub_mode: Some(SubjectMode::UserId),
        issuer_mode: Some(IssuerMode::PerProvider),
        include_claims_in_id_token: Some(true),
        property_mappings: Some(vec![known()]),
        grant_types: Some(vec![Open::Known(GrantType::RefreshToken)]),
    }
}

fn flows() -> Vec<(&'static str, Value)> {
    let create = FlowCreate {
        name: "default-device-code-flow".to_owned(),
        slug: "default-device-code-flow".into(),
        title: "Device code flow".to_owned(),
        designation: FlowDesignation::StageConfiguration,
        authentication: FlowAuthentication::RequireAuthenticated,
    };
    let patch = FlowPatch {
        name: Some("default-device-code-flow".to_owned()),
        title: Some("Device code flow".to_owned()),
        authentication: Some(FlowAuthentication::RequireAuthenticated),
    };
    vec![("FlowRequest", json!(create)), ("PatchedFlowRequest", json!(patch))]
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

/// 2025.10 knows neither field, and ignores both: they are sent to newer servers only.
fn is_newer(document: &Document, problem: &str) -> bool {
    document.name.starts_with("authentik-2025.10")
        && problem.ends_with("there is no such field")
        && (problem.starts_with(".grant_types") || problem.contains(".redirect_uri_type"))
}

#[test]
fn every_field_that_we_send_is_one_that_the_documents_have() {
    for document in documents() {
        let mut wrong = Vec::new();
        for (component, body) in bodies() {
            let schema = document.component(component).unwrap_or_else(|| panic!("no {component}"));
            let found = problems(&document, schema, &body).into_iter();
            let found = found.filter(|problem| !is_newer(&document, problem));
            wrong.extend(found.map(|problem| format!("{component}{problem}")));
        }
        assert!(wrong.is_empty(), "{}:\n{}", document.name, wrong.join("\n"));
        println!("{}: {} request bodies are as it says", document.name, bodies().len());
    }
}

#[test]
fn every_enum_value_that_we_can_send_is_one_that_the_documents_have() {
    for document in documents() {
        let mut wrong = Vec::new();
        for (component, field, value) in enum_values() {
            let schema = document.component(component).unwrap_or_else(|| panic!("no {component}"));
            let Some(field_schema) = schema["properties"].get(field) else {
                let newer = is_newer(&document, &format!(".{field}: there is no such field"));
                assert!(newer, "{}: no {component}.{field}", document.name);
                continue;
            };
            let found = problems(&document, field_schema, &value);
            wrong.extend(found.into_iter().map(|problem| format!("{component}.{field}{problem}")));
        }
        assert!(wrong.is_empty(), "{}:\n{}", document.name, wrong.join("\n"));
        println!("{}: {} enum values are as it says", document.name, enum_values().len());
    }
}
