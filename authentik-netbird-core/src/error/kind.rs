//! The kind of an error, and the questions a caller decides on.

use super::{BlockerKind, Error, RequestContext, TransportErrorKind, UnexpectedResponseKind};
use crate::ids::{Resource, text_enum};

text_enum! {
    /// The kinds of [`Error`].
    ErrorKind {
        /// The integration cannot be.
        InvalidIntegration = "invalid_integration",
        /// The client's settings cannot be.
        InvalidClient = "invalid_client",
        /// NetBird's files cannot carry a value, or an existing file cannot be merged.
        InvalidOutputs = "invalid_outputs",
        /// A file that cannot be read or written.
        File = "file",
        /// A required resource is missing on authentik: a signing key, a flow, a mapping.
        Missing = "missing",
        /// More than one thing matches.
        Ambiguous = "ambiguous",
        /// An existing object belongs to something else.
        Conflict = "conflict",
        /// The server is older than the oldest release supported.
        UnsupportedVersion = "unsupported_version",
        /// No response came.
        Transport = "transport",
        /// No response came in time.
        Timeout = "timeout",
        /// The server says that the token is wrong or may not do this (always a 403 on authentik).
        PermissionDenied = "permission_denied",
        /// The server refused for another reason.
        Api = "api",
        /// A response that authentik's API does not send.
        UnexpectedResponse = "unexpected_response",
        /// JSON that cannot be read.
        Decode = "decode",
        /// The server changed since the plan was made.
        StalePlan = "stale_plan",
        /// A plan that cannot be applied.
        InvalidPlan = "invalid_plan",
        /// Some operations were done, one or more failed.
        PartialApply = "partial_apply",
        /// An apply was asked to end before everything was started.
        Stopped = "stopped",
        /// A check of a verification failed.
        Verification = "verification",
    }
}

impl Error {
    /// The kind of error. Of several blockers the gravest counts: unsupported version,
    /// conflict, ambiguous, missing.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidIntegration { .. } => ErrorKind::InvalidIntegration,
            Self::InvalidClient { .. } => ErrorKind::InvalidClient,
            Self::InvalidOutputs { .. } => ErrorKind::InvalidOutputs,
            Self::File { .. } => ErrorKind::File,
            Self::Blocked { blockers } => match blockers.iter().map(|one| one.kind).max() {
                Some(BlockerKind::UnsupportedVersion) => ErrorKind::UnsupportedVersion,
                Some(BlockerKind::Conflict) => ErrorKind::Conflict,
                Some(BlockerKind::Ambiguous) => ErrorKind::Ambiguous,
                Some(BlockerKind::Missing) | None => ErrorKind::Missing,
            },
            Self::Transport(error) if error.kind == TransportErrorKind::Timeout => {
                ErrorKind::Timeout
            }
            Self::Transport(_) => ErrorKind::Transport,
            Self::Api(error) if error.is_permission_denied() => ErrorKind::PermissionDenied,
            Self::MissingPermissions { .. } => ErrorKind::PermissionDenied,
            Self::Api(_) => ErrorKind::Api,
            Self::UnexpectedResponse(_) => ErrorKind::UnexpectedResponse,
            Self::Decode(_) => ErrorKind::Decode,
            Self::StalePlan { .. } => ErrorKind::StalePlan,
            Self::InvalidPlan { .. } => ErrorKind::InvalidPlan,
            Self::PartialApply { .. } => ErrorKind::PartialApply,
            Self::Stopped => ErrorKind::Stopped,
            Self::Verification(_) => ErrorKind::Verification,
        }
    }

    /// The error itself, or for [`Error::PartialApply`] the failure behind it.
    fn cause(&self) -> &Self {
        match self {
            Self::PartialApply { source, .. } => source.cause(),
            other => other,
        }
    }

    /// Whether the token is wrong or may not do this. True for a partial apply that failed so.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.cause().kind() == ErrorKind::PermissionDenied
    }

    /// Whether the same call may succeed later although nobody changes anything: no response, a
    /// server that is starting, too many requests.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.cause() {
            Self::Transport(error) => error.kind.is_retryable(),
            Self::Api(error) => matches!(error.status, 408 | 429 | 500..),
            Self::UnexpectedResponse(error) => {
                matches!(error.status, 408 | 429 | 500..)
                    || error.kind == UnexpectedResponseKind::EmptyMethodNotAllowed
            }
            _ => false,
        }
    }

    /// HTTP status of the response, if one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.cause() {
            Self::Api(error) => Some(error.status),
            Self::UnexpectedResponse(error) => Some(error.status),
            _ => None,
        }
    }

    /// The resource that it is about, where there is one.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match self.cause() {
            Self::Blocked { blockers } => blockers.first().map(|one| &one.resource),
            other => other.request().map(|request| &request.resource),
        }
    }

    /// The action on [`Error::resource`], such as `read` or `create`.
    #[must_use]
    pub fn action(&self) -> Option<&'static str> {
        self.cause().request().map(|request| request.action)
    }

    /// The server that it is about, scheme to port, if it is about a request.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        self.cause().request().map(|request| request.server.as_str())
    }

    /// Whether authentik failed to list what uses an object: 2026.5 does for users who are not administrators.
    pub(crate) fn hides_uses(&self) -> bool {
        let is_of_uses = |request: &RequestContext| request.path.ends_with("/used_by/");
        self.status() == Some(500) && self.request().is_some_and(is_of_uses)
    }

    pub(crate) fn request(&self) -> Option<&RequestContext> {
        match self {
            Self::Api(error) => Some(&error.request),
            Self::UnexpectedResponse(error) => Some(&error.request),
            Self::Transport(error) => Some(&error.request),
            Self::Decode(error) => Some(&error.request),
            _ => None,
        }
    }

    /// A remedy, if one is known and the message does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File { action, path, source } => Some(match source.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    format!("Check who may {action} {} and its folder.", path.display())
                }
                std::io::ErrorKind::NotFound => {
                    format!("Check that {} and its folder exist.", path.display())
                }
                std::io::ErrorKind::InvalidInput => "Use the path of a file.".to_owned(),
                _ => format!("Check the disk and the path {}.", path.display()),
            }),
            Self::Decode(error) => Some(format!(
                "Check that the URL is {}'s own. If it is, its release may be too new: report the path \
                 above.",
                error.request.peer
            )),
            Self::Transport(error) => Some(error.hint()),
            Self::Api(error) => error.hint(),
            Self::UnexpectedResponse(error) => Some(error.hint()),
            Self::MissingPermissions { .. } => Some(
                "Use the token of a member of \"authentik Admins\", or grant them to a role of the \
                 token's user."
                    .to_owned(),
            ),
            Self::StalePlan { .. } => Some("Create a new plan.".to_owned()),
            Self::PartialApply { source, .. } => source.hint(),
            Self::Stopped => Some("Run it again to apply the rest.".to_owned()),
            _ => None,
        }
    }
}
