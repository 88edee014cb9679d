//! Classifies a write by the error that it met.

use crate::error::{
    Error, TransportErrorKind, UnexpectedResponse, UnexpectedResponseKind as Unexpected,
};
use crate::report::Verb;
use crate::resource::Write;

/// Classifies a write by the error that it met.
pub(super) enum WriteStatus {
    /// It did not reach the server, or the server would not accept it now.
    NotSent,
    /// The server rejected it. If it was to create something, that may exist already.
    Rejected,
    /// Anything may have happened.
    Unknown,
}

pub(super) fn classify(error: &Error) -> WriteStatus {
    match error {
        Error::Transport(error) if error.unsent || error.kind.is_certificate() => {
            WriteStatus::NotSent
        }
        Error::Api(error) => by_status(error.status),
        Error::UnexpectedResponse(response) => match &response.kind {
            Unexpected::Redirect { .. } => WriteStatus::Rejected,
            Unexpected::Html { .. } | Unexpected::NotJson { .. } => by_status(response.status),
            _ => WriteStatus::Unknown,
        },
        _ => WriteStatus::Unknown,
    }
}

fn by_status(status: u16) -> WriteStatus {
    match status {
        429 => WriteStatus::NotSent,
        // 408: something gave up waiting, perhaps for authentik, which may still be processing it.
        400..=407 | 409..=499 => WriteStatus::Rejected,
        _ => WriteStatus::Unknown,
    }
}

/// Whether something gave up waiting for authentik, which finishes what it has begun.
pub(super) fn may_still_apply(error: &Error) -> bool {
    match error {
        Error::Transport(error) => !error.unsent && error.kind == TransportErrorKind::Timeout,
        other => matches!(other.status(), Some(408 | 504)),
    }
}

/// Whether a write may have been rejected because what it creates exists, or what it deletes does not:
/// another run was faster, or an earlier attempt of this one got through.
pub(super) fn may_already_hold(write: &Write, error: &Error) -> bool {
    match error.status() {
        Some(400) => write.verb() == Verb::Create,
        Some(404) => write.verb() == Verb::Delete,
        _ => false,
    }
}

/// Whether the server rejected a create as it does if the object exists already. Of two at the same moment
/// the slower one may meet an empty 405.
pub(super) fn may_be_anothers(error: &Error) -> bool {
    let is_empty =
        |response: &UnexpectedResponse| matches!(response.kind, Unexpected::EmptyMethodNotAllowed);
    matches!(error, Error::UnexpectedResponse(response) if is_empty(response))
        || error.status() == Some(400)
}
