//! What NetBird needs.
/// Outputs.
#[derive(Clone, Debug)]
pub struct Outputs {
    pub(crate) authentik_url: url::Url,
    pub(crate) domain: String,
    pub(crate) application_slug: crate::ids::Slug,
    pub(crate) client_id: crate::ids::ClientId,
    pub(crate) account: Option<AccountOutputs>,
    pub(crate) reverse_proxy: bool,
}
/// Account.
#[derive(Clone, Debug)]
pub struct AccountOutputs {
    pub(crate) username: String,
    pub(crate) app_password: Option<crate::Secret>,
    pub(crate) app_password_identifier: Option<crate::ids::TokenIdentifier>,
}
