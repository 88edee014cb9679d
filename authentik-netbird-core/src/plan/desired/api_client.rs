//! [`DesiredApiClient`].

use crate::ids::Slug;
use crate::integration::{
    ApiClientMigration, NetbirdIntegration, ServiceAccount, Standalone, api_application_slug,
};

/// The separate client with which NetBird's management reads users.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredApiClient {
    /// Identity key of its provider.
    pub name: String,
    /// Name of its application.
    pub application_name: String,
    /// Identity key of its application.
    pub slug: Slug,
    /// How an existing setup gets it.
    pub migration: ApiClientMigration,
}

pub(super) fn of(
    integration: &NetbirdIntegration,
    standalone: &Standalone,
) -> Option<DesiredApiClient> {
    let has_one = standalone.rights() != ServiceAccount::None && !standalone.shares_client();
    has_one.then(|| DesiredApiClient {
        name: format!("{} API", integration.provider_name()),
        application_name: format!("{} API", integration.application_name()),
        slug: api_application_slug(integration.application_slug().as_str()).into(),
        migration: standalone.migrate_api_client(),
    })
}
