//! [`State`]: everything that a simulated authentik knows.

use std::time::SystemTime;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::counters::{Counters, INSTALLATION, hex};
use super::issued::{Code, Issued, Login};
use super::objects::{
    Application, Brand, Certificate, Flow, Group, PolicyBinding, Provider, Role, ScopeMapping,
    Token, User,
};
use super::{Release, time};

/// Everything that a simulated authentik knows, in the order in which it was made.
///
/// Change it with [`Simulator::edit`](super::Simulator::edit), to seed a test or to let a server
/// drift. The `add_…` methods make an object as a server would and return it for more changes; the
/// fields may also be changed directly, into states that no server would allow.
///
/// ```
/// use authentik_simulator::{KeyType, Simulator};
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
    /// The codes and tokens that the OAuth2 endpoints issued. Remove them from a dump to compare configurations.
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

    /// A new UUID. The same requests in the same order give the same ones.
    pub fn new_uuid(&mut self) -> String {
        self.counters.new_uuid()
    }

    /// A new text of letters and digits, for keys and client ids. Unique, but not secret.
    pub fn new_key(&mut self, length: usize) -> String {
        self.counters.new_key(length)
    }

    /// A user's `uid`: a hash of the key.
    #[must_use]
    pub fn uid(&self, user: u64) -> String {
        hex(&Sha256::digest(format!("{user}-{INSTALLATION}")))
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
        // A request without scopes gets all of them.
        let all: Vec<String> = self
            .scope_mappings
            .iter()
            .filter(|mapping| scopes.is_empty() && provider.property_mappings.contains(&mapping.pk))
            .map(|mapping| mapping.scope_name.clone())
            .collect();
        let validity = time::duration(&provider.access_code_validity)?;
        let provider = provider.pk;
        let user = self.users.iter().find(|user| user.username == username)?.pk;
        let (code, sid) = (self.new_key(32), self.counters.new_session());
        self.issued.codes.push(Code {
            code,
            provider,
            user,
            scopes: scopes.iter().map(|&scope| scope.to_owned()).chain(all).collect(),
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
