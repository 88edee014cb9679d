//! [`ConnectionOptions`]: how to connect, the same for everything that does.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::HeaderValue;
use url::Url;

use super::{Connection, Retry, is_local_name};
use crate::issue::Issue;

/// This machine; the port is that of the URL.
const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// How to connect to a server, checked when a client is built.
///
/// ```
/// use std::time::Duration;
///
/// use authentik_netbird_core::{Client, ConnectionOptions};
///
/// let options = ConnectionOptions::new().timeout(Duration::from_secs(5));
/// let client = Client::builder("https://authentik.company").token("ak-token").options(options);
/// client.build()?;
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ConnectionOptions {
    root_certificates: Vec<Vec<u8>>,
    danger_accept_invalid_certs: bool,
    allow_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    retry_timeout: Duration,
    user_agent: String,
}

impl Default for ConnectionOptions {
    fn default() -> Self {
        Self {
            root_certificates: Vec::new(),
            danger_accept_invalid_certs: false,
            allow_http: false,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry_timeout: Duration::from_secs(15),
            user_agent: concat!("authentik-netbird/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl ConnectionOptions {
    /// The operating system's certificates and the defaults below.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the certificates of a private authority as well as the operating system's: PEM, one or
    /// more. May be called more than once.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Whether to accept any certificate: of any authority, for any name, expired. Default: no.
    /// Anyone between here and the server can then read tokens and passwords: for experiments,
    /// never for production, where [`root_certificates`](Self::root_certificates) is what you want.
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.danger_accept_invalid_certs = accept;
        self
    }

    /// Whether to send the token over plain `http` to other machines than this one. Default: no. Anyone
    /// in between can then read it.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    pub(crate) fn is_http_allowed(&self) -> bool {
        self.allow_http
    }

    /// Longest wait for one response, with its body. Default: 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Longest wait for a connection. Default: 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a read is retried after a failure that may pass, from its first attempt on. Default:
    /// 15 seconds; zero: never. At most five attempts in any case.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.retry_timeout = timeout;
        self
    }

    /// The `User-Agent` header. Default: `authentik-netbird/` and this crate's version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Opens no connection yet. Without a URL, which may be wrong, everything else is checked.
    ///
    /// # Errors
    /// Everything that is wrong with the options, at once.
    pub(crate) fn build(&self, url: Option<&Url>) -> Result<Connection, Vec<Issue>> {
        let mut issues = Vec::new();
        let mut certificates = Vec::new();
        for pem in &self.root_certificates {
            match reqwest::Certificate::from_pem_bundle(pem) {
                Ok(bundle) if !bundle.is_empty() => certificates.extend(bundle),
                _ => issues.push(Issue::new(
                    "root_certificates",
                    "no PEM certificate found",
                    "Give the authority's certificate, which begins with -----BEGIN CERTIFICATE-----.",
                )),
            }
        }
        for (field, timeout) in
            [("timeout", self.timeout), ("connect_timeout", self.connect_timeout)]
        {
            if timeout.is_zero() {
                issues.push(Issue::new(field, "must not be zero", "Give a time to wait."));
            }
        }
        if HeaderValue::from_str(&self.user_agent).is_err() {
            let message = "contains characters that a header cannot have";
            issues.push(Issue::new("user_agent", message, "Use printable ASCII characters."));
        }
        if !issues.is_empty() {
            return Err(issues);
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Losing this race means that another provider has just been installed, which is fine.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .tcp_nodelay(true)
            // As many as one plan takes: idle ones of many calls at once would be open files.
            .pool_max_idle_per_host(12);
        let builder = if let Some(url) = url.filter(|url| url.scheme() == "http") {
            // No need to read the operating system's certificates; and neither a proxy nor a resolver
            // must send the token elsewhere.
            let builder = builder.tls_certs_only([]).no_proxy();
            match url.domain().filter(|name| is_local_name(name)) {
                Some(name) => builder.resolve_to_addrs(name, &LOOPBACK),
                None => builder,
            }
        } else if self.danger_accept_invalid_certs {
            let url = url.map(Url::as_str).unwrap_or_default();
            tracing::warn!(url, "certificates are not checked: anyone in between can read tokens");
            builder.tls_danger_accept_invalid_certs(true)
        } else {
            builder.tls_certs_merge(certificates)
        };
        let http = builder.build().map_err(|error| {
            vec![Issue::new(
                "root_certificates",
                format!("TLS cannot be set up ({})", chain(&error)),
                "Check the operating system's certificates (package ca-certificates).",
            )]
        })?;
        Ok(Connection { http, retry: Retry { total: self.retry_timeout } })
    }
}

/// Nothing is checked yet: the PEM may have a private key in it.
impl fmt::Debug for ConnectionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { root_certificates, danger_accept_invalid_certs, allow_http, timeout, .. } = self;
        f.debug_struct("ConnectionOptions")
            .field("root_certificates", &root_certificates.len())
            .field("danger_accept_invalid_certs", danger_accept_invalid_certs)
            .field("allow_http", allow_http)
            .field("timeout", timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry_timeout", &self.retry_timeout)
            .field("user_agent", &self.user_agent)
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
