//! [`State`]: everything that a simulated authentik knows.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::Map;
use sha2::{Digest, Sha256};

use super::issued::{Code, Issued, Login};
use super::objects::{
    Application, Brand, Certificate, Flow, Group, KeyType, PolicyBinding, Provider, RedirectUri,
    Role, ScopeMapping, Token, User,
};
use super::{Release, time};
use crate::Secret;

/// Everything that a simulated authentik knows, in the order in which it was made.
///
/// Change it with [`Simulator::edit`](super::Simulator::edit), to seed a test or to let a server
/// drift. The `add_…` methods make an object as a server would and return it for more changes; the
/// fields may also be changed directly, into states that no server would allow.
///
/// ```
/// use authentik_netbird_core::simulator::{KeyType, Simulator};
///
/// let simulator = Simulator::start()?;
/// simulator.edit(|state| {
///     state.add_group("authentik Admins"); // a second one of that name
///     state.add_certificate("elliptic", KeyType::Ec);
///     state.certificates.retain(|pair| pair.name == "elliptic");
/// });
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct State {
    /// Flows.
    pub flows: Vec<Flow>,
    /// Scope mappings.
    pub scope_mappings: Vec<ScopeMapping>,
    /// Certificate-key pairs.
    pub certificates: Vec<Certificate>,
    /// Brands.
    pub brands: Vec<Brand>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Users, service accounts among them.
    pub users: Vec<User>,
    /// Tokens, app passwords among them.
    pub tokens: Vec<Token>,
    /// OAuth2/OpenID providers.
    pub providers: Vec<Provider>,
    /// Applications.
    pub applications: Vec<Application>,
    /// Policy bindings.
    pub policy_bindings: Vec<PolicyBinding>,
    /// What the OAuth2 endpoints have handed out. Remove it from a dump to compare configurations.
    pub issued: Issued,
    /// The counters that keys come from. They only rise, also when a request fails.
    pub counters: Counters,
    /// The event log, as the API lists it. Not part of a dump.
    #[serde(skip)]
    pub(super) events: Vec<serde_json::Value>,
    #[serde(skip)]
    pub(super) release: Release,
    /// The time of the request or edit at hand.
    #[serde(skip)]
    pub(super) now: SystemTime,
    /// Whether the request at hand was checked some time ago, before others were done.
    #[serde(skip)]
    pub(super) checked_before: bool,
}

/// Where keys come from.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Counters {
    /// The last user key.
    pub users: u64,
    /// The last provider key.
    pub providers: u64,
    /// How many UUIDs, keys and secrets were made.
    pub random: u64,
}

/// Stands in for the id of the installation, that user ids are hashed with.
const INSTALLATION: &str = "authentik-simulator";

impl State {
    pub(super) fn empty(release: Release, now: SystemTime) -> Self {
        Self {
            flows: Vec::new(),
            scope_mappings: Vec::new(),
            certificates: Vec::new(),
            brands: Vec::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            users: Vec::new(),
            tokens: Vec::new(),
            providers: Vec::new(),
            applications: Vec::new(),
            policy_bindings: Vec::new(),
            issued: Issued::default(),
            counters: Counters::default(),
            events: Vec::new(),
            release,
            now,
            checked_before: false,
        }
    }

    /// The release that is simulated.
    #[must_use]
    pub fn release(&self) -> Release {
        self.release
    }

    /// The simulator's time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.now
    }

    fn entropy(&mut self) -> [u8; 32] {
        self.counters.random += 1;
        Sha256::digest(format!("{INSTALLATION} {}", self.counters.random)).into()
    }

    /// A new UUID. The same requests in the same order give the same ones.
    pub fn new_uuid(&mut self) -> String {
        let mut hex = hex(&self.entropy()[..16]);
        hex.replace_range(12..13, "4");
        hex.replace_range(16..17, "8");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// A new text of letters and digits, for keys and client ids. Unique, but not secret.
    pub fn new_key(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut key = String::new();
        while key.len() < length {
            let letters = self.entropy();
            key.extend(letters.iter().map(|n| char::from(ALPHABET[usize::from(*n) % 62])));
        }
        key.truncate(length);
        key
    }

    /// A new number of so many digits.
    pub(super) fn new_digits(&mut self, count: usize) -> String {
        let digits = self.entropy();
        digits.iter().take(count).map(|n| char::from(b'0' + n % 10)).collect()
    }

    /// A user's `uid`: a hash of the key.
    #[must_use]
    pub fn uid(&self, user: u64) -> String {
        hex(&Sha256::digest(format!("{user}-{INSTALLATION}")))
    }

    /// Takes the next user key. PostgreSQL's sequences do not go back when a transaction fails.
    pub(super) fn next_user(&mut self) -> u64 {
        self.counters.users += 1;
        self.counters.users
    }

    /// Takes the next provider key.
    pub(super) fn next_provider(&mut self) -> u64 {
        self.counters.providers += 1;
        self.counters.providers
    }

    /// Adds a flow without stages.
    pub fn add_flow(&mut self, slug: &str, title: &str, designation: &str) -> &mut Flow {
        let made = self.new_flow(slug, title, designation);
        push(&mut self.flows, made)
    }

    pub(super) fn new_flow(&mut self, slug: &str, title: &str, designation: &str) -> Flow {
        Flow {
            pk: self.new_uuid(),
            policybindingmodel_ptr_id: self.new_uuid(),
            name: slug.to_owned(),
            slug: slug.to_owned(),
            title: title.to_owned(),
            designation: designation.to_owned(),
            authentication: "none".to_owned(),
            layout: "stacked".to_owned(),
            denied_action: "message_continue".to_owned(),
            policy_engine_mode: "any".to_owned(),
            compatibility_mode: false,
            background: String::new(),
            stages: Vec::new(),
            policies: Vec::new(),
        }
    }

    /// Adds a scope mapping that nobody manages.
    pub fn add_scope_mapping(&mut self, name: &str, scope_name: &str) -> &mut ScopeMapping {
        let made = self.new_scope_mapping(name, scope_name);
        push(&mut self.scope_mappings, made)
    }

    pub(super) fn new_scope_mapping(&mut self, name: &str, scope_name: &str) -> ScopeMapping {
        ScopeMapping {
            pk: self.new_uuid(),
            managed: None,
            name: name.to_owned(),
            expression: "return {}".to_owned(),
            scope_name: scope_name.to_owned(),
            description: String::new(),
        }
    }

    /// Adds a certificate-key pair with its private key, that expires in a year.
    pub fn add_certificate(&mut self, name: &str, key_type: KeyType) -> &mut Certificate {
        let made = self.new_certificate(name, key_type);
        push(&mut self.certificates, made)
    }

    pub(super) fn new_certificate(&mut self, name: &str, key_type: KeyType) -> Certificate {
        Certificate {
            pk: self.new_uuid(),
            name: name.to_owned(),
            key_type,
            has_key: true,
            // authentik's own certificates have whole seconds.
            expiry: SystemTime::UNIX_EPOCH
                + Duration::from_secs(time::unix(self.now) + 365 * 24 * 3600),
            managed: None,
        }
    }

    /// Adds a brand that is not the default one and has no flows.
    pub fn add_brand(&mut self, domain: &str) -> &mut Brand {
        let made = self.new_brand(domain);
        push(&mut self.brands, made)
    }

    pub(super) fn new_brand(&mut self, domain: &str) -> Brand {
        Brand {
            brand_uuid: self.new_uuid(),
            domain: domain.to_owned(),
            default: false,
            branding_title: "authentik".to_owned(),
            branding_logo: "/static/dist/assets/icons/icon_left_brand.svg".to_owned(),
            branding_favicon: "/static/dist/assets/icons/icon.png".to_owned(),
            branding_custom_css: String::new(),
            branding_default_flow_background: super::seed::FLOW_BACKGROUND.to_owned(),
            flow_authentication: None,
            flow_invalidation: None,
            flow_recovery: None,
            flow_unenrollment: None,
            flow_user_settings: None,
            flow_device_code: None,
            default_application: None,
            web_certificate: None,
            client_certificates: Vec::new(),
            attributes: Map::new(),
        }
    }

    /// Adds a group without members, also where the name is taken.
    pub fn add_group(&mut self, name: &str) -> &mut Group {
        let made = self.new_group(name);
        push(&mut self.groups, made)
    }

    pub(super) fn new_group(&mut self, name: &str) -> Group {
        let pk = self.new_uuid();
        // authentik derives it from the UUID, in a range that POSIX leaves free.
        let num_pk = u64::from_str_radix(&pk[..4], 16).unwrap_or(0) + 4000;
        Group {
            pk,
            num_pk,
            name: name.to_owned(),
            is_superuser: false,
            parents: Vec::new(),
            users: Vec::new(),
            attributes: Map::new(),
            roles: Vec::new(),
        }
    }

    /// Adds a role without permissions.
    pub fn add_role(&mut self, name: &str) -> &mut Role {
        let made = self.new_role(name);
        push(&mut self.roles, made)
    }

    pub(super) fn new_role(&mut self, name: &str) -> Role {
        Role {
            pk: self.new_uuid(),
            name: name.to_owned(),
            permissions: BTreeSet::new(),
            users: Vec::new(),
            lost_by: Vec::new(),
        }
    }

    /// Adds an internal, active user.
    pub fn add_user(&mut self, username: &str) -> &mut User {
        let mut made = self.new_user(username);
        made.pk = self.next_user();
        push(&mut self.users, made)
    }

    pub(super) fn new_user(&mut self, username: &str) -> User {
        User {
            pk: 0,
            uuid: self.new_uuid(),
            username: username.to_owned(),
            name: username.to_owned(),
            email: String::new(),
            is_active: true,
            kind: "internal".to_owned(),
            path: "users".to_owned(),
            attributes: Map::new(),
            last_login: None,
            date_joined: self.now,
            password_change_date: self.now,
            last_updated: self.now,
            password: None,
        }
    }

    /// Adds an API token that does not expire.
    pub fn add_token(&mut self, identifier: &str, user: u64) -> &mut Token {
        let made = self.new_token(identifier, user);
        push(&mut self.tokens, made)
    }

    pub(super) fn new_token(&mut self, identifier: &str, user: u64) -> Token {
        Token {
            pk: self.new_uuid(),
            managed: None,
            identifier: identifier.to_owned(),
            key: Secret::new(self.new_key(60)),
            intent: "api".to_owned(),
            user,
            description: String::new(),
            expires: None,
            expiring: false,
        }
    }

    /// Adds a provider as the API makes one that is given nothing but a name: confidential, without
    /// redirect URIs, signing key, scope mappings and grant types.
    pub fn add_provider(&mut self, name: &str) -> &mut Provider {
        let mut made = self.new_provider(name);
        made.pk = self.next_provider();
        push(&mut self.providers, made)
    }

    pub(super) fn new_provider(&mut self, name: &str) -> Provider {
        let flow = |slug: &str| {
            self.flows.iter().find(|flow| flow.slug == slug).map_or(String::new(), |f| f.pk.clone())
        };
        let (authorization_flow, invalidation_flow) = (
            flow("default-provider-authorization-implicit-consent"),
            flow("default-provider-invalidation-flow"),
        );
        Provider {
            pk: 0,
            name: name.to_owned(),
            authentication_flow: None,
            authorization_flow,
            invalidation_flow,
            property_mappings: Vec::new(),
            client_type: "confidential".to_owned(),
            client_id: self.new_key(40),
            client_secret: Secret::new(self.new_key(128)),
            grant_types: Vec::new(),
            access_code_validity: "minutes=1".to_owned(),
            access_token_validity: "hours=1".to_owned(),
            refresh_token_validity: "days=30".to_owned(),
            refresh_token_threshold: "seconds=0".to_owned(),
            include_claims_in_id_token: true,
            signing_key: None,
            encryption_key: None,
            redirect_uris: Vec::<RedirectUri>::new(),
            logout_uri: String::new(),
            logout_method: "backchannel".to_owned(),
            sub_mode: "hashed_user_id".to_owned(),
            issuer_mode: "per_provider".to_owned(),
            jwt_federation_sources: Vec::new(),
            jwt_federation_providers: Vec::new(),
        }
    }

    /// Adds an application.
    pub fn add_application(
        &mut self,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> &mut Application {
        let made = self.new_application(name, slug, provider);
        push(&mut self.applications, made)
    }

    pub(super) fn new_application(
        &mut self,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> Application {
        Application {
            pk: self.new_uuid(),
            name: name.to_owned(),
            slug: slug.to_owned(),
            provider,
            backchannel_providers: Vec::new(),
            open_in_new_tab: false,
            meta_launch_url: String::new(),
            meta_icon: String::new(),
            meta_description: String::new(),
            meta_publisher: String::new(),
            meta_hide: false,
            policy_engine_mode: "any".to_owned(),
            group: String::new(),
        }
    }

    /// Adds an enabled policy binding that names neither group nor user yet.
    pub fn add_policy_binding(&mut self, target: &str) -> &mut PolicyBinding {
        let made = self.new_policy_binding(target);
        push(&mut self.policy_bindings, made)
    }

    pub(super) fn new_policy_binding(&mut self, target: &str) -> PolicyBinding {
        PolicyBinding {
            pk: self.new_uuid(),
            target: target.to_owned(),
            policy: None,
            group: None,
            user: None,
            negate: false,
            enabled: true,
            order: 0,
            timeout: 30,
            failure_result: false,
        }
    }

    /// A person logs in: adds an authorization code for the client to exchange, as `/authorize`
    /// would after the login pages, which are not simulated. `None` if there is no such client or
    /// user. The code carries no PKCE challenge; set one on the last of [`Issued::codes`].
    pub fn log_in(
        &mut self,
        client_id: &str,
        username: &str,
        scopes: &[&str],
        redirect_uri: &str,
    ) -> Option<&mut Code> {
        let provider = self.providers.iter().find(|provider| provider.client_id == client_id)?;
        let validity = time::duration(&provider.access_code_validity)?;
        let provider = provider.pk;
        let user = self.users.iter().find(|user| user.username == username)?.pk;
        let (code, sid) = (self.new_key(32), hex(&self.entropy()));
        self.issued.codes.push(Code {
            code,
            provider,
            user,
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            redirect_uri: redirect_uri.to_owned(),
            code_challenge: None,
            expires: self.now + validity,
            login: Login { nonce: None, sid, auth_time: time::unix(self.now) },
        });
        self.issued.codes.last_mut()
    }

    /// A person types a user code and agrees. `false` if there is no such code or user.
    pub fn approve_device(&mut self, user_code: &str, username: &str) -> bool {
        let Some(user) = self.users.iter().find(|user| user.username == username) else {
            return false;
        };
        let (user, codes) = (user.pk, &mut self.issued.device_codes);
        let code = codes.iter_mut().find(|code| code.user_code == user_code);
        code.map(|code| code.user = Some(user)).is_some()
    }
}

/// Adds and gives back. The vector cannot be empty afterwards.
fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    let at = to.len();
    to.push(item);
    &mut to[at]
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
