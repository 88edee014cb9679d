//! References in a plan's writes, as the exports read them.

use serde_json::Value;

/// The meaning of a value in a write.
pub(super) enum Reference<'a> {
    /// An operation creates it; with the field of the response, if it is not the primary key.
    Pending { operation: &'a str, field: Option<&'a str> },
    /// The server has it under this identity key.
    Named(&'a str),
    /// A secret that an operation creates.
    SecretOf(&'a str),
}

impl<'a> Reference<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        let text = |field: &str| value.get(field).and_then(Value::as_str);
        if let Some(operation) = text("pending") {
            return Some(Self::Pending { operation, field: text("field") });
        }
        text("named").map(Self::Named).or(text("secret_of").map(Self::SecretOf))
    }
}

/// An object that authentik has already, by a field of a write that refers to it.
pub(super) struct Target {
    /// Where authentik lists such objects.
    pub(super) path: &'static str,
    /// Django's app and model.
    pub(super) model: &'static str,
    /// The field that has the identity key, here and in Terraform.
    pub(super) key: &'static str,
    /// The field that has the primary key.
    pub(super) pk: &'static str,
    /// Terraform's data source.
    pub(super) data: &'static str,
}

const fn target(
    path: &'static str,
    model: &'static str,
    key: &'static str,
    data: &'static str,
) -> Target {
    Target { path, model, key, pk: "pk", data }
}

const FLOW: Target = target("flows/instances/", "authentik_flows.flow", "slug", "authentik_flow");
const MAPPING: Target = target(
    "propertymappings/provider/scope/",
    "authentik_providers_oauth2.scopemapping",
    "managed",
    "authentik_property_mapping_provider_scope",
);
const CERTIFICATE: Target = target(
    "crypto/certificatekeypairs/",
    "authentik_crypto.certificatekeypair",
    "name",
    "authentik_certificate_key_pair",
);
const GROUP: Target = target("core/groups/", "authentik_core.group", "name", "authentik_group");
const BRAND: Target = Target {
    pk: "brand_uuid",
    ..target("core/brands/", "authentik_brands.brand", "domain", "authentik_brand")
};

impl Target {
    /// The object that a field of a write refers to; `key` is the write's own key, in the path.
    pub(super) fn of(kind: &str, field: &str) -> Option<&'static Self> {
        match (kind, field) {
            (_, "authorization_flow" | "invalidation_flow" | "flow_device_code") => Some(&FLOW),
            (_, "property_mappings") => Some(&MAPPING),
            (_, "signing_key") => Some(&CERTIFICATE),
            (_, "group" | "groups") | ("group_membership", "key") => Some(&GROUP),
            ("brand", "key") => Some(&BRAND),
            _ => None,
        }
    }
}
