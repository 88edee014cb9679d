//! Which characters a value may have. See the table at [`NetbirdEnv::check`](super::NetbirdEnv::check).

use super::variables::Variable;
use crate::issue::{Issue, excerpt};
use crate::text::{Context, refusal};

/// The programs that the value of a variable passes through.
fn context(name: &str) -> Context {
    match name {
        "NETBIRD_DOMAIN" => Context::Host,
        "NETBIRD_AUTH_USER_ID_CLAIM" => Context::TemplateOrEmpty,
        _ if name.starts_with("NETBIRD_IDP_MGMT_EXTRA_") => Context::Jq,
        _ => Context::Template,
    }
}

/// Every value that cannot be written, each once, though the client id is in six variables.
pub(super) fn issues(variables: &[Variable]) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut refused = Vec::new();
    for variable in variables {
        let Some(text) = variable.value.text() else { continue };
        let Some((problem, hint)) = refusal(context(variable.name), text.expose()) else {
            continue;
        };
        if !refused.contains(&text) {
            let shown = excerpt(text.expose(), 60);
            let is_shown = !variable.value.is_secret() && !shown.is_empty();
            let message = if is_shown { format!("{problem} in {shown:?}") } else { problem };
            issues.push(Issue::new(variable.name, message, hint));
            refused.push(text);
        }
    }
    issues
}
