//! A plan as a list of curl commands, for bash.

use std::fmt::Write as _;

use super::steps::{Call, Finds, Language, calls};
use crate::authentik::{ENDING, ENDING_LENGTH};
use crate::error::Result;
use crate::ids::Server;
use crate::issue::printable;
use crate::plan::Plan;
use crate::report::Verb;
use crate::resource::{Proof, SecretField};

/// jq's expressions. Responses are in environment variables, which only the user's own processes can read.
struct Jq;

impl Language for Jq {
    fn null(&self) -> &'static str {
        "null"
    }

    fn response(&self, variable: &str, field: &str) -> String {
        format!("(env.{variable} | fromjson | .{field})")
    }

    fn found(&self, variable: &str) -> String {
        format!("(env.{variable} | fromjson)")
    }

    fn generated(&self) -> String {
        "env.new_secret".to_owned()
    }

    fn unguessable(&self, text: &str) -> String {
        format!("({} + env.new_ending)", self.text(text))
    }
}

const HEAD: &str = r#"# Needs bash, curl 7.76 or later and jq, and these variables:
#   AUTHENTIK_URL    authentik's address
#   AUTHENTIK_TOKEN  an API token of an administrator
#   OUTPUT           new file for the results, secrets among them; default: netbird.secrets
# It stops at the first call that fails. Run it once: a second run meets what the first one created. After a
# failure `export curl --from-server` has the calls that are left, and `env` the results of all.
set -euo pipefail
for program in curl jq; do
  command -v "$program" >/dev/null || { echo "$program is missing" >&2; exit 1; }
done
: "${AUTHENTIK_URL:?is missing}" "${AUTHENTIK_TOKEN:?is missing}"
export new_secret=""
umask 077

call() { # METHOD URL HEADER: sends standard input
  local response
  response=$(curl --silent --show-error --fail-with-body --request "$1" --data-binary @- \
    --config <(printf 'header = "Authorization: %s"\n' "$3") --header 'Content-Type: application/json' "$2") ||
    { printf '%s %s: %s\n' "$1" "$2" "$response" >&2; return 1; }
  printf '%s' "$response"
}
authentik() { # METHOD PATH
  call "$1" "${AUTHENTIK_URL%/}/api/v3/$2" "Bearer $AUTHENTIK_TOKEN"
}
find_one() { # PATH FIELD NAME KEY: the key of the object of exactly that name
  local query list
  query=$(jq -nr --arg field "$2" --arg name "$3" '$field + "=" + ($name | @uri)')
  list=$(authentik GET "$1?$query&page_size=1000" </dev/null) || return 1
  printf '%s' "$list" |
    jq -ec --arg field "$2" --arg name "$3" --arg key "$4" 'first(.results[] | select(.[$field] == $name))[$key]' ||
    { printf 'not found in %s: %s "%s"\n' "$1" "$2" "$3" >&2; return 1; }
}
"#;

/// Opens the file of the results before anything is sent: without them a new password would be lost. An existing
/// file, which others may be able to read, is refused; an empty one is not left behind.
const OUTPUT: &str = r#"OUTPUT=${OUTPUT:-netbird.secrets}
set -o noclobber
exec 3>"$OUTPUT"
set +o noclobber
trap '[ ! -f "$OUTPUT" ] || [ -s "$OUTPUT" ] || rm -f -- "$OUTPUT"' EXIT
"#;

const NETBIRD: &str = r#": "${NETBIRD_URL:?is missing}" "${NETBIRD_TOKEN:?is missing}"
netbird() { # METHOD PATH
  call "$1" "${NETBIRD_URL%/}/api/$2" "Token $NETBIRD_TOKEN"
}
"#;

/// The operations of a plan as a script of curl commands. A plan of a preview looks up what authentik comes
/// with by name; one of a server has its ids.
///
/// # Errors
/// [`Error::InvalidPlan`](crate::Error::InvalidPlan) for a change of NetBird's that has to read it first.
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
/// use authentik_netbird_core::outputs::export::curl_script;
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let script = curl_script(&integration.preview())?;
/// assert!(script.contains("authentik POST 'providers/oauth2/'"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
pub fn curl_script(plan: &Plan) -> Result<String> {
    let (calls, finds) = calls(plan)?;
    let domain = plan.integration.domain();
    let mut text =
        format!("#!/usr/bin/env bash\n# NetBird {domain}, by authentik-netbird.\n{HEAD}");
    let sets_up_netbird = calls.iter().any(|call| call.server == Server::Netbird);
    let results = if sets_up_netbird { None } else { results(&calls) };
    if sets_up_netbird {
        text += NETBIRD;
    }
    if results.is_some() {
        text += OUTPUT;
    }
    for call in &calls {
        write_call(&mut text, call, &finds);
    }
    text.extend(results);
    Ok(text)
}

fn write_call(text: &mut String, call: &Call<'_>, finds: &Finds) {
    let operation = call.operation;
    let reason = printable(&operation.reason);
    let _ = writeln!(
        text,
        "\n# {} {}: {reason}",
        operation.verb(),
        printable(&operation.resource.to_string())
    );
    for find in &call.finds {
        let (variable, target) = (&find.variable, find.target);
        let name = quoted(&find.name);
        let _ = writeln!(
            text,
            "{variable}=$(find_one {} {} {name} {})\nexport {variable}",
            target.api.path, target.key, target.pk
        );
    }
    if let SecretField::Generated(_) = call.write.action.secret {
        text.push_str("new_secret=$(od -An -N30 -tx1 /dev/urandom | tr -d ' \\n')\n");
    }
    if call.write.action.proof == Proof::UnguessableName {
        let (first, count) = (u32::from(*ENDING.start()), ENDING.count());
        let _ = writeln!(
            text,
            "new_ending=$(od -An -N{ENDING_LENGTH} -tu1 /dev/urandom | jq -sr 'map(. % {count} + {first}) | implode')\n\
             export new_ending"
        );
    }
    let (before, key, after) = call.path(finds, &Jq);
    let path = match key {
        None => quoted(&before),
        Some(key) => format!(
            "{}\"$(jq -nr {})\"{}",
            quoted(&before),
            quoted(&format!("{key} | @uri")),
            quoted(&after)
        ),
    };
    let body = call
        .body(finds, &Jq)
        .map_or_else(|| "printf ''".to_owned(), |body| format!("jq -cn {}", quoted(&body)));
    let server = match call.server {
        Server::Netbird => "netbird",
        _ => "authentik",
    };
    let variable = &call.variable;
    let _ = writeln!(
        text,
        "{variable}=$({body} |\n  {server} {} {path})\nexport {variable}",
        call.method
    );
    if call.write.action.secret == SecretField::Read {
        let identifier = quoted(call.write.text("identifier").unwrap_or_default());
        let _ = writeln!(
            text,
            "{variable}=$(authentik GET core/tokens/{identifier}/view_key/ </dev/null)"
        );
    }
}

/// Writes the values of created objects that NetBird needs.
fn results(calls: &[Call<'_>]) -> Option<String> {
    let mut lines = Vec::new();
    for call in calls {
        let (id, variable) = (call.operation.id.as_str(), &call.variable);
        let mut line = |name: &str, expression: String| {
            lines.push(format!("\"{name}=\" + ({expression} | @sh)"));
        };
        let is_new = call.write.verb() == Verb::Create;
        match (id, call.write.action.secret) {
            ("provider", _) if is_new => {
                line("NETBIRD_AUTH_CLIENT_ID", Jq.response(variable, "client_id"));
            }
            ("api-provider", _) if is_new => {
                line("NETBIRD_IDP_MGMT_CLIENT_ID", Jq.response(variable, "client_id"));
            }
            (_, SecretField::Response(field)) => {
                line("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", Jq.response(variable, field));
            }
            (_, SecretField::Read) => {
                line("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", Jq.response(variable, "key"));
            }
            (_, SecretField::Generated("key")) => {
                line("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", "env.new_secret".to_owned());
            }
            _ => {}
        }
    }
    let all = quoted(&lines.join(", "));
    (!lines.is_empty()).then(|| format!("\n# For NetBird's setup.env.\njq -nr {all} >&3\n"))
}

/// A word for bash.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
