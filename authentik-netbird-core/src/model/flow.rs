//! `/flows/instances/`

use serde::{Deserialize, Serialize};

use super::open::{Open, api_enum, null_as_default};
use crate::ids::{FlowId, Slug};

api_enum! {
    /// What a flow is for. authentik does not check it where a flow is used.
    FlowDesignation {
        /// Logging in.
        Authentication = "authentication",
        /// Consenting to an application.
        Authorization = "authorization",
        /// Logging out.
        Invalidation = "invalidation",
        /// Signing up.
        Enrollment = "enrollment",
        /// Leaving.
        Unenrollment = "unenrollment",
        /// Getting back in.
        Recovery = "recovery",
        /// Setting something up; the device-code flow is of this kind.
        StageConfiguration = "stage_configuration",
    }
}

api_enum! {
    /// Who may run a flow.
    FlowAuthentication {
        /// Anyone; authentik's default.
        None = "none",
        /// Only who is logged in.
        RequireAuthenticated = "require_authenticated",
        /// Only who is not logged in.
        RequireUnauthenticated = "require_unauthenticated",
        /// Only administrators.
        RequireSuperuser = "require_superuser",
    }
}

/// A flow, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Flow {
    /// Primary key.
    pub pk: FlowId,
    /// Name, for administrators. Not unique.
    pub name: String,
    /// Identity key.
    pub slug: Slug,
    /// Title, as users see it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub designation: Option<Open<FlowDesignation>>,
    /// Who may run it.
    #[serde(default)]
    pub authentication: Option<Open<FlowAuthentication>>,
}

/// A flow with all that someone may have added to it: what a teardown looks at before it removes
/// one. Fields that a server does not send are as a new flow has them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FlowDetail {
    /// Primary key.
    pub pk: FlowId,
    /// Name, for administrators. Not unique.
    pub name: String,
    /// Identity key.
    pub slug: Slug,
    /// Title, as users see it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub designation: Option<Open<FlowDesignation>>,
    /// Who may run it.
    #[serde(default)]
    pub authentication: Option<Open<FlowAuthentication>>,
    /// Its stages.
    #[serde(default, deserialize_with = "null_as_default")]
    pub stages: Vec<String>,
    /// Its policies.
    #[serde(default, deserialize_with = "null_as_default")]
    pub policies: Vec<String>,
    /// How its pages are laid out; `stacked` when new.
    #[serde(default)]
    pub layout: Option<String>,
    /// What happens to who may not run it; `message_continue` when new.
    #[serde(default)]
    pub denied_action: Option<String>,
    /// Whether one binding or all of them have to let someone in; `any` when new.
    #[serde(default)]
    pub policy_engine_mode: Option<String>,
    /// Compatibility mode; off when new.
    #[serde(default, deserialize_with = "null_as_default")]
    pub compatibility_mode: bool,
    /// Its picture: empty, or below `/static/`, when new.
    #[serde(default, deserialize_with = "null_as_default")]
    pub background: String,
}

impl From<FlowDetail> for Flow {
    fn from(flow: FlowDetail) -> Self {
        let FlowDetail { pk, name, slug, title, designation, authentication, .. } = flow;
        Self { pk, name, slug, title, designation, authentication }
    }
}

/// `POST /flows/instances/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowCreate {
    /// Name.
    pub name: String,
    /// Slug, unique.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// What it is for.
    pub designation: FlowDesignation,
    /// Who may run it.
    pub authentication: FlowAuthentication,
}

/// `PATCH /flows/instances/{slug}/`: fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FlowPatch {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who may run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication: Option<FlowAuthentication>,
}
