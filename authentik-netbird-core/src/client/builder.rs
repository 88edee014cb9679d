//! Builder of [`Client`].

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::{Client, Endpoint, Inner, Stops};
use crate::error::{Error, Result};
use crate::http::{ConnectionOptions, access_token, bearer};
use crate::ids::Server;
use crate::integration::{base_url, is_plain_http};
use crate::issue::{Issue, excerpt_of_url};
use crate::secret::Secret;

/// Collects what a client needs; [`build`](Self::build) checks everything at once.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    token: Option<Secret>,
    netbird: Option<(String, Secret)>,
    options: ConnectionOptions,
}

impl ClientBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            token: None,
            netbird: None,
            options: ConnectionOptions::default(),
        }
    }

    /// The API token of an administrator. Required. Surrounding white space is dropped.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// NetBird's base URL, and the access token of an owner or administrator of its account (`nbp_…`), for
    /// the connector mode. Without them a plan has the part of authentik alone, and the outputs say what to
    /// enter in NetBird's dashboard. The token goes to this server alone.
    pub fn netbird(mut self, url: impl Into<String>, token: impl Into<Secret>) -> Self {
        self.netbird = Some((url.into(), token.into()));
        self
    }

    /// How to connect. Default: [`ConnectionOptions::new`].
    pub fn options(mut self, options: ConnectionOptions) -> Self {
        self.options = options;
        self
    }

    /// Checks everything and builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidClient`] with everything that is wrong with URL, token and options.
    pub fn build(self) -> Result<Client> {
        let mut issues = Vec::new();
        let authentik =
            self.endpoint(Server::Authentik, &self.url, self.token.as_ref(), &mut issues);
        let netbird = self
            .netbird
            .as_ref()
            .and_then(|(url, token)| self.endpoint(Server::Netbird, url, Some(token), &mut issues));
        match authentik {
            Some(authentik) if issues.is_empty() => {
                let (options, stops) = (self.options, Stops::default());
                Ok(Client(Arc::new(Inner { authentik, netbird, options, stops })))
            }
            _ => Err(Error::InvalidClient { issues }),
        }
    }

    /// One server's API; `None` with the issues added. Those of the options are the same for both.
    fn endpoint(
        &self,
        server: Server,
        url: &str,
        token: Option<&Secret>,
        issues: &mut Vec<Issue>,
    ) -> Option<Endpoint> {
        let (field, token_field) = match server {
            Server::Authentik => ("authentik_url", "token"),
            Server::Netbird => ("netbird_url", "netbird_token"),
        };
        let url = base_url(url, self.options.is_http_allowed())
            .map_err(|(message, hint)| issues.push(Issue::new(field, message, hint)))
            .ok();
        if let Some(url) = url.as_ref().filter(|url| is_plain_http(url)) {
            tracing::warn!(url = url.as_str(), "plain http: anyone in between can read the token");
        }
        let token = authorization(server, token)
            .map_err(|message| issues.push(Issue::new(token_field, message, token_hint(server))))
            .ok();
        let connection = self.options.build(url.as_ref()).map_err(|found| {
            for issue in found {
                if !issues.contains(&issue) {
                    issues.push(issue);
                }
            }
        });
        let (url, (authorization, token), connection) = (url?, token?, connection.ok()?);
        Some(Endpoint { connection, authorization, url, token })
    }
}

fn token_hint(server: Server) -> &'static str {
    match server {
        Server::Authentik => {
            "Use an API token of an authentik administrator: only the key itself, as authentik copies \
             it under Directory > Tokens and App passwords."
        }
        Server::Netbird => {
            "Use an access token of an owner or administrator of NetBird's account. It begins with \
             nbp_."
        }
    }
}

fn authorization(
    server: Server,
    token: Option<&Secret>,
) -> Result<(HeaderValue, Secret), &'static str> {
    let token = token.map(|token| token.expose().trim()).unwrap_or_default();
    if token.is_empty() {
        return Err("missing");
    }
    let invalid = "contains invalid characters (did you include \"Bearer \"?)";
    if !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(invalid);
    }
    let token = Secret::from(token);
    let header = match server {
        Server::Authentik => bearer(&token),
        Server::Netbird => access_token(&token),
    };
    Ok((header.map_err(|_| invalid)?, token))
}

/// Nothing is checked yet: the URL may have a password in it.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, token, netbird, options } = self;
        let netbird = netbird.as_ref().map(|(url, token)| (excerpt_of_url(url, 80), token));
        f.debug_struct("ClientBuilder")
            .field("url", &excerpt_of_url(url, 80))
            .field("token", token)
            .field("netbird", &netbird)
            .field("options", options)
            .finish()
    }
}

#[cfg(test)]
mod tests;
