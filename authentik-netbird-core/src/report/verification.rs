//! [`Verification`]: the report.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{CheckName, Expiry};
use crate::ids::text_enum;

const FORMAT_VERSION: u32 = 1;

text_enum! {
    /// The result of a check.
    CheckStatus {
        /// As NetBird needs it.
        Pass = "pass",
        /// It works, but needs attention.
        Warn = "warn",
        /// It does not work, or strangers could log in.
        Fail = "fail",
        /// Not checked, because another check failed, or NetBird does without it.
        Skipped = "skipped",
        /// Cannot be judged: what is missing for that is in the message.
        Unknown = "unknown",
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// What.
    pub name: CheckName,
    /// The result.
    pub status: CheckStatus,
    /// The finding, in one sentence.
    pub message: String,
    /// A remedy; `None` if there is nothing to do.
    pub hint: Option<String>,
    /// For a failure, whether a plan for the same options fixes it; `None`: not known without options or
    /// without an administrator's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_by_plan: Option<bool>,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, ". {hint}"))
    }
}

/// The report of a verification: each check in the order of [`CheckName`].
///
/// `Display` is the form for people, [`Verification::to_json`] the one for programs. It holds no secret.
///
/// ```
/// use authentik_netbird_core::verify::{CheckName, CheckStatus, Verification};
///
/// /// For a script that wants to know which part is broken.
/// fn broken(verification: &Verification) -> Vec<CheckName> {
///     let failed = verification.checks.iter().filter(|check| check.status == CheckStatus::Fail);
///     failed.map(|check| check.name).collect()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Stored")]
#[non_exhaustive]
pub struct Verification {
    /// authentik's base URL, without a slash at its end.
    pub authentik_url: String,
    /// NetBird's host name.
    pub domain: String,
    /// Every check, whatever its status.
    pub checks: Vec<Check>,
    /// When what logins depend on expires, as far as an administrator's token showed it: the signing
    /// key only where the certificates were read, which [`Client::status`](crate::Client::status) does.
    pub expiries: Vec<Expiry>,
    /// Where something failed: why there is no plan for the same options.
    pub blocked: Option<String>,
}

impl Verification {
    /// Whether everything that NetBird needs is proved: no check failed, and none is unknown. Warnings
    /// do not count, and neither does what NetBird does without.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failures().is_empty() && self.is_complete()
    }

    /// Whether every check could be judged.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.with(CheckStatus::Unknown).next().is_none()
    }

    /// A check.
    #[must_use]
    pub fn get(&self, name: CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The checks with this status.
    pub fn with(&self, status: CheckStatus) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.status == status)
    }

    /// The report as JSON, with a `format_version` and `success`.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Structs of texts always serialise.
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value:#}\n")
    }

    pub(crate) fn failures(&self) -> Vec<&Check> {
        self.with(CheckStatus::Fail).collect()
    }
}

/// The JSON form, without what follows from the rest.
#[derive(Deserialize)]
struct Stored {
    format_version: u32,
    authentik_url: String,
    domain: String,
    checks: Vec<Check>,
    #[serde(default)]
    expiries: Vec<Expiry>,
    blocked: Option<String>,
}

impl TryFrom<Stored> for Verification {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let Stored { format_version, authentik_url, domain, checks, expiries, blocked } = stored;
        if format_version != FORMAT_VERSION {
            return Err(format!("format_version: expected {FORMAT_VERSION}, got {format_version}"));
        }
        Ok(Self { authentik_url, domain, checks, expiries, blocked })
    }
}

impl Serialize for Verification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Verification", 8)?;
        report.serialize_field("format_version", &FORMAT_VERSION)?;
        report.serialize_field("authentik_url", &self.authentik_url)?;
        report.serialize_field("domain", &self.domain)?;
        report.serialize_field("success", &self.is_success())?;
        report.serialize_field("complete", &self.is_complete())?;
        report.serialize_field("checks", &self.checks)?;
        report.serialize_field("expiries", &self.expiries)?;
        report.serialize_field("blocked", &self.blocked)?;
        report.end()
    }
}
