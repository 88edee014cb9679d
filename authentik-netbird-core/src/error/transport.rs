//! No response came.

use std::fmt;

use super::RequestContext;

/// No response came.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// Which request.
    pub request: RequestContext,
    /// What went wrong.
    pub kind: TransportErrorKind,
    /// Whether the request certainly did not reach the server: there was no connection.
    pub unsent: bool,
    /// Attempts made, this one included.
    pub attempts: u32,
    /// What the HTTP library said.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The name could not be resolved.
    NameNotFound,
    /// Nothing listens there, or the network is down.
    ConnectionRefused,
    /// TLS: the certificate is not trusted, or is for another name.
    Certificate,
    /// No response in time.
    Timeout,
    /// The connection was lost.
    Interrupted,
}

impl TransportErrorKind {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::NameNotFound | Self::Certificate)
    }
}

impl TransportError {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        let server = &self.request.server;
        match self.kind {
            TransportErrorKind::NameNotFound => {
                format!("Check the spelling of {server}, and DNS.")
            }
            TransportErrorKind::ConnectionRefused => {
                format!("Check that authentik is running and that {server} is its address.")
            }
            TransportErrorKind::Certificate => format!(
                "Check the certificate of {server}. If a private authority issued it, set \
                 `root_certificates` to that authority's certificate, and let the containers of NetBird's \
                 management and everyone's machines trust it, too."
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

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.request.server.as_str();
        write!(f, "cannot {}: ", self.request)?;
        match self.kind {
            TransportErrorKind::NameNotFound => {
                let host = server.split_once("://").map_or(server, |(_, host)| host);
                write!(f, "could not resolve {host}")
            }
            TransportErrorKind::ConnectionRefused => write!(f, "could not connect to {server}"),
            TransportErrorKind::Certificate => {
                write!(f, "the certificate of {server} is not trusted")
            }
            TransportErrorKind::Timeout => write!(f, "{server} did not respond in time"),
            TransportErrorKind::Interrupted => write!(f, "lost the connection to {server}"),
        }?;
        if self.attempts > 1 { write!(f, " ({} attempts)", self.attempts) } else { Ok(()) }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
