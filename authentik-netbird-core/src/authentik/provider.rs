//! `/providers/oauth2/`

use serde::{Deserialize, Deserializer, Serialize};

use super::{CertificateId, FlowId, RedirectUriEntry, ScopeMappingId};
use crate::http::Method;
use crate::ids::{ClientId, Reference, number_id, text_enum};
use crate::report::Verb;
use crate::resource::{Action, Api, Normalize, Object, Open, SecretField, null_as_default};
use crate::secret::Secret;

number_id!(/** Primary key of an OAuth2 provider. */ ProviderId);

impl Object for Provider {
    const API: &'static Api = &Api {
        kind: "provider",
        app: "authentik_providers_oauth2",
        model: "oauth2provider",
        path: "providers/oauth2/",
        // Responses contain the client secret.
        actions: &[
            Action { sensitive: true, ..Action::CREATE },
            Action { sensitive: true, ..Action::UPDATE },
            Action {
                name: "set_secret",
                sensitive: true,
                secret: SecretField::Generated("client_secret"),
                ..Action::UPDATE
            },
            // Only its value is needed: NetBird's connector is to have it.
            Action {
                name: "read_secret",
                verb: Verb::Read,
                method: Method::Get,
                permissions: &["view_{model}"],
                sensitive: true,
                secret: SecretField::Response("client_secret"),
                ..Action::UPDATE
            },
            Action::DELETE,
        ],
        normalize: &[
            ("access_code_validity", Normalize::Duration),
            ("grant_types", Normalize::IfKnown),
        ],
        ..Api::AUTHENTIK
    };
}

text_enum! {
    /// OAuth2 client type (guide: "Client type").
    ClientType {
        /// Has no secret: browsers and NetBird's client.
        Public = "public",
        /// Has a secret.
        Confidential = "confidential",
    }
}

text_enum! {
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

text_enum! {
    /// The value of a token's `sub` (guide: "Subject Mode").
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

text_enum! {
    /// The form of a token's `iss` (`issuer_mode`).
    IssuerMode {
        /// One issuer for each application: `…/application/o/SLUG/`.
        PerProvider = "per_provider",
        /// One issuer for all.
        Global = "global",
    }
}

/// An OAuth2 provider, as the server has it. Identity key: name. Its client secret is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provider {
    /// Primary key.
    pub pk: ProviderId,
    /// Identity key.
    pub name: String,
    /// Client id.
    pub client_id: ClientId,
    /// Client type.
    pub client_type: Option<Open<ClientType>>,
    /// Authorization flow.
    pub authorization_flow: Option<FlowId>,
    /// Invalidation flow.
    pub invalidation_flow: Option<FlowId>,
    /// Scope mappings and other property mappings.
    #[serde(default, deserialize_with = "null_as_default")]
    pub property_mappings: Vec<ScopeMappingId>,
    /// Grant types; `None` on servers before 2026.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<Open<GrantType>>>,
    /// Redirect URIs.
    #[serde(default, deserialize_with = "null_as_default")]
    pub redirect_uris: Vec<RedirectUriEntry>,
    /// Life of codes, such as `minutes=10`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub access_code_validity: String,
    /// Subject mode.
    pub sub_mode: Option<Open<SubjectMode>>,
    /// Issuer mode.
    pub issuer_mode: Option<Open<IssuerMode>>,
    /// Whether names, email and groups are in the id token.
    pub include_claims_in_id_token: Option<bool>,
    /// Key that signs tokens.
    pub signing_key: Option<CertificateId>,
    /// Key that encrypts tokens; NetBird cannot read encrypted ones.
    pub encryption_key: Option<CertificateId>,
    /// Slug of the application that it serves.
    pub assigned_application_slug: Option<String>,
    /// Other providers whose tokens it accepts.
    #[serde(default, deserialize_with = "null_as_default")]
    pub jwt_federation_providers: Vec<ProviderId>,
    /// Sources whose tokens it accepts.
    #[serde(default, deserialize_with = "null_as_default")]
    pub jwt_federation_sources: Vec<String>,
    /// Life of access tokens, such as `hours=1`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub access_token_validity: String,
    /// Life of refresh tokens, such as `days=30`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub refresh_token_validity: String,
    /// Where authentik reports logouts.
    #[serde(default, deserialize_with = "null_as_default")]
    pub logout_uri: String,
    /// Whether its client secret is empty, so that nobody needs one.
    #[serde(default, rename = "client_secret", deserialize_with = "is_empty", skip_serializing)]
    pub has_empty_secret: bool,
}

/// Whether there is a text and it is empty; the text is not kept.
fn is_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = Option::<Secret>::deserialize(deserializer)?;
    Ok(text.is_some_and(|text| text.expose().is_empty()))
}

impl Provider {
    /// Whether it is a NetBird's: NetBird's client receives logins at port 53000 of its own machine.
    pub(crate) fn is_netbird(&self) -> bool {
        self.redirect_uris.iter().any(|uri| {
            let plain = uri.url.replace('\\', "");
            ["://localhost:53000", "://127.0.0.1:53000"].iter().any(|host| plain.contains(host))
        })
    }
}

/// `POST /providers/oauth2/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ProviderCreate {
    /// Unique.
    pub(crate) name: String,
    /// Without one authentik generates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<ClientId>,
    pub(crate) client_type: ClientType,
    pub(crate) authorization_flow: Reference<FlowId>,
    pub(crate) invalidation_flow: Reference<FlowId>,
    /// Never empty: on authentik 2025.10 the first caller could then choose.
    pub(crate) redirect_uris: Vec<RedirectUriEntry>,
    pub(crate) signing_key: Reference<CertificateId>,
    pub(crate) access_code_validity: String,
    pub(crate) sub_mode: SubjectMode,
    pub(crate) issuer_mode: IssuerMode,
    pub(crate) include_claims_in_id_token: bool,
    pub(crate) property_mappings: Vec<Reference<ScopeMappingId>>,
    /// `None` for servers before 2026.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grant_types: Option<Vec<GrantType>>,
}
