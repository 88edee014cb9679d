//! `/core/applications/`

use serde::{Deserialize, Serialize};

use super::open::{Null, null_as_default, present};
use crate::ids::{ApplicationId, ProviderId, Reference, Slug};

/// An application, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Application {
    /// Primary key.
    pub pk: ApplicationId,
    /// Name, as users see it. Not unique.
    pub name: String,
    /// Identity key; part of every URL of its OpenID endpoints.
    pub slug: Slug,
    /// Its provider.
    #[serde(default)]
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
    /// Whether `any` of its bindings is enough, or `all` must let someone in.
    #[serde(default)]
    pub policy_engine_mode: Option<String>,
}

fn name_of<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        name: Option<String>,
    }
    Ok(Option::<Named>::deserialize(deserializer)?.and_then(|object| object.name))
}

/// `POST /core/applications/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationCreate {
    /// Name.
    pub name: String,
    /// Slug, unique.
    pub slug: Slug,
    /// Its provider; a provider serves one application.
    pub provider: Reference<ProviderId>,
    /// Where its tile leads.
    pub meta_launch_url: String,
    /// Heading that it is listed under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// `PATCH /core/applications/{slug}/`: fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationPatch {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Reference<ProviderId>>,
    /// Where its tile leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta_launch_url: Option<String>,
    /// Heading that it is listed under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// `PATCH /core/applications/{slug}/` that takes an application's provider away, on take-over only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRelease {
    /// Always `null`.
    #[serde(deserialize_with = "present")]
    pub provider: Option<Null>,
}
