//! Requests as values: method, path and body are decided here, and sent elsewhere.

#[cfg(feature = "client")]
pub(crate) mod netbird;
#[cfg(feature = "client")]
pub(crate) mod verification;

use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::desired::DesiredState;
use crate::ids::{ClientId, Resource, ResourceKind, TokenIdentifier};
use crate::plan::{Verb, Write, default_identifier};

/// HTTP methods that this crate uses. There is no PUT: it would overwrite what is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Changes the named fields.
    Patch,
}

/// One request to authentik's API, not yet sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path and query below `/api/v3/`.
    pub path: String,
    /// JSON body.
    pub body: Option<Value>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether its answer holds a secret.
    pub sensitive: bool,
    /// What it does, for messages: `read`, `create`, `update`.
    pub doing: &'static str,
    /// To what.
    pub resource: Resource,
    /// The permission that it needs, for messages.
    pub permission: &'static str,
}

impl Request {
    fn get(resource: Resource, permission: &'static str, path: String) -> Self {
        Self {
            method: Method::Get,
            path,
            body: None,
            idempotent: true,
            sensitive: false,
            doing: "read",
            resource,
            permission,
        }
    }

    /// A list, by path and filters; as many entries to a page as authentik gives.
    fn list(
        kind: ResourceKind,
        name: &str,
        permission: &'static str,
        path: &str,
        filters: &[(&str, &str)],
    ) -> Self {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .append_pair("page_size", "1000")
            .finish();
        Self::get(Resource::new(kind, name), permission, format!("{path}?{query}"))
    }

    fn version() -> Self {
        Self::get(
            Resource::new(ResourceKind::Server, "version"),
            "authentik_rbac.view_system_info",
            "admin/version/".to_owned(),
        )
    }

    /// The same list, another page of it. Pages count from 1.
    #[must_use]
    pub fn page(&self, number: u32) -> Self {
        Self { path: format!("{}&page={number}", self.path), ..self.clone() }
    }
}

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
        version: Request::version(),
        flows: Request::list(Kind::Flow, "all", "authentik_flows.view_flow", FLOWS, &[]),
        certificates: Request::list(
            Kind::CertificateKeyPair,
            "all with a key",
            "authentik_crypto.view_certificatekeypair",
            "crypto/certificatekeypairs/",
            &[("has_key", "true")],
        ),
        scope_mappings: Request::list(
            Kind::ScopeMapping,
            "all of authentik's own",
            "authentik_providers_oauth2.view_scopemapping",
            "propertymappings/provider/scope/",
            &[("managed__isnull", "false")],
        ),
        brands: Request::list(Kind::Brand, "all", "authentik_brands.view_brand", BRANDS, &[]),
        groups: Request::list(
            Kind::Group,
            desired.service_account.member_of,
            "authentik_core.view_group",
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

/// Reads an app password's value. authentik notes it in its event log.
#[must_use]
pub fn view_key(identifier: &TokenIdentifier) -> Request {
    Request {
        sensitive: true,
        ..Request::get(
            Resource::new(ResourceKind::AppPassword, identifier.as_str()),
            "authentik_core.view_token_key",
            format!("{TOKENS}{}/view_key/", segment(identifier.as_str())),
        )
    }
}

/// The request of a resolved write.
#[must_use]
pub fn write(write: &Write, resource: &Resource) -> Request {
    let (method, path, body, permission) = match write {
        Write::CreateProvider(body) => (
            Method::Post,
            PROVIDERS.to_owned(),
            json(body),
            "authentik_providers_oauth2.add_oauth2provider",
        ),
        Write::UpdateProvider { id, body } => (
            Method::Patch,
            format!("{PROVIDERS}{id}/"),
            json(body),
            "authentik_providers_oauth2.change_oauth2provider",
        ),
        Write::CreateApplication(body) => {
            (Method::Post, APPLICATIONS.to_owned(), json(body), "authentik_core.add_application")
        }
        Write::UpdateApplication { slug, body } => (
            Method::Patch,
            format!("{APPLICATIONS}{}/", segment(slug.as_str())),
            json(body),
            "authentik_core.change_application",
        ),
        Write::ReleaseProvider { slug, body } => (
            Method::Patch,
            format!("{APPLICATIONS}{}/", segment(slug.as_str())),
            json(body),
            "authentik_core.change_application",
        ),
        Write::CreateServiceAccount(body) => (
            Method::Post,
            format!("{USERS}service_account/"),
            json(body),
            "authentik_core.add_user or authentik_core.add_token (both are needed)",
        ),
        Write::UpdateServiceAccount { id, body } => {
            (Method::Patch, format!("{USERS}{id}/"), json(body), "authentik_core.change_user")
        }
        Write::CreateAppPassword(body) => {
            (Method::Post, TOKENS.to_owned(), json(body), "authentik_core.add_token")
        }
        Write::AddGroupMember { group, body } => (
            Method::Post,
            format!("{GROUPS}{}/add_user/", segment(&group.to_string())),
            json(body),
            "authentik_core.add_user_to_group",
        ),
        Write::CreateFlow(body) => {
            (Method::Post, FLOWS.to_owned(), json(body), "authentik_flows.add_flow")
        }
        Write::UpdateFlow { slug, body } => (
            Method::Patch,
            format!("{FLOWS}{}/", segment(slug.as_str())),
            json(body),
            "authentik_flows.change_flow",
        ),
        Write::UpdateBrand { brand, body } => (
            Method::Patch,
            format!("{BRANDS}{}/", segment(&brand.to_string())),
            json(body),
            "authentik_brands.change_brand",
        ),
    };
    Request {
        method,
        path,
        body,
        idempotent: matches!(write, Write::AddGroupMember { .. }) || method == Method::Patch,
        sensitive: matches!(
            write,
            Write::CreateServiceAccount(..)
                | Write::CreateProvider(..)
                | Write::UpdateProvider { .. }
        ),
        doing: if write.verb() == Verb::Create { "create" } else { "update" },
        resource: resource.clone(),
        permission,
    }
}

/// The request that looks up what a write was about, and which entry of a list is meant: the one
/// whose field has this value. A 404 means that there is none.
#[must_use]
pub fn look_up(write: &Write, resource: &Resource) -> (Request, Option<(&'static str, String)>) {
    let one = |path: String, permission| (Request::get(resource.clone(), permission, path), None);
    let listed = |path: &str, permission, field: &'static str, value: &str| {
        let list =
            Request::list(resource.kind, &resource.name, permission, path, &[(field, value)]);
        (list, Some((field, value.to_owned())))
    };
    match write {
        Write::CreateProvider(body) => listed(PROVIDERS, VIEW_PROVIDER, "name", &body.name),
        Write::UpdateProvider { id, .. } => one(format!("{PROVIDERS}{id}/"), VIEW_PROVIDER),
        Write::CreateApplication(body) => {
            one(format!("{APPLICATIONS}{}/", segment(body.slug.as_str())), VIEW_APPLICATION)
        }
        Write::UpdateApplication { slug, .. } | Write::ReleaseProvider { slug, .. } => {
            one(format!("{APPLICATIONS}{}/", segment(slug.as_str())), VIEW_APPLICATION)
        }
        Write::CreateServiceAccount(body) => listed(USERS, VIEW_USER, "username", &body.name),
        Write::UpdateServiceAccount { id, .. } => one(format!("{USERS}{id}/"), VIEW_USER),
        Write::CreateAppPassword(body) => {
            listed(TOKENS, VIEW_TOKEN, "identifier", body.identifier.as_str())
        }
        Write::AddGroupMember { group, .. } => one(
            format!("{GROUPS}{}/?include_users=false", segment(&group.to_string())),
            "authentik_core.view_group",
        ),
        Write::CreateFlow(body) => {
            one(format!("{FLOWS}{}/", segment(body.slug.as_str())), "authentik_flows.view_flow")
        }
        Write::UpdateFlow { slug, .. } => {
            one(format!("{FLOWS}{}/", segment(slug.as_str())), "authentik_flows.view_flow")
        }
        Write::UpdateBrand { brand, .. } => {
            one(format!("{BRANDS}{}/", segment(&brand.to_string())), "authentik_brands.view_brand")
        }
    }
}

const PROVIDERS: &str = "providers/oauth2/";
const APPLICATIONS: &str = "core/applications/";
const USERS: &str = "core/users/";
const TOKENS: &str = "core/tokens/";
const GROUPS: &str = "core/groups/";
const FLOWS: &str = "flows/instances/";
const BRANDS: &str = "core/brands/";

const VIEW_PROVIDER: &str = "authentik_providers_oauth2.view_oauth2provider";
const VIEW_APPLICATION: &str = "authentik_core.view_application";
const VIEW_USER: &str = "authentik_core.view_user";
const VIEW_TOKEN: &str = "authentik_core.view_token";

fn json(body: &impl Serialize) -> Option<Value> {
    // Bodies are structs with text keys, which always serialise.
    serde_json::to_value(body).ok()
}

/// One path segment; what the server gave us can't leave its place in the path.
fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
