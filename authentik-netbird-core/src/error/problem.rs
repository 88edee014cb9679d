//! Why there is no plan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{Resource, ResourceKind};
use crate::issue::{excerpt, printable};
use crate::model::Version;

/// A state of the server that can't be planned from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// Something that must be there is not.
    Missing {
        /// What.
        resource: Resource,
        /// Why it is needed.
        why: String,
        /// What to do.
        hint: String,
    },
    /// More than one thing matches, and we do not guess.
    Ambiguous {
        /// What was looked for.
        resource: Resource,
        /// Each match, by what tells it apart.
        matches: Vec<String>,
        /// What to do.
        hint: String,
    },
    /// What is there belongs to something else.
    Conflict {
        /// What was looked for.
        resource: Resource,
        /// What it belongs to.
        why: String,
        /// What to do.
        hint: String,
    },
    /// The server is too old.
    UnsupportedVersion {
        /// Its version.
        found: String,
        /// What to do.
        hint: String,
    },
}

/// How many matches a message names.
const MOST_MATCHES: usize = 10;
/// How many characters of each part a message has: names on the server may be of any length.
const LONGEST: usize = 500;

const SERVER: &Resource = &Resource { kind: ResourceKind::Server, name: String::new() };

impl Problem {
    /// The server is older than [`Version::OLDEST`].
    pub(crate) fn too_old(version: Version) -> Self {
        let Version { year, month, .. } = Version::OLDEST;
        Self::UnsupportedVersion {
            found: version.to_string(),
            hint: format!("upgrade it to {year}.{month} or later"),
        }
    }

    /// What it is about.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        match self {
            Self::Missing { resource, .. }
            | Self::Ambiguous { resource, .. }
            | Self::Conflict { resource, .. } => resource,
            Self::UnsupportedVersion { .. } => SERVER,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| excerpt(text, LONGEST);
        let text = match self {
            Self::Missing { resource, why, hint } => {
                format!("{resource} is missing: {}; {}", short(why), short(hint))
            }
            Self::Ambiguous { resource, matches, hint } => {
                let mut shown: Vec<String> =
                    matches.iter().take(MOST_MATCHES).map(|one| short(one)).collect();
                if matches.len() > MOST_MATCHES {
                    shown.push(format!("and {} more", matches.len() - MOST_MATCHES));
                }
                let (count, list) = (matches.len(), shown.join(", "));
                format!("{resource} is ambiguous, {count} match: {list}; {}", short(hint))
            }
            Self::Conflict { resource, why, hint } => {
                format!("{resource}: {}; {}", short(why), short(hint))
            }
            Self::UnsupportedVersion { found, hint } => {
                format!("authentik {found} is too old; {hint}")
            }
        };
        f.write_str(&printable(&text))
    }
}
