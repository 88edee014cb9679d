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
    /// TLS: the certificate is an authority's own, and not a server's.
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
}

impl TransportError {
    fn problem(&self) -> String {
        let server = self.request.server.as_str();
        let problem = match self.kind {
            TransportErrorKind::NameNotFound => {
                let host = server.split_once("://").map_or(server, |(_, host)| host);
                format!("could not resolve {host}")
            }
            TransportErrorKind::ConnectionRefused => format!("could not connect to {server}"),
            TransportErrorKind::Certificate => {
                format!("the certificate of {server} is not trusted")
            }
            TransportErrorKind::CertificateExpired => {
                format!("the certificate of {server} has expired or is not valid yet")
            }
            TransportErrorKind::CertificateName => {
                format!("the certificate of {server} is for another name")
            }
            TransportErrorKind::CertificateOfAuthority => {
                format!("the certificate of {server} is an authority's own")
            }
            TransportErrorKind::NotTls => format!("{server} does not speak https"),
            TransportErrorKind::Timeout => format!("{server} did not respond in time"),
            TransportErrorKind::Interrupted => format!("lost the connection to {server}"),
        };
        match self.attempts {
            0 | 1 => problem,
            attempts => format!("{problem} ({attempts} attempts)"),
        }
    }

    /// A remedy.
    #[must_use]
    pub fn hint(&self) -> String {
        let mut hint = self.hint_without_proxy();
        if self.may_use_proxy && !self.kind.is_certificate() {
            hint += " HTTPS_PROXY or ALL_PROXY is set: check that proxy, too, or name the host in NO_PROXY.";
        }
        hint
    }

    fn hint_without_proxy(&self) -> String {
        let server = &self.request.server;
        match self.kind {
            TransportErrorKind::NameNotFound => {
                format!("Check the spelling of {server}, and DNS.")
            }
            TransportErrorKind::ConnectionRefused => {
                let peer = self.request.peer;
                format!("Check that {peer} is running and that {server} is its address.")
            }
            TransportErrorKind::Certificate => format!(
                "Check the certificate of {server}. If a private authority issued it, set \
                 `root_certificates` to that authority's certificate, and let the containers of NetBird's \
                 management and everyone's machines trust it, too."
            ),
            TransportErrorKind::CertificateExpired => {
                format!("Renew the certificate of {server}, or set the clock of this machine.")
            }
            TransportErrorKind::CertificateName => format!(
                "Use a name that the certificate is for, or give {server} a certificate for its own name."
            ),
            TransportErrorKind::CertificateOfAuthority => format!(
                "Give {server} a certificate that an authority issued for it, or a self-signed one with \
                 CA:FALSE: openssl req -x509 creates one with -addext basicConstraints=CA:FALSE."
            ),
            TransportErrorKind::NotTls => format!(
                "Check the port of {server}: it speaks plain http, or another protocol. authentik's own \
                 containers have http on 9000 and https on 9443."
            ),
            TransportErrorKind::Timeout => {
                format!(
                    "Check that {server} is up, and what is in front of it. Running again is safe."
                )
            }
            TransportErrorKind::Interrupted => {
                format!("Check {server} and what is in front of it. Running again is safe.")
            }
        }
    }
}
