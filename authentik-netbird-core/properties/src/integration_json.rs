//! An integration from a file, whatever is in it.

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{NetbirdIntegration, NetbirdIntegrationBuilder};
use serde_json::Value;

use super::{Choices, is_fit_to_show, is_harmless, mutated};

/// All fields, each with a value that is none of the defaults.
pub(crate) const EVERYTHING: &str = r#"{
    "authentik_url": "https://authentik.company/sso/", "domain": "netbird.company",
    "application_name": "VPN", "application_slug": "vpn", "application_group": "Tools",
    "launch_url": "https://vpn.company/", "provider_name": "VPN provider", "client_id": "vpn-id",
    "authorization_flow": "default-provider-authorization-explicit-consent",
    "invalidation_flow": "my-invalidation", "redirect_uris": "as_in_guide",
    "extra_redirect_uris": [{"matching_mode": "strict", "url": "https://vpn.company/auth"}],
    "signing_key": "My key", "access_code_validity": "minutes=5", "service_account_name": "VPN",
    "service_account": "user_reader", "access_groups": ["vpn"], "create_access_groups": true,
    "app_password_expires": "2027-01-31T00:00:00Z", "device_flow": "my-device-flow",
    "device_flow_name": "Mine", "device_flow_title": "Title", "brand": "brand.company",
    "replace_device_code_flow": true, "adopt": true, "reverse_proxy": true
}"#;

/// Reads changed JSON of an integration; returns it where it can be.
pub fn integration_json(bytes: &[u8]) -> Option<NetbirdIntegration> {
    // Either the bytes are the document, or they say what to change in one.
    let choices = &mut Choices::new(bytes);
    let everything: Value = serde_json::from_str(EVERYTHING).expect("JSON");
    let document = match choices.below(8) {
        0 => bytes.to_vec(),
        _ => mutated(&everything, choices),
    };
    if let Ok(fields) = serde_json::from_slice(&document) {
        if let Err(error) = NetbirdIntegrationBuilder::from_fields(fields).build() {
            is_fit_to_show(&error);
            for issue in error.issues() {
                assert!(!issue.message.is_empty() && !issue.hint.is_empty(), "{issue}");
            }
        }
    }
    let integration: NetbirdIntegration = match serde_json::from_slice(&document) {
        Ok(integration) => integration,
        Err(error) => {
            let text = error.to_string();
            // What stands in place of the whole object is quoted.
            let longest = super::LONGEST_ERROR.max(2 * document.len() + 1_000);
            assert!(text.len() < longest, "{} bytes: {text:.300}", text.len());
            return None;
        }
    };
    let json = serde_json::to_string(&integration).expect("it serialises");
    let again: NetbirdIntegration = serde_json::from_str(&json).expect("what was written is read");
    assert_eq!(again, integration);
    let same = integration.with_fields([].into()).build().expect("the same again");
    assert_eq!(same, integration);
    // Whatever is taken can be planned, shown, and carried by NetBird.
    let plan = integration.preview();
    assert!(!plan.operations.is_empty(), "{json}");
    is_harmless(&plan.to_string());
    let mut outputs = Outputs::of(&integration, "5JXuw0qD".into());
    if let Some(account) = &mut outputs.account {
        account.app_password = Some("password".into());
    }
    let env = outputs.netbird_env().to_setup_env().expect("NetBird can carry it");
    assert!(env.expose().contains("NETBIRD_DOMAIN="));
    Some(integration)
}
