//! [`Flow`].

use serde::Serialize;

use crate::authentik::counters::Counters;

/// The picture behind a flow that none was set for.
pub(crate) const FLOW_BACKGROUND: &str = "/static/dist/assets/images/flow_background.jpg";

/// A flow.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Flow {
    /// Primary key, a UUID.
    pub pk: String,
    /// The UUID that policy bindings point at.
    pub policybindingmodel_ptr_id: String,
    /// Name, not unique.
    pub name: String,
    /// Slug, unique; flows are retrieved by it.
    pub slug: String,
    /// Title, shown to people.
    pub title: String,
    /// One of authentik's designations, e.g. `stage_configuration`.
    pub designation: String,
    /// The visitors who may use it, e.g. `none`, `require_authenticated`.
    pub authentication: String,
    /// Layout, e.g. `stacked`.
    pub layout: String,
    /// The response to a denial, e.g. `message_continue`.
    pub denied_action: String,
    /// `any` or `all`.
    pub policy_engine_mode: String,
    /// Compatibility mode.
    pub compatibility_mode: bool,
    /// The picture that was set, if any.
    pub background: String,
    /// UUIDs of stages; the simulator knows nothing else about them.
    pub stages: Vec<String>,
    /// UUIDs of policies; the simulator knows nothing else about them.
    pub policies: Vec<String>,
}

impl Flow {
    pub(crate) fn new(counters: &mut Counters, slug: &str, title: &str, designation: &str) -> Self {
        Self {
            pk: counters.new_uuid(),
            policybindingmodel_ptr_id: counters.new_uuid(),
            name: slug.to_owned(),
            slug: slug.to_owned(),
            title: title.to_owned(),
            designation: designation.to_owned(),
            authentication: "none".to_owned(),
            layout: "stacked".to_owned(),
            denied_action: "message_continue".to_owned(),
            policy_engine_mode: "any".to_owned(),
            compatibility_mode: false,
            background: String::new(),
            stages: Vec::new(),
            policies: Vec::new(),
        }
    }
}
