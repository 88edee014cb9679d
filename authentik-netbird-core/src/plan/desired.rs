//! [`DesiredState`]: an integration with every default filled in, resource by resource.

mod api_client;
mod connector;
mod redirect_uris;

pub use self::api_client::DesiredApiClient;
pub use self::connector::{DesiredClaim, DesiredConnector};
use crate::authentik::{
    ClientType, FlowAuthentication, FlowDesignation, GrantType, IssuerMode, RedirectUri, Snapshot,
    SubjectMode, User, UserGroup, default_identifier, reads::RightsNames,
};
use crate::ids::{ClientId, Slug};
use crate::integration::{NetbirdIntegration, ServiceAccount, Standalone, role_name};
use crate::requirements::Needs;

/// Name of the group whose members may do everything.
pub const ADMINISTRATORS: &str = "authentik Admins";

/// Permissions that NetBird's calls need: to read users, and with `--user-delete-from-idp` to delete
/// them.
pub const USER_PERMISSIONS: [&str; 2] = ["authentik_core.view_user", "authentik_core.delete_user"];

/// Name of the certificate-key pair that authentik makes for itself.
pub const SELF_SIGNED: &str = "authentik Self-signed Certificate";

/// `managed` values of the scope mappings that people's logins need. The guide names the last one, the
/// form of authentik has the first three from the start.
pub const SCOPE_MAPPINGS: [&str; 4] = [
    "goauthentik.io/providers/oauth2/scope-openid",
    "goauthentik.io/providers/oauth2/scope-email",
    "goauthentik.io/providers/oauth2/scope-profile",
    "goauthentik.io/providers/oauth2/scope-offline_access",
];

/// `managed` value of the scope mapping for authentik's API, with which NetBird's management reads users. In
/// the guide it is on the client of people's browsers, too.
pub const API_SCOPE_MAPPING: &str = "goauthentik.io/providers/oauth2/scope-authentik_api";

/// A setting of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting<T> {
    /// The value that was asked for, or that a new object gets.
    pub value: T,
    /// Whether it was asked for: then an existing object gets it, too.
    pub is_asked: bool,
}

impl<T> Setting<T> {
    fn of(integration: &NetbirdIntegration, option: &str, value: T) -> Self {
        Self { value, is_asked: integration.exact() || integration.is_asked(option) }
    }
}

/// An integration with every default filled in. Still by identity keys: what ids these have on a
/// server is the plan's business.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredState {
    /// The integration that it was made from.
    pub integration: NetbirdIntegration,
    /// The OAuth2 provider.
    pub provider: DesiredProvider,
    /// The application.
    pub application: DesiredApplication,
    /// The separate client of NetBird's management; `None`: it reads no users, or uses the same client as
    /// people's browsers, as in the guide.
    pub api_client: Option<DesiredApiClient>,
    /// The account that NetBird reads users with; `None`: NetBird does without.
    pub service_account: Option<DesiredServiceAccount>,
    /// User name of that account, also where none is wanted.
    pub account_name: String,
    /// NetBird's side of the connector mode; `None`: another mode.
    pub connector: Option<DesiredConnector>,
    /// The device-code flow.
    pub device_flow: DesiredFlow,
    /// The brand that gets it.
    pub brand: DesiredBrand,
}

/// The OAuth2 provider (guide: "Configure the Provider").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredProvider {
    /// Identity key.
    pub name: String,
    /// Client id; `None`: whichever authentik makes.
    pub client_id: Option<ClientId>,
    /// Client type.
    pub client_type: ClientType,
    /// Slug of the authorization flow.
    pub authorization_flow: Setting<Slug>,
    /// Slug of the invalidation flow.
    pub invalidation_flow: Setting<Slug>,
    /// Redirect URIs; those that were asked for are the provider's, and no others.
    pub redirect_uris: Setting<Vec<RedirectUri>>,
    /// Name of the signing key; `None`: any suitable RSA key.
    pub signing_key: Option<String>,
    /// Life of codes.
    pub access_code_validity: Setting<String>,
    /// Subject mode.
    pub sub_mode: SubjectMode,
    /// Issuer mode.
    pub issuer_mode: IssuerMode,
    /// Whether names, email and groups are in the id token.
    pub include_claims_in_id_token: bool,
    /// At least these, by `managed`.
    pub scope_mappings: Vec<&'static str>,
    /// At least these, on servers that have grant types.
    pub grant_types: Vec<GrantType>,
}

/// The application (guide: "Application").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredApplication {
    /// Name.
    pub name: Setting<String>,
    /// Identity key.
    pub slug: Slug,
    /// Where its tile leads.
    pub launch_url: Setting<String>,
    /// Heading that it is listed under; `None`: left as it is.
    pub group: Option<String>,
}

/// The account that NetBird reads users with (guide: "Set up a service account").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredServiceAccount {
    /// Identity key.
    pub username: String,
    /// When a new app password expires, RFC 3339; `None`: never.
    pub app_password_expires: Option<String>,
    /// Whether its other tokens go when its app password is replaced.
    pub revoke_other_tokens: bool,
    /// Where its rights come from.
    pub rights: DesiredRights,
    /// Group that other rights come from, and that it must not be a member of.
    pub not_member_of: String,
    /// Whether these rights were asked for: an existing account that has more keeps them otherwise.
    pub are_rights_asked: bool,
}

/// Where the service account's rights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DesiredRights {
    /// A group that authentik has from the factory.
    Administrators {
        /// Its name.
        group: &'static str,
    },
    /// A role of these permissions and no other, given by a group of the same name.
    Role {
        /// Name of role and group.
        name: String,
        /// Full names of the global permissions.
        permissions: &'static [&'static str],
    },
}

impl DesiredServiceAccount {
    /// Name of the group that the account must be a member of.
    #[must_use]
    pub fn member_of(&self) -> &str {
        match &self.rights {
            DesiredRights::Administrators { group } => group,
            DesiredRights::Role { name, .. } => name,
        }
    }

    /// Whether the account that the server has may read users by other rights than ours, and nobody asked for
    /// ours: as an administrator, or by roles of other names while it is in use.
    pub(super) fn keeps_rights(&self, snapshot: &Snapshot) -> bool {
        let has_others = |user: &User| {
            user.is_superuser
                || user.is_active
                    && user.group(self.member_of()).is_none()
                    && snapshot.has_other_rights(user, &self.rights_names())
        };
        !self.are_rights_asked && snapshot.user(&self.username).is_some_and(has_others)
    }

    /// The group that the server's account leaves, because other rights than these come from it.
    pub(super) fn group_to_leave<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s UserGroup> {
        let user = snapshot.user(&self.username).filter(|_| !self.keeps_rights(snapshot))?;
        user.group(&self.not_member_of)
    }

    /// The names that tell whether the account has its rights.
    pub(crate) fn rights_names(&self) -> RightsNames {
        let (role, permissions) = match &self.rights {
            DesiredRights::Administrators { .. } => (None, &[][..]),
            DesiredRights::Role { name, permissions } => (Some(name.clone()), *permissions),
        };
        RightsNames {
            group: self.member_of().to_owned(),
            role,
            permissions,
            least: self.role().to_owned(),
            identifier: default_identifier(&self.username),
        }
    }

    /// Name of the role of least privilege, and of the group that gives it; whether or not it is what
    /// the account is to have now.
    #[must_use]
    pub fn role(&self) -> &str {
        match &self.rights {
            DesiredRights::Administrators { .. } => &self.not_member_of,
            DesiredRights::Role { name, .. } => name,
        }
    }
}

/// The device-code flow (guide: "Create and apply a device token authentication flow").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredFlow {
    /// Name.
    pub name: Setting<String>,
    /// Identity key.
    pub slug: Slug,
    /// Title.
    pub title: Setting<String>,
    /// The purpose.
    pub designation: FlowDesignation,
    /// The visitors who may run it.
    pub authentication: FlowAuthentication,
}

/// The brand that gets the device-code flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredBrand {
    /// Its domain; `None`: the default brand.
    pub domain: Option<String>,
    /// Whether another device-code flow that it has is replaced.
    pub replace: bool,
}

impl From<&NetbirdIntegration> for DesiredState {
    fn from(integration: &NetbirdIntegration) -> Self {
        let standalone = &*integration.standalone();
        let connector = integration.connector();
        let flow = standalone.device_flow();
        let launch_url = || format!("https://{}", integration.domain);
        /// The setting of an option, by its getter.
        macro_rules! setting {
            ($options:ident.$option:ident) => {
                Setting::of(integration, stringify!($option), $options.$option().to_owned())
            };
        }
        Self {
            provider: DesiredProvider {
                name: integration.provider_name().to_owned(),
                client_id: integration.client_id().cloned(),
                client_type: match connector {
                    Some(_) => ClientType::Confidential,
                    None => ClientType::Public,
                },
                authorization_flow: setting!(integration.authorization_flow),
                invalidation_flow: setting!(integration.invalidation_flow),
                redirect_uris: Setting {
                    value: integration.all_redirect_uris(),
                    is_asked: integration.exact()
                        || integration.is_asked("redirect_uris")
                        || standalone.as_in_guide(),
                },
                signing_key: integration.signing_key().map(str::to_owned),
                access_code_validity: setting!(integration.access_code_validity),
                sub_mode: SubjectMode::UserId,
                issuer_mode: IssuerMode::PerProvider,
                include_claims_in_id_token: true,
                scope_mappings: match connector {
                    Some(_) => SCOPE_MAPPINGS[..3].to_vec(),
                    None => scope_mappings(standalone),
                },
                grant_types: Needs::from(integration).grant_types(),
            },
            application: DesiredApplication {
                name: setting!(integration.application_name),
                slug: integration.application_slug().clone(),
                launch_url: Setting::of(
                    integration,
                    "launch_url",
                    integration.launch_url().map_or_else(launch_url, str::to_owned),
                ),
                group: integration.application_group().map(str::to_owned),
            },
            api_client: api_client::of(integration, standalone),
            service_account: service_account(integration, standalone),
            connector: connector.map(|connector| connector::of(integration, connector)),
            account_name: standalone.service_account_name().to_owned(),
            device_flow: DesiredFlow {
                name: Setting::of(
                    integration,
                    "device_flow_name",
                    standalone.device_flow_name().unwrap_or(flow.as_str()).to_owned(),
                ),
                slug: flow.clone(),
                title: setting!(standalone.device_flow_title),
                designation: FlowDesignation::StageConfiguration,
                authentication: FlowAuthentication::RequireAuthenticated,
            },
            brand: DesiredBrand {
                domain: standalone.brand().map(str::to_owned),
                replace: standalone.replace_device_code_flow(),
            },
            integration: integration.clone(),
        }
    }
}

fn scope_mappings(standalone: &Standalone) -> Vec<&'static str> {
    let api = standalone.shares_client().then_some(API_SCOPE_MAPPING);
    SCOPE_MAPPINGS.into_iter().chain(api).collect()
}

fn service_account(
    integration: &NetbirdIntegration,
    standalone: &Standalone,
) -> Option<DesiredServiceAccount> {
    let username = standalone.service_account_name();
    let name = role_name(username);
    let role = |permissions| DesiredRights::Role { name: name.clone(), permissions };
    let (rights, not_member_of) = match standalone.rights() {
        ServiceAccount::None => return None,
        ServiceAccount::Administrator => {
            (DesiredRights::Administrators { group: ADMINISTRATORS }, name.clone())
        }
        ServiceAccount::UserReader => (role(&USER_PERMISSIONS[..1]), ADMINISTRATORS.to_owned()),
        ServiceAccount::UserDeleter => (role(&USER_PERMISSIONS), ADMINISTRATORS.to_owned()),
    };
    Some(DesiredServiceAccount {
        username: username.to_owned(),
        app_password_expires: standalone.app_password_expires().map(str::to_owned),
        revoke_other_tokens: standalone.revoke_other_tokens(),
        rights,
        not_member_of,
        are_rights_asked: integration.is_asked("service_account") || standalone.as_in_guide(),
    })
}
