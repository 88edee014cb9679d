//! Where a login may lead back to, and how often people log in.

use super::engine::{Judgement, Results, pass, unknown, warn};
use super::environment::is_of_another_domain;
use super::evidence::Evidence;
use crate::requirements::redirect_uris;
use crate::verify::CheckName;

pub(super) fn redirect_uris(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if let Some(outcome) = results.blocked_by(&[CheckName::Discovery, CheckName::Client]) {
        return outcome;
    }
    // Without NetBird's host name nothing can be said of others.
    let settings = evidence.settings;
    if settings.domain.is_empty()
        || settings.environment.names("NETBIRD_DOMAIN")
        || is_of_another_domain(evidence)
    {
        return results.blocked_by(&[CheckName::Environment]).unwrap_or_else(|| {
            unknown(
                "the file does not say NetBird's host name",
                "Verify with NetBird's host name, too.",
            )
        });
    }
    // No URI is asked for: before 2026.5, a provider without a list takes over the first one. Whether
    // the dashboard's page may read responses shows without that.
    evidence.met(results, redirect_uris::judge)
}

pub(super) fn prompt_login(evidence: &Evidence<'_>) -> Judgement {
    if evidence.settings.disables_prompt_login {
        return pass("people log in once");
    }
    warn(
        "NetBird's client sends prompt=login, so people log in twice",
        "Set NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN=true in setup.env, then run configure.sh.",
    )
}
