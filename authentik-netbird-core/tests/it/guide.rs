//! Walks authentik's guide "Integrate with NetBird": each of its settings is matched to the
//! operation and field that carries it out. NetBird's variables are in `setup_env.rs`.

use authentik_netbird_core::NetbirdIntegration;
use authentik_netbird_core::integration::GuideStep;
use authentik_netbird_core::plan::{FieldValue, Operation};
use serde_json::{Value, json};

/// A setting of the guide, in its words, and where it is carried out.
struct Setting {
    guide: &'static str,
    operation: &'static str,
    step: GuideStep,
    field: &'static str,
    value: Value,
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn settings() -> Vec<Setting> {
    let setting =
        |guide, operation, step, field, value| Setting { guide, operation, step, field, value };
    let mapping =
        |name: &str| json!({"named": format!("goauthentik.io/providers/oauth2/scope-{name}")});
    vec![
        setting(
            "Application: a descriptive name",
            "application",
            GuideStep::Application,
            "name",
            json!("NetBird"),
        ),
        setting("Note the slug", "application", GuideStep::Application, "slug", json!("netbird")),
        setting(
            "create an application and provider pair",
            "application",
            GuideStep::Application,
            "provider",
            json!({"pending": "provider"}),
        ),
        setting("provide a name", "provider", GuideStep::Provider, "name", json!("NetBird")),
        setting(
            "the authorization flow to use",
            "provider",
            GuideStep::Provider,
            "authorization_flow",
            json!({"named": "default-provider-authorization-implicit-consent"}),
        ),
        setting(
            "Set Client type to Public",
            "provider",
            GuideStep::Provider,
            "client_type",
            json!("public"),
        ),
        setting(
            "Strict http://localhost:53000, Strict https://<netbird.company>, Regex https://<netbird.company>.*",
            "provider",
            GuideStep::Provider,
            "redirect_uris",
            json!([
            {"matching_mode": "strict", "url": "http://localhost:53000"},
            {"matching_mode": "strict", "url": "https://netbird.company"},
            {"matching_mode": "regex", "url": "https://netbird.company.*"}]),
        ),
        setting(
            "Select any available signing key",
            "provider",
            GuideStep::Provider,
            "signing_key",
            json!({"named": "authentik Self-signed Certificate"}),
        ),
        setting(
            "Set Access Code Validity to minutes=10",
            "provider",
            GuideStep::Provider,
            "access_code_validity",
            json!("minutes=10"),
        ),
        setting(
            "Set Subject Mode to be Based on the User's ID",
            "provider",
            GuideStep::Provider,
            "sub_mode",
            json!("user_id"),
        ),
        setting(
            "Add offline_access and authentik API access to Selected Scopes",
            "provider",
            GuideStep::Provider,
            "property_mappings",
            json!([
                mapping("openid"),
                mapping("email"),
                mapping("profile"),
                mapping("offline_access"),
                mapping("authentik_api")
            ]),
        ),
        setting(
            "Set the Username to NetBird",
            "app-password",
            GuideStep::ServiceAccount,
            "name",
            json!("NetBird"),
        ),
        setting(
            "disable the Create group option",
            "app-password",
            GuideStep::ServiceAccount,
            "create_group",
            json!(false),
        ),
        setting(
            "authentik Admins: Add existing user",
            "service-account",
            GuideStep::Administrator,
            "groups",
            json!([{"named": "authentik Admins"}]),
        ),
        setting(
            "Name",
            "device-flow",
            GuideStep::DeviceFlow,
            "name",
            json!("default-device-code-flow"),
        ),
        setting("Title", "device-flow", GuideStep::DeviceFlow, "title", json!("Device code flow")),
        setting(
            "Slug",
            "device-flow",
            GuideStep::DeviceFlow,
            "slug",
            json!("default-device-code-flow"),
        ),
        setting(
            "Designation: Stage Configuration",
            "device-flow",
            GuideStep::DeviceFlow,
            "designation",
            json!("stage_configuration"),
        ),
        setting(
            "Authentication: Require authentication",
            "device-flow",
            GuideStep::DeviceFlow,
            "authentication",
            json!("require_authenticated"),
        ),
        setting(
            "Set Default code flow to the newly created device code flow",
            "brand",
            GuideStep::DeviceFlowInUse,
            "flow_device_code",
            json!({"pending": "device-flow"}),
        ),
    ]
}

fn find<'a>(operations: &'a [Operation], setting: &Setting) -> &'a Operation {
    let found = operations.iter().find(|operation| operation.id.as_str() == setting.operation);
    found.unwrap_or_else(|| panic!("no operation for \"{}\"", setting.guide))
}

#[test]
fn each_setting_of_the_guide_is_carried_out_by_a_field_of_an_operation() {
    let integration = NetbirdIntegration::builder("https://authentik.company", "netbird.company")
        .as_in_guide(true)
        .build()
        .unwrap();
    let operations = integration.preview().operations;
    for setting in settings() {
        let operation = find(&operations, &setting);
        assert_eq!(operation.guide, setting.step, "{}", setting.guide);
        let change = operation
            .changes
            .iter()
            .find(|change| change.path == setting.field)
            .unwrap_or_else(|| panic!("no field for \"{}\" in {operation}", setting.guide));
        let mut value = change.after.clone();
        // The guide does not say where a logout leads back to.
        if let FieldValue::Value(Value::Array(entries)) = &mut value {
            entries.retain(|entry| entry["redirect_uri_type"] != "logout");
        }
        assert_eq!(value, FieldValue::Value(setting.value), "{}", setting.guide);
    }
    // The account's password: "take note of the password".
    let account = operations.iter().find(|operation| operation.id.as_str() == "app-password");
    assert!(account.unwrap().changes.iter().any(|change| change.after == FieldValue::Secret));
}

#[test]
fn what_the_guide_does_not_say_is_a_known_list() {
    let operations = NetbirdIntegration::builder("https://authentik.company", "netbird.company")
        .as_in_guide(true)
        .build()
        .unwrap()
        .preview()
        .operations;
    let said: Vec<(String, String)> =
        settings().iter().map(|s| (s.operation.to_owned(), s.field.to_owned())).collect();
    let mut silent = Vec::new();
    for operation in &operations {
        for change in &operation.changes {
            let one = (operation.id.to_string(), change.path.clone());
            if change.after != FieldValue::Secret && !said.contains(&one) {
                silent.push(format!("{}.{}", one.0, one.1));
            }
        }
    }
    // Each is in docs/guide.md or authentik's own default.
    assert_eq!(
        silent,
        [
            "provider.grant_types",
            "provider.include_claims_in_id_token",
            "provider.invalidation_flow",
            "provider.issuer_mode",
            "app-password.expiring",
            "application.meta_launch_url",
            "service-account.name",
            "service-account.username",
        ]
    );
}
