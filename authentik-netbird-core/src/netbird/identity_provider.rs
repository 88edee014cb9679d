//! `/api/identity-providers`: connectors of NetBird's embedded identity provider.

use serde::{Deserialize, Serialize};

use crate::http::Method;
use crate::ids::text_id;
use crate::resource::{Action, Api, LookUp, Object, SecretField};

text_id!(
    /// Id of an identity provider. Part of the id of every user who logs in through it.
    IdentityProviderId
);

/// The body of a `PUT`. Without a secret NetBird keeps the one that it has.
const FIELDS: &[&str] = &["type", "name", "issuer", "client_id"];

const UPDATE: Action = Action {
    method: Method::Put,
    path: "/{key}",
    permissions: &[],
    replaces: FIELDS,
    ..Action::UPDATE
};

impl IdentityProviderId {
    /// Whether NetBird generated it. Others are of identity providers in `management.json`.
    pub(crate) fn is_generated(&self) -> bool {
        let random = self.as_str().rsplit('-').next().unwrap_or_default();
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'v').contains(&byte);
        random.len() == 20 && random.bytes().all(is_digit)
    }
}

impl Object for IdentityProvider {
    const API: &'static Api = &Api {
        kind: "identity_provider",
        path: "identity-providers",
        actions: &[
            // NetBird accepts any number of equal ones: an unknown outcome is looked up by the issuer.
            Action {
                permissions: &[],
                lacks_unique_key: true,
                secret: SecretField::Output("client_secret"),
                look_up: LookUp::Entry { filter: "", field: "issuer", of: "issuer" },
                ..Action::CREATE
            },
            UPDATE,
            Action { name: "set_secret", secret: SecretField::Output("client_secret"), ..UPDATE },
            Action { path: "/{key}", permissions: &[], ..Action::DELETE },
        ],
        ..Api::NETBIRD
    };
}

/// An identity provider, as NetBird has it. Its client secret is never shown.
///
/// ```
/// use authentik_netbird_core::netbird::IdentityProvider;
///
/// let found: IdentityProvider = serde_json::from_str(
///     r#"{"id": "authentik-dc4g", "type": "authentik", "name": "authentik", "client_id": "abc",
///         "issuer": "https://authentik.company/application/o/netbird/"}"#,
/// )?;
/// assert_eq!(found.name, "authentik");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentityProvider {
    /// Its id.
    pub id: IdentityProviderId,
    /// Its kind: `authentik`, `oidc`, `local` and others. It cannot be changed.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Its name, on the button of the login page.
    #[serde(default)]
    pub name: String,
    /// authentik's issuer, exactly.
    #[serde(default)]
    pub issuer: String,
    /// The client id that NetBird logs in with.
    #[serde(default)]
    pub client_id: String,
}
