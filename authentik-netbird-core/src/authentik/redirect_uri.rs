//! Redirect URIs of a provider.

use serde::{Deserialize, Serialize};

use crate::ids::text_enum;
use crate::resource::Open;

text_enum! {
    /// How authentik compares a redirect URI (`matching_mode`).
    MatchingMode {
        /// Exactly equal; a trailing slash matters.
        Strict = "strict",
        /// A Python regular expression that must match the whole URI.
        Regex = "regex",
    }
}

text_enum! {
    /// The purpose of a redirect URI (`redirect_uri_type`, authentik 2026.5 and later).
    RedirectUriType {
        /// Where the code goes after a login.
        Authorization = "authorization",
        /// Where the browser goes after a logout. This crate leaves such entries alone.
        Logout = "logout",
    }
}

/// A redirect URI as we ask for it.
///
/// ```
/// use authentik_netbird_core::authentik::RedirectUri;
///
/// let uri = RedirectUri::strict("http://localhost:53000");
/// assert_eq!(uri.to_string(), "strict http://localhost:53000");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedirectUri {
    /// How it is compared.
    pub matching_mode: MatchingMode,
    /// The URI, or the regular expression.
    pub url: String,
}

impl RedirectUri {
    /// A URI that must be exactly equal.
    #[must_use]
    pub fn strict(url: impl Into<String>) -> Self {
        Self { matching_mode: MatchingMode::Strict, url: url.into() }
    }

    /// A regular expression that must match the whole URI.
    #[must_use]
    pub fn regex(url: impl Into<String>) -> Self {
        Self { matching_mode: MatchingMode::Regex, url: url.into() }
    }
}

impl std::fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.matching_mode, self.url)
    }
}

/// A redirect URI as the server has it. Sent back as it is when others of the list change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RedirectUriEntry {
    /// How it is compared.
    pub matching_mode: Open<MatchingMode>,
    /// The URI, or the regular expression.
    pub url: String,
    /// The purpose; servers before 2026.5 have no such field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri_type: Option<Open<RedirectUriType>>,
}

impl RedirectUriEntry {
    /// Whether it is for logins, as all are on servers that know no other kind.
    #[must_use]
    pub fn is_for_authorization(&self) -> bool {
        self.redirect_uri_type.as_ref().is_none_or(|kind| *kind == RedirectUriType::Authorization)
    }

    /// Whether it means what `wanted` asks for.
    pub(crate) fn is(&self, wanted: &RedirectUri) -> bool {
        self.is_for_authorization()
            && self.matching_mode == wanted.matching_mode
            && self.url == wanted.url
    }
}

impl From<RedirectUri> for RedirectUriEntry {
    fn from(uri: RedirectUri) -> Self {
        Self {
            matching_mode: Open::Known(uri.matching_mode),
            url: uri.url,
            redirect_uri_type: None,
        }
    }
}

impl std::fmt::Display for RedirectUriEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.matching_mode, self.url)
    }
}
