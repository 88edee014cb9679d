//! Which characters a value may have. See the table at [`NetbirdEnv::check`](super::NetbirdEnv::check).

use super::variables::Variable;
use crate::issue::{Issue, excerpt};

/// What a value passes through on NetBird's side, all of it without quoting but for jq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// Also a part of addresses, so that a port or a path would break them.
    Host,
    /// envsubst into JSON and YAML, docker compose's `$`, a Go template.
    Template,
    /// The same, and empty has a meaning.
    TemplateOrEmpty,
    /// jq, which quotes, then a Go template.
    Jq,
}

/// What the value of a variable passes through.
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

fn refusal(context: Context, text: &str) -> Option<(String, &'static str)> {
    let other_than = |allowed: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || allowed.contains(c);
        text.chars()
            .find(|&c| !is_allowed(c))
            .map(|found| format!("unsupported character {found:?}"))
    };
    if text.is_empty() {
        return (context != Context::TemplateOrEmpty)
            .then(|| ("is empty".to_owned(), "Give it a value."));
    }
    let (problem, hint) = match context {
        Context::Host => (other_than(".-"), "Use a host name alone, such as netbird.company."),
        Context::Template | Context::TemplateOrEmpty => {
            // YAML takes `: ` for a key, and drops spaces at the ends.
            let has_space = text.trim() != text || text.contains("  ");
            let problem = other_than("._:/ -")
                .or_else(|| has_space.then(|| "space at an end, or two together".to_owned()))
                .or_else(|| {
                    let has_colon = text.contains(": ") || text.ends_with(':');
                    has_colon.then(|| "colon before a space or at the end".to_owned())
                });
            let hint = "Use letters, digits, . _ : / - and single spaces: NetBird puts the value \
                        unquoted into JSON, YAML and templates.";
            (problem, hint)
        }
        Context::Jq if text.contains("{{") => (
            Some("{{".to_owned()),
            "Use another name or password: NetBird takes {{ for a template.",
        ),
        Context::Jq => {
            let problem = text.contains(char::is_control).then(|| "control character".to_owned());
            (problem, "Remove line ends, tabs and the like.")
        }
    };
    problem.map(|problem| (problem, hint))
}
