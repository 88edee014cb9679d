//! Which characters a value may have. See the table at [`NetbirdEnv::check`](super::NetbirdEnv::check).

use super::variables::Variable;
use crate::issue::{Issue, excerpt};

/// Every value that cannot be written, each once, though the client id is in six variables.
pub(super) fn issues(variables: &[Variable]) -> Vec<Issue> {
    let (mut issues, mut refused) = (Vec::new(), Vec::new());
    for variable in variables {
        let Some(text) = variable.value.text() else { continue };
        let Some((problem, hint)) = refusal(variable.name, text.expose()) else { continue };
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

fn refusal(name: &str, text: &str) -> Option<(String, &'static str)> {
    let refused = |problem: &str, hint| Some((problem.to_owned(), hint));
    if text.is_empty() {
        let may_be_empty = name == "NETBIRD_AUTH_USER_ID_CLAIM";
        return if may_be_empty { None } else { refused("empty", "Give it a value.") };
    }
    if name.starts_with("NETBIRD_IDP_MGMT_EXTRA_") {
        // jq quotes it; then management reads it as a Go template.
        return if text.contains("{{") {
            refused("{{", "Use another name or password: NetBird takes {{ for a template.")
        } else if text.contains(char::is_control) {
            refused("control character", "Remove line ends, tabs and the like.")
        } else {
            None
        };
    }
    let (allowed, hint) = if name == "NETBIRD_DOMAIN" {
        (".-", "Use a host name alone, such as netbird.company.")
    } else {
        // envsubst into JSON and YAML, docker compose's `$`, a Go template: nothing quotes it.
        let hint = "Use letters, digits, . _ : / - and single spaces: NetBird puts the value unquoted \
                    into JSON, YAML and templates.";
        ("._:/ -", hint)
    };
    let is_other = |c: &char| !c.is_ascii_alphanumeric() && !allowed.contains(*c);
    if let Some(other) = text.chars().find(is_other) {
        return refused(&format!("unsupported character {other:?}"), hint);
    }
    // YAML takes `: ` for a key, and drops spaces at the ends.
    if text.trim() != text || text.contains("  ") {
        refused("space at an end, or two together", hint)
    } else if text.contains(": ") || text.ends_with(':') {
        refused("colon before a space or at the end", hint)
    } else {
        None
    }
}
