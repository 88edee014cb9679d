//! Builder of [`NetbirdIntegration`].

use std::fmt;

use super::{Mode, NetbirdIntegration, RedirectUris, ServiceAccount, validate};
use crate::authentik::RedirectUri;
use crate::error::{Error, Result};
use crate::issue::{Issue, excerpt_of_url};

/// Collects what the user asks for; [`build`](Self::build) checks it, all at once.
#[derive(Clone)]
#[must_use]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct NetbirdIntegrationBuilder {
    pub(super) mode: Mode,
    pub(super) authentik_url: String,
    pub(super) domain: String,
    pub(super) application_name: String,
    pub(super) application_slug: String,
    pub(super) application_group: Option<String>,
    pub(super) launch_url: Option<String>,
    pub(super) provider_name: String,
    pub(super) client_id: Option<String>,
    pub(super) authorization_flow: String,
    pub(super) invalidation_flow: String,
    pub(super) redirect_uris: RedirectUris,
    pub(super) extra_redirect_uris: Vec<RedirectUri>,
    pub(super) signing_key: Option<String>,
    pub(super) access_code_validity: String,
    pub(super) service_account: ServiceAccount,
    pub(super) service_account_name: String,
    pub(super) access_groups: Vec<String>,
    pub(super) create_access_groups: bool,
    pub(super) app_password_expires: Option<String>,
    pub(super) device_flow: String,
    pub(super) device_flow_name: Option<String>,
    pub(super) device_flow_title: String,
    pub(super) brand: Option<String>,
    pub(super) replace_device_code_flow: bool,
    pub(super) adopt: bool,
    pub(super) reverse_proxy: bool,
    /// What a file said that no method can say, such as an unknown field.
    pub(super) issues: Vec<Issue>,
}

impl NetbirdIntegrationBuilder {
    pub(super) fn new(authentik_url: String, domain: String) -> Self {
        Self {
            mode: Mode::Standalone,
            authentik_url,
            domain,
            application_name: "NetBird".to_owned(),
            application_slug: "netbird".to_owned(),
            application_group: None,
            launch_url: None,
            provider_name: "NetBird".to_owned(),
            client_id: None,
            authorization_flow: "default-provider-authorization-implicit-consent".to_owned(),
            invalidation_flow: "default-provider-invalidation-flow".to_owned(),
            redirect_uris: RedirectUris::Recommended,
            extra_redirect_uris: Vec::new(),
            signing_key: None,
            access_code_validity: "minutes=10".to_owned(),
            service_account: ServiceAccount::Administrator,
            service_account_name: "NetBird".to_owned(),
            access_groups: Vec::new(),
            create_access_groups: false,
            app_password_expires: None,
            device_flow: "default-device-code-flow".to_owned(),
            device_flow_name: None,
            device_flow_title: "Device code flow".to_owned(),
            brand: None,
            replace_device_code_flow: false,
            adopt: false,
            reverse_proxy: false,
            issues: Vec::new(),
        }
    }

    /// How NetBird and authentik are connected. Default: [`Mode::Standalone`], the guide's way.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Name of the application, as users see it. Default: `NetBird`.
    /// Guide: "Application: provide a descriptive name".
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.application_name = name.into();
        self
    }

    /// Slug of the application: 1 to 50 letters, digits, `-` and `_`; part of the issuer.
    /// Default: `netbird`.
    pub fn application_slug(mut self, slug: impl Into<String>) -> Self {
        self.application_slug = slug.into();
        self
    }

    /// Heading that the application is listed under. Default: left as it is, none for a new one.
    /// Guide: "an optional group for the type of application".
    pub fn application_group(mut self, group: impl Into<String>) -> Self {
        self.application_group = Some(group.into());
        self
    }

    /// Where the application's tile leads. Default: `https://DOMAIN`. Without one authentik would
    /// take the first redirect URI, on the user's own machine.
    pub fn launch_url(mut self, url: impl Into<String>) -> Self {
        self.launch_url = Some(url.into());
        self
    }

    /// Name of the provider. Default: `NetBird`. Two NetBirds on one authentik need two names.
    pub fn provider_name(mut self, name: impl Into<String>) -> Self {
        self.provider_name = name.into();
        self
    }

    /// OAuth2 client id. Default: authentik makes one, and it is kept from then on.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Slug of the authorization flow. Default: `default-provider-authorization-implicit-consent`.
    /// Guide: "the authorization flow to use for this provider".
    pub fn authorization_flow(mut self, slug: impl Into<String>) -> Self {
        self.authorization_flow = slug.into();
        self
    }

    /// Slug of the invalidation flow. Default: `default-provider-invalidation-flow`.
    pub fn invalidation_flow(mut self, slug: impl Into<String>) -> Self {
        self.invalidation_flow = slug.into();
        self
    }

    /// Which redirect URIs the provider gets. Default: [`RedirectUris::Recommended`].
    pub fn redirect_uris(mut self, redirect_uris: RedirectUris) -> Self {
        self.redirect_uris = redirect_uris;
        self
    }

    /// One more redirect URI. A regular expression must write its host out, with the dots escaped.
    pub fn extra_redirect_uri(mut self, uri: RedirectUri) -> Self {
        self.extra_redirect_uris.push(uri);
        self
    }

    /// Name of the certificate-key pair that signs tokens; an RSA one. Default: the one in use if
    /// it will do, else authentik's self-signed one, else the first by name that will do.
    /// Guide: "Select any available signing key".
    pub fn signing_key(mut self, name: impl Into<String>) -> Self {
        self.signing_key = Some(name.into());
        self
    }

    /// Life of codes, such as `minutes=10`, which is the default and the guide's value. The device
    /// flow's codes live as long.
    pub fn access_code_validity(mut self, validity: impl Into<String>) -> Self {
        self.access_code_validity = validity.into();
        self
    }

    /// The service account that NetBird reads users with, by its rights. Default:
    /// [`ServiceAccount::Administrator`], the guide's.
    pub fn service_account(mut self, service_account: ServiceAccount) -> Self {
        self.service_account = service_account;
        self
    }

    /// User name of the service account; case matters. Default: `NetBird`.
    pub fn service_account_name(mut self, username: impl Into<String>) -> Self {
        self.service_account_name = username.into();
        self
    }

    /// Name of a group whose members may log in to NetBird; call it once for each. The service
    /// account is let in besides. Default: none is named, and everyone may, unless someone has bound
    /// the application. Other bindings are kept. Guide: "401 error".
    pub fn access_group(mut self, name: impl Into<String>) -> Self {
        self.access_groups.push(name.into());
        self
    }

    /// Whether access groups that are missing are made, without members. Default: no, that is an
    /// error.
    pub fn create_access_groups(mut self, create: bool) -> Self {
        self.create_access_groups = create;
        self
    }

    /// When a newly made service account's app password expires, RFC 3339 in UTC, such as
    /// `2027-01-31T00:00:00Z`. Default: never. An existing app password is left as it is.
    pub fn app_password_expires(mut self, expires: impl Into<String>) -> Self {
        self.app_password_expires = Some(expires.into());
        self
    }

    /// Slug of the device-code flow. Default: `default-device-code-flow`.
    pub fn device_flow(mut self, slug: impl Into<String>) -> Self {
        self.device_flow = slug.into();
        self
    }

    /// Name of the device-code flow. Default: its slug.
    pub fn device_flow_name(mut self, name: impl Into<String>) -> Self {
        self.device_flow_name = Some(name.into());
        self
    }

    /// Title of the device-code flow, as users see it. Default: `Device code flow`.
    pub fn device_flow_title(mut self, title: impl Into<String>) -> Self {
        self.device_flow_title = title.into();
        self
    }

    /// Domain of the brand that gets the device-code flow. Default: authentik's default brand.
    pub fn brand(mut self, domain: impl Into<String>) -> Self {
        self.brand = Some(domain.into());
        self
    }

    /// Whether a brand that has another device-code flow already gets ours. Default: no, it keeps
    /// its own, and the plan says so.
    pub fn replace_device_code_flow(mut self, replace: bool) -> Self {
        self.replace_device_code_flow = replace;
        self
    }

    /// Whether what belongs to something else is taken over. Default: no, that is an error.
    pub fn adopt(mut self, adopt: bool) -> Self {
        self.adopt = adopt;
        self
    }

    /// Whether NetBird is behind a reverse proxy on port 443. Default: no. Guide: "Troubleshooting".
    pub fn reverse_proxy(mut self, reverse_proxy: bool) -> Self {
        self.reverse_proxy = reverse_proxy;
        self
    }

    /// Checks everything.
    ///
    /// # Errors
    /// [`Error::InvalidIntegration`] with every problem at once, each with its field.
    pub fn build(self) -> Result<NetbirdIntegration> {
        validate::integration(self).map_err(Error::invalid_integration)
    }
}

/// Nothing is checked yet: a URL may have a password in it, which is not shown.
impl fmt::Debug for NetbirdIntegrationBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetbirdIntegrationBuilder")
            .field("authentik_url", &excerpt_of_url(&self.authentik_url, 80))
            .field("domain", &excerpt_of_url(&self.domain, 80))
            .field("application_slug", &self.application_slug)
            .finish_non_exhaustive()
    }
}
