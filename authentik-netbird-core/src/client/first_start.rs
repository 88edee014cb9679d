//! The first start of a NetBird with its embedded identity provider: its owner, and an access token.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::instance::{join, reachable};
use crate::error::{Error, Result, UnexpectedResponseKind};
use crate::http::{Connection, ConnectionOptions, Message, Method, Response};
use crate::ids::{Resource, Server};
use crate::issue::Issue;
use crate::resource::segment;
use crate::secret::Secret;

/// NetBird's own client for command lines, and where it receives logins: nothing listens there, and the code is
/// taken from the redirect.
const CLIENT: &str = "netbird-cli";
const REDIRECT_URI: &str = "http://localhost:53000/";
/// Anyone who asks for the token has asked for the code: it never leaves this program, so the verifier needs no
/// hash and no randomness.
const VERIFIER: &str = "authentik-netbird-asks-for-the-code-and-for-the-token-itself";
/// Redirects between NetBird and its own identity provider.
const MAX_HOPS: usize = 6;

/// The first user of a NetBird, who owns its account and logs in with a password.
#[derive(Clone, Debug)]
pub struct Owner {
    /// E-mail address, the name at the login.
    pub email: String,
    /// Name.
    pub name: String,
    /// Password, as NetBird wants it: 8 to 72 characters.
    pub password: Secret,
}

/// Sets a new NetBird up and returns an access token of its owner, for
/// [`ClientBuilder::netbird`](super::ClientBuilder::netbird), that lasts for so many days (1 to 365).
///
/// NetBird's own `create_pat` is not used: with it the account has no domain, and everyone who logs in through
/// authentik becomes the owner of a separate account. So the owner logs in once. Safe to run again: on a NetBird
/// that is set up the owner of that password gets another token.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use authentik_netbird_core::client::{Owner, first_start};
/// use authentik_netbird_core::ConnectionOptions;
/// use authentik_simulator::netbird::NetbirdSimulator;
///
/// let netbird = NetbirdSimulator::builder().set_up(false).start()?; // yours is https://netbird.company
/// let owner = Owner {
///     email: "owner@company".to_owned(),
///     name: "Owner".to_owned(),
///     password: "correct horse battery".into(),
/// };
/// let token = first_start(netbird.url(), &owner, 30, &ConnectionOptions::new()).await?;
/// assert!(token.expose().starts_with("nbp_"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidClient`] for URL, days or options that are not valid, and what the server can respond.
pub async fn first_start(
    netbird_url: &str,
    owner: &Owner,
    days: u16,
    options: &ConnectionOptions,
) -> Result<Secret> {
    let mut issues = Vec::new();
    let found = reachable(netbird_url, options, &mut issues);
    if !(1..=365).contains(&days) {
        let message = format!("expected 1 to 365 days, got {days}");
        issues.push(Issue::new("days", message, "Give a number of days that NetBird accepts."));
    }
    let Some((url, connection)) = found.filter(|_| issues.is_empty()) else {
        return Err(Error::invalid_client(issues));
    };
    FirstStart { connection, url, owner }.run(days).await
}

struct FirstStart<'a> {
    connection: Connection,
    url: Url,
    owner: &'a Owner,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Secret,
}

#[derive(Deserialize)]
struct User {
    id: String,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    domain: String,
}

#[derive(Deserialize)]
struct AccessToken {
    plain_token: Secret,
}

impl FirstStart<'_> {
    async fn run(&self, days: u16) -> Result<Secret> {
        self.set_up().await?;
        let code = self.code().await?;
        let form = [
            ("client_id", CLIENT),
            ("code", code.expose()),
            ("code_verifier", VERIFIER),
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT_URI),
        ];
        let message = self.message(Method::Post, "oauth2/token", "token endpoint")?;
        let response = self.send(message.form(&form, &[&code]).sensitive()).await?;
        let bearer = response.check()?.decode::<Tokens>()?.access_token;
        // The first request with it creates the account.
        let user: User = self.api(Method::Get, "users/current", "user", None, &bearer).await?;
        let accounts: Vec<Account> =
            self.api(Method::Get, "accounts", "account", None, &bearer).await?;
        if accounts.iter().any(|account| account.domain.is_empty()) {
            return Err(Error::invalid_client(vec![Issue::new(
                "netbird_url",
                "NetBird's account has no domain, so everyone who logs in through authentik would become the \
                 owner of a separate account",
                "Set NetBird up again, with an empty data directory and without `create_pat`.",
            )]));
        }
        let body = json!({"name": "authentik-netbird", "expires_in": days});
        let path = format!("users/{}/tokens", segment(&user.id));
        let created: AccessToken =
            self.api(Method::Post, &path, "access token", Some(&body), &bearer).await?;
        Ok(created.plain_token)
    }

    /// Creates the owner, unless NetBird is set up.
    async fn set_up(&self) -> Result<()> {
        let Owner { email, name, password } = self.owner;
        let body = json!({"email": email, "name": name});
        let message = self.message(Method::Post, "api/setup", "setup")?;
        let password = ("password", password.clone());
        let response = self.send(message.json(&body, Some(&password))).await?;
        match response.status {
            412 => Ok(()),
            _ => response.check().map(|_| ()),
        }
    }

    /// The owner's login, without a browser: NetBird's identity provider shows one form.
    async fn code(&self) -> Result<Secret> {
        let mut at = join(&self.url, "oauth2/auth")?;
        at.query_pairs_mut().extend_pairs([
            ("client_id", CLIENT),
            ("code_challenge", VERIFIER),
            ("code_challenge_method", "plain"),
            ("connector_id", "local"),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "first-start"),
        ]);
        let password = &self.owner.password;
        let login = [("login", self.owner.email.as_str()), ("password", password.expose())];
        let mut has_sent = false;
        for _ in 0..MAX_HOPS {
            let message = Message::new(Method::Get, at.clone(), "read", login_page());
            let mut response = self.send(message).await?;
            if response.is_success() && !has_sent {
                // The form leads to its own page.
                has_sent = true;
                let message = Message::new(Method::Post, at.clone(), "log in at", login_page());
                response = self.send(message.form(&login, &[password]).sensitive()).await?;
            }
            if !response.is_redirect() {
                return Err(refused(&response));
            }
            let next = at.join(&response.location).map_err(|_| response.error())?;
            let code = next.query_pairs().find(|(name, _)| name == "code");
            if let (true, Some((_, code))) = (next.as_str().starts_with(REDIRECT_URI), code) {
                return Ok(Secret::from(code.as_ref()));
            }
            // The password goes to NetBird alone.
            if next.origin() != self.url.origin() {
                return Err(response.error());
            }
            at = next;
        }
        // NetBird's own pages lead from one to the next without an end; no query, which may have a code.
        at.set_query(None);
        let location = at.to_string();
        let message = Message::new(Method::Get, at, "read", login_page()).to(Server::Netbird);
        Err(message.unexpected(302, UnexpectedResponseKind::Redirect { location }))
    }

    async fn api<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        what: &str,
        body: Option<&serde_json::Value>,
        bearer: &Secret,
    ) -> Result<T> {
        let message = self.message(method, &format!("api/{path}"), what)?.bearer(bearer);
        let message = match body {
            Some(body) => message.json(body, None).sensitive(),
            None => message,
        };
        self.send(message).await?.check()?.decode()
    }

    fn message(&self, method: Method, path: &str, what: &str) -> Result<Message> {
        let action = if method == Method::Get { "read" } else { "create" };
        let message = Message::new(method, join(&self.url, path)?, action, Resource::server(what));
        Ok(message.accept("application/json"))
    }

    async fn send(&self, message: Message) -> Result<Response> {
        let mut message = message.to(Server::Netbird);
        message.secrets.push(self.owner.password.clone());
        self.connection.send(&Arc::new(message), 1).await
    }
}

fn login_page() -> Resource {
    Resource::server("login page")
}

/// NetBird shows its form again for a wrong password.
fn refused(response: &Response) -> Error {
    if response.is_success() || response.status == 401 {
        return Error::invalid_client(vec![Issue::new(
            "owner",
            "NetBird refuses the e-mail address or the password",
            "Give those of the owner who set NetBird up.",
        )]);
    }
    response.error()
}
