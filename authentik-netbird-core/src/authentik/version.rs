//! `/admin/version/`

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Response of `GET /admin/version/`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VersionResponse {
    /// The running version.
    pub version_current: Version,
}

/// A release of authentik, such as `2026.5.0-rc1`. Ordered by year, month and patch.
///
/// ```
/// use authentik_netbird_core::authentik::Version;
///
/// let version: Version = "2025.10.1".parse()?;
/// assert!(version >= Version::MIN_SUPPORTED && version.month == 10);
/// assert!(!version.has_grant_types());
/// # Ok::<(), authentik_netbird_core::authentik::ParseVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Year, four digits.
    pub year: u16,
    /// Month.
    pub month: u8,
    /// Patch.
    pub patch: u16,
}

impl Version {
    /// The oldest release that this crate supports: 2024.12.
    pub const MIN_SUPPORTED: Self = Self::new(2024, 12, 0);
    /// The newest release that this crate's requests and responses were tested with: 2026.8.
    pub const MAX_TESTED: Self = Self::new(2026, 8, 0);

    /// A release.
    #[must_use]
    pub const fn new(year: u16, month: u8, patch: u16) -> Self {
        Self { year, month, patch }
    }

    /// Whether this release comes later than the newest one tested, patch releases apart.
    #[must_use]
    pub fn is_newer_than_tested(self) -> bool {
        (self.year, self.month) > (Self::MAX_TESTED.year, Self::MAX_TESTED.month)
    }

    /// Whether its database lets no two groups have the same name: from 2025.12 on. Before, only a
    /// check was in the way, and of two requests at the same moment both could pass it.
    #[must_use]
    pub fn has_unique_group_names(self) -> bool {
        (self.year, self.month) >= (2025, 12)
    }

    /// Whether its providers have `grant_types`, and are dead without: from 2026.5 on.
    #[must_use]
    pub fn has_grant_types(self) -> bool {
        (self.year, self.month) >= (2026, 5)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.year, self.month, self.patch)
    }
}

/// The text is not a version: expected `YEAR.MONTH`, perhaps with `.PATCH` or a suffix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a version of authentik; use for example 2026.5.0")]
pub struct ParseVersionError(String);

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseVersionError(text.chars().take(40).collect());
        let numbers = text.split(['-', '+', ' ']).next().unwrap_or_default();
        let mut parts = numbers.split('.');
        let year = parts.next().and_then(|part| part.parse().ok()).ok_or_else(error)?;
        let month = parts.next().and_then(|part| part.parse().ok()).ok_or_else(error)?;
        let patch = parts.next().map_or(Ok(0), str::parse).map_err(|_| error())?;
        Ok(Self { year, month, patch })
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
