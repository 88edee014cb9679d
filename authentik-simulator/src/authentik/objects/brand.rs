//! [`Brand`].

use serde::Serialize;
use serde_json::{Map, Value};

use super::flow::FLOW_BACKGROUND;
use crate::authentik::counters::Counters;

/// A brand.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Brand {
    /// Primary key, a UUID.
    pub brand_uuid: String,
    /// Domain, unique.
    pub domain: String,
    /// Whether it is used for hosts that no other brand matches.
    pub default: bool,
    /// Title.
    pub branding_title: String,
    /// Logo.
    pub branding_logo: String,
    /// Favicon.
    pub branding_favicon: String,
    /// Style sheet.
    pub branding_custom_css: String,
    /// Picture behind flows.
    pub branding_default_flow_background: String,
    /// Flow UUID.
    pub flow_authentication: Option<String>,
    /// Flow UUID.
    pub flow_invalidation: Option<String>,
    /// Flow UUID.
    pub flow_recovery: Option<String>,
    /// Flow UUID.
    pub flow_unenrollment: Option<String>,
    /// Flow UUID.
    pub flow_user_settings: Option<String>,
    /// Flow UUID; the one field that the guide sets.
    pub flow_device_code: Option<String>,
    /// Application UUID.
    pub default_application: Option<String>,
    /// Certificate UUID.
    pub web_certificate: Option<String>,
    /// Certificate UUIDs.
    pub client_certificates: Vec<String>,
    /// Free attributes.
    pub attributes: Map<String, Value>,
}

impl Brand {
    pub(crate) fn new(counters: &mut Counters, domain: &str) -> Self {
        Self {
            brand_uuid: counters.new_uuid(),
            domain: domain.to_owned(),
            default: false,
            branding_title: "authentik".to_owned(),
            branding_logo: "/static/dist/assets/icons/icon_left_brand.svg".to_owned(),
            branding_favicon: "/static/dist/assets/icons/icon.png".to_owned(),
            branding_custom_css: String::new(),
            branding_default_flow_background: FLOW_BACKGROUND.to_owned(),
            flow_authentication: None,
            flow_invalidation: None,
            flow_recovery: None,
            flow_unenrollment: None,
            flow_user_settings: None,
            flow_device_code: None,
            default_application: None,
            web_certificate: None,
            client_certificates: Vec::new(),
            attributes: Map::new(),
        }
    }
}
