//! Builder of [`Client`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use super::{Client, ConnectionSettings, Inner, wiped};
use crate::error::{Error, Result};
use crate::integration::base_url;
use crate::issue::{Issue, excerpt_of_url};
use crate::secret::Secret;

/// Collects a client's settings; [`build`](Self::build) checks them, all at once.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    token: Option<Secret>,
    connection: ConnectionSettings,
}

impl ClientBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), token: None, connection: ConnectionSettings::default() }
    }

    /// The API token of an administrator. Required. Surrounding white space is dropped.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Certificates of a private authority, PEM, one or more. They are trusted besides the
    /// operating system's. May be called more than once.
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.ca_certificates.push(pem.into());
        self
    }

    /// Whether any certificate will do: of any authority, for any name, expired. Default: no. Whoever
    /// is between here and authentik can then read the token: for trying things out, never for
    /// production, where [`ca_certificates`](Self::ca_certificates) is what you want.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.connection.accept_invalid_certificates = accept;
        self
    }

    /// Longest wait for one answer, its body included. Default: 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.connection.timeout = timeout;
        self
    }

    /// Longest wait for a connection. Default: 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// How long a request is tried again after a failure that may pass, counted from its start.
    /// Default: 15 seconds; zero: never again. At most five attempts in any case.
    pub fn retry_for(mut self, total: Duration) -> Self {
        self.connection.retry.total = total;
        self
    }

    /// Checks everything and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidClient`] with every problem at once: the URL, a missing token or one that
    /// can't be one, a certificate that can't be read.
    pub fn build(self) -> Result<Client> {
        let mut issues = Vec::new();
        let url = base_url(&self.url)
            .map_err(|(problem, hint)| issues.push(Issue::new("authentik_url", problem, hint)))
            .ok();
        let header = self.authorization().map_err(|issue| issues.push(issue)).ok();
        // Certificates are judged even without a URL, so that every problem is told at once.
        let (Some(url), Some((authorization, token))) = (url, header) else {
            issues.extend(self.connection.certificates().err().unwrap_or_default());
            return Err(Error::InvalidClient { issues });
        };
        let connection = self.connection.build(&url).map_err(Error::invalid_client)?;
        Ok(Client(Arc::new(Inner { connection, authorization, url, token })))
    }

    fn authorization(&self) -> Result<(HeaderValue, Secret), Issue> {
        let issue = |problem: &str| {
            let hint = "give the API token of an authentik administrator, as AUTHENTIK_TOKEN has \
                        it in authentik's own tools";
            Issue::new("token", problem, hint)
        };
        let token = self.token.as_ref().map(|token| token.expose().trim()).unwrap_or_default();
        if token.is_empty() {
            return Err(issue("it is missing"));
        }
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(issue("it has characters that no token has"));
        }
        let header = wiped::bearer(token).map_err(|_| issue("it can't be sent"))?;
        Ok((header, Secret::from(token)))
    }
}

/// Nothing is checked yet: the URL may have a password in it, and the PEM a private key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, token, connection } = self;
        f.debug_struct("ClientBuilder")
            .field("url", &excerpt_of_url(url, 80))
            .field("token", token)
            .field("connection", connection)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_marked_so_that_no_layer_shows_or_indexes_it() {
        let builder = ClientBuilder::new("https://authentik.company").token(" ak-token\n");
        let (header, token) = builder.authorization().unwrap();
        assert!(header.is_sensitive() && token.expose() == "ak-token");
    }
}
