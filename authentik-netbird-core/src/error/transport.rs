//! No answer came.

use std::fmt;

use crate::ids::Resource;

/// No answer came.
#[derive(Debug)]
pub struct TransportError {
    /// What was being done, such as `read` or `create`.
    pub action: &'static str,
    /// To what.
    pub resource: Resource,
    /// The server, scheme to port, without path or query.
    pub server: String,
    /// What went wrong.
    pub problem: TransportProblem,
    /// Whether the request surely did not reach the server: there was no connection.
    pub unsent: bool,
    /// Attempts made, this one included.
    pub attempts: u32,
    /// What the HTTP library said.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportProblem {
    /// The name has no address.
    NameNotFound,
    /// Nothing listens there, or the network is down.
    ConnectionRefused,
    /// TLS: the certificate is not trusted, or is for another name.
    Certificate,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Interrupted,
}

impl TransportProblem {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::Certificate)
    }
}

impl TransportError {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        let server = &self.server;
        match self.problem {
            TransportProblem::NameNotFound => format!("check the spelling of {server}, and DNS"),
            TransportProblem::ConnectionRefused => {
                format!("check that authentik is running and that {server} is its address")
            }
            TransportProblem::Certificate => format!(
                "check the certificate of {server}; for a private authority give its certificate \
                 to the client"
            ),
            TransportProblem::Timeout => {
                format!("check that {server} is up, and what is between; running again is safe")
            }
            TransportProblem::Interrupted => {
                format!("check {server} and any proxy before it; running again is safe")
            }
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            TransportProblem::NameNotFound => "has no address",
            TransportProblem::ConnectionRefused => "can't be reached",
            TransportProblem::Certificate => "has a certificate that is not trusted",
            TransportProblem::Timeout => "did not answer in time",
            TransportProblem::Interrupted => "broke the connection",
        };
        write!(f, "can't {} the {}: {} {problem}", self.action, self.resource, self.server)?;
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
