//! What an integration asks for, field by field, by the names of the builder's methods.

use url::Url;

use super::{Mode, NetbirdIntegration, RedirectUris, ServiceAccount, redirects};
use crate::authentik::RedirectUri;
use crate::ids::{ClientId, Slug};

impl NetbirdIntegration {
    /// authentik's base URL; its path ends in a slash.
    #[must_use]
    pub fn authentik_url(&self) -> &Url {
        &self.authentik_url
    }

    /// NetBird's host name.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// How NetBird and authentik are connected.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Name of the application, as users see it.
    #[must_use]
    pub fn application_name(&self) -> &str {
        &self.application_name
    }

    /// Slug of the application.
    #[must_use]
    pub fn application_slug(&self) -> &Slug {
        &self.application_slug
    }

    /// Heading that the application is listed under; `None`: left as it is.
    #[must_use]
    pub fn application_group(&self) -> Option<&str> {
        self.application_group.as_deref()
    }

    /// Where the application's tile leads.
    #[must_use]
    pub fn launch_url(&self) -> &str {
        &self.launch_url
    }

    /// Name of the provider.
    #[must_use]
    pub fn provider_name(&self) -> &str {
        &self.provider_name
    }

    /// OAuth2 client id; `None`: whichever authentik makes.
    #[must_use]
    pub fn client_id(&self) -> Option<&ClientId> {
        self.client_id.as_ref()
    }

    /// Slug of the authorization flow.
    #[must_use]
    pub fn authorization_flow(&self) -> &Slug {
        &self.authorization_flow
    }

    /// Slug of the invalidation flow.
    #[must_use]
    pub fn invalidation_flow(&self) -> &Slug {
        &self.invalidation_flow
    }

    /// Which redirect URIs the provider gets, apart from extra ones.
    #[must_use]
    pub fn redirect_uris(&self) -> RedirectUris {
        self.redirect_uris
    }

    /// The extra ones.
    #[must_use]
    pub fn extra_redirect_uris(&self) -> &[RedirectUri] {
        &self.extra_redirect_uris
    }

    /// Name of the certificate-key pair that signs tokens; `None`: any RSA one that will do.
    #[must_use]
    pub fn signing_key(&self) -> Option<&str> {
        self.signing_key.as_deref()
    }

    /// Life of codes, such as `minutes=10`.
    #[must_use]
    pub fn access_code_validity(&self) -> &str {
        &self.access_code_validity
    }

    /// The service account that NetBird reads users with, by its rights.
    #[must_use]
    pub fn service_account(&self) -> ServiceAccount {
        self.service_account
    }

    /// User name of the service account.
    #[must_use]
    pub fn service_account_name(&self) -> &str {
        &self.service_account_name
    }

    /// Names of the groups whose members may log in; empty: no one is kept out.
    #[must_use]
    pub fn access_groups(&self) -> &[String] {
        &self.access_groups
    }

    /// Whether access groups that are missing are made.
    #[must_use]
    pub fn create_access_groups(&self) -> bool {
        self.create_access_groups
    }

    /// When a new app password expires, RFC 3339; `None`: never.
    #[must_use]
    pub fn app_password_expires(&self) -> Option<&str> {
        self.app_password_expires.as_deref()
    }

    /// Slug of the device-code flow.
    #[must_use]
    pub fn device_flow(&self) -> &Slug {
        &self.device_flow
    }

    /// Name of the device-code flow.
    #[must_use]
    pub fn device_flow_name(&self) -> &str {
        &self.device_flow_name
    }

    /// Title of the device-code flow, as users see it.
    #[must_use]
    pub fn device_flow_title(&self) -> &str {
        &self.device_flow_title
    }

    /// Domain of the brand that gets the device-code flow; `None`: the default brand.
    #[must_use]
    pub fn brand(&self) -> Option<&str> {
        self.brand.as_deref()
    }

    /// Whether a brand that has another device-code flow already gets ours.
    #[must_use]
    pub fn replace_device_code_flow(&self) -> bool {
        self.replace_device_code_flow
    }

    /// Whether what belongs to something else is taken over.
    #[must_use]
    pub fn adopt(&self) -> bool {
        self.adopt
    }

    /// Whether NetBird is behind a reverse proxy on port 443.
    #[must_use]
    pub fn reverse_proxy(&self) -> bool {
        self.reverse_proxy
    }

    /// All redirect URIs that the provider is to have, in the order of the guide.
    #[must_use]
    pub fn all_redirect_uris(&self) -> Vec<RedirectUri> {
        redirects::all(&self.domain, self.redirect_uris, &self.extra_redirect_uris)
    }
}
