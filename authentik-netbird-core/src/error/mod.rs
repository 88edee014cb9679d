//! The one public [`Error`].
//!
//! Every message names the operation and the resource where there is one, what the server said and
//! the remedy where one is known. A source is never repeated in a message; [`Error::chain`] gives
//! message and sources in one text, for the edge of a program. No message holds a secret: answers
//! are capped and redacted before they are stored.

mod api;
mod kind;
mod problem;
mod transport;

use std::path::PathBuf;

use crate::ids::Resource;
use crate::issue::{Issue, Lines, printable};

pub use api::{ApiError, Unexpected, UnexpectedAnswer};
pub use kind::ErrorKind;
pub use problem::Problem;
pub use transport::{TransportError, TransportProblem};

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong. [`Error::kind`] tells the kinds apart.
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
    /// The integration can't be: every problem at once.
    #[error("the integration is not valid:{}", Lines(.0))]
    InvalidIntegration(Vec<Issue>),
    /// The client can't be built: every problem at once.
    #[error("the client's settings are not valid:{}", Lines(.0))]
    InvalidClient(Vec<Issue>),
    /// What NetBird's files can't carry, or an existing file that can't be merged or verified: every
    /// problem at once. Nothing was written.
    #[error("NetBird's configuration won't do:{}", Lines(.0))]
    InvalidOutputs(Vec<Issue>),
    /// A file that can't be read or written.
    #[error("can't {action} {}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The server is in a state that can't be planned from: every problem at once. Nothing was
    /// written.
    #[error("there is no safe plan:{}", Lines(.0))]
    Unplannable(Vec<Problem>),
    /// No answer came.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The server refused.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// An answer that is not authentik's API: a login page, a proxy's error, a redirect.
    #[error(transparent)]
    UnexpectedAnswer(Box<UnexpectedAnswer>),
    /// An answer that this crate can't read.
    #[error("can't read authentik's answer about the {resource}: at {path}")]
    Decode {
        /// What was asked for.
        resource: Resource,
        /// Place in the JSON, such as `results[0].pk`.
        path: String,
        /// What the decoder said.
        source: serde_json::Error,
    },
    /// The token may not do all that the plan needs. Nothing was written.
    #[error("the token may not do what this needs; it lacks:{}", Lines(.0))]
    LacksPermissions(Vec<String>),
    /// The server is no longer as it was when the plan was made. Nothing was written.
    #[error("the plan is stale, the server has changed since:{}\n  make a new plan", Lines(.0))]
    StalePlan(Vec<String>),
    /// A plan that can't be applied: offline, of another server, cut, or of a newer format.
    #[error("the plan can't be applied: {}", printable(.0))]
    InvalidPlan(String),
    /// Some operations were done, one or more failed. Running again finishes the job.
    #[error("{report}")]
    PartialApply {
        /// What was done, what failed, and what was not tried.
        report: Box<crate::plan::ApplyReport>,
        /// The first failure.
        source: Box<Error>,
    },
    /// A verification in which a check failed, the whole report.
    #[error("NetBird can't use authentik as it is:{}", Lines(&.0.failures()))]
    Verification(Box<crate::verify::Verification>),
}

impl Error {
    /// Issues of [`Error::InvalidIntegration`], [`Error::InvalidClient`] and
    /// [`Error::InvalidOutputs`]; empty for others.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        match self {
            Self::InvalidIntegration(issues)
            | Self::InvalidClient(issues)
            | Self::InvalidOutputs(issues) => issues,
            _ => &[],
        }
    }

    /// Problems of [`Error::Unplannable`]; empty for others.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Unplannable(problems) => problems,
            _ => &[],
        }
    }

    /// Message and sources, from the outermost to the innermost, and the remedy, in one text.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.message_with_sources();
        if let Some(hint) = self.hint() {
            text.push_str("\n  hint: ");
            text.push_str(&hint);
        }
        text
    }

    /// Message and sources in one text. What a report says of its operations is not said again.
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
            let message = error.to_string();
            if !message.is_empty() && !text.contains(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
            source = error.source();
        }
        text
    }
}
