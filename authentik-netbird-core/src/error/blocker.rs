//! [`Blocker`]: why there is no plan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{Resource, text_enum};
use crate::issue::{excerpt, printable};

/// One reason why the server cannot be changed safely, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Blocker {
    /// Which kind of reason.
    pub kind: BlockerKind,
    /// The resource concerned.
    pub resource: Resource,
    /// Why it blocks a plan.
    pub message: String,
    /// A remedy.
    pub hint: String,
    /// All matches of an ambiguous resource, each by what distinguishes it; empty for other kinds.
    #[serde(default)]
    pub matches: Vec<String>,
}

text_enum! {
    /// The kinds of [`Blocker`], the gravest last.
    BlockerKind {
        /// A required resource does not exist.
        Missing = "missing",
        /// More than one resource matches.
        Ambiguous = "ambiguous",
        /// The existing resource belongs to something else.
        Conflict = "conflict",
        /// The server is older than the oldest supported release.
        UnsupportedVersion = "unsupported_version",
    }
}

/// The most matches that a message lists; [`Blocker::matches`] has all of them.
const MAX_MATCHES: usize = 10;
/// The most characters of each part of a message: names on the server may be of any length.
const MAX_LENGTH: usize = 500;

impl Blocker {
    pub(crate) fn missing(
        resource: Resource,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(BlockerKind::Missing, resource, message, hint)
    }

    pub(crate) fn ambiguous(
        resource: Resource,
        matches: Vec<String>,
        hint: impl Into<String>,
    ) -> Self {
        let mut shown: Vec<String> =
            matches.iter().take(MAX_MATCHES).map(|one| excerpt(one, MAX_LENGTH)).collect();
        if matches.len() > MAX_MATCHES {
            shown.push(format!("and {} more", matches.len() - MAX_MATCHES));
        }
        let message = format!("{} match: {}", matches.len(), shown.join(", "));
        Self { matches, ..Self::new(BlockerKind::Ambiguous, resource, message, hint) }
    }

    pub(crate) fn conflict(
        resource: Resource,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(BlockerKind::Conflict, resource, message, hint)
    }

    /// The server is older than the oldest supported release.
    pub(crate) fn unsupported_version(found: impl fmt::Display, minimum: &str) -> Self {
        Self::new(
            BlockerKind::UnsupportedVersion,
            Resource::server("version"),
            format!("authentik {found} is too old"),
            format!("Upgrade it to {minimum} or later."),
        )
    }

    fn new(
        kind: BlockerKind,
        resource: Resource,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (message, hint) = (message.into(), hint.into());
        Self { kind, resource, message, hint, matches: Vec::new() }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, resource, message, hint, .. } = self;
        let subject = match kind {
            BlockerKind::Missing => format!("{resource} is missing: "),
            BlockerKind::Ambiguous => format!("{resource} is ambiguous, "),
            BlockerKind::Conflict => format!("{resource}: "),
            BlockerKind::UnsupportedVersion => String::new(),
        };
        // The parts of an ambiguous one are cut already, and their number is bounded.
        let message = match kind {
            BlockerKind::Ambiguous => message.clone(),
            _ => excerpt(message, MAX_LENGTH),
        };
        f.write_str(&printable(&format!("{subject}{message}. {}", excerpt(hint, MAX_LENGTH))))
    }
}
