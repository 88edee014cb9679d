//! What a real server answered, as recorded: all that a plan, a teardown and their second waves read.

use std::sync::OnceLock;

use serde_json::{Value, json};

macro_rules! recorded {
    ($($path:literal),+) => { [$(include_str!(concat!("../../../", $path, ".json"))),+] };
}

/// One body each, in the order of [`Body`].
const RECORDED: [[&str; 11]; 2] = [
    recorded!(
        "authentik-netbird-core/tests/fixtures/decode/2025.10/059-admin-version",
        "authentik-simulator/tests/fixtures/recordings/authentik-2025.10.4/043-pagination-page-size-100000",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/020-certs-has-key",
        "authentik-simulator/tests/fixtures/recordings/authentik-2025.10.4/012-scope-all",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/026-brands",
        "authentik-simulator/tests/fixtures/recordings/authentik-2025.10.4/061-users-me",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/031-groups-name",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/148-provider-retrieve",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/169-app-retrieve",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/305-users-by-username",
        "authentik-netbird-core/tests/fixtures/decode/2025.10/310-tokens-by-user"
    ),
    recorded!(
        "authentik-netbird-core/tests/fixtures/decode/2026.5/059-admin-version",
        "authentik-simulator/tests/fixtures/recordings/authentik-2026.5/043-pagination-page-size-100000",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/020-certs-has-key",
        "authentik-simulator/tests/fixtures/recordings/authentik-2026.5/012-scope-all",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/026-brands",
        "authentik-simulator/tests/fixtures/recordings/authentik-2026.5/061-users-me",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/031-groups-name",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/148-provider-retrieve",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/169-app-retrieve",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/305-users-by-username",
        "authentik-netbird-core/tests/fixtures/decode/2026.5/310-tokens-by-user"
    ),
];

/// Which answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Version,
    Flows,
    Certificates,
    ScopeMappings,
    Brands,
    Caller,
    Groups,
    Providers,
    Application,
    Users,
    Tokens,
    /// A list of least privilege or access, or of what uses something.
    Roles,
    Permissions,
    Bindings,
    Uses,
}

pub(crate) const BODIES: [Body; 15] = [
    Body::Version,
    Body::Flows,
    Body::Certificates,
    Body::ScopeMappings,
    Body::Brands,
    Body::Caller,
    Body::Groups,
    Body::Providers,
    Body::Application,
    Body::Users,
    Body::Tokens,
    Body::Roles,
    Body::Permissions,
    Body::Bindings,
    Body::Uses,
];

/// The bodies of one release, by [`Body`].
pub(crate) fn bodies(release: usize) -> &'static [Value] {
    static ALL: OnceLock<Vec<Vec<Value>>> = OnceLock::new();
    &ALL.get_or_init(|| RECORDED.iter().map(|texts| read(texts)).collect())[release % 2]
}

fn read(texts: &[&str]) -> Vec<Value> {
    let recorded = texts.iter().map(|text| {
        let mut recording: Value = serde_json::from_str(text).expect("a recording");
        recording["response"]["body"].take()
    });
    let mut bodies: Vec<Value> = recorded.collect();
    let provider = bodies[Body::Providers as usize].take();
    bodies[Body::Providers as usize] = page(json!([provider]));
    let application = bodies[Body::Application as usize]["pk"].clone();
    bodies.push(page(json!([{"pk": "role-pk", "name": "NetBird user reader"}])));
    bodies.push(page(json!([
        {"codename": "view_user", "app_label": "authentik_core", "id": 1, "name": "Can view"},
        {"codename": "delete_user", "app_label": "authentik_core", "id": 2, "name": "Can delete"}
    ])));
    bodies.push(page(json!([{
        "pk": "binding-pk", "target": application, "group": "group-pk", "user": null,
        "policy": null, "enabled": true, "negate": false, "order": 0
    }])));
    bodies.push(json!([{
        "app": "authentik_policies", "model_name": "policybinding", "pk": "binding-pk",
        "name": "Binding", "action": "cascade"
    }]));
    bodies
}

fn page(results: Value) -> Value {
    let count = results.as_array().map_or(0, Vec::len);
    json!({"pagination": {"next": 0, "count": count}, "results": results})
}
