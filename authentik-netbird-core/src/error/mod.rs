//! The one public [`Error`].
//!
//! A message says what was being done to which resource, which server responded, and what it said; a
//! hint says what to do. A source is never repeated in a message; [`Error::chain`] gives message,
//! sources and hint in one text, for the edge of a program. No message holds a secret: what servers
//! send is redacted and capped before it is stored.

mod blocker;
mod kind;
mod request;
mod response;
mod transport;

use std::path::PathBuf;

use crate::issue::{Issue, Lines, printable};

pub use blocker::{Blocker, BlockerKind};
pub use kind::ErrorKind;
pub use request::RequestContext;
pub use response::{ApiError, DecodeError, UnexpectedResponse, UnexpectedResponseKind};
pub use transport::{TransportError, TransportErrorKind};

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of this crate. [`Error::kind`] distinguishes the kinds.
///
/// ```
/// use authentik_netbird_core::{ErrorKind, NetbirdIntegration};
///
/// let error = NetbirdIntegration::builder("htp://authentik", "netbird company").build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidIntegration);
/// let fields: Vec<&str> = error.issues().iter().map(|issue| issue.field.as_str()).collect();
/// assert_eq!(fields, ["authentik_url", "domain"]);
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The integration is not valid.
    #[error("invalid integration:{}", Lines(issues))]
    #[non_exhaustive]
    InvalidIntegration {
        /// Everything that is wrong, at once.
        issues: Vec<Issue>,
    },
    /// The client's options are not valid.
    #[error("invalid client options:{}", Lines(issues))]
    #[non_exhaustive]
    InvalidClient {
        /// Everything that is wrong, at once.
        issues: Vec<Issue>,
    },
    /// NetBird's files cannot hold a value, or an existing file cannot be merged or verified. Nothing
    /// was written.
    #[error("invalid NetBird configuration:{}", Lines(issues))]
    #[non_exhaustive]
    InvalidOutputs {
        /// Everything that is wrong, at once.
        issues: Vec<Issue>,
    },
    /// A file cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The server is in a state that cannot be changed safely. Nothing was written.
    #[error(
        "cannot plan: the server is not in a state that can be changed safely:{}",
        Lines(blockers)
    )]
    #[non_exhaustive]
    Blocked {
        /// Every reason, at once.
        blockers: Vec<Blocker>,
    },
    /// No response came.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The server refused.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// A response that authentik's API does not send: a login page, a proxy's error, a redirect.
    #[error(transparent)]
    UnexpectedResponse(Box<UnexpectedResponse>),
    /// JSON that this crate cannot read.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// The token's user is missing permissions. Nothing was written.
    #[error("the token is missing required permissions:{}", Lines(permissions))]
    #[non_exhaustive]
    MissingPermissions {
        /// The permissions, such as `authentik_core.add_user`.
        permissions: Vec<String>,
    },
    /// The server is no longer as it was when the plan was made. Nothing was written.
    #[error("the plan is stale, the server has changed since:{}", Lines(differences))]
    #[non_exhaustive]
    StalePlan {
        /// The changes.
        differences: Vec<String>,
    },
    /// The plan cannot be applied: offline, of another server, cut, or of a newer format.
    #[error("the plan cannot be applied: {}. {hint}", printable(message))]
    #[non_exhaustive]
    InvalidPlan {
        /// Why.
        message: String,
        /// A remedy.
        hint: String,
    },
    /// Some operations were applied, one or more failed. Running again finishes the job.
    #[error("{report}")]
    #[non_exhaustive]
    PartialApply {
        /// The operations that were applied, failed, and were skipped.
        report: Box<crate::report::ApplyReport>,
        /// The first failure.
        source: Box<Error>,
    },
    /// An apply was asked to end before everything was started: the source of an
    /// [`Error::PartialApply`].
    #[error("stopped before everything was applied")]
    Stopped,
    /// A verification in which a check failed, the whole report.
    #[error("NetBird cannot use authentik as it is:{}", Lines(&.0.failures()))]
    Verification(Box<crate::report::Verification>),
}

impl Error {
    /// [`Error::InvalidIntegration`] with these issues, for bindings that check input themselves.
    #[must_use]
    pub fn invalid_integration(issues: Vec<Issue>) -> Self {
        Self::InvalidIntegration { issues }
    }

    /// [`Error::InvalidOutputs`] with these issues, for bindings that check input themselves.
    #[must_use]
    pub fn invalid_outputs(issues: Vec<Issue>) -> Self {
        Self::InvalidOutputs { issues }
    }

    /// [`Error::InvalidClient`] with these issues, for bindings that read settings themselves.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn invalid_client(issues: Vec<Issue>) -> Self {
        Self::InvalidClient { issues }
    }

    pub(crate) fn invalid_plan(message: impl Into<String>, hint: &str) -> Self {
        Self::InvalidPlan { message: message.into(), hint: hint.to_owned() }
    }

    /// Issues of [`Error::InvalidIntegration`], [`Error::InvalidClient`] and
    /// [`Error::InvalidOutputs`]; empty for others.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        match self {
            Self::InvalidIntegration { issues }
            | Self::InvalidClient { issues }
            | Self::InvalidOutputs { issues } => issues,
            _ => &[],
        }
    }

    /// Blockers of [`Error::Blocked`]; empty for others.
    #[must_use]
    pub fn blockers(&self) -> &[Blocker] {
        match self {
            Self::Blocked { blockers } => blockers,
            _ => &[],
        }
    }

    /// Message and sources, from the outermost to the innermost, and the hint, in one text.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.message_with_sources();
        if let Some(hint) = self.hint() {
            text.push_str("\n  hint: ");
            text.push_str(&hint);
        }
        text
    }

    /// Message and sources in one text, without those that a report already has.
    pub(crate) fn message_with_sources(&self) -> String {
        let mut text = self.to_string();
        if let Self::PartialApply { report, source } = self {
            if !report.has_failed() {
                text.push_str("\n  ");
                text.push_str(&source.message_with_sources());
            }
            return text;
        }
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            source = error.source();
            // Of what the HTTP library says, only the cause: the rest says that a request failed.
            if source.is_some() && matches!(self, Self::Transport(_)) {
                continue;
            }
            let message = error.to_string();
            if !message.is_empty() && !text.contains(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
        }
        text
    }
}
