//! Everything that a plan reads.

use super::Request;
use super::paths::{
    APPLICATIONS, BRANDS, FLOWS, GROUPS, PROVIDERS, ROLES, TOKENS, USERS, VIEW_APPLICATION,
    VIEW_BRAND, VIEW_FLOW, VIEW_GROUP, VIEW_PROVIDER, VIEW_ROLE, VIEW_TOKEN, VIEW_USER, segment,
};
use crate::desired::{DesiredRights, DesiredServiceAccount, DesiredState};
use crate::ids::{ClientId, Resource, ResourceKind};
use crate::integration::Mode;
use crate::plan::default_identifier;

/// Everything that a plan reads, in one wave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Observation {
    /// `GET /admin/version/`
    pub version: Request,
    /// All flows: authentik takes as long for one as for all.
    pub flows: Request,
    /// Certificates that have a private key, with details: without them 2025.10 does not say
    /// which keys are RSA.
    pub certificates: Request,
    /// authentik's own scope mappings.
    pub scope_mappings: Request,
    /// All brands.
    pub brands: Request,
    /// The caller, and whether it may do everything.
    pub caller: Request,
    /// Groups: those that give or gave rights, and access groups.
    pub groups: Vec<Request>,
    /// Providers of the name.
    pub providers: Request,
    /// Providers of the client id, when one was asked for.
    pub providers_by_client_id: Option<Request>,
    /// The application of the slug; 404 when there is none. Lists would leave out what the token's
    /// user may not launch.
    pub application: Request,
    /// The service account, where one is wanted.
    pub account: Option<AccountObservation>,
    /// Users of the account's name, where none is wanted: one of earlier rights may be there still.
    pub left_account: Option<Request>,
}

/// What a plan reads of the service account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountObservation {
    /// Users of its name.
    pub users: Request,
    /// Its tokens.
    pub tokens: Request,
    /// The token that a new one's app password would be.
    pub tokens_by_identifier: Request,
    /// Roles whose names have the wanted one's in them.
    pub roles: Option<Request>,
}

/// The requests that read what planning `desired` needs.
#[must_use]
pub fn observation(desired: &DesiredState) -> Observation {
    use ResourceKind as Kind;
    let provider = &desired.provider.name;
    let slug = desired.application.slug.as_str();
    let by_client_id = |client_id: &ClientId| {
        let filters = [("client_id", client_id.as_str())];
        super::list(Kind::Provider, provider, VIEW_PROVIDER, PROVIDERS, &filters)
    };
    Observation {
        version: super::version(),
        flows: super::list(Kind::Flow, "all", VIEW_FLOW, FLOWS, &[]),
        certificates: super::list(
            Kind::CertificateKeyPair,
            "all with a key",
            &["authentik_crypto.view_certificatekeypair"],
            "crypto/certificatekeypairs/",
            &[("has_key", "true")],
        ),
        scope_mappings: super::list(
            Kind::ScopeMapping,
            "all of authentik's own",
            &["authentik_providers_oauth2.view_scopemapping"],
            "propertymappings/provider/scope/",
            &[("managed__isnull", "false")],
        ),
        brands: super::list(Kind::Brand, "all", VIEW_BRAND, BRANDS, &[]),
        caller: super::get(Resource::new(Kind::Server, "user of the token"), &[], me()),
        groups: wanted_groups(desired).map(group).collect(),
        providers: super::list(
            Kind::Provider,
            provider,
            VIEW_PROVIDER,
            PROVIDERS,
            &[("name", provider)],
        ),
        providers_by_client_id: desired.provider.client_id.as_ref().map(by_client_id),
        application: super::get(
            Resource::new(Kind::Application, slug),
            VIEW_APPLICATION,
            format!("{APPLICATIONS}{}/", segment(slug)),
        ),
        account: desired.service_account.as_ref().map(account),
        left_account: desired.service_account.is_none().then(|| {
            let Mode::Standalone(standalone) = desired.integration.mode();
            users(standalone.service_account_name())
        }),
    }
}

/// Users of a name.
fn users(username: &str) -> Request {
    let filters = [("username", username), ("include_groups", "false")];
    super::list(ResourceKind::ServiceAccount, username, VIEW_USER, USERS, &filters)
}

fn me() -> String {
    format!("{USERS}me/")
}

/// Names of the groups that a plan needs to know from the start.
fn wanted_groups(desired: &DesiredState) -> impl Iterator<Item = &str> {
    let account = desired.service_account.iter().flat_map(|account| {
        // With administrator's rights nobody looks for lesser ones, unless the account has some.
        let less = matches!(account.rights, DesiredRights::Role { .. });
        [Some(account.member_of()), less.then_some(account.not_member_of.as_str())]
    });
    account.flatten().chain(desired.access.groups.iter().map(String::as_str))
}

/// Groups of a name.
pub(crate) fn group(name: &str) -> Request {
    let filters = [("name", name), ("include_users", "false")];
    super::list(ResourceKind::Group, name, VIEW_GROUP, GROUPS, &filters)
}

/// Roles whose names have this in them: authentik has no filter for the names of roles.
pub(crate) fn roles(name: &str) -> Request {
    super::list(ResourceKind::Role, name, VIEW_ROLE, ROLES, &[("search", name)])
}

fn account(wanted: &DesiredServiceAccount) -> AccountObservation {
    use ResourceKind as Kind;
    let username = &wanted.username;
    let identifier = default_identifier(username);
    let role = match &wanted.rights {
        DesiredRights::Administrators { .. } => None,
        DesiredRights::Role { name, .. } => Some(name),
    };
    AccountObservation {
        users: users(username),
        tokens: super::list(
            Kind::AppPassword,
            username,
            VIEW_TOKEN,
            TOKENS,
            &[("user__username", username)],
        ),
        tokens_by_identifier: super::list(
            Kind::AppPassword,
            identifier.as_str(),
            VIEW_TOKEN,
            TOKENS,
            &[("identifier", identifier.as_str())],
        ),
        roles: role.map(|name| roles(name)),
    }
}
