//! Which characters a value may have that goes into NetBird's files. See the table at
//! [`NetbirdEnv::check`](crate::outputs::NetbirdEnv::check).

/// The programs that a value passes through on NetBird's side, all without quoting except for jq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// Also a part of addresses, so that a port or a path would break them.
    Host,
    /// envsubst into JSON and YAML, docker compose's `$`, a Go template.
    Template,
    /// The same, and empty has a meaning.
    TemplateOrEmpty,
    /// jq, which quotes, then a Go template.
    Jq,
}

/// Why a value cannot be written, and what to do; `None` if it can.
pub(crate) fn refusal(context: Context, text: &str) -> Option<(String, &'static str)> {
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
