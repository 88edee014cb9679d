//! References in a plan's writes, as the exports read them.

use serde_json::Value;

use crate::authentik::{BRANDS, CertificateKeyPair, Flow, Group, ScopeMapping};
use crate::resource::{Api, Object};

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
    pub(super) api: &'static Api,
    /// The field that has the identity key, here and in Terraform.
    pub(super) key: &'static str,
    /// The field that has the primary key.
    pub(super) pk: &'static str,
    /// Terraform's data source.
    pub(super) data: &'static str,
}

const fn target(api: &'static Api, key: &'static str, data: &'static str) -> Target {
    Target { api, key, pk: "pk", data }
}

const FLOW: Target = target(Flow::API, "slug", "authentik_flow");
const MAPPING: Target =
    target(ScopeMapping::API, "managed", "authentik_property_mapping_provider_scope");
const CERTIFICATE: Target =
    target(CertificateKeyPair::API, "name", "authentik_certificate_key_pair");
const GROUP: Target = target(Group::API, "name", "authentik_group");
const BRAND: Target = Target { pk: "brand_uuid", ..target(BRANDS, "domain", "authentik_brand") };

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
