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
