//! Where a login may lead back to, and how often people log in.

use super::provider::{judged, provider};
use super::{Evidence, Outcome, Results, needs_administrator, pass, warn};
use crate::requirements::redirect_uris;
use crate::verify::CheckName;

pub(super) fn redirect_uris(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    if provider(evidence).is_none() {
        // A probe would not do: before 2026.5, a provider without a list takes over the first URI
        // that it is asked for.
        let blocked = results.blocked_by(&[CheckName::Client, CheckName::Administration]);
        return blocked.unwrap_or_else(needs_administrator);
    }
    judged(evidence, results, redirect_uris::judge)
}

pub(super) fn prompt_login(evidence: &Evidence<'_>) -> Outcome {
    if evidence.settings.disables_prompt_login {
        return pass("people log in once");
    }
    warn(
        "NetBird's client sends prompt=login, so people log in twice",
        "Set NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN=true in setup.env, then run configure.sh.",
    )
}
