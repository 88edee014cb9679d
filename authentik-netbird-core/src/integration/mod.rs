//! [`NetbirdIntegration`]: what the user asks for.

mod address;
mod builder;
pub(crate) mod desired;
mod fields;
mod file;
mod guide;
mod redirects;
mod validate;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::authentik::RedirectUri;
use crate::ids::{ClientId, Slug};

#[cfg(feature = "client")]
pub(crate) use address::base_url;
pub(crate) use address::is_loopback;
pub use builder::NetbirdIntegrationBuilder;
pub use desired::{
    ADMINISTRATORS, DesiredAccess, DesiredApplication, DesiredBrand, DesiredFlow, DesiredProvider,
    DesiredRights, DesiredServiceAccount, DesiredState, SCOPE_MAPPINGS, SELF_SIGNED,
    USER_PERMISSIONS,
};
pub use guide::GuideStep;
pub(crate) use redirects::leaves_host_open;

/// How NetBird and authentik are connected.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// The guide's way: NetBird's own containers, `setup.env` and `configure.sh`, a public client.
    #[default]
    Standalone,
}

/// Which redirect URIs the provider gets, apart from extra ones.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RedirectUris {
    /// Strict `http://localhost:53000`, strict `https://DOMAIN`, and the regular expression
    /// `https://DOMAIN(/.*)?` with the dots escaped.
    #[default]
    Recommended,
    /// To the letter as in the guide, with its regular expression `https://DOMAIN.*`, which lets
    /// `https://DOMAIN.evil.com` and `https://DOMAIN@evil.com` in. Plans warn of it.
    AsInGuide,
}

/// The service account that NetBird reads users with, by its rights.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServiceAccount {
    /// Member of `authentik Admins`, as the guide says: it may do everything.
    #[default]
    Administrator,
    /// It may read users, which is all that NetBird needs.
    UserReader,
    /// It may read and delete users, for NetBird's `--user-delete-from-idp`.
    UserDeleter,
    /// There is no service account: NetBird reads no users (`NETBIRD_MGMT_IDP=none`), and learns
    /// names and emails at each user's first login. An existing account is left alone.
    None,
}

/// What the user asks for: one NetBird on one authentik.
///
/// Made by [`NetbirdIntegration::builder`], or read from a file by serde: the fields have the
/// names of the builder's methods, and all but `authentik_url` and `domain` may be left out.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct NetbirdIntegration {
    pub(crate) mode: Mode,
    pub(crate) authentik_url: Url,
    pub(crate) domain: String,
    pub(crate) application_name: String,
    pub(crate) application_slug: Slug,
    pub(crate) application_group: Option<String>,
    pub(crate) launch_url: String,
    pub(crate) provider_name: String,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) authorization_flow: Slug,
    pub(crate) invalidation_flow: Slug,
    pub(crate) redirect_uris: RedirectUris,
    pub(crate) extra_redirect_uris: Vec<RedirectUri>,
    pub(crate) signing_key: Option<String>,
    pub(crate) access_code_validity: String,
    pub(crate) service_account: ServiceAccount,
    pub(crate) service_account_name: String,
    pub(crate) access_groups: Vec<String>,
    pub(crate) create_access_groups: bool,
    pub(crate) app_password_expires: Option<String>,
    pub(crate) device_flow: Slug,
    pub(crate) device_flow_name: String,
    pub(crate) device_flow_title: String,
    pub(crate) brand: Option<String>,
    pub(crate) replace_device_code_flow: bool,
    pub(crate) adopt: bool,
    pub(crate) reverse_proxy: bool,
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
}
