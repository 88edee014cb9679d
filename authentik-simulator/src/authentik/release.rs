//! [`Release`]: which authentik is simulated.

use std::fmt;
use std::str::FromStr;

/// A release of authentik whose behaviour the simulator knows, held against recordings of a real server.
///
/// ```
/// use authentik_simulator::Release;
///
/// let release: Release = "2025.10".parse()?;
/// assert_eq!(release, Release::V2025_10);
/// assert_eq!(release.to_string(), "2025.10");
/// assert_eq!(Release::default(), Release::V2026_5);
/// # Ok::<(), authentik_simulator::UnknownRelease>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Release {
    /// 2024.12, the oldest that is supported, as 2024.12.5.
    V2024_12,
    /// 2025.10, as 2025.10.4.
    V2025_10,
    /// 2025.12, as 2025.12.4.
    V2025_12,
    /// 2026.2, as 2026.2.2.
    V2026_2,
    /// 2026.5, as 2026.5.0-rc1. The default.
    #[default]
    V2026_5,
}

impl Release {
    /// Every release there is, oldest first.
    pub const ALL: [Self; 5] =
        [Self::V2024_12, Self::V2025_10, Self::V2025_12, Self::V2026_2, Self::V2026_5];

    /// The version in the response to `GET /api/v3/admin/version/`.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::V2024_12 => "2024.12.5",
            Self::V2025_10 => "2025.10.4",
            Self::V2025_12 => "2025.12.4",
            Self::V2026_2 => "2026.2.2",
            Self::V2026_5 => "2026.5.0-rc1",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2024_12 => "2024.12",
            Self::V2025_10 => "2025.10",
            Self::V2025_12 => "2025.12",
            Self::V2026_2 => "2026.2",
            Self::V2026_5 => "2026.5",
        })
    }
}

impl FromStr for Release {
    type Err = UnknownRelease;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|release| release.to_string() == text)
            .ok_or_else(|| UnknownRelease(text.to_owned()))
    }
}

/// The text is not a release that the simulator knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a release that the simulator knows; use one of {all}", all = known())]
pub struct UnknownRelease(String);

fn known() -> String {
    Release::ALL.map(|release| release.to_string()).join(", ")
}
