//! [`Connection`]: HTTP to one server, without a token of its own, and the settings it is made from.

use std::fmt;
use std::time::Duration;

use url::Url;

use super::Retry;
use crate::issue::Issue;

/// How to connect, whoever asks.
#[derive(Clone)]
pub(crate) struct ConnectionSettings {
    /// Certificates of private authorities, PEM; not checked yet.
    pub(crate) ca_certificates: Vec<Vec<u8>>,
    /// Whether any certificate will do.
    pub(crate) accept_invalid_certificates: bool,
    /// Longest wait for one answer, its body included.
    pub(crate) timeout: Duration,
    /// Longest wait for a connection.
    pub(crate) connect_timeout: Duration,
    pub(crate) retry: Retry,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            ca_certificates: Vec::new(),
            accept_invalid_certificates: false,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: Retry::default(),
        }
    }
}

/// HTTP to one server. Redirects are not followed.
pub(crate) struct Connection {
    pub(super) http: reqwest::Client,
    pub(super) retry: Retry,
}

impl ConnectionSettings {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// Every certificate that can't be read, or that TLS can't be set up.
    pub(crate) fn build(&self, url: &Url) -> Result<Connection, Vec<Issue>> {
        let certificates = self.certificates()?;
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Losing this race means that someone else has just installed one, which will do.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let builder = reqwest::Client::builder()
            .user_agent(concat!("authentik-netbird/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .tcp_nodelay(true)
            // As many as one plan takes: idle ones of many calls at once would be open files.
            .pool_max_idle_per_host(12);
        // Plain http goes to loopback alone: no need to read the operating system's certificates.
        let builder = if url.scheme() == "http" {
            builder.tls_certs_only([]).no_proxy()
        } else if self.accept_invalid_certificates {
            tracing::warn!(%url, "certificates are not checked: the token may go to anyone in between");
            builder.tls_danger_accept_invalid_certs(true)
        } else {
            builder.tls_certs_merge(certificates)
        };
        let http = builder.build().map_err(|error| {
            vec![Issue::new(
                "ca_certificates",
                format!("TLS can't be set up ({})", chain(&error)),
                "check the operating system's certificates (package ca-certificates)",
            )]
        })?;
        Ok(Connection { http, retry: self.retry })
    }

    /// The certificates, read.
    pub(super) fn certificates(&self) -> Result<Vec<reqwest::Certificate>, Vec<Issue>> {
        let (mut certificates, mut issues) = (Vec::new(), Vec::new());
        for pem in &self.ca_certificates {
            match reqwest::Certificate::from_pem_bundle(pem) {
                Ok(bundle) if !bundle.is_empty() => certificates.extend(bundle),
                _ => issues.push(Issue::new(
                    "ca_certificates",
                    "there is no PEM certificate in it",
                    "give the authority's certificate, which begins with -----BEGIN CERTIFICATE-----",
                )),
            }
        }
        if issues.is_empty() { Ok(certificates) } else { Err(issues) }
    }
}

/// Nothing is checked yet: the PEM may have a private key in it.
impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ca_certificates, accept_invalid_certificates, timeout, connect_timeout, retry } =
            self;
        f.debug_struct("ConnectionSettings")
            .field("ca_certificates", &ca_certificates.len())
            .field("accept_invalid_certificates", accept_invalid_certificates)
            .field("timeout", timeout)
            .field("connect_timeout", connect_timeout)
            .field("retry", retry)
            .finish()
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
