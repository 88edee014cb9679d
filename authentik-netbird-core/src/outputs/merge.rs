//! Variables into an existing `setup.env`.

use super::lines::{self, Line, LineKind, at_line};
use super::parse::normalized;
use super::render;
use super::wiped::Wiped;
use super::{Variable, VariableValue};
use crate::issue::Issue;
use crate::secret::Secret;

/// The comment over variables that were not in the file.
pub(super) const HEADING: &str = "# authentik as NetBird's identity provider";

/// What becomes of one line of ours.
enum Edit<'a> {
    /// The value, with its quotes, is replaced.
    Value(std::ops::Range<usize>, &'a Variable),
    /// All from the name on is replaced.
    Whole(std::ops::Range<usize>, &'a Variable),
}

/// See [`NetbirdEnv::merge_into`](super::NetbirdEnv::merge_into).
pub(super) fn merge(variables: &[Variable], existing: &str) -> Result<Secret, Vec<Issue>> {
    let normal = normalized(existing);
    let existing = normal.as_str();
    if let Some(at) = existing.find('\0') {
        let line = 1 + existing[..at].matches('\n').count();
        return Err(vec![at_line(line, "holds a NUL byte", "is it a text file?")]);
    }
    let file = lines::lines(existing).map_err(|issue| vec![issue])?;
    let mut issues = dangers(variables, &file.lines);
    let mut edits = Vec::new();
    let mut missing = Vec::new();
    for variable in variables {
        let found = edits.len();
        let mut is_there = false;
        for line in &file.lines {
            if let Some(edit) = edit(variable, line, &mut is_there) {
                edits.push(edit);
            }
        }
        match &variable.value {
            VariableValue::SecretUnknown if !is_there => issues.push(render::unknown(variable)),
            VariableValue::SecretUnknown => edits.truncate(found),
            _ if !is_there => missing.push(variable),
            _ => {}
        }
    }
    if !missing.is_empty() && file.unclosed {
        let last = file.lines.last().map_or(1, |line| line.number);
        issues.push(at_line(last, "leaves a condition, loop or function open", "close it"));
    }
    if !missing.is_empty()
        && let Some(line) = file.lines.iter().find(|line| ends(line))
    {
        issues.push(ended_by(line));
    }
    if issues.is_empty() { Ok(written(existing, edits, &missing)) } else { Err(issues) }
}

/// What a line of this variable needs. `is_there` becomes whether the variable has a value that
/// counts; for one that is not known, whether there is one to keep.
fn edit<'a>(variable: &'a Variable, line: &Line, is_there: &mut bool) -> Option<Edit<'a>> {
    match &line.kind {
        LineKind::Assignment { name, value, literal, .. } if name == variable.name => {
            let Some(wanted) = render::plain(&variable.value) else {
                // An expansion is taken to give a password; an empty text is none.
                *is_there = literal.as_ref().is_none_or(|text| !text.is_empty());
                return None;
            };
            *is_there = true;
            let right = literal.as_ref() == Some(&wanted);
            (!right).then(|| Edit::Value(value.clone(), variable))
        }
        LineKind::Malformed { name, range } if name == variable.name => {
            *is_there = !matches!(variable.value, VariableValue::SecretUnknown);
            Some(Edit::Whole(range.clone(), variable))
        }
        _ => None,
    }
}

/// Lines after which one of our variables might not have the value that its line gives it.
fn dangers(variables: &[Variable], lines: &[Line]) -> Vec<Issue> {
    let ours = |name: &str| variables.iter().any(|variable| variable.name == name);
    let mut issues = Vec::new();
    let mut end: Option<&Line> = None;
    for line in lines {
        let set = match &line.kind {
            LineKind::Assignment { name, .. } | LineKind::Malformed { name, .. } => {
                Some(name.as_str()).filter(|name| ours(name))
            }
            LineKind::Other { names, .. } => {
                for name in names.iter().filter(|name| ours(name)) {
                    issues.push(at_line(
                        line.number,
                        &format!("does something with {name} that is no plain NAME=value"),
                        "take it out, or make it a line of its own",
                    ));
                }
                None
            }
            LineKind::Blank => None,
        };
        if let Some(name) = set {
            if line.nested {
                issues.push(at_line(
                    line.number,
                    &format!("sets {name} inside a condition, a loop, a function or parentheses"),
                    "set it outside",
                ));
            }
            if let Some(end) = end.take() {
                issues.push(ended_by(end));
            }
        } else if ends(line) {
            end = end.or(Some(line));
        }
    }
    issues.dedup();
    issues
}

fn ends(line: &Line) -> bool {
    !line.nested && matches!(line.kind, LineKind::Other { ends: true, .. })
}

fn ended_by(line: &Line) -> Issue {
    at_line(line.number, "ends the file's reading before NetBird's variables", "take it out")
}

fn written(existing: &str, mut edits: Vec<Edit<'_>>, missing: &[&Variable]) -> Secret {
    edits.sort_by_key(|edit| match edit {
        Edit::Value(range, _) | Edit::Whole(range, _) => range.start,
    });
    let mut out = Wiped::with_capacity(existing.len() + 4096);
    let mut copied = 0;
    for edit in edits {
        let (Edit::Value(range, variable) | Edit::Whole(range, variable)) = &edit;
        out.push_str(&existing[copied..range.start]);
        if matches!(edit, Edit::Whole(..)) {
            out.push_str(variable.name);
            out.push('=');
        }
        render::push_bash(&mut out, &variable.value);
        copied = range.end;
    }
    out.push_str(&existing[copied..]);
    if !missing.is_empty() {
        if !existing.is_empty() {
            // The empty line also ends a last line that a backslash would carry on.
            out.push_str(if out.as_str().ends_with('\n') { "\n" } else { "\n\n" });
        }
        out.push_str(HEADING);
        out.push('\n');
    }
    for variable in missing {
        out.push_str(variable.name);
        out.push('=');
        render::push_bash(&mut out, &variable.value);
        out.push('\n');
    }
    out.into_secret()
}
