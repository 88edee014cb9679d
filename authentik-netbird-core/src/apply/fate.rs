//! What an error says about the write that met it.

use crate::error::{Error, TransportErrorKind, UnexpectedResponseKind as Unexpected};
use crate::plan::{Verb, Write};

/// What an error says about the write that met it.
pub(super) enum Fate {
    /// It did not reach the server, or the server would not take it now.
    NotDone,
    /// The server refused it. If it was to make something, that may be there already.
    Refused,
    /// Anything may have happened.
    Unknown,
}

pub(super) fn fate(error: &Error) -> Fate {
    match error {
        Error::Transport(error)
            if error.unsent || error.kind == TransportErrorKind::Certificate =>
        {
            Fate::NotDone
        }
        Error::Api(error) => by_status(error.status),
        Error::UnexpectedResponse(response) => match &response.kind {
            Unexpected::Redirect { .. } => Fate::Refused,
            Unexpected::Html { .. } | Unexpected::NotJson { .. } => by_status(response.status),
            _ => Fate::Unknown,
        },
        _ => Fate::Unknown,
    }
}

/// Whether the write that met it may have been done all the same.
pub(super) fn may_have_been_done(error: &Error) -> bool {
    matches!(fate(error), Fate::Unknown)
}

fn by_status(status: u16) -> Fate {
    match status {
        429 => Fate::NotDone,
        // 408: something gave up waiting, perhaps for authentik, which may be at it still.
        400..=407 | 409..=499 => Fate::Refused,
        _ => Fate::Unknown,
    }
}

/// Whether someone gave up waiting for authentik, which finishes what it has begun.
pub(super) fn may_still_be_done(error: &Error) -> bool {
    match error {
        Error::Transport(error) => !error.unsent && error.kind == TransportErrorKind::Timeout,
        other => matches!(other.status(), Some(408 | 504)),
    }
}

/// Whether a refused write may have been refused because what it makes is there, or what it removes
/// is gone: someone else was faster, or an earlier attempt of ours got through.
pub(super) fn may_be_so(write: &Write, error: &Error) -> bool {
    match error.status() {
        Some(400) => write.verb() == Verb::Create,
        Some(404) => write.is_done_when_gone(),
        _ => false,
    }
}
