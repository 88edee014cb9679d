//! `/propertymappings/provider/scope/`

use serde::Deserialize;

use crate::ids::ScopeMappingId;

/// A scope mapping, as the server has it. Its expression is not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ScopeMapping {
    /// Primary key.
    pub pk: ScopeMappingId,
    /// Name, for administrators.
    pub name: String,
    /// Identity key of authentik's own ones, such as
    /// `goauthentik.io/providers/oauth2/scope-offline_access`.
    #[serde(default)]
    pub managed: Option<String>,
    /// The OAuth2 scope that it answers to.
    #[serde(default)]
    pub scope_name: String,
}
