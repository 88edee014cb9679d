//! The options of an integration, all of them: one table. The builder's methods, the getters, the file
//! form, the checks, and the descriptions for Python, the command and Ansible come from it.
//!
//! An entry is `[guide step] name: type = default, check;` below its documentation. A list is followed by
//! the name of the builder's method that adds one element (`/ access_group`). Without a default an
//! `Option` is `None`, a `bool` false and a list empty; the documentation says what that means. Options in
//! backticks, as `adopt`, are shown as the caller writes them.

use super::spec::{OptionKind, OptionSpec};
use super::table::{choices, options};
use super::{NetbirdIntegration, NetbirdIntegrationBuilder};
use crate::authentik::RedirectUri;
use crate::ids::{ClientId, Slug};

choices! {
    /// How NetBird and authentik are connected, without the options of that way.
    ModeKind {
        /// The guide's way: NetBird's own containers, `setup.env`, `configure.sh` and a public client.
        #[default]
        Standalone = "standalone",
        /// authentik as a connector of NetBird's embedded identity provider: a confidential client, entered in
        /// NetBird's management API.
        Connector = "connector",
    }
}

choices! {
    /// Whether an administrator of NetBird must approve people after their first login.
    UserApproval {
        /// NetBird's setting stays as it is.
        #[default]
        Keep = "keep",
        /// People wait until someone approves them. NetBird's default.
        Required = "required",
        /// Everyone who can log in to authentik for it has access.
        NotRequired = "not_required",
    }
}

choices! {
    /// Which redirect URIs the provider gets, apart from additional ones.
    RedirectUris {
        /// Strict `http://localhost:53000`, strict `https://DOMAIN`, and the regular expression
        /// `https://DOMAIN(/.*)?` with the dots escaped.
        #[default]
        Recommended = "recommended",
        /// Exactly as in the guide, with its regular expression `https://DOMAIN.*`, which also allows
        /// `https://DOMAIN.evil.com` and `https://DOMAIN@evil.com`. Plans warn about it.
        AsInGuide = "as_in_guide",
    }
}

choices! {
    /// The service account that NetBird reads users with, by its rights.
    ServiceAccount {
        /// Member of `authentik Admins`, as the guide says: it may do everything.
        Administrator = "administrator",
        /// It may read users, which is all that NetBird needs.
        #[default]
        UserReader = "user_reader",
        /// It may read and delete users, for NetBird's `--user-delete-from-idp`.
        UserDeleter = "user_deleter",
        /// There is no service account: NetBird reads no users (`NETBIRD_MGMT_IDP=none`), and learns
        /// names and emails at each user's first login. An existing account is left alone.
        None = "none",
    }
}

choices! {
    /// How an existing setup gets a separate client for NetBird's management API.
    ApiClientMigration {
        /// It keeps what it has. New setups have a separate client anyway.
        #[default]
        None = "none",
        /// First step: the separate client is created, and `setup.env` names it. Logins go on.
        AddClient = "add_client",
        /// Second step, once NetBird uses the separate client: the client of people's browsers loses the API
        /// scope.
        RemoveScope = "remove_scope",
    }
}

options! {
    /// Options of every mode.
    pub(super) Common: None, set in common, read from NetbirdIntegration (common);

    /// Address at which NetBird and browsers reach authentik, where API calls go to another one, such as a
    /// forwarded port. It goes into `setup.env`. By default `authentik_url`.
    [] public_url: Option<String>, public_url;
    /// Whether API calls may go over plain `http` to another machine, such as `http://authentik-server:9000`
    /// in a container network. Anyone in between can read the token. NetBird and browsers still
    /// need `https`: set `public_url`.
    [] allow_http: bool;
    /// Name of the application, as users see it.
    [Application] application_name: String = "NetBird", name;
    /// Slug of the application: 1 to 50 letters, digits, `-` and `_`. It is part of the issuer.
    [Application] application_slug: Slug = "netbird", slug;
    /// Heading that authentik lists the application under. By default it is not changed, and a new
    /// application has none.
    [Application] application_group: Option<String>, text;
    /// Where the application's tile leads. By default to `https://DOMAIN`; without a launch URL authentik
    /// would use the first redirect URI, on the user's own machine.
    [Application] launch_url: Option<String>, web_url;
    /// Names of the groups whose members may log in to NetBird. The service account also gets access, and
    /// other bindings are kept. By default everyone may log in, unless someone bound the application.
    [Application] access_groups / access_group: Vec<String>, name;
    /// Whether to create missing access groups, without members. By default a missing group is an error.
    [Application] create_access_groups: bool;
    /// Name of the provider. Two NetBirds on one authentik need different names.
    [Provider] provider_name: String = "NetBird", name;
    /// OAuth2 client id. By default authentik generates it, and it is kept from then on.
    [Provider] client_id: Option<ClientId>, client_id;
    /// Slug of the authorization flow.
    [Provider] authorization_flow: Slug = "default-provider-authorization-implicit-consent", slug;
    /// Slug of the invalidation flow.
    [Provider] invalidation_flow: Slug = "default-provider-invalidation-flow", slug;
    /// Additional redirect URIs. A regular expression must spell out its host, with the dots escaped.
    [Provider] extra_redirect_uris / extra_redirect_uri: Vec<RedirectUri>, redirect_uri;
    /// Name of the certificate-key pair that signs tokens; it must be an RSA pair. By default the one in
    /// use if it is usable, else authentik's self-signed one, else the first usable one by name.
    [Provider] signing_key: Option<String>, name;
    /// How long codes are valid; the codes of the device flow, too.
    [Provider] access_code_validity: String = "minutes=10", time_span;
    /// Whether to take over objects that belong to something else. By default that is an error.
    [] adopt: bool;
    /// Whether existing objects get every default, too. By default a setting that was not set is changed
    /// only where NetBird needs another one.
    [] exact: bool;
}

options! {
    /// Options of the standalone mode.
    pub Standalone: Some("standalone"), set in standalone, read from Standalone ();

    /// Whether to do exactly what the guide says where the defaults are safer: an administrator as the service
    /// account, the guide's redirect URIs, and the API scope on the client of people's browsers. Plans warn
    /// about each. `service_account` and `redirect_uris` still count where they are set.
    [] as_in_guide: bool;
    /// Which redirect URIs the provider gets, apart from `extra_redirect_uris`. `as_in_guide` also allows
    /// hosts whose names begin with NetBird's, and plans warn about it.
    [Provider] redirect_uris: RedirectUris = "recommended";
    /// The service account that NetBird reads users with, by its rights: `user_reader` may read users, which
    /// is all that NetBird needs, `user_deleter` may also delete them, and `administrator` is the guide's and
    /// may do everything. With `none` there is no account, and NetBird reads no users.
    [ServiceAccount] service_account: ServiceAccount = "user_reader";
    /// How an existing setup whose client of people's browsers has the scope of authentik's API gets a separate
    /// client for NetBird's management, as new setups have it: first apply with `add_client`, write `setup.env`
    /// and restart NetBird; then apply with `remove_scope`. No login is interrupted.
    [ServiceAccount] migrate_api_client: ApiClientMigration = "none";
    /// User name of the service account. Case matters.
    [ServiceAccount] service_account_name: String = "NetBird", username;
    /// When the app password of a new service account expires, in RFC 3339 and UTC, such as
    /// `2030-01-31T00:00:00Z`. By default never. An existing app password is not changed.
    [ServiceAccount] app_password_expires: Option<String>, time;
    /// Whether to delete the other tokens of the service account when its app password is rotated or it is
    /// adopted. By default they stay, and the plan names them.
    [ServiceAccount] revoke_other_tokens: bool;
    /// Whether to rotate the app password also where another NetBird on this authentik seems to read users
    /// with the same service account; its logins fail until its `setup.env` has the new value. By default
    /// that is an error which names the other NetBird.
    [ServiceAccount] rotate_shared_account: bool;
    /// Whether to go without the device flow. Brand and flow stay as they are, and machines without a browser
    /// join NetBird by setup keys.
    [DeviceFlow] without_device_flow: bool;
    /// Slug of the device-code flow.
    [DeviceFlow] device_flow: Slug = "default-device-code-flow", slug;
    /// Name of the device-code flow. By default its slug.
    [DeviceFlow] device_flow_name: Option<String>, name;
    /// Title of the device-code flow, as users see it.
    [DeviceFlow] device_flow_title: String = "Device code flow", name;
    /// Domain of the brand that gets the device-code flow. By default the one that serves authentik's host.
    [DeviceFlowInUse] brand: Option<String>, name;
    /// Whether to replace another device-code flow that the brand has. By default the brand keeps it, and
    /// the plan warns about it.
    [DeviceFlowInUse] replace_device_code_flow: bool;
    /// Whether NetBird is behind a reverse proxy on port 443. Two things have to be edited by hand then, which
    /// `setup.env` cannot set; plans say which.
    [Troubleshooting] reverse_proxy: bool;
}

options! {
    /// Options of the connector mode.
    pub Connector: Some("connector"), set in connector, read from Connector ();

    /// Name of the identity provider in NetBird, as its login page shows it.
    [Connector] identity_provider_name: String = "authentik", name;
    /// Whether NetBird gets the client secret again. By default it gets it with a new identity provider, or
    /// when authentik's changes: NetBird does not show which one it has.
    [Connector] send_secret: bool;
    /// Names of the groups that authentik reports to NetBird. By default it reports every group of a person.
    [Connector] claim_groups / claim_group: Vec<String>, name;
    /// authentik reports the groups whose names begin with this to NetBird.
    [Connector] claim_groups_prefix: Option<String>, text;
    /// Whether authentik reports a person's entitlements of the application to NetBird, in place of groups.
    [Connector] claim_entitlements: bool;
    /// Whether NetBird synchronizes people's groups at each login. By default its setting stays as it is.
    [Connector] sync_groups: bool;
    /// Names of the groups whose members may use NetBird; it refuses everyone else except its local owner.
    /// Needs `sync_groups`. By default its setting stays as it is.
    [Connector] allowed_groups / allowed_group: Vec<String>, name;
    /// Whether an administrator of NetBird must approve people after their first login.
    [Connector] user_approval: UserApproval = "keep";
}

impl Standalone {
    /// Whether the connector mode has it: it has neither an account nor a device flow.
    pub(super) fn none() -> Self {
        Self { service_account: ServiceAccount::None, without_device_flow: true, ..Self::default() }
    }

    /// The service account by its rights, with the guide's where [`as_in_guide`](Self::as_in_guide) asks for
    /// them.
    pub(crate) fn rights(&self) -> ServiceAccount {
        let is_guides = self.as_in_guide && !self.asked.contains("service_account");
        if is_guides { ServiceAccount::Administrator } else { self.service_account }
    }

    /// Whether NetBird's management reads users with the client of people's browsers, as in the guide.
    pub(crate) fn shares_client(&self) -> bool {
        self.as_in_guide && self.rights() != ServiceAccount::None
    }

    /// Which redirect URIs the provider gets, with the guide's where
    /// [`as_in_guide`](Self::as_in_guide) asks for them.
    pub(crate) fn redirects(&self) -> RedirectUris {
        let is_guides = self.as_in_guide && !self.asked.contains("redirect_uris");
        if is_guides { RedirectUris::AsInGuide } else { self.redirect_uris }
    }
}

/// The options that are not in the table: each has a separate type.
const GENERAL: [OptionSpec; 3] = [
    general(
        "authentik_url",
        OptionKind::Text,
        None,
        "Base URL of authentik: `https`, or `http` to loopback; with authentik's path if there is one.",
    ),
    general("domain", OptionKind::Text, None, "NetBird's host name."),
    general(
        "mode",
        OptionKind::Choice { class: "Mode", choices: ModeKind::VALUES },
        Some("standalone"),
        "How NetBird and authentik are connected. `standalone` is the guide's way: NetBird's own containers \
         and `setup.env`. `connector` makes authentik an identity provider of NetBird's embedded one, which \
         is what a new NetBird has. Where it is not set, the command and the Ansible modules ask NetBird, if they \
         have its URL.",
    ),
];

const fn general(
    name: &'static str,
    kind: OptionKind,
    default: Option<&'static str>,
    doc: &'static str,
) -> OptionSpec {
    OptionSpec { name, kind, required: default.is_none(), default, doc, guide: None, mode: None }
}

/// Every option of an integration, those of all modes included.
///
/// ```
/// use authentik_netbird_core::integration::options;
///
/// let slug = options().find(|option| option.name == "application_slug").expect("is one");
/// assert_eq!(slug.default, Some("netbird"));
/// ```
pub fn options() -> impl Iterator<Item = &'static OptionSpec> {
    GENERAL.iter().chain(Common::OPTIONS).chain(Standalone::OPTIONS).chain(Connector::OPTIONS)
}
