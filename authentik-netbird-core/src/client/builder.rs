//! Builder of [`Client`].

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::{Client, Inner};
use crate::error::{Error, Result};
use crate::http::{ConnectionOptions, bearer};
use crate::integration::base_url;
use crate::issue::{Issue, excerpt_of_url};
use crate::secret::Secret;

/// Collects what a client needs; [`build`](Self::build) checks everything at once.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    token: Option<Secret>,
    options: ConnectionOptions,
}

impl ClientBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), token: None, options: ConnectionOptions::default() }
    }

    /// The API token of an administrator. Required. Surrounding white space is dropped.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
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
        let url = base_url(&self.url)
            .map_err(|(message, hint)| issues.push(Issue::new("authentik_url", message, hint)))
            .ok();
        let token = self.authorization().map_err(|issue| issues.push(issue)).ok();
        let connection =
            self.options.build(url.as_ref()).map_err(|found| issues.extend(found)).ok();
        match (url, token, connection) {
            (Some(url), Some((authorization, token)), Some(connection)) => {
                let options = self.options;
                Ok(Client(Arc::new(Inner { connection, authorization, url, token, options })))
            }
            _ => Err(Error::InvalidClient { issues }),
        }
    }

    fn authorization(&self) -> Result<(HeaderValue, Secret), Issue> {
        let issue = |message: &str| {
            let hint = "Give the API token of an authentik administrator, as AUTHENTIK_TOKEN has \
                        it in authentik's own tools.";
            Issue::new("token", message, hint)
        };
        let token = self.token.as_ref().map(|token| token.expose().trim()).unwrap_or_default();
        if token.is_empty() {
            return Err(issue("missing"));
        }
        let invalid = "contains invalid characters (did you include \"Bearer \"?)";
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(issue(invalid));
        }
        let token = Secret::from(token);
        let header = bearer(&token).map_err(|_| issue(invalid))?;
        Ok((header, token))
    }
}

/// Nothing is checked yet: the URL may have a password in it.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, token, options } = self;
        f.debug_struct("ClientBuilder")
            .field("url", &excerpt_of_url(url, 80))
            .field("token", token)
            .field("options", options)
            .finish()
    }
}

#[cfg(test)]
mod tests;
