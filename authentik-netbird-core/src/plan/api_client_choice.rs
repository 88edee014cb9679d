//! Which client NetBird's management reads users with.

use super::desired::{DesiredApiClient, DesiredState};
use crate::authentik::{GrantType, Provider, Snapshot};
use crate::integration::ApiClientMigration;
use crate::requirements::api_client::has_api_scope;

/// The client of NetBird's management, where it has a separate one: as new setups do, and existing ones that
/// have it already, where it was asked for, or where the client of people's browsers has no API scope.
pub(super) fn separate<'d>(
    desired: &'d DesiredState,
    snapshot: &Snapshot,
) -> Option<&'d DesiredApiClient> {
    let wanted = desired.api_client.as_ref()?;
    let is_asked = wanted.migration != ApiClientMigration::None;
    let has_application = snapshot.application(wanted.slug.as_str()).is_some();
    let login = snapshot.find::<Provider>(&desired.provider.name);
    let is_shared = login.is_some_and(|login| has_api_scope(login, snapshot));
    (is_asked || has_application || existing(wanted, snapshot).is_some() || !is_shared)
        .then_some(wanted)
}

/// Whether NetBird's management may read users with the client of people's browsers: it has no other, or has yet
/// to be configured with it.
pub(super) fn may_use_login_client(desired: &DesiredState, snapshot: &Snapshot) -> bool {
    let login = snapshot.find::<Provider>(&desired.provider.name);
    let is_able = login.is_some_and(|login| {
        let allowed = login.grant_types.as_ref();
        has_api_scope(login, snapshot)
            && allowed.is_none_or(|all| all.iter().any(|one| *one == GrantType::ClientCredentials))
    });
    match separate(desired, snapshot) {
        None => desired.service_account.is_some(),
        Some(wanted) => is_able && wanted.migration != ApiClientMigration::RemoveScope,
    }
}

/// Its provider, if the server has it: one of the name that nobody's browser uses.
pub(super) fn existing<'s>(
    wanted: &DesiredApiClient,
    snapshot: &'s Snapshot,
) -> Option<&'s Provider> {
    snapshot.find::<Provider>(&wanted.name).filter(|found| !found.is_netbird())
}
