//! Variables as text: bash, docker compose, JSON.

use super::wiped::Wiped;
use super::{Variable, VariableValue};
use crate::issue::Issue;
use crate::secret::Secret;

/// A text in single quotes, for bash; a quote in it as `'\''`.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The text of a value, where it is known, without quotes.
pub(super) fn plain(value: &VariableValue) -> Option<Secret> {
    match value {
        VariableValue::Text(text) => Some(Secret::from(text.as_str())),
        VariableValue::Boolean(value) => Some(Secret::from(value.to_string())),
        VariableValue::Number(value) => Some(Secret::from(value.to_string())),
        VariableValue::Secret(secret) => Some(secret.clone()),
        VariableValue::SecretUnknown => None,
    }
}

/// Pushes a value as bash reads it; nothing for one that is not known.
pub(super) fn push_bash(out: &mut Wiped, value: &VariableValue) {
    let Some(text) = plain(value) else { return };
    if matches!(value, VariableValue::Boolean(_) | VariableValue::Number(_)) {
        return out.push_str(text.expose());
    }
    out.push('\'');
    for (index, part) in text.expose().split('\'').enumerate() {
        if index > 0 {
            out.push_str(r"'\''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

/// That the password is not known, and what to do.
pub(super) fn unknown(variable: &Variable) -> Issue {
    Issue::new(
        variable.name,
        "this run did not make the password, and no existing line has it",
        "read it from authentik: Client::outputs",
    )
}

/// `env_file` of docker compose.
pub(super) fn compose_env(variables: &[Variable]) -> Result<Secret, Vec<Issue>> {
    let mut out = Wiped::with_capacity(4096);
    let mut issues = Vec::new();
    for variable in variables {
        let Some(text) = plain(&variable.value) else {
            issues.push(unknown(variable));
            continue;
        };
        if text.expose().contains(['\'', '\\']) {
            issues.push(Issue::new(
                variable.name,
                "holds a single quote or a backslash, which releases of docker compose read \
                 differently",
                "use another name or password, or setup.env",
            ));
            continue;
        }
        for part in [variable.name, "='", text.expose(), "'\n"] {
            out.push_str(part);
        }
    }
    if issues.is_empty() { Ok(out.into_secret()) } else { Err(issues) }
}

/// One JSON object.
pub(super) fn json(variables: &[Variable]) -> Result<Secret, Vec<Issue>> {
    let mut out = Wiped::with_capacity(4096);
    let mut issues = Vec::new();
    out.push_str("{");
    for (index, variable) in variables.iter().enumerate() {
        let Some(text) = plain(&variable.value) else {
            issues.push(unknown(variable));
            continue;
        };
        out.push_str(if index == 0 { "\n  \"" } else { ",\n  \"" });
        out.push_str(variable.name);
        out.push_str("\": ");
        if matches!(variable.value, VariableValue::Boolean(_) | VariableValue::Number(_)) {
            out.push_str(text.expose());
        } else {
            push_json_text(&mut out, text.expose());
        }
    }
    out.push_str("\n}\n");
    if issues.is_empty() { Ok(out.into_secret()) } else { Err(issues) }
}

/// serde_json would leave copies of the password in the buffers that it outgrows. Control
/// characters can't come here: they were refused.
fn push_json_text(out: &mut Wiped, text: &str) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}
