//! [`Release`]: which authentik is simulated.

use std::fmt;
use std::str::FromStr;

/// A release of authentik whose behaviour the simulator knows.
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
    /// 2024.12: the floor. As 2025.10, where nothing else is known.
    V2024_12,
    /// 2025.10, held against recordings of a real server.
    V2025_10,
    /// 2026.5, held against recordings of a real server. The default.
    #[default]
    V2026_5,
}

impl Release {
    /// Every release there is, oldest first.
    pub const ALL: [Self; 3] = [Self::V2024_12, Self::V2025_10, Self::V2026_5];

    /// What `GET /api/v3/admin/version/` says.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::V2024_12 => "2024.12.3",
            Self::V2025_10 => "2025.10.0-rc1",
            Self::V2026_5 => "2026.5.0-rc1",
        }
    }

    /// Whether providers have `grant_types`, groups `parents`, users `roles` and so on.
    pub(super) const fn is_2026(self) -> bool {
        matches!(self, Self::V2026_5)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2024_12 => "2024.12",
            Self::V2025_10 => "2025.10",
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

/// The text names no release that the simulator knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no simulated authentik release is called {0:?}; there are 2024.12, 2025.10 and 2026.5")]
pub struct UnknownRelease(String);
