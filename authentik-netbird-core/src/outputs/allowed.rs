//! What NetBird can carry. See the table at [`NetbirdEnv::check`](super::NetbirdEnv::check).

use super::{Variable, VariableValue};
use crate::issue::{Issue, excerpt};

/// What a value has to pass through on NetBird's side, all of it without quoting but for jq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// Also a part of addresses, so that a port or a path would break them.
    Host,
    /// envsubst into JSON and YAML, docker compose's `$`, a Go template.
    Templates,
    /// The same, but may be empty.
    TemplatesOrEmpty,
    /// jq, which quotes, then a Go template.
    Jq,
}

/// Every value that can't be carried, each once, though the client id is in six variables.
pub(super) fn issues(variables: &[Variable]) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut refused: Vec<&str> = Vec::new();
    for variable in variables {
        let (text, secret) = match &variable.value {
            VariableValue::Text(text) => (text.as_str(), false),
            VariableValue::Secret(secret) => (secret.expose(), true),
            _ => continue,
        };
        if refused.contains(&text) {
            continue;
        }
        if let Some((problem, hint)) = refusal(variable.carrier, text) {
            refused.push(text);
            let problem = if secret || text.is_empty() {
                problem
            } else {
                format!("{problem} in {:?}", excerpt(text, 60))
            };
            issues.push(Issue::new(variable.name, problem, hint));
        }
    }
    issues
}

fn refusal(carrier: Carrier, text: &str) -> Option<(String, &'static str)> {
    match carrier {
        Carrier::TemplatesOrEmpty if text.is_empty() => None,
        _ if text.is_empty() => Some(("is empty".to_owned(), "give it a value")),
        Carrier::Host => refused_character(text, |c| c.is_ascii_alphanumeric() || ".-".contains(c))
            .map(|problem| (problem, "give a host name alone, such as netbird.company")),
        Carrier::Templates | Carrier::TemplatesOrEmpty => templates_refusal(text).map(|problem| {
            (
                problem,
                "NetBird puts it unquoted into JSON, YAML and templates: use letters, digits, \
                 . _ : / - and single spaces only",
            )
        }),
        Carrier::Jq if text.contains("{{") => Some((
            "holds {{".to_owned(),
            "NetBird would take it for a template: use another name or password",
        )),
        Carrier::Jq => text.contains(char::is_control).then(|| {
            ("holds a control character".to_owned(), "take line ends, tabs and the like out")
        }),
    }
}

fn templates_refusal(text: &str) -> Option<String> {
    refused_character(text, |c| c.is_ascii_alphanumeric() || "._:/ -".contains(c)).or_else(|| {
        // YAML takes `: ` for a key, and drops spaces at the ends.
        if text.contains(": ") || text.ends_with(':') {
            Some("holds a colon before a space or at its end".to_owned())
        } else if text.trim() != text || text.contains("  ") {
            Some("holds spaces at an end, or two together".to_owned())
        } else {
            None
        }
    })
}

fn refused_character(text: &str, allowed: impl Fn(char) -> bool) -> Option<String> {
    let found = text.chars().find(|&character| !allowed(character))?;
    Some(format!("holds {found:?}"))
}

#[cfg(test)]
mod tests {
    use super::{Carrier, refusal};

    #[test]
    fn templates_carry_ids_addresses_and_scopes_and_nothing_that_they_would_read() {
        for text in ["5JXuw0qD", "https://a.company:9443/x/", "openid profile email", "/auth"] {
            assert_eq!(refusal(Carrier::Templates, text), None, "{text}");
        }
        for text in
            ["", "a\"b", "a\\b", "a$b", "{{a}}", "a'b", "a\nb", "a`b", "ä", "a: b", " a", "a  b"]
        {
            assert!(refusal(Carrier::Templates, text).is_some(), "{text}");
        }
        assert_eq!(refusal(Carrier::TemplatesOrEmpty, ""), None);
    }

    #[test]
    fn jq_carries_all_but_control_characters_and_go_templates() {
        for text in ["NetBird", "Net Bird", "jürgen@firma.de", "it's \"x\" $HOME \\ `id` {a}"] {
            assert_eq!(refusal(Carrier::Jq, text), None, "{text}");
        }
        for text in ["", "a\nb", "a\tb", "a\u{7f}", "a\0", "{{a}}"] {
            assert!(refusal(Carrier::Jq, text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn a_host_has_no_port_and_no_path() {
        assert_eq!(refusal(Carrier::Host, "netbird.company"), None);
        for text in ["", "netbird.company:443", "netbird.company/", "net bird", "nëtbird"] {
            assert!(refusal(Carrier::Host, text).is_some(), "{text}");
        }
    }
}
