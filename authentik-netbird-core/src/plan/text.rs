//! A plan as text: what will happen, in five seconds' reading.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::change::{FieldChange, FieldValue};
use super::operation::{ChangedBy, Operation};
use super::plan::{Plan, Purpose};
use super::warning::Warning;
use crate::ids::Server;
use crate::issue::printable;
use crate::report::Verb;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (create, update) = (count(self, Verb::Create), count(self, Verb::Update));
        let url = self.integration.authentik_url.as_str().trim_end_matches('/');
        let domain = &self.integration.domain;
        match self.purpose {
            Purpose::SetUp => writeln!(f, "NetBird {domain} on authentik {url}")?,
            Purpose::TearDown => writeln!(f, "Remove NetBird {domain} from authentik {url}")?,
            Purpose::Rotate => {
                let is_connector = self.integration.connector().is_some();
                let what = if is_connector { "client secret" } else { "app password" };
                writeln!(f, "Rotate the {what} of NetBird {domain} on authentik {url}")?;
            }
        }
        if let Some(version) = self.server_version {
            let server = if self.offline { "offline, for a fresh authentik" } else { "authentik" };
            let mode = self.integration.mode().kind();
            writeln!(f, "({server} {version}, mode {mode})")?;
        }
        write_warnings(f, self, true)?;
        // People know an operation by what it is about, not by its id.
        let by_operation = self
            .operations
            .iter()
            .map(|operation| (operation.id.as_str().to_owned(), operation.resource.to_string()));
        let names = self.names.clone().into_iter().chain(by_operation).collect();
        for operation in &self.operations {
            writeln!(f)?;
            write_operation(f, operation, &names)?;
        }
        write_warnings(f, self, false)?;
        if !self.missing_permissions.is_empty() {
            writeln!(
                f,
                "\n! the plan cannot be applied: the token is missing required permissions:"
            )?;
            for permission in &self.missing_permissions {
                writeln!(f, "    {}", printable(permission))?;
            }
        }
        writeln!(f)?;
        let (delete, unchanged) = (count(self, Verb::Delete), count(self, Verb::NoChange));
        match (self.purpose, self.has_changes()) {
            (Purpose::SetUp | Purpose::Rotate, false) => {
                let is_on_both = self.operations.iter().any(|one| one.server == Server::Netbird);
                let servers = if is_on_both { "authentik and NetBird are" } else { "authentik is" };
                write!(f, "Nothing to do: {servers} up to date.")
            }
            (Purpose::SetUp | Purpose::Rotate, true) => write!(
                f,
                "{create} to create, {update} to change, {delete} to delete, {unchanged} unchanged."
            ),
            (Purpose::TearDown, false) if unchanged == 0 => {
                write!(f, "Nothing to do: nothing of this integration exists on authentik.")
            }
            (Purpose::TearDown, false) => {
                write!(f, "Nothing to remove: everything found is still in use.")
            }
            (Purpose::TearDown, true) => {
                write!(f, "{delete} to delete, {update} to change, {unchanged} kept.")
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_operation(f, self, &BTreeMap::new())
    }
}

/// The warnings about changes for people in NetBird, or all others.
fn write_warnings(f: &mut fmt::Formatter<'_>, plan: &Plan, consequences: bool) -> fmt::Result {
    let is_it = |warning: &&Warning| warning.kind.is_consequence() == consequences;
    let mut warnings = plan.warnings.iter().filter(is_it).peekable();
    if warnings.peek().is_some() {
        writeln!(f)?;
    }
    warnings.try_for_each(|warning| writeln!(f, "! {warning}"))
}

const NONE: &str = "(none)";

fn count(plan: &Plan, verb: Verb) -> usize {
    plan.operations.iter().filter(|operation| operation.verb() == verb).count()
}

fn write_operation(
    f: &mut fmt::Formatter<'_>,
    operation: &Operation,
    names: &BTreeMap<String, String>,
) -> fmt::Result {
    let mark = match operation.verb() {
        Verb::Create => '+',
        Verb::Update => '~',
        Verb::NoChange | Verb::Read => '=',
        Verb::Delete => '-',
    };
    write!(f, "{mark} {} {}", operation.verb(), operation.resource)?;
    match operation.server {
        Server::Authentik => writeln!(f)?,
        Server::Netbird => writeln!(f, " in NetBird")?,
    }
    writeln!(f, "    {}", printable(&operation.reason))?;
    if let Some(ChangedBy { user, at }) = &operation.changed_by {
        writeln!(f, "    last changed by {} at {}", printable(user), printable(at))?;
    }
    let width = operation.changes.iter().map(|change| change.path.len()).max().unwrap_or(0);
    for change in &operation.changes {
        write_change(f, change, width, names)?;
    }
    Ok(())
}

fn write_change(
    f: &mut fmt::Formatter<'_>,
    change: &FieldChange,
    width: usize,
    names: &BTreeMap<String, String>,
) -> fmt::Result {
    let FieldChange { path, before, after } = change;
    let path = &printable(path);
    if let (FieldValue::Secret, FieldValue::Secret) = (before, after) {
        return writeln!(f, "    {path:width$}  (secret) -> (new secret)");
    }
    let line = |value| lines(value, path, names);
    let (before, after) = (line(before), line(after));
    let rows = match (&before[..], &after[..]) {
        ([], new) => new.to_vec(),
        ([old], [new]) => vec![format!("{old} -> {new}")],
        (old, new) => {
            // Lists: what goes and what comes; what stays is not worth a line.
            let gone = old.iter().filter(|line| !new.contains(line) && *line != NONE);
            let gone = gone.map(|line| format!("- {line}"));
            let come = new.iter().filter(|line| !old.contains(line));
            gone.chain(come.map(|line| format!("+ {line}"))).collect()
        }
    };
    for (index, row) in rows.iter().enumerate() {
        writeln!(f, "    {:width$}  {row}", if index == 0 { path } else { "" })?;
    }
    Ok(())
}

/// A value in lines, a list's entries one by one. Nothing there: no line.
fn lines(value: &FieldValue, path: &str, names: &BTreeMap<String, String>) -> Vec<String> {
    match value {
        FieldValue::Absent => Vec::new(),
        FieldValue::Secret => vec!["(secret)".to_owned()],
        FieldValue::Value(Value::Array(entries)) if entries.is_empty() => {
            vec![NONE.to_owned()]
        }
        FieldValue::Value(Value::Array(entries)) => {
            entries.iter().map(|entry| short(entry, path, names)).collect()
        }
        FieldValue::Value(value) => vec![short(value, path, names)],
    }
}

fn short(value: &Value, path: &str, names: &BTreeMap<String, String>) -> String {
    let called = |key: &str| names.get(key).map(|name| printable(name));
    match value {
        Value::Null => NONE.to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        // A program, such as a mapping's expression, in one line.
        Value::String(text) if text.contains('\n') => {
            printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Value::String(text) => called(text).unwrap_or_else(|| printable(text)),
        Value::Number(number) => {
            called(&format!("{path} {number}")).unwrap_or_else(|| number.to_string())
        }
        Value::Object(fields) => {
            let text = |field: &str| fields.get(field).and_then(Value::as_str);
            if let Some(id) = text("pending") {
                format!("(from the new {})", called(id).unwrap_or_else(|| printable(id)))
            } else if let Some(name) = text("named") {
                printable(name)
            } else if let (Some(mode), Some(url)) = (text("matching_mode"), text("url")) {
                let is_logout = text("redirect_uri_type") == Some("logout");
                let of = if is_logout { " (after a logout)" } else { "" };
                format!("{:6} {}{of}", printable(mode), printable(url))
            } else {
                value.to_string()
            }
        }
        Value::Bool(_) | Value::Array(_) => value.to_string(),
    }
}
