//! [`Outputs`]: what NetBird needs, as plain data.

use url::Url;

use crate::authentik::TokenIdentifier;
use crate::ids::{ClientId, Slug};
use crate::integration::{Mode, NetbirdIntegration, ServiceAccount};
use crate::secret::Secret;

/// The settings with which NetBird uses an authentik that is set up for it.
///
/// A client's apply makes it; it can also be put together by hand, for an authentik that was set up
/// by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outputs {
    /// authentik's address, as browsers and NetBird see it. May have a path; whether that ends in
    /// `/` makes no difference.
    pub authentik_url: Url,
    /// Host name of NetBird, such as `netbird.company`.
    pub domain: String,
    /// Slug of the application (guide: "Note the Client ID, and slug").
    pub application_slug: Slug,
    /// Client id of the provider. Public.
    pub client_id: ClientId,
    /// Client id that NetBird's management reads users with; `None`: the same. Default: `None`.
    pub api_client_id: Option<ClientId>,
    /// The service account; `None`: NetBird does without (`NETBIRD_MGMT_IDP=none`) and learns names
    /// and addresses from each user's token at the first login. Default: `None`.
    pub account: Option<AccountOutputs>,
    /// The settings that NetBird's embedded identity provider needs; `None`: another mode. Default: `None`.
    pub connector: Option<ConnectorOutputs>,
    /// Whether NetBird's device flow is on (guide: "Create … a device token authentication flow").
    /// Default: true.
    pub device_flow: bool,
    /// Whether NetBird stands behind a reverse proxy that ends TLS (guide: "Troubleshooting").
    /// Default: false.
    pub reverse_proxy: bool,
}

/// The service account that NetBird reads users with (guide: "Set up a service account").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountOutputs {
    /// User name, exactly as authentik has it: case matters.
    pub username: String,
    /// Value of its app password. `None` when this run did not make it: reading an existing one
    /// leaves an audit event on the server, so it is read only when asked for, and the line of an
    /// existing `setup.env` is kept.
    pub app_password: Option<Secret>,
    /// Identifier of the app password, where one is known. Not secret.
    pub app_password_identifier: Option<TokenIdentifier>,
}

/// The settings that NetBird's embedded identity provider needs, apart from issuer and client id.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectorOutputs {
    /// Name of the identity provider.
    pub name: String,
    /// The client secret. `None` when this run neither made nor read it.
    pub client_secret: Option<Secret>,
}

impl ConnectorOutputs {
    /// An identity provider of this name, its client secret not known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), client_secret: None }
    }
}

impl AccountOutputs {
    /// An account of this user name, its app password not known.
    #[must_use]
    pub fn new(username: impl Into<String>) -> Self {
        Self { username: username.into(), app_password: None, app_password_identifier: None }
    }
}

impl Outputs {
    /// Outputs without a service account and without a reverse proxy.
    #[must_use]
    pub fn new(
        authentik_url: Url,
        domain: impl Into<String>,
        application_slug: Slug,
        client_id: ClientId,
    ) -> Self {
        let domain = domain.into();
        Self {
            authentik_url,
            domain,
            application_slug,
            client_id,
            api_client_id: None,
            account: None,
            connector: None,
            device_flow: true,
            reverse_proxy: false,
        }
    }

    /// Outputs of an integration whose provider has this client id; the app password is not known.
    #[must_use]
    pub fn of(integration: &NetbirdIntegration, client_id: ClientId) -> Self {
        let (url, slug) = (integration.netbird_url(), integration.application_slug());
        let mut outputs = Self::new(url, integration.domain(), slug.clone(), client_id);
        match integration.mode() {
            Mode::Standalone(standalone) => {
                if standalone.rights() != ServiceAccount::None {
                    outputs.account = Some(AccountOutputs::new(standalone.service_account_name()));
                }
                outputs.device_flow = !standalone.without_device_flow();
                outputs.reverse_proxy = standalone.reverse_proxy();
            }
            Mode::Connector(connector) => {
                outputs.device_flow = false;
                let name = connector.identity_provider_name();
                outputs.connector = Some(ConnectorOutputs::new(name));
            }
        }
        outputs
    }

    /// The issuer that authentik writes into tokens: `{authentik}/application/o/{slug}/`, with the
    /// slash at the end.
    #[must_use]
    pub fn issuer(&self) -> String {
        let mut base = self.authentik_url.clone();
        base.set_query(None);
        base.set_fragment(None);
        let base = base.as_str().trim_end_matches('/');
        format!("{base}/application/o/{}/", self.application_slug)
    }

    /// Where authentik describes itself to OpenID clients:
    /// `{authentik}/application/o/{slug}/.well-known/openid-configuration`.
    #[must_use]
    pub fn openid_configuration_endpoint(&self) -> String {
        format!("{}.well-known/openid-configuration", self.issuer())
    }
}
