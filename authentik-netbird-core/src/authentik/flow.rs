//! `/flows/instances/`

use serde::{Deserialize, Serialize};

use crate::ids::{Slug, text_enum, text_id};
use crate::resource::{Action, Api, LookUp, Object, Open, null_as_default};

text_id!(/** Primary key of a flow, a UUID. */ FlowId);

impl Object for Flow {
    const API: &'static Api = &Api {
        kind: "flow",
        app: "authentik_flows",
        model: "flow",
        path: "flows/instances/",
        actions: &[
            Action { look_up: LookUp::ItemBy("slug"), ..Action::CREATE },
            Action::UPDATE,
            Action::DELETE,
        ],
        ..Api::AUTHENTIK
    };
}

text_enum! {
    /// The purpose of a flow. authentik does not check it where a flow is used.
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

text_enum! {
    /// The visitors who may run a flow.
    FlowAuthentication {
        /// Everyone; authentik's default.
        None = "none",
        /// Logged-in users only.
        RequireAuthenticated = "require_authenticated",
        /// Only visitors who are not logged in.
        RequireUnauthenticated = "require_unauthenticated",
        /// Only administrators.
        RequireSuperuser = "require_superuser",
    }
}

/// A flow, as the server has it. Identity key: slug. Fields that a server does not send are as a new
/// flow has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
    /// The purpose.
    pub designation: Option<Open<FlowDesignation>>,
    /// The visitors who may run it.
    pub authentication: Option<Open<FlowAuthentication>>,
    /// Its stages.
    #[serde(default, deserialize_with = "null_as_default")]
    pub stages: Vec<String>,
    /// Its policies.
    #[serde(default, deserialize_with = "null_as_default")]
    pub policies: Vec<String>,
    /// How its pages are laid out; `stacked` when new.
    pub layout: Option<String>,
    /// The response to users who may not run it; `message_continue` when new.
    pub denied_action: Option<String>,
    /// Whether one binding is enough or all of them must allow a user; `any` when new.
    pub policy_engine_mode: Option<String>,
    /// Compatibility mode; off when new.
    #[serde(default, deserialize_with = "null_as_default")]
    pub compatibility_mode: bool,
    /// Its picture: empty, or below `/static/`, when new.
    #[serde(default, deserialize_with = "null_as_default")]
    pub background: String,
}

/// `POST /flows/instances/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FlowCreate {
    pub(crate) name: String,
    /// Unique.
    pub(crate) slug: Slug,
    pub(crate) title: String,
    pub(crate) designation: FlowDesignation,
    pub(crate) authentication: FlowAuthentication,
}
