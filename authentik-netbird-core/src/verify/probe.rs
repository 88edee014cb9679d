//! [`Probe`]: a request as NetBird itself sends it to authentik.
//!
//! As of NetBird 0.77: `management/server/idp/authentik.go` (token, users), `shared/auth/jwt` (keys),
//! `infrastructure_files/configure.sh` (discovery document), `client/internal/auth` (device code).
//! Form fields are in alphabetical order, as Go sends them. Go escapes `*` and not `~`, here it is the
//! other way round; both decode to the same text.

use url::Url;

use crate::http::{Message, Method};
use crate::ids::Resource;
use crate::requirements::CALLBACK;
use crate::secret::Secret;

/// A request as NetBird, its client or a browser sends it, not yet sent. It never carries the token
/// of an administrator.
pub(crate) struct Probe(pub(crate) Message);

impl Probe {
    /// The discovery document, as `configure.sh` reads it with curl, and the dashboard's page at this
    /// origin in a browser.
    pub(crate) fn discovery(url: Url, origin: Option<&str>) -> Self {
        let message = message(Method::Get, url, "discovery document");
        Self(match origin {
            Some(origin) => message.origin(origin),
            None => message,
        })
    }

    /// The key set, as management reads it.
    pub(crate) fn keys(url: Url) -> Self {
        Self(message(Method::Get, url, "key set"))
    }

    /// The page where a person types a device code.
    pub(crate) fn device_page(url: Url) -> Self {
        Self(message(Method::Get, url, "device page").accept("text/html"))
    }

    /// The brand of the host that is asked, which authentik shows to every browser, without a login.
    pub(crate) fn current_brand(url: Url) -> Self {
        Self(message(Method::Get, url, "brand").accept("application/json"))
    }

    /// Management's token request for reading users.
    pub(crate) fn token(url: Url, client_id: &str, username: &str, password: &Secret) -> Self {
        let form = [
            ("client_id", client_id),
            ("grant_type", "client_credentials"),
            ("password", password.expose()),
            ("scope", "goauthentik.io/api"),
            ("username", username),
        ];
        Self(message(Method::Post, url, "token endpoint").form(&form, &[password]).sensitive())
    }

    /// The token request of NetBird's embedded identity provider, with a code that nobody issued: whether the
    /// secret is right shows in the error.
    pub(crate) fn code(url: Url, domain: &str, client_id: &str, secret: &Secret) -> Self {
        let callback = format!("https://{domain}{CALLBACK}");
        let form = [
            ("client_id", client_id),
            ("client_secret", secret.expose()),
            ("code", "verify"),
            ("grant_type", "authorization_code"),
            ("redirect_uri", callback.as_str()),
        ];
        Self(message(Method::Post, url, "token endpoint").form(&form, &[secret]).sensitive())
    }

    /// The client's request for a device code.
    pub(crate) fn device_code(url: Url, client_id: &str, audience: &str, scope: &str) -> Self {
        let form = [("audience", audience), ("client_id", client_id), ("scope", scope)];
        let message = message(Method::Post, url, "device authorization endpoint");
        Self(message.form(&form, &[]).sensitive())
    }

    /// Management's list of users, a page of it. `url` is `https://HOST/api/v3/core/users/`: it asks
    /// the host of the issuer, whatever path authentik is under.
    pub(crate) fn users(mut url: Url, page: u32, token: &Secret) -> Self {
        url.set_query(Some(&format!("page={page}")));
        Self(message(Method::Get, url, "users").accept("application/json").bearer(token))
    }

    /// Management's request for one user. `url` is that of the list.
    pub(crate) fn user(mut url: Url, id: &str, token: &Secret) -> Self {
        url.set_path(&format!("{}{id}/", url.path()));
        Self(message(Method::Get, url, "user by its id").accept("application/json").bearer(token))
    }
}

/// Names the subject of a probe, for messages: "cannot read the server's discovery document".
fn message(method: Method, url: Url, reads: &str) -> Message {
    Message::new(method, url, "read", Resource::server(reads))
}

#[cfg(test)]
mod tests;
