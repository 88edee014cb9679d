//! `/core/brands/`

use serde::{Deserialize, Serialize};

use super::FlowId;
use crate::ids::text_id;
use crate::resource::{Action, Api, Object, null_as_default};

text_id!(/** Primary key of a brand, a UUID (authentik's `brand_uuid`). */ BrandId);

impl Object for Brand {
    const API: &'static Api = &Api {
        kind: "brand",
        app: "authentik_brands",
        model: "brand",
        path: "core/brands/",
        // One field is changed, and brands are neither created nor deleted.
        actions: &[Action::UPDATE],
        ..Api::AUTHENTIK
    };
}

/// The list of brands, for what refers to one by its key alone.
pub(crate) const BRANDS: &Api = Brand::API;

/// A brand, as the server has it. Identity key: domain. Of its many fields only what names it, and its
/// device-code flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Brand {
    /// Primary key.
    #[serde(rename = "brand_uuid")]
    pub pk: BrandId,
    /// Identity key: the domain that it applies to.
    pub domain: String,
    /// Whether it applies where no other brand does.
    #[serde(default, deserialize_with = "null_as_default")]
    pub default: bool,
    /// Flow behind the `/device` page; without one that page is a 404.
    pub flow_device_code: Option<FlowId>,
}
