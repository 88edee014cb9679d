//! `/flows/instances/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource};
use crate::authentik::form::{Errors, Form, Rule};
use crate::authentik::listing::Listing;
use crate::authentik::objects::{FLOW_BACKGROUND, Flow, Provider};
use crate::authentik::responses::Reply;
use crate::authentik::{Release, State};

const DESIGNATIONS: [&str; 7] = [
    "authentication",
    "authorization",
    "invalidation",
    "enrollment",
    "unenrollment",
    "recovery",
    "stage_configuration",
];
const AUTHENTICATIONS: [&str; 7] = [
    "none",
    "require_authenticated",
    "require_unauthenticated",
    "require_superuser",
    "require_redirect",
    "require_outpost",
    "require_token",
];
const LAYOUTS: [&str; 7] = [
    "stacked",
    "content_left",
    "content_right",
    "sidebar_left",
    "sidebar_right",
    "sidebar_left_frame_background",
    "sidebar_right_frame_background",
];
const DENIED_ACTIONS: [&str; 3] = ["message_continue", "message", "continue"];

impl Resource for Flow {
    const NAME: &'static str = "Flow";
    const APP: &'static str = "authentik_flows";
    const MODEL: &'static str = "flow";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.flows;
    const IS: fn(&Self, &str) -> bool = |one, key| one.slug == key;
    const BLANK: fn(&mut State) -> Self = |state| Flow::new(&mut state.counters, "", "", "");

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut flow: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(name) = form.text("name", Rule::REQUIRED) {
            flow.name = name;
        }
        let max = if state.release() >= Release::V2025_12 { usize::MAX } else { 50 };
        if let Some(slug) = form.slug("slug", max, state.release() >= Release::V2025_12) {
            if state.flows.iter().any(|other| other.slug == slug && other.pk != flow.pk) {
                form.error("slug", "Flow with this slug already exists.");
            }
            flow.slug = slug;
        }
        if let Some(title) = form.text("title", Rule::REQUIRED) {
            flow.title = title;
        }
        if let Some(word) = form.choice("designation", true, &DESIGNATIONS) {
            flow.designation = word;
        }
        if let Some(word) = form.choice("authentication", false, &AUTHENTICATIONS) {
            flow.authentication = word;
        }
        if let Some(word) = form.choice("layout", false, &LAYOUTS) {
            flow.layout = word;
        }
        if let Some(word) = form.choice("denied_action", false, &DENIED_ACTIONS) {
            flow.denied_action = word;
        }
        if let Some(word) = form.choice("policy_engine_mode", false, &["all", "any"]) {
            flow.policy_engine_mode = word;
        }
        if let Some(flag) = form.flag("compatibility_mode") {
            flow.compatibility_mode = flag;
        }
        let background = Rule::OPTIONAL.or_blank();
        let has_background = state.release() >= Release::V2025_12;
        let background = has_background.then(|| form.text("background", background));
        if let Some(background) = background.flatten() {
            flow.background = background;
        }
        form.finish().map(|()| flow)
    }

    fn render(&self, state: &State) -> Value {
        let mut object = json!({
            "pk": self.pk,
            "policybindingmodel_ptr_id": self.policybindingmodel_ptr_id,
            "name": self.name,
            "slug": self.slug,
            "title": self.title,
            "designation": self.designation,
            "background": self.background,
            "stages": self.stages,
            "policies": self.policies,
            "cache_count": 0,
            "policy_engine_mode": self.policy_engine_mode,
            "compatibility_mode": self.compatibility_mode,
            "export_url": format!("/api/v3/flows/instances/{}/export/", self.slug),
            "layout": self.layout,
            "denied_action": self.denied_action,
            "authentication": self.authentication,
        });
        let shown = if self.background.is_empty() { FLOW_BACKGROUND } else { &self.background };
        if state.release() >= Release::V2025_12 {
            object["background_url"] = json!(shown);
            object["background_themed_urls"] = Value::Null;
        } else {
            object["background"] = json!(shown);
        }
        object
    }

    /// The brands' fields become null; providers go with the flow that authorizes for them.
    fn removed(state: &mut State, flow: &Self) {
        let (gone, kept): (Vec<Provider>, Vec<Provider>) = std::mem::take(&mut state.providers)
            .into_iter()
            .partition(|provider| provider.authorization_flow == flow.pk);
        state.providers = kept;
        for provider in &gone {
            Provider::removed(state, provider);
        }
        for provider in &mut state.providers {
            provider.authentication_flow.take_if(|pk| *pk == flow.pk);
            if provider.invalidation_flow == flow.pk {
                provider.invalidation_flow.clear();
            }
        }
        for brand in &mut state.brands {
            for field in [
                &mut brand.flow_authentication,
                &mut brand.flow_invalidation,
                &mut brand.flow_recovery,
                &mut brand.flow_unenrollment,
                &mut brand.flow_user_settings,
                &mut brand.flow_device_code,
            ] {
                field.take_if(|pk| *pk == flow.pk);
            }
        }
        state.policy_bindings.retain(|binding| binding.target != flow.policybindingmodel_ptr_id);
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let _ = state;
        Listing::new(state, request.http, rows)
            .exact(&["name", "slug"])
            .choice("designation", &DESIGNATIONS)
            .choice("denied_action", &DENIED_ACTIONS)
            .uuid("flow_uuid", "pk")
            .search(&["name", "slug", "designation", "title"])
            .page("slug")
    }
}
