//! `/providers/oauth2/`

use serde::{Deserialize, Serialize};

use super::open::{Null, Open, api_enum, null_as_default, present};
use super::redirect_uri::{RedirectUri, RedirectUriEntry};
use crate::ids::{CertificateId, ClientId, FlowId, ProviderId, Reference, ScopeMappingId};

api_enum! {
    /// OAuth2 client type (guide: "Client type").
    ClientType {
        /// Has no secret: browsers and NetBird's client.
        Public = "public",
        /// Has a secret.
        Confidential = "confidential",
    }
}

api_enum! {
    /// OAuth2 grant types (authentik 2026.5 and later; a provider without any is dead).
    GrantType {
        /// Browser logins.
        AuthorizationCode = "authorization_code",
        /// Not used by NetBird.
        Implicit = "implicit",
        /// Not used by NetBird.
        Hybrid = "hybrid",
        /// Renewal without a login.
        RefreshToken = "refresh_token",
        /// NetBird's reading of users through its service account.
        ClientCredentials = "client_credentials",
        /// Not used by NetBird.
        Password = "password",
        /// Logins of machines without a browser.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
    }
}

api_enum! {
    /// What the token's `sub` is made of (guide: "Subject Mode").
    SubjectMode {
        /// "Based on the User's ID": what NetBird looks users up by.
        UserId = "user_id",
        /// "Based on the User's hashed ID", authentik's default.
        HashedUserId = "hashed_user_id",
        /// "Based on the User's UUID".
        UserUuid = "user_uuid",
        /// "Based on the User's username".
        UserUsername = "user_username",
        /// "Based on the User's Email".
        UserEmail = "user_email",
        /// "Based on the User's UPN".
        UserUpn = "user_upn",
    }
}

api_enum! {
    /// What the token's `iss` is (`issuer_mode`).
    IssuerMode {
        /// One issuer for each application: `…/application/o/SLUG/`.
        PerProvider = "per_provider",
        /// One issuer for all.
        Global = "global",
    }
}

/// An OAuth2 provider, as the server has it. Its client secret is not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Provider {
    /// Primary key.
    pub pk: ProviderId,
    /// Identity key.
    pub name: String,
    /// Client id.
    pub client_id: ClientId,
    /// Client type.
    #[serde(default)]
    pub client_type: Option<Open<ClientType>>,
    /// Authorization flow.
    #[serde(default)]
    pub authorization_flow: Option<FlowId>,
    /// Invalidation flow.
    #[serde(default)]
    pub invalidation_flow: Option<FlowId>,
    /// Scope mappings and other property mappings.
    #[serde(default, deserialize_with = "null_as_default")]
    pub property_mappings: Vec<ScopeMappingId>,
    /// Grant types; `None` on servers before 2026.5.
    #[serde(default)]
    pub grant_types: Option<Vec<Open<GrantType>>>,
    /// Redirect URIs.
    #[serde(default, deserialize_with = "null_as_default")]
    pub redirect_uris: Vec<RedirectUriEntry>,
    /// Life of codes, such as `minutes=10`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub access_code_validity: String,
    /// Subject mode.
    #[serde(default)]
    pub sub_mode: Option<Open<SubjectMode>>,
    /// Issuer mode.
    #[serde(default)]
    pub issuer_mode: Option<Open<IssuerMode>>,
    /// Whether names, email and groups are in the id token.
    #[serde(default)]
    pub include_claims_in_id_token: Option<bool>,
    /// Key that signs tokens.
    #[serde(default)]
    pub signing_key: Option<CertificateId>,
    /// Key that encrypts tokens; NetBird can't read encrypted ones.
    #[serde(default)]
    pub encryption_key: Option<CertificateId>,
    /// Slug of the application that it serves.
    #[serde(default)]
    pub assigned_application_slug: Option<String>,
    /// Other providers whose tokens it takes.
    #[serde(default, deserialize_with = "null_as_default")]
    pub jwt_federation_providers: Vec<ProviderId>,
}

/// `POST /providers/oauth2/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderCreate {
    /// Name, unique.
    pub name: String,
    /// Client id; without one authentik makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Client type.
    pub client_type: ClientType,
    /// Authorization flow.
    pub authorization_flow: Reference<FlowId>,
    /// Invalidation flow.
    pub invalidation_flow: Reference<FlowId>,
    /// Redirect URIs; never empty: authentik 2025.10 would let the first caller choose.
    pub redirect_uris: Vec<RedirectUri>,
    /// Key that signs tokens.
    pub signing_key: Reference<CertificateId>,
    /// Life of codes.
    pub access_code_validity: String,
    /// Subject mode.
    pub sub_mode: SubjectMode,
    /// Issuer mode.
    pub issuer_mode: IssuerMode,
    /// Whether names, email and groups are in the id token.
    pub include_claims_in_id_token: bool,
    /// Scope mappings.
    pub property_mappings: Vec<Reference<ScopeMappingId>>,
    /// Grant types; `None` for servers before 2026.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<GrantType>>,
}

/// `PATCH /providers/oauth2/{pk}/`: fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderPatch {
    /// Client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Client type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_type: Option<ClientType>,
    /// Authorization flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_flow: Option<Reference<FlowId>>,
    /// Invalidation flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalidation_flow: Option<Reference<FlowId>>,
    /// The whole list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uris: Option<Vec<RedirectUriEntry>>,
    /// Key that signs tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<Reference<CertificateId>>,
    /// Takes the encryption key away.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub encryption_key: Option<Null>,
    /// Life of codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_code_validity: Option<String>,
    /// Subject mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_mode: Option<SubjectMode>,
    /// Issuer mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_mode: Option<IssuerMode>,
    /// Whether names, email and groups are in the id token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_claims_in_id_token: Option<bool>,
    /// The whole list, with what others added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_mappings: Option<Vec<Reference<ScopeMappingId>>>,
    /// The whole list, with what others added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<Open<GrantType>>>,
}
