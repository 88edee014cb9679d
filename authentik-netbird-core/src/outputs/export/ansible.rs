//! A plan as a list of Ansible tasks with `ansible.builtin.uri`.

use std::fmt::Write as _;

use serde_json::json;

use super::steps::{Call, Finds, Language, calls};
use crate::authentik::{ENDING, ENDING_LENGTH};
use crate::error::Result;
use crate::ids::Server;
use crate::issue::printable;
use crate::plan::Plan;
use crate::resource::SecretField;

const BACKSLASH: &str = "netbird_backslash";
const QUOTE: &str = "netbird_quote";

/// Jinja's expressions. Responses are registered.
struct Jinja;

impl Language for Jinja {
    fn null(&self) -> &'static str {
        "none"
    }

    /// Ansible reads a backslash in a text of a template in its own way, so these are variables.
    fn text(&self, text: &str) -> String {
        let mut parts = Vec::new();
        for part in text.split_inclusive(['\\', '"']) {
            let plain = part.trim_end_matches(['\\', '"']);
            parts.push(format!("\"{plain}\""));
            parts.extend(part.ends_with('\\').then(|| BACKSLASH.to_owned()));
            parts.extend(part.ends_with('"').then(|| QUOTE.to_owned()));
        }
        match parts.as_slice() {
            [] => "\"\"".to_owned(),
            [one] => one.clone(),
            _ => format!("({})", parts.join(" ~ ")),
        }
    }

    fn response(&self, variable: &str, field: &str) -> String {
        format!("{variable}.json.{field}")
    }

    fn found(&self, variable: &str) -> String {
        variable.to_owned()
    }

    fn generated(&self) -> String {
        "netbird_new_secret".to_owned()
    }

    fn unguessable(&self, text: &str) -> String {
        let letters: String = ENDING.collect();
        let text = self.text(text);
        format!("({text} ~ (\"{letters}\" | list | shuffle)[:{ENDING_LENGTH}] | join)")
    }
}

const HEAD: &str = "# Variables: authentik_url, authentik_token (an API token of an administrator); for a rotation \
                    netbird_new_secret,\n# 60 random letters and digits; for NetBird's own API netbird_url and \
                    netbird_token.\n# Run it once: a second run meets what the first one created. Secrets are in the \
                    registered results, which no task shows.\n";

/// The operations of a plan as Ansible tasks that use nothing but `ansible.builtin`.
///
/// # Errors
/// As [`curl_script`](super::curl_script).
pub fn ansible_tasks(plan: &Plan) -> Result<String> {
    let (calls, finds) = calls(plan)?;
    let domain = plan.integration.domain();
    let mut text = format!("# NetBird {domain}, by authentik-netbird.\n{HEAD}");
    for call in &calls {
        write_call(&mut text, call, &finds);
    }
    Ok(text)
}

fn write_call(text: &mut String, call: &Call<'_>, finds: &Finds) {
    for find in &call.finds {
        let (variable, target) = (&find.variable, find.target);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(target.key, &find.name)
            .append_pair("page_size", "1000")
            .finish();
        let path = format!("{}?{query}", target.api.path);
        task(
            text,
            &format!("Find {}", find.name),
            "GET",
            (Server::Authentik, &json!(path).to_string()),
            None,
        );
        let _ = writeln!(text, "  register: {variable}_list");
        let (key, name, pk) = (target.key, Jinja.text(&find.name), target.pk);
        let value = format!(
            "{{{{ ({variable}_list.json.results | selectattr('{key}', 'equalto', {name}) | first).{pk} }}}}"
        );
        let _ = writeln!(
            text,
            "- name: {}\n  ansible.builtin.set_fact:",
            task_name(&format!("Keep its id: {}", find.name))
        );
        let _ = writeln!(text, "    {variable}: {}", json!(value));
        variables(text, &value);
    }
    let operation = call.operation;
    let name = format!("{} {}: {}", operation.verb(), operation.resource, operation.reason);
    let (before, key, after) = call.path(finds, &Jinja);
    let path = match key {
        None => json!(before).to_string(),
        Some(key) => format!("{} ~ ({key}) ~ {}", json!(before), json!(after)),
    };
    task(text, &name, call.method, (call.server, &path), call.body(finds, &Jinja));
    let _ = writeln!(text, "  register: {}", call.variable);
    if call.write.action.sensitive || call.write.action.secret != SecretField::None {
        text.push_str("  no_log: true\n");
    }
    if call.write.action.secret == SecretField::Read {
        let identifier = call.write.text("identifier").unwrap_or_default();
        let path = json!(format!("core/tokens/{identifier}/view_key/")).to_string();
        task(text, "Read the app password", "GET", (Server::Authentik, &path), None);
        let _ = writeln!(text, "  register: {}_key\n  no_log: true", call.variable);
    }
}

fn task(
    text: &mut String,
    name: &str,
    method: &str,
    (server, path): (Server, &str),
    body: Option<String>,
) {
    let (url, token) = match server {
        Server::Netbird => {
            ("netbird_url | regex_replace('/+$', '') ~ '/api/'", "'Token ' ~ netbird_token")
        }
        _ => {
            ("authentik_url | regex_replace('/+$', '') ~ '/api/v3/'", "'Bearer ' ~ authentik_token")
        }
    };
    let _ = writeln!(text, "- name: {}\n  ansible.builtin.uri:", task_name(name));
    let _ = writeln!(text, "    url: {}", json!(format!("{{{{ {url} ~ {path} }}}}")));
    let _ = writeln!(text, "    method: {method}\n    headers:");
    let _ = writeln!(text, "      Authorization: {}", json!(format!("{{{{ {token} }}}}")));
    let used = body.clone().unwrap_or_default();
    if let Some(body) = body {
        let _ = writeln!(
            text,
            "    body_format: json\n    body: {}",
            json!(format!("{{{{ {body} }}}}"))
        );
    }
    text.push_str("    status_code: [200, 201, 204]\n");
    variables(text, &used);
}

/// A task's name, in which nothing begins a template.
fn task_name(name: &str) -> String {
    json!(printable(name).replace('{', "{ ")).to_string()
}

/// The variables that an expression uses.
fn variables(text: &mut String, expression: &str) {
    let all = [(BACKSLASH, r"'\'"), (QUOTE, "'\"'")];
    let used: Vec<_> = all.iter().filter(|(name, _)| expression.contains(name)).collect();
    if !used.is_empty() {
        text.push_str("  vars:\n");
    }
    for (name, value) in used {
        let _ = writeln!(text, "    {name}: {value}");
    }
}
