//! [`Needs`]: what one NetBird needs of authentik.

use crate::authentik::{GrantType, RedirectUri};
use crate::integration::{Mode, ModeKind, NetbirdIntegration, ServiceAccount};

/// The scopes that NetBird requests for people's tokens.
pub(crate) const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scope of authentik's API, with which management reads users.
pub(crate) const API_SCOPE: &str = "goauthentik.io/api";

/// The needs of one NetBird, from an integration's options or from NetBird's own settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) domain: String,
    /// Scopes that it requests for people's tokens.
    pub(crate) scopes: Vec<String>,
    /// Where it lets logins lead back to.
    pub(crate) redirect_uris: Vec<String>,
    /// The further redirect URIs that are allowed; `None`: not known.
    pub(crate) further_redirect_uris: Option<Vec<RedirectUri>>,
    pub(crate) device_flow: bool,
    /// Whether it looks users up by the subject of their tokens.
    pub(crate) looks_up_users: bool,
    /// Whether it does so with this client: then that has the API scope.
    pub(crate) reads_users_with_client: bool,
    pub(crate) mode: ModeKind,
}

/// Where a connector's logins lead back to, below NetBird's host.
pub(crate) const CALLBACK: &str = "/oauth2/callback";

/// Where a connector's logouts lead back to, below NetBird's host.
pub(crate) const LOGOUT_CALLBACK: &str = "/oauth2/logout/callback";

impl Needs {
    pub(crate) fn grant_types(&self) -> Vec<GrantType> {
        if self.is_connector() {
            return vec![GrantType::AuthorizationCode];
        }
        let device = self.device_flow.then_some(GrantType::DeviceCode);
        let users = self.reads_users_with_client.then_some(GrantType::ClientCredentials);
        let always = [GrantType::AuthorizationCode, GrantType::RefreshToken];
        always.into_iter().chain(device).chain(users).collect()
    }

    /// Whether it is the connector of NetBird's embedded identity provider: a server with a secret, which
    /// reads EC keys, too, and of which no page reads authentik's responses.
    pub(crate) fn is_connector(&self) -> bool {
        self.mode == ModeKind::Connector
    }

    /// The scopes without which logins do not work as they should.
    pub(crate) fn required_scopes(&self) -> &'static [&'static str] {
        // NetBird's embedded provider renews logins by itself.
        if self.is_connector() { &SCOPES[..3] } else { &SCOPES }
    }

    /// The needs of a connector's provider.
    fn of_connector(integration: &NetbirdIntegration) -> Self {
        let domain = integration.domain().to_owned();
        Self {
            scopes: SCOPES[..3].iter().map(|&scope| scope.to_owned()).collect(),
            redirect_uris: vec![format!("https://{domain}{CALLBACK}")],
            further_redirect_uris: Some(integration.all_redirect_uris()),
            device_flow: false,
            looks_up_users: false,
            reads_users_with_client: false,
            mode: ModeKind::Connector,
            domain,
        }
    }
}

impl From<&NetbirdIntegration> for Needs {
    fn from(integration: &NetbirdIntegration) -> Self {
        let standalone = match integration.mode() {
            Mode::Standalone(standalone) => standalone,
            Mode::Connector(_) => return Self::of_connector(integration),
        };
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
            mode: ModeKind::Standalone,
            domain,
        }
    }
}
