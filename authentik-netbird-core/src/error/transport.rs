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
    /// TLS: the certificate is not trusted, or is for another name.
    Certificate,
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
        !matches!(self, Self::NameNotFound | Self::Certificate | Self::NotTls)
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
