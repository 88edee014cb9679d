//! A verification as text: what is wrong and what to do, readable in five seconds.

use std::fmt;

use super::{Check, CheckName, CheckStatus, Verification};

impl CheckStatus {
    /// Failures stand out, also without colour.
    const fn mark(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
            Self::Skipped => "skip",
            Self::Unknown => "????",
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.domain.is_empty() { "" } else { " " };
        writeln!(f, "NetBird{gap}{} on authentik {}\n", self.domain, self.authentik_url)?;
        let width = self.checks.iter().map(|check| check.name.as_str().len()).max().unwrap_or(0);
        for Check { name, status, message, hint, .. } in &self.checks {
            writeln!(f, "{}  {name:width$}  {message}", status.mark())?;
            // A skipped check needs the other's hint.
            if let (Some(hint), true) = (hint, *status != CheckStatus::Skipped) {
                writeln!(f, "      {:width$}  -> {hint}", "")?;
            }
        }
        writeln!(f)?;
        if let Some(blocked) = &self.blocked {
            writeln!(f, "A plan fixes nothing: {blocked}\n")?;
        }
        let is_fixed = |check: &&Check| check.fixed_by_plan == Some(true);
        let fixed: Vec<&str> =
            self.checks.iter().filter(is_fixed).map(|check| check.name.as_str()).collect();
        if !fixed.is_empty() {
            writeln!(f, "A plan for these options fixes: {}.\n", fixed.join(", "))?;
        }
        let [passed, warned, failed, skipped, unknown] = [
            CheckStatus::Pass,
            CheckStatus::Warn,
            CheckStatus::Fail,
            CheckStatus::Skipped,
            CheckStatus::Unknown,
        ]
        .map(|status| self.with(status).map(|check| check.name).collect::<Vec<_>>());
        if failed.is_empty() && !unknown.is_empty() {
            write!(f, "Incomplete: ")?;
        } else if failed.is_empty() && warned.is_empty() {
            write!(f, "No problems found: ")?;
        }
        named(f, "failed", &failed)?;
        named(f, if warned.len() == 1 { "warning" } else { "warnings" }, &warned)?;
        named(f, "unknown", &unknown)?;
        write!(f, "{} passed, {} skipped.", passed.len(), skipped.len())
    }
}

/// `2 failed (issuer, token), `; nothing where there are none.
fn named(f: &mut fmt::Formatter<'_>, what: &str, names: &[CheckName]) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    let list: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    write!(f, "{} {what} ({}), ", names.len(), list.join(", "))
}
