//! `/core/brands/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, is_uuid, same_uuid};
use crate::authentik::form::{Errors, Form, Rule, UNIQUE};
use crate::authentik::listing::Listing;
use crate::authentik::objects::Brand;
use crate::authentik::responses::Reply;
use crate::authentik::{Release, State};
use crate::host::Request;
use crate::host::Response;

impl Resource for Brand {
    const NAME: &'static str = "Brand";
    const APP: &'static str = "authentik_brands";
    const MODEL: &'static str = "brand";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.brands;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.brand_uuid);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| Brand::new(&mut state.counters, "");

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut brand: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(domain) = form.text("domain", Rule::REQUIRED) {
            let other = |b: &&Brand| b.domain == domain && b.brand_uuid != brand.brand_uuid;
            if state.brands.iter().any(|b| other(&b)) {
                form.error("domain", UNIQUE);
            }
            brand.domain = domain;
        }
        if let Some(default) = form.flag("default") {
            let other = |b: &Brand| b.default && b.brand_uuid != brand.brand_uuid;
            if default && state.brands.iter().any(other) {
                form.error("default", "Only a single brand can be set as default.");
            }
            brand.default = default;
        }
        for (field, place) in [
            ("branding_title", &mut brand.branding_title),
            ("branding_logo", &mut brand.branding_logo),
            ("branding_favicon", &mut brand.branding_favicon),
            ("branding_default_flow_background", &mut brand.branding_default_flow_background),
        ] {
            if let Some(text) = form.text(field, Rule::OPTIONAL) {
                *place = text;
            }
        }
        if let Some(css) = form.text("branding_custom_css", Rule::OPTIONAL.or_blank()) {
            brand.branding_custom_css = css;
        }
        let is_flow = |key: &str| state.flows.iter().any(|flow| flow.pk == key);
        for (field, place) in [
            ("flow_authentication", &mut brand.flow_authentication),
            ("flow_invalidation", &mut brand.flow_invalidation),
            ("flow_recovery", &mut brand.flow_recovery),
            ("flow_unenrollment", &mut brand.flow_unenrollment),
            ("flow_user_settings", &mut brand.flow_user_settings),
            ("flow_device_code", &mut brand.flow_device_code),
        ] {
            form.key_or_null(field, place, is_flow);
        }
        let is_application = |key: &str| state.applications.iter().any(|app| app.pk == key);
        form.key_or_null("default_application", &mut brand.default_application, is_application);
        let is_certificate = |key: &str| state.certificates.iter().any(|pair| pair.pk == key);
        form.key_or_null("web_certificate", &mut brand.web_certificate, is_certificate);
        if let Some(certificates) = form.keys("client_certificates", is_certificate) {
            brand.client_certificates = certificates;
        }
        if let Some(attributes) = form.map("attributes") {
            brand.attributes = attributes;
        }
        form.finish().map(|()| brand)
    }

    fn render(&self, state: &State) -> Value {
        let mut object = json!({
            "brand_uuid": self.brand_uuid,
            "domain": self.domain,
            "default": self.default,
            "branding_title": self.branding_title,
            "branding_logo": self.branding_logo,
            "branding_favicon": self.branding_favicon,
            "flow_authentication": self.flow_authentication,
            "flow_invalidation": self.flow_invalidation,
            "flow_recovery": self.flow_recovery,
            "flow_unenrollment": self.flow_unenrollment,
            "flow_user_settings": self.flow_user_settings,
            "flow_device_code": self.flow_device_code,
            "default_application": self.default_application,
            "web_certificate": self.web_certificate,
            "attributes": self.attributes,
        });
        if state.release() >= Release::V2025_10 {
            object["branding_custom_css"] = json!(self.branding_custom_css);
            object["branding_default_flow_background"] =
                json!(self.branding_default_flow_background);
            object["client_certificates"] = json!(self.client_certificates);
        }
        object
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        Listing::new(state, request.http, rows)
            .exact(&[
                "domain",
                "branding_title",
                "branding_logo",
                "branding_favicon",
                "branding_default_flow_background",
            ])
            .flags(&["default"])
            .uuids(&[
                "brand_uuid",
                "flow_authentication",
                "flow_invalidation",
                "flow_recovery",
                "flow_unenrollment",
                "flow_user_settings",
                "flow_device_code",
                "web_certificate",
            ])
            .search(&["domain", "branding_title"])
            .page("domain")
    }
}

/// The brand for the host that was called: the longest domain that the host ends with, or the
/// default one.
pub(crate) fn matching<'a>(state: &'a State, request: &Request) -> Option<&'a Brand> {
    let host = request.host();
    let host = host.rsplit_once(':').map_or(host.as_str(), |(host, _)| host);
    let matches = state.brands.iter().filter(|brand| host.ends_with(&brand.domain));
    let best = matches.max_by_key(|brand| brand.domain.len());
    best.or_else(|| state.brands.iter().find(|brand| brand.default))
}

/// `/core/brands/current/`: needs no authentication.
pub(super) fn current(state: &State, request: &Request) -> Response {
    let Some(brand) = matching(state, request) else {
        return Response::ok(&json!({ "matched_domain": "fallback" }));
    };
    let slug = |pk: &Option<String>| {
        state.flows.iter().find(|flow| Some(&flow.pk) == pk.as_ref()).map(|flow| flow.slug.clone())
    };
    let mut object = json!({
        "matched_domain": brand.domain,
        "branding_title": brand.branding_title,
        "branding_logo": brand.branding_logo,
        "branding_favicon": brand.branding_favicon,
        "ui_footer_links": [],
        "ui_theme": "automatic",
        "default_locale": "",
    });
    // Flows that are not set are left out.
    for (field, flow) in [
        ("flow_authentication", &brand.flow_authentication),
        ("flow_invalidation", &brand.flow_invalidation),
        ("flow_recovery", &brand.flow_recovery),
        ("flow_unenrollment", &brand.flow_unenrollment),
        ("flow_user_settings", &brand.flow_user_settings),
        ("flow_device_code", &brand.flow_device_code),
    ] {
        if let Some(slug) = slug(flow) {
            object[field] = json!(slug);
        }
    }
    if state.release() >= Release::V2025_12 {
        object["branding_logo_themed_urls"] = Value::Null;
        object["branding_favicon_themed_urls"] = Value::Null;
    }
    if state.release() >= Release::V2025_10 {
        object["branding_custom_css"] = json!(brand.branding_custom_css);
        object["flags"] = json!({ "flows_refresh_others": false });
        if state.release() >= Release::V2026_2 {
            object["flags"]["flows_continuous_login"] = json!(false);
        }
        if state.release() < Release::V2026_5 {
            object["flags"]["policies_buffered_access_view"] = json!(false);
        }
    }
    Response::ok(&object).with("allow", "GET, HEAD, OPTIONS".to_owned())
}
