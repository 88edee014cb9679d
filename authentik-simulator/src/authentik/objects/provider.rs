//! [`Provider`].

use serde::Serialize;

use super::Flow;
use crate::Key;
use crate::authentik::counters::Counters;

/// One allowed redirect URI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RedirectUri {
    /// `strict` or `regex`.
    pub matching_mode: String,
    /// The URI, or the pattern that has to match all of it.
    pub url: String,
    /// `authorization` or `logout`; sent and taken since 2026.5. A field that a PATCH leaves out
    /// stays out, and counts as `authorization`.
    pub redirect_uri_type: Option<String>,
}

impl RedirectUri {
    /// A URI for logins. `matching_mode` is `strict` or `regex`.
    #[must_use]
    pub fn new(matching_mode: &str, url: &str) -> Self {
        Self {
            matching_mode: matching_mode.to_owned(),
            url: url.to_owned(),
            redirect_uri_type: None,
        }
    }
}

/// An OAuth2/OpenID provider.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Provider {
    /// Primary key, a number.
    pub pk: u64,
    /// Name, unique, case-sensitive.
    pub name: String,
    /// Flow UUID.
    pub authentication_flow: Option<String>,
    /// Flow UUID.
    pub authorization_flow: String,
    /// Flow UUID; empty once the flow is deleted.
    pub invalidation_flow: String,
    /// Scope mapping UUIDs.
    pub property_mappings: Vec<String>,
    /// `public` or `confidential`.
    pub client_type: String,
    /// Client id, unique.
    pub client_id: String,
    /// Client secret; a public client has one too.
    pub client_secret: Key,
    /// The grant types that the client may ask for; empty means nothing at all (2026.5 only, else not looked at).
    pub grant_types: Vec<String>,
    /// Duration, e.g. `minutes=10`.
    pub access_code_validity: String,
    /// Duration.
    pub access_token_validity: String,
    /// Duration.
    pub refresh_token_validity: String,
    /// Duration (2026.5).
    pub refresh_token_threshold: String,
    /// Whether claims of the scopes are in the id token.
    pub include_claims_in_id_token: bool,
    /// Certificate UUID. Without it tokens are signed with the client secret.
    pub signing_key: Option<String>,
    /// Certificate UUID. With it tokens are encrypted.
    pub encryption_key: Option<String>,
    /// Allowed redirect URIs.
    pub redirect_uris: Vec<RedirectUri>,
    /// Logout URI; `backchannel_logout_uri` before 2026.5.
    pub logout_uri: String,
    /// `backchannel` or `frontchannel` (2026.5).
    pub logout_method: String,
    /// The kind of `sub`, e.g. `user_id`.
    pub sub_mode: String,
    /// `per_provider` or `global`.
    pub issuer_mode: String,
    /// Source UUIDs.
    pub jwt_federation_sources: Vec<String>,
    /// Provider keys.
    pub jwt_federation_providers: Vec<u64>,
}

impl Provider {
    pub(crate) fn new(counters: &mut Counters, flows: &[Flow], name: &str) -> Self {
        let flow = |slug: &str| {
            flows.iter().find(|flow| flow.slug == slug).map_or(String::new(), |f| f.pk.clone())
        };
        let (authorization_flow, invalidation_flow) = (
            flow("default-provider-authorization-implicit-consent"),
            flow("default-provider-invalidation-flow"),
        );
        Self {
            pk: 0,
            name: name.to_owned(),
            authentication_flow: None,
            authorization_flow,
            invalidation_flow,
            property_mappings: Vec::new(),
            client_type: "confidential".to_owned(),
            client_id: counters.new_key(40),
            client_secret: counters.new_key(128).into(),
            grant_types: Vec::new(),
            access_code_validity: "minutes=1".to_owned(),
            access_token_validity: "hours=1".to_owned(),
            refresh_token_validity: "days=30".to_owned(),
            refresh_token_threshold: "seconds=0".to_owned(),
            include_claims_in_id_token: true,
            signing_key: None,
            encryption_key: None,
            redirect_uris: Vec::<RedirectUri>::new(),
            logout_uri: String::new(),
            logout_method: "backchannel".to_owned(),
            sub_mode: "hashed_user_id".to_owned(),
            issuer_mode: "per_provider".to_owned(),
            jwt_federation_sources: Vec::new(),
            jwt_federation_providers: Vec::new(),
        }
    }
}
