//! Everything that a teardown reads.

use super::observation::{group, roles};
use super::paths::{
    APPLICATIONS, FLOWS, PROVIDERS, USERS, VIEW_APPLICATION, VIEW_FLOW, VIEW_PROVIDER, VIEW_USER,
    segment,
};
#[cfg(feature = "client")]
use super::paths::{GROUPS, ROLES, VIEW_GROUP, VIEW_ROLE};
use super::{Observation, Request, observation};
use crate::desired::DesiredState;
#[cfg(feature = "client")]
use crate::ids::{GroupId, RoleId};
use crate::ids::{Resource, ResourceKind, UserId};

/// Everything that a teardown reads in its first wave. In the second one it asks what uses the
/// account: [`account_uses`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TeardownObservation {
    /// `GET /admin/version/`
    pub version: Request,
    /// The caller, and whether it may do everything.
    pub caller: Request,
    /// All flows, with what may have been added to them.
    pub flows: Request,
    /// What uses the device-code flow; 404 when there is none.
    pub flow_uses: Request,
    /// All brands.
    pub brands: Request,
    /// All OAuth2 providers: others may need what this integration made.
    pub providers: Request,
    /// The application of the slug; 404 when there is none.
    pub application: Request,
    /// What uses that application; 404 when there is none.
    pub application_uses: Request,
    /// Access groups, by name.
    pub access_groups: Vec<Request>,
    /// The service account, where the integration has one.
    pub account: Option<TeardownAccountObservation>,
    /// Users of the account's name, where it has none.
    pub left_account: Option<Request>,
}

/// What a teardown reads of the service account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TeardownAccountObservation {
    /// Users of its name, with their groups and roles.
    pub users: Request,
    /// All service accounts.
    pub service_accounts: Request,
    /// Its tokens.
    pub tokens: Request,
    /// The group of least privilege.
    pub groups: Request,
    /// Roles whose names have that of least privilege in them.
    pub roles: Request,
}

/// The requests that read what a teardown of `desired` needs.
#[must_use]
pub fn teardown_observation(desired: &DesiredState) -> TeardownObservation {
    use ResourceKind as Kind;
    let Observation { version, caller, flows, brands, application, account, left_account, .. } =
        observation(desired);
    let flow = desired.device_flow.slug.as_str();
    let slug = desired.application.slug.as_str();
    let used_by = |kind, name: &str, permissions, path: &str| {
        let path = format!("{path}{}/used_by/", segment(name));
        super::get(Resource::new(kind, name), permissions, path)
    };
    TeardownObservation {
        version,
        caller,
        flows,
        flow_uses: used_by(Kind::Flow, flow, VIEW_FLOW, FLOWS),
        brands,
        // The answer holds client secrets, which are not decoded.
        providers: Request {
            sensitive: true,
            ..super::list(Kind::Provider, "all", VIEW_PROVIDER, PROVIDERS, &[])
        },
        application,
        application_uses: used_by(Kind::Application, slug, VIEW_APPLICATION, APPLICATIONS),
        left_account,
        access_groups: desired.access.groups.iter().map(|name| group(name)).collect(),
        account: account.zip(desired.service_account.as_ref()).map(|(read, wanted)| {
            let filters = [("username", wanted.username.as_str()), ("include_groups", "true")];
            TeardownAccountObservation {
                users: super::list(
                    Kind::ServiceAccount,
                    &wanted.username,
                    VIEW_USER,
                    USERS,
                    &filters,
                ),
                service_accounts: super::list(
                    Kind::ServiceAccount,
                    "all",
                    VIEW_USER,
                    USERS,
                    &[("type", "service_account"), ("include_groups", "false")],
                ),
                tokens: read.tokens,
                groups: group(wanted.role()),
                roles: roles(wanted.role()),
            }
        }),
    }
}

/// What uses a service account: bindings that let it in, among much else.
#[must_use]
pub fn account_uses(id: UserId, username: &str) -> Request {
    let resource = Resource::new(ResourceKind::ServiceAccount, username);
    super::get(resource, VIEW_USER, format!("{USERS}{id}/used_by/"))
}

/// What uses a role.
#[cfg(feature = "client")]
pub(crate) fn role_uses(id: &RoleId, name: &str) -> Request {
    let path = format!("{ROLES}{}/used_by/", segment(id.as_str()));
    super::get(Resource::new(ResourceKind::Role, name), VIEW_ROLE, path)
}

/// What uses a group.
#[cfg(feature = "client")]
pub(crate) fn group_uses(id: &GroupId, name: &str) -> Request {
    let path = format!("{GROUPS}{}/used_by/", segment(id.as_str()));
    super::get(Resource::new(ResourceKind::Group, name), VIEW_GROUP, path)
}
