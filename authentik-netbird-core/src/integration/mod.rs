//! [`NetbirdIntegration`]: what the user asks for.

mod address;
mod builder;
mod checks;
mod fields;
mod file;
mod guide;
mod options;
mod redirects;
mod spec;
mod table;
mod validate;
mod value;

use std::borrow::Cow;

use url::Url;

#[cfg(feature = "client")]
pub(crate) use address::base_url;
pub(crate) use address::is_loopback;
#[cfg(feature = "client")]
pub(crate) use address::is_plain_http;
pub use builder::NetbirdIntegrationBuilder;
pub use guide::GuideStep;
use options::Common;
pub use options::{
    ApiClientMigration, Connector, ModeKind, RedirectUris, ServiceAccount, Standalone,
    UserApproval, options,
};
pub(crate) use redirects::leaves_host_open;
pub use spec::{OptionKind, OptionSpec};
pub(crate) use validate::{api_application_slug, role_name};

/// How NetBird and authentik are connected, with the options of that way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// The guide's way: NetBird's own containers, `setup.env`, `configure.sh` and a public client.
    Standalone(Standalone),
    /// authentik as a connector of NetBird's embedded identity provider: a confidential client.
    Connector(Connector),
}

impl Mode {
    /// Which mode it is.
    #[must_use]
    pub fn kind(&self) -> ModeKind {
        match self {
            Self::Standalone(_) => ModeKind::Standalone,
            Self::Connector(_) => ModeKind::Connector,
        }
    }
}

/// The integration that a user asks for: one NetBird on one authentik.
///
/// Made by [`NetbirdIntegration::builder`], or read from a file by serde: the options have the names
/// that [`options`] lists, and all but `authentik_url` and `domain` may be left out.
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
///
/// let integration = NetbirdIntegration::builder("https://authentik.company", "netbird.company")
///     .application_slug("vpn")
///     .build()?;
/// let same: NetbirdIntegration = serde_json::from_str(
///     r#"{"authentik_url": "https://authentik.company", "domain": "netbird.company",
///         "application_slug": "vpn"}"#,
/// )
/// .expect("valid");
/// assert_eq!(integration, same);
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetbirdIntegration {
    pub(crate) authentik_url: Url,
    pub(crate) domain: String,
    common: Common,
    mode: Mode,
}

impl NetbirdIntegration {
    /// Starts an integration: authentik's base URL (`https`, or `http` to loopback; with its path
    /// if it has one) and NetBird's host name.
    pub fn builder(
        authentik_url: impl Into<String>,
        domain: impl Into<String>,
    ) -> NetbirdIntegrationBuilder {
        NetbirdIntegrationBuilder::new(authentik_url.into(), domain.into())
    }

    /// authentik's base URL; its path ends in a slash.
    #[must_use]
    pub fn authentik_url(&self) -> &Url {
        &self.authentik_url
    }

    /// authentik's address as NetBird and browsers reach it: `public_url`, else the one of API calls.
    #[must_use]
    pub fn netbird_url(&self) -> Url {
        let public = self.public_url().and_then(|url| address::base_url(url, false).ok());
        public.unwrap_or_else(|| self.authentik_url.clone())
    }

    /// NetBird's host name.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// How NetBird and authentik are connected, with the options of that way.
    #[must_use]
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// The options of the standalone mode; in another mode with neither a service account nor a device flow.
    pub(crate) fn standalone(&self) -> Cow<'_, Standalone> {
        match &self.mode {
            Mode::Standalone(standalone) => Cow::Borrowed(standalone),
            Mode::Connector(_) => Cow::Owned(Standalone::none()),
        }
    }

    /// The options of the connector mode, if it is that.
    pub(crate) fn connector(&self) -> Option<&Connector> {
        match &self.mode {
            Mode::Standalone(_) => None,
            Mode::Connector(connector) => Some(connector),
        }
    }
}

impl Connector {
    /// Whether authentik reports to NetBird who is in a group; true where that is not known, as of entitlements.
    pub(crate) fn reports_group(&self, name: &str) -> bool {
        let named = self.claim_groups();
        match self.claim_groups_prefix() {
            Some(prefix) => name.starts_with(prefix),
            None => named.is_empty() || named.iter().any(|one| one == name),
        }
    }
}
