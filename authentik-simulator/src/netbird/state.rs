//! [`State`]: what a NetBird server knows.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::dex::memory::Dex;
use super::objects::{AccessToken, Account, Connector, Group, LocalUser, User};
use super::settings::Settings;
use crate::Key;

/// The id of the connector for people with a password in NetBird itself.
pub(super) const LOCAL: &str = "local";
/// The domain that single-account mode gives to the one account.
const DOMAIN: &str = "netbird.selfhosted";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Everything that a simulated NetBird knows. Reached with
/// [`NetbirdSimulator::edit`](super::NetbirdSimulator::edit).
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct State {
    /// Accounts: one, unless something went wrong.
    pub accounts: Vec<Account>,
    /// Users.
    pub users: Vec<User>,
    /// Personal access tokens.
    pub tokens: Vec<AccessToken>,
    /// Connectors, with their secrets.
    pub connectors: Vec<Connector>,
    /// Connectors of `management.json`, which each start writes over those of the same id.
    pub static_connectors: Vec<Connector>,
    /// Groups.
    pub groups: Vec<Group>,
    /// People with a password in NetBird itself.
    pub local_users: Vec<LocalUser>,
    /// How many ids and keys were made. It only rises, also when a request fails.
    pub random: u64,
    /// The server's log of failed logins: the pages that people see do not say it.
    #[serde(skip)]
    pub log: Vec<String>,
    #[serde(skip)]
    pub(super) dex: Dex,
    #[serde(skip)]
    pub(super) options: Options,
    /// The time of the request or edit at hand.
    #[serde(skip)]
    pub(super) now: SystemTime,
}

/// How the server was started.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// Where people and NetBird's clients reach it.
    pub(super) public_url: String,
    /// Whether it has the embedded identity provider.
    pub(super) is_embedded: bool,
    /// `NB_SETUP_PAT_ENABLED`.
    pub(super) may_create_token_in_setup: bool,
    /// How long it waits for another server.
    pub(super) fetch_timeout: Duration,
    /// Where origins are reached: `https://auth.company` and `http://127.0.0.1:PORT`.
    pub(super) routes: Vec<(String, Url)>,
}

impl State {
    pub(super) fn empty(options: Options, now: SystemTime) -> Self {
        Self {
            accounts: Vec::new(),
            users: Vec::new(),
            tokens: Vec::new(),
            connectors: Vec::new(),
            static_connectors: Vec::new(),
            groups: Vec::new(),
            local_users: Vec::new(),
            random: 0,
            log: Vec::new(),
            dex: Dex::default(),
            options,
            now,
        }
    }

    /// The issuer of the embedded identity provider.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/oauth2", self.options.public_url)
    }

    /// The redirect URI that it sends people to authentik with.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/callback", self.issuer())
    }

    /// Whether nobody has set it up yet.
    #[must_use]
    pub fn is_setup_required(&self) -> bool {
        self.options.is_embedded && self.local_users.is_empty() && self.accounts.is_empty()
    }

    fn entropy(&mut self) -> [u8; 32] {
        self.random += 1;
        Sha256::digest(format!("netbird-simulator {}", self.random)).into()
    }

    /// A new id: twenty digits and letters. The same requests in the same order give the same ones.
    pub fn new_id(&mut self) -> String {
        const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuv";
        let random = self.entropy();
        random.iter().take(20).map(|n| char::from(DIGITS[usize::from(n % 32)])).collect()
    }

    /// A new UUID.
    pub fn new_uuid(&mut self) -> String {
        use std::fmt::Write as _;
        let random = self.entropy();
        let mut hex = random.iter().take(16).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        hex.replace_range(12..13, "4");
        hex.replace_range(16..17, "8");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// Adds an account for a user, with the group `All`.
    pub(super) fn add_account(&mut self, owner: &str, is_single: bool) -> &mut Account {
        let (id, all) = (self.new_id(), self.new_id());
        let (name, issued) = ("All".to_owned(), "api".to_owned());
        self.groups.push(Group { id: all.clone(), account: id.clone(), name, issued });
        let (domain, category) = if is_single { (DOMAIN, "private") } else { ("", "") };
        let account = Account {
            id,
            created_by: owner.to_owned(),
            created_at: self.now,
            domain: domain.to_owned(),
            domain_category: category.to_owned(),
            settings: Settings::new(&all),
            onboarding_flow_pending: true,
            signup_form_pending: true,
        };
        push(&mut self.accounts, account)
    }

    /// Adds a service user to the first account.
    pub fn add_service_user(&mut self, name: &str, role: &str) -> &mut User {
        let account = self.accounts.first().map(|account| account.id.clone());
        let id = self.new_uuid();
        let user = User {
            is_service_user: true,
            name: name.to_owned(),
            ..new_user(&id, &account.unwrap_or_default(), role)
        };
        push(&mut self.users, user)
    }

    /// Adds a group to the first account. `issued` is `api`, or `jwt` for one that a login created.
    pub fn add_group(&mut self, name: &str, issued: &str) -> &mut Group {
        let account = self.accounts.first().map(|account| account.id.clone());
        let group = Group {
            id: self.new_id(),
            account: account.unwrap_or_default(),
            name: name.to_owned(),
            issued: issued.to_owned(),
        };
        push(&mut self.groups, group)
    }

    /// Adds a personal access token for a user that lasts for so many days.
    pub fn add_token(&mut self, name: &str, user: &str, days: u32) -> &mut AccessToken {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let random = URL_SAFE_NO_PAD.encode(self.entropy()).replace(['-', '_'], "0");
        let token = AccessToken {
            id: self.new_id(),
            name: name.to_owned(),
            user: user.to_owned(),
            created_by: user.to_owned(),
            token: format!("nbp_{}", &random[..36]).into(),
            created_at: self.now,
            expires: self.now + DAY * days,
            was_used: false,
        };
        push(&mut self.tokens, token)
    }

    /// Adds a connector without asking its issuer.
    pub fn add_connector(&mut self, kind: &str, name: &str, issuer: &str) -> &mut Connector {
        let id = self.new_id();
        let has_prefix = kind != "oidc";
        let connector = Connector {
            id: if has_prefix { format!("{kind}-{id}") } else { id },
            kind: kind.to_owned(),
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            client_id: String::new(),
            client_secret: Key::from(""),
        };
        push(&mut self.connectors, connector)
    }

    /// A user of the first account who logged in through a connector, or with a password.
    pub fn add_user(&mut self, subject: &str, connector: &str, role: &str) -> &mut User {
        let account = self.accounts.first().map(|account| account.id.clone());
        let user = new_user(&user_id(subject, connector), &account.unwrap_or_default(), role);
        push(&mut self.users, user)
    }
}

pub(super) fn new_user(id: &str, account: &str, role: &str) -> User {
    User {
        id: id.to_owned(),
        account: account.to_owned(),
        email: String::new(),
        name: String::new(),
        role: role.to_owned(),
        is_service_user: false,
        is_blocked: false,
        pending_approval: false,
        auto_groups: Vec::new(),
    }
}

/// The id of a user, as Dex makes it of the subject and the connector's id: protobuf in base64.
#[must_use]
pub fn user_id(subject: &str, connector: &str) -> String {
    let field = |tag: u8, text: &str| {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        [&[tag, length], text.as_bytes()].concat()
    };
    STANDARD_NO_PAD.encode([field(0x0a, subject), field(0x12, connector)].concat())
}

/// The connector that a user's id names; `None` for a service user.
pub(super) fn connector_of(user: &User) -> Option<String> {
    if user.is_service_user {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(&user.id).ok()?;
    let subject = usize::from(*bytes.get(1)?);
    String::from_utf8(bytes.get(subject + 4..)?.to_vec()).ok()
}

fn push<T>(to: &mut Vec<T>, object: T) -> &mut T {
    to.push(object);
    let last = to.len() - 1;
    &mut to[last]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_as_recorded() {
        let id = user_id("6", "authentik-dc4i2l5qmd2rdooicgfg");
        assert_eq!(id, "CgE2Eh5hdXRoZW50aWstZGM0aTJsNXFtZDJyZG9vaWNnZmc");
        let user = new_user(&id, "", "user");
        assert_eq!(connector_of(&user).as_deref(), Some("authentik-dc4i2l5qmd2rdooicgfg"));
    }
}
