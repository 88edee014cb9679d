//! `/core/applications/`

use serde::{Deserialize, Serialize};

use super::ProviderId;
use crate::ids::{Reference, Slug, text_id};
use crate::resource::{Action, Api, LookUp, Normalize, Object, null_as_default};

text_id!(/** Primary key of an application, a UUID. */ ApplicationId);

impl Object for Application {
    const API: &'static Api = &Api {
        kind: "application",
        app: "authentik_core",
        model: "application",
        path: "core/applications/",
        actions: &[
            Action { look_up: LookUp::ItemBy("slug"), ..Action::CREATE },
            Action::UPDATE,
            Action::DELETE,
        ],
        normalize: &[("meta_launch_url", Normalize::Url)],
        ..Api::AUTHENTIK
    };
}

/// An application, as the server has it. Identity key: slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Application {
    /// Primary key.
    pub pk: ApplicationId,
    /// Name, as users see it. Not unique.
    pub name: String,
    /// Identity key; part of every URL of its OpenID endpoints.
    pub slug: Slug,
    /// Its provider.
    pub provider: Option<ProviderId>,
    /// The provider's name, from the nested object.
    #[serde(default, rename = "provider_obj", deserialize_with = "name_of")]
    pub provider_name: Option<String>,
    /// Where its tile leads; empty: authentik guesses one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta_launch_url: String,
    /// Heading that it is listed under; empty: none.
    #[serde(default, deserialize_with = "null_as_default")]
    pub group: String,
    /// Whether `any` of its bindings is enough, or `all` must allow a user.
    pub policy_engine_mode: Option<String>,
}

impl Application {
    /// Whether all of its bindings have to allow a user, and not one of them.
    pub(crate) fn needs_all(&self) -> bool {
        self.policy_engine_mode.as_deref() == Some("all")
    }
}

fn name_of<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Named {
        name: Option<String>,
    }
    Ok(Option::<Named>::deserialize(deserializer)?.and_then(|object| object.name))
}

/// `POST /core/applications/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ApplicationCreate {
    pub(crate) name: String,
    /// Unique.
    pub(crate) slug: Slug,
    /// A provider serves one application.
    pub(crate) provider: Reference<ProviderId>,
    pub(crate) meta_launch_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
}
