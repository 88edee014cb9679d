//! No response came.

use super::RequestContext;

/// No response came.
#[derive(Debug, thiserror::Error)]
#[error("cannot {request}: {}", self.problem())]
#[non_exhaustive]
pub struct TransportError {
    /// Which request.
    pub request: RequestContext,
    /// The way in which it failed.
    pub kind: TransportErrorKind,
    /// Whether the request certainly did not reach the server: there was no connection.
    pub unsent: bool,
    /// Whether a proxy of the environment may be in between: `HTTPS_PROXY` or `ALL_PROXY` is set.
    pub may_use_proxy: bool,
    /// Attempts made, this one included.
    pub attempts: u32,
    /// The HTTP library's error.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The ways in which a connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The name could not be resolved.
    NameNotFound,
    /// Nothing listens there, or the network is down.
    ConnectionRefused,
    /// TLS: the certificate is not trusted.
    Certificate,
    /// TLS: the certificate has expired, or is not valid yet.
    CertificateExpired,
    /// TLS: the certificate is for another name.
    CertificateName,
    /// TLS: the certificate is a certificate authority's, not a server's.
    CertificateOfAuthority,
    /// The port answers, but does not speak TLS.
    NotTls,
    /// No response in time.
    Timeout,
    /// The connection was lost.
    Interrupted,
}

impl TransportErrorKind {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::NameNotFound | Self::NotTls) && !self.is_certificate()
    }

    /// Whether the server's certificate was refused, so that nothing was sent to it.
    #[must_use]
    pub fn is_certificate(self) -> bool {
        matches!(
            self,
            Self::Certificate
                | Self::CertificateExpired
                | Self::CertificateName
                | Self::CertificateOfAuthority
        )
    }

    /// The problem, and a remedy. `{server}`, `{host}` and `{peer}` stand for what the request went to.
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NameNotFound => {
                ("could not resolve {host}", "Check the spelling of {server}, and DNS.")
            }
            Self::ConnectionRefused => (
                "could not connect to {server}",
                "Check that {peer} is running and that {server} is its address.",
            ),
            Self::Certificate => (
                "the certificate of {server} is not trusted",
                "Check the certificate of {server}. If a private authority issued it, set \
                 `root_certificates` to that authority's certificate, and let the containers of NetBird's \
                 management and everyone's machines trust it, too.",
            ),
            Self::CertificateExpired => (
                "the certificate of {server} has expired or is not valid yet",
                "Renew the certificate of {server}, or set the clock of this machine.",
            ),
            Self::CertificateName => (
                "the certificate of {server} is for another name",
                "Use a name that the certificate is for, or give {server} a certificate for its own name.",
            ),
            Self::CertificateOfAuthority => (
                "the certificate of {server} is a certificate authority's, not a server's",
                "Give {server} a certificate that an authority issued for it, or a self-signed one with \
                 CA:FALSE: openssl req -x509 creates one with -addext basicConstraints=CA:FALSE.",
            ),
            Self::NotTls => (
                "{server} does not speak https",
                "Check the port of {server}: it speaks plain http, or another protocol. authentik's own \
                 containers have http on 9000 and https on 9443.",
            ),
            Self::Timeout => (
                "{server} did not respond in time",
                "Check that {server} is up, and what is in front of it. Running again is safe.",
            ),
            Self::Interrupted => (
                "lost the connection to {server}",
                "Check {server} and what is in front of it. Running again is safe.",
            ),
        }
    }
}

impl TransportError {
    fn problem(&self) -> String {
        let problem = self.filled(self.kind.texts().0);
        match self.attempts {
            0 | 1 => problem,
            attempts => format!("{problem} ({attempts} attempts)"),
        }
    }

    /// A remedy.
    #[must_use]
    pub fn hint(&self) -> String {
        let mut hint = self.filled(self.kind.texts().1);
        if self.may_use_proxy && !self.kind.is_certificate() {
            hint += " HTTPS_PROXY or ALL_PROXY is set: check that proxy, too, or name the host in NO_PROXY.";
        }
        hint
    }

    fn filled(&self, text: &str) -> String {
        let (server, peer) = (self.request.server.as_str(), self.request.peer.to_string());
        let host = server.split_once("://").map_or(server, |(_, host)| host);
        text.replace("{host}", host).replace("{peer}", &peer).replace("{server}", server)
    }
}
