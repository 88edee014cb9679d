//! Logins without a browser, all the way through Dex and authentik.

use std::fmt;
use std::thread;
use std::time::Duration;

use hyper::Method;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::state::LOCAL;
use super::{NetbirdSimulator, User};
use crate::Simulator;
use crate::host::{Fetch, Fetched};
use crate::jwt;

const CLIENT: &str = "netbird-cli";
const REDIRECT_URI: &str = "http://localhost:53000/";
const VERIFIER: &str = "a-verifier-of-the-simulator-that-is-long-enough";
/// How many redirects a login takes at most.
const HOPS: usize = 10;

/// Where a login ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginError {
    /// On a page of NetBird's.
    Netbird {
        /// HTTP status.
        status: u16,
        /// The page.
        page: String,
    },
    /// On a page of authentik's.
    Authentik {
        /// Its title.
        title: String,
    },
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Netbird { status, page } => write!(f, "NetBird answers {status}: {page}"),
            Self::Authentik { title } => write!(f, "authentik shows a page: {title}"),
        }
    }
}

impl std::error::Error for LoginError {}

/// The person who logs in.
enum Person<'a> {
    Local { email: &'a str, password: &'a str },
    Authentik(&'a Simulator, &'a str),
}

impl NetbirdSimulator {
    /// A person with an account in authentik logs in through a connector: from NetBird's client to Dex, to
    /// authentik and back. Returns the token with which the client calls the API:
    /// `Authorization: Bearer …`.
    ///
    /// # Errors
    ///
    /// The page on which the login ends. The reason of a page of NetBird's is in
    /// [`State::log`](super::State::log).
    pub fn log_in(
        &self,
        authentik: &Simulator,
        connector: &str,
        username: &str,
    ) -> Result<String, LoginError> {
        self.walk(connector, &Person::Authentik(authentik, username))
    }

    /// A person with a password in NetBird itself logs in, such as the owner.
    ///
    /// # Errors
    ///
    /// The page on which the login ends.
    pub fn log_in_locally(&self, email: &str, password: &str) -> Result<String, LoginError> {
        self.walk(LOCAL, &Person::Local { email, password })
    }

    /// The API's description of the person with a token of [`Self::log_in`]: only with the first request NetBird
    /// learns of them.
    ///
    /// # Errors
    ///
    /// The response, where somebody waits for approval or is in no allowed group.
    pub fn current_user(&self, token: &str) -> Result<User, LoginError> {
        let authorization = ("authorization", format!("Bearer {token}"));
        let response = self.send(Method::GET, "/api/users/current", authorization, String::new());
        let Fetched::Response { status: 200, body, .. } = &response else {
            return Err(ended(response));
        };
        let user: Value = serde_json::from_str(body).unwrap_or_default();
        let known = self.edit(|state| state.users.iter().find(|one| user["id"] == one.id).cloned());
        known.ok_or_else(|| ended(response))
    }

    fn walk(&self, connector: &str, person: &Person<'_>) -> Result<String, LoginError> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", CLIENT)
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile email groups offline_access")
            .append_pair("state", "state-of-the-client")
            .append_pair("code_challenge", &jwt::challenge(VERIFIER))
            .append_pair("code_challenge_method", "S256")
            .append_pair("connector_id", connector)
            .finish();
        let mut next = format!("/oauth2/auth?{query}");
        for _ in 0..HOPS {
            if let Some(at) = next.strip_prefix(REDIRECT_URI) {
                let code = form_urlencoded::parse(at.trim_start_matches('?').as_bytes());
                let code = code.into_owned().find(|(name, _)| name == "code");
                return self.exchange(&code.map(|(_, code)| code).unwrap_or_default());
            }
            if let (Person::Authentik(authentik, username), Ok(url)) = (person, Url::parse(&next))
                && next.contains("/application/o/authorize/")
            {
                let went = authentik.edit(|state| state.authorize(&url, username));
                let to = went.map_err(|title| LoginError::Authentik { title })?;
                next = self.local(&to);
                continue;
            }
            let form = match person {
                Person::Local { email, password } if next.contains("/login?") => {
                    Some([("login", *email), ("password", *password)])
                }
                _ => None,
            };
            let form = form.as_ref().map(<[_; 2]>::as_slice);
            next = match self.visit(&next, form) {
                Fetched::Response { location: Some(to), .. } => self.local(&to),
                other => return Err(ended(other)),
            };
        }
        Err(LoginError::Netbird { status: 0, page: "too many redirects".to_owned() })
    }

    /// NetBird's public address is that of the simulator.
    fn local(&self, to: &str) -> String {
        let public = self.edit(|state| state.options.public_url.clone());
        to.strip_prefix(&public).map_or_else(|| to.to_owned(), str::to_owned)
    }

    fn exchange(&self, code: &str) -> Result<String, LoginError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let response = self.visit("/oauth2/token", Some(&form));
        if let Fetched::Response { status: 200, body, .. } = &response {
            let tokens: Value = serde_json::from_str(body).unwrap_or_default();
            return Ok(tokens["access_token"].as_str().unwrap_or_default().to_owned());
        }
        Err(ended(response))
    }

    /// Opens a page, or sends a form.
    fn visit(&self, path: &str, form: Option<&[(&str, &str)]>) -> Fetched {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form.unwrap_or_default())
            .finish();
        let kind = ("content-type", "application/x-www-form-urlencoded".to_owned());
        self.send(method, path, kind, body)
    }

    /// Sends a request to the simulator, from a separate thread: the caller may be async.
    fn send(
        &self,
        method: Method,
        path: &str,
        header: (&'static str, String),
        body: String,
    ) -> Fetched {
        let failed = |reason: &str| {
            let body = reason.to_owned();
            Fetched::Response { status: 0, location: None, body }
        };
        let Ok(url) = Url::parse(&format!("{}{path}", self.url())) else {
            return failed("not a URL of NetBird's");
        };
        let timeout = Duration::from_secs(30);
        let fetch = Fetch { method, url, headers: vec![header], body, through: None, timeout };
        let sent = thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.ok().map(|runtime| runtime.block_on(fetch.send()))
            });
            thread.join().ok().flatten()
        });
        sent.unwrap_or_else(|| failed("no thread for the request"))
    }
}

fn ended(response: Fetched) -> LoginError {
    let (status, page) = match response {
        Fetched::Response { status, body, .. } => (status, body),
        Fetched::Failed(error) => (0, format!("{error:?}")),
    };
    LoginError::Netbird { status, page }
}
