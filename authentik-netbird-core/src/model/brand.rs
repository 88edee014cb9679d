//! `/core/brands/`

use serde::{Deserialize, Serialize};

use super::Null;
use super::open::null_as_default;
use crate::ids::{BrandId, FlowId, Reference};

/// A brand, as the server has it. Of its many fields only what names it, and its device-code flow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Brand {
    /// Primary key.
    #[serde(rename = "brand_uuid")]
    pub pk: BrandId,
    /// Identity key: the domain that it applies to.
    pub domain: String,
    /// Whether it applies where no other one does.
    #[serde(default, deserialize_with = "null_as_default")]
    pub default: bool,
    /// Flow behind the `/device` page; without one that page is a 404.
    #[serde(default)]
    pub flow_device_code: Option<FlowId>,
}

/// `PATCH /core/brands/{uuid}/`: one field and never another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandPatch {
    /// Flow behind the `/device` page (guide: "Default code flow").
    pub flow_device_code: Reference<FlowId>,
}

/// `PATCH /core/brands/{uuid}/` that empties the one field, on teardown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandRelease {
    /// `null`: its `/device` page is a 404 again.
    pub flow_device_code: Null,
}
