//! Everything that a teardown reads.

use super::paths::{
    APPLICATIONS, FLOWS, PROVIDERS, USERS, VIEW_APPLICATION, VIEW_FLOW, VIEW_PROVIDER, VIEW_USER,
    segment,
};
use super::{Observation, Request, observation};
use crate::desired::DesiredState;
use crate::ids::{Resource, ResourceKind, UserId};

/// Everything that a teardown reads in its first wave. In the second one it asks what uses the
/// account: [`account_uses`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TeardownObservation {
    /// `GET /admin/version/`
    pub version: Request,
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
    /// Users of the service account's name, with their groups and roles.
    pub users: Request,
    /// All service accounts.
    pub service_accounts: Request,
    /// Tokens of the service account.
    pub tokens: Request,
}

/// The requests that read what a teardown of `desired` needs.
#[must_use]
pub fn teardown_observation(desired: &DesiredState) -> TeardownObservation {
    use ResourceKind as Kind;
    let Observation { version, flows, brands, application, tokens, .. } = observation(desired);
    let flow = desired.device_flow.slug.as_str();
    let slug = desired.application.slug.as_str();
    let account = &desired.service_account.username;
    let used_by = |kind, name: &str, permissions, path: &str| {
        let path = format!("{path}{}/used_by/", segment(name));
        Request::get(Resource::new(kind, name), permissions, path)
    };
    TeardownObservation {
        version,
        flows,
        flow_uses: used_by(Kind::Flow, flow, VIEW_FLOW, FLOWS),
        brands,
        // The answer holds client secrets, which are not decoded.
        providers: Request {
            sensitive: true,
            ..Request::list(Kind::Provider, "all", VIEW_PROVIDER, PROVIDERS, &[])
        },
        application,
        application_uses: used_by(Kind::Application, slug, VIEW_APPLICATION, APPLICATIONS),
        users: Request::list(
            Kind::ServiceAccount,
            account,
            VIEW_USER,
            USERS,
            &[("username", account), ("include_groups", "true")],
        ),
        service_accounts: Request::list(
            Kind::ServiceAccount,
            "all",
            VIEW_USER,
            USERS,
            &[("type", "service_account"), ("include_groups", "false")],
        ),
        tokens,
    }
}

/// What uses a service account: bindings that let it in, among much else.
#[must_use]
pub fn account_uses(id: UserId, username: &str) -> Request {
    let resource = Resource::new(ResourceKind::ServiceAccount, username);
    Request::get(resource, VIEW_USER, format!("{USERS}{id}/used_by/"))
}
