//! Everything that a plan reads.

use super::Request;
use super::paths::{
    APPLICATIONS, BRANDS, FLOWS, GROUPS, PROVIDERS, TOKENS, USERS, VIEW_APPLICATION, VIEW_BRAND,
    VIEW_FLOW, VIEW_GROUP, VIEW_PROVIDER, VIEW_TOKEN, VIEW_USER, segment,
};
use crate::desired::DesiredState;
use crate::ids::{ClientId, Resource, ResourceKind};
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
    /// The group that gives rights.
    pub groups: Request,
    /// Providers of the name.
    pub providers: Request,
    /// Providers of the client id, when one was asked for.
    pub providers_by_client_id: Option<Request>,
    /// The application of the slug; 404 when there is none. Lists would leave out what the token's
    /// user may not launch.
    pub application: Request,
    /// Users of the service account's name.
    pub users: Request,
    /// Tokens of the service account.
    pub tokens: Request,
    /// The token that a new service account's app password would be.
    pub tokens_by_identifier: Request,
}

/// The requests that read what planning `desired` needs.
#[must_use]
pub fn observation(desired: &DesiredState) -> Observation {
    use ResourceKind as Kind;
    let provider = &desired.provider.name;
    let slug = desired.application.slug.as_str();
    let account = &desired.service_account.username;
    let identifier = default_identifier(account);
    let by_client_id = |client_id: &ClientId| {
        let filters = [("client_id", client_id.as_str())];
        Request::list(Kind::Provider, provider, VIEW_PROVIDER, PROVIDERS, &filters)
    };
    Observation {
        version: Request::get(
            Resource::new(Kind::Server, "version"),
            &["authentik_rbac.view_system_info"],
            "admin/version/".to_owned(),
        ),
        flows: Request::list(Kind::Flow, "all", VIEW_FLOW, FLOWS, &[]),
        certificates: Request::list(
            Kind::CertificateKeyPair,
            "all with a key",
            &["authentik_crypto.view_certificatekeypair"],
            "crypto/certificatekeypairs/",
            &[("has_key", "true")],
        ),
        scope_mappings: Request::list(
            Kind::ScopeMapping,
            "all of authentik's own",
            &["authentik_providers_oauth2.view_scopemapping"],
            "propertymappings/provider/scope/",
            &[("managed__isnull", "false")],
        ),
        brands: Request::list(Kind::Brand, "all", VIEW_BRAND, BRANDS, &[]),
        groups: Request::list(
            Kind::Group,
            desired.service_account.member_of,
            VIEW_GROUP,
            GROUPS,
            &[("name", desired.service_account.member_of), ("include_users", "false")],
        ),
        providers: Request::list(
            Kind::Provider,
            provider,
            VIEW_PROVIDER,
            PROVIDERS,
            &[("name", provider)],
        ),
        providers_by_client_id: desired.provider.client_id.as_ref().map(by_client_id),
        application: Request::get(
            Resource::new(Kind::Application, slug),
            VIEW_APPLICATION,
            format!("{APPLICATIONS}{}/", segment(slug)),
        ),
        users: Request::list(
            Kind::ServiceAccount,
            account,
            VIEW_USER,
            USERS,
            &[("username", account), ("include_groups", "false")],
        ),
        tokens: Request::list(
            Kind::AppPassword,
            account,
            VIEW_TOKEN,
            TOKENS,
            &[("user__username", account)],
        ),
        tokens_by_identifier: Request::list(
            Kind::AppPassword,
            identifier.as_str(),
            VIEW_TOKEN,
            TOKENS,
            &[("identifier", identifier.as_str())],
        ),
    }
}
