//! `/propertymappings/provider/scope/`

use serde::{Deserialize, Serialize};

use crate::ids::text_id;
use crate::resource::{Action, Api, Object, null_as_default};

text_id!(/** Primary key of a scope mapping, a UUID. */ ScopeMappingId);

impl Object for ScopeMapping {
    const API: &'static Api = &Api {
        kind: "scope_mapping",
        app: "authentik_providers_oauth2",
        model: "scopemapping",
        path: "propertymappings/provider/scope/",
        actions: &[Action::CREATE, Action::UPDATE, Action::DELETE],
        ..Api::AUTHENTIK
    };
}

/// A scope mapping, as the server has it. Identity key: `managed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScopeMapping {
    /// Primary key.
    pub pk: ScopeMappingId,
    /// Name, for administrators.
    pub name: String,
    /// Identity key of authentik's own mappings, such as
    /// `goauthentik.io/providers/oauth2/scope-offline_access`.
    pub managed: Option<String>,
    /// The OAuth2 scope that it provides.
    #[serde(default)]
    pub scope_name: String,
    /// The expression, in Python.
    #[serde(default, deserialize_with = "null_as_default")]
    pub expression: String,
}

impl ScopeMapping {
    /// A mapping of authentik's own.
    #[must_use]
    pub fn managed(pk: ScopeMappingId, managed: &str) -> Self {
        let (name, scope_name) = (managed.to_owned(), Self::scope_of(managed).to_owned());
        Self { pk, name, managed: Some(managed.to_owned()), scope_name, expression: String::new() }
    }

    /// The scope that a mapping of authentik's own provides, by its `managed`.
    pub(crate) fn scope_of(managed: &str) -> &str {
        match managed.rsplit("/scope-").next().unwrap_or(managed) {
            "authentik_api" => "goauthentik.io/api",
            scope => scope,
        }
    }

    /// Whether it may emit people's groups.
    pub(crate) fn emits_groups(&self) -> bool {
        match self.managed.as_deref() {
            Some(managed) => Self::scope_of(managed) == "profile",
            None => ["\"groups\"", "'groups'"].iter().any(|key| self.expression.contains(key)),
        }
    }
}

/// `POST /propertymappings/provider/scope/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ScopeMappingCreate {
    /// Unique.
    pub(crate) name: String,
    pub(crate) scope_name: &'static str,
    /// In Python.
    pub(crate) expression: String,
}
