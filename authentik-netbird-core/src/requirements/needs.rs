//! [`Needs`]: what one NetBird needs of authentik.

use crate::authentik::{GrantType, RedirectUri};
use crate::integration::{Mode, NetbirdIntegration, ServiceAccount};

/// The scopes that NetBird requests for people's tokens.
pub(crate) const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scope of authentik's API, with which management reads users.
pub(crate) const API_SCOPE: &str = "goauthentik.io/api";

/// What one NetBird needs, from an integration's options or from NetBird's own settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// NetBird's host name.
    pub(crate) domain: String,
    /// Scopes that it requests for people's tokens.
    pub(crate) scopes: Vec<String>,
    /// Where it lets logins lead back to.
    pub(crate) redirect_uris: Vec<String>,
    /// What else may be a redirect URI; `None`: not known.
    pub(crate) further_redirect_uris: Option<Vec<RedirectUri>>,
    /// Whether its device flow is on.
    pub(crate) device_flow: bool,
    /// Whether it looks users up by the subject of their tokens.
    pub(crate) looks_up_users: bool,
    /// Whether it does so with this client: then that has the API scope.
    pub(crate) reads_users_with_client: bool,
}

impl Needs {
    /// The grant types that NetBird uses with this client.
    pub(crate) fn grant_types(&self) -> Vec<GrantType> {
        let device = self.device_flow.then_some(GrantType::DeviceCode);
        let users = self.reads_users_with_client.then_some(GrantType::ClientCredentials);
        let always = [GrantType::AuthorizationCode, GrantType::RefreshToken];
        always.into_iter().chain(device).chain(users).collect()
    }
}

impl From<&NetbirdIntegration> for Needs {
    fn from(integration: &NetbirdIntegration) -> Self {
        let Mode::Standalone(standalone) = integration.mode();
        let domain = integration.domain().to_owned();
        let has_account = standalone.rights() != ServiceAccount::None;
        Self {
            scopes: SCOPES.map(str::to_owned).to_vec(),
            redirect_uris: ["http://localhost:53000".to_owned()]
                .into_iter()
                .chain(["/auth", "/silent-auth"].map(|path| format!("https://{domain}{path}")))
                .collect(),
            further_redirect_uris: Some(integration.all_redirect_uris()),
            device_flow: !standalone.without_device_flow(),
            looks_up_users: has_account,
            reads_users_with_client: standalone.shares_client(),
            domain,
        }
    }
}
