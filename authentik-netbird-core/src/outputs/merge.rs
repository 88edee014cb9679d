//! Variables into an existing `setup.env`.

use super::lines::{self, Line, LineKind, at_line};
use super::parse::normalized;
use super::render;
use super::variables;
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
    let emptied = variables::emptied(variables);
    for (variable, line) in emptied.iter().flat_map(|one| file.lines.iter().map(move |l| (one, l)))
    {
        match edit(variable, line, &mut false) {
            Ok(edit) => edits.extend(edit),
            Err(issue) => issues.push(issue),
        }
    }
    for variable in variables {
        let mut is_there = false;
        for line in &file.lines {
            match edit(variable, line, &mut is_there) {
                Ok(edit) => edits.extend(edit),
                Err(issue) => issues.push(issue),
            }
        }
        match &variable.value {
            _ if is_there => {}
            VariableValue::SecretUnknown => issues.push(render::unknown(variable)),
            _ => missing.push(variable),
        }
    }
    if !missing.is_empty() && file.unclosed {
        let last = file.lines.last().map_or(1, |line| line.number);
        issues.push(at_line(last, "leaves a condition, loop or function open", "close it"));
    }
    issues.extend(cut_short(variables, &file.lines, !missing.is_empty()));
    if !issues.is_empty() {
        return Err(issues);
    }
    Ok(written(existing, file.ends_in_backslash, edits, &missing))
}

/// What a line of this variable needs. `is_there` becomes whether the variable has a value that
/// counts; for one that is not known, whether there is one to keep.
fn edit<'a>(
    variable: &'a Variable,
    line: &Line,
    is_there: &mut bool,
) -> Result<Option<Edit<'a>>, Issue> {
    if set_by(line) != Some(variable.name) {
        return Ok(None);
    }
    let wanted = render::plain(&variable.value);
    match (&line.kind, wanted) {
        (LineKind::Assignment { value, literal, .. }, Some(wanted)) => {
            *is_there = true;
            let right = literal.as_ref() == Some(&wanted);
            Ok((!right).then(|| Edit::Value(value.clone(), variable)))
        }
        (LineKind::Assignment { literal, .. }, None) => {
            // An expansion is taken to give a password; an empty text is none.
            *is_there = literal.as_ref().is_none_or(|text| !text.is_empty());
            Ok(None)
        }
        (LineKind::Malformed { range, .. }, Some(_)) => {
            *is_there = true;
            Ok(Some(Edit::Whole(range.clone(), variable)))
        }
        (LineKind::Malformed { name, .. }, None) => Err(at_line(
            line.number,
            &format!("sets {name} in a form that bash can't read"),
            "correct it, or take it out",
        )),
        (LineKind::Other { .. } | LineKind::Blank, _) => Ok(None),
    }
}

/// The variable that a line sets or means to set.
fn set_by(line: &Line) -> Option<&str> {
    match &line.kind {
        LineKind::Assignment { name, .. } | LineKind::Malformed { name, .. } => Some(name),
        LineKind::Other { .. } | LineKind::Blank => None,
    }
}

fn is_ours(variables: &[Variable], name: &str) -> bool {
    variables.iter().any(|variable| variable.name == name)
}

/// Lines after which one of our variables might not have the value that its line gives it.
fn dangers(variables: &[Variable], lines: &[Line]) -> Vec<Issue> {
    let mut issues = Vec::new();
    for line in lines {
        if let LineKind::Other { names, .. } = &line.kind {
            for name in names.iter().filter(|name| is_ours(variables, name)) {
                issues.push(at_line(
                    line.number,
                    &format!("does something with {name} that is no plain NAME=value"),
                    "take it out, or make it a line of its own",
                ));
            }
        }
        let name = set_by(line).filter(|name| line.nested && is_ours(variables, name));
        if let Some(name) = name {
            issues.push(at_line(
                line.number,
                &format!("sets {name} inside a condition, a loop, a function or parentheses"),
                "set it outside",
            ));
        }
    }
    issues.dedup();
    issues
}

/// An `exit` or the like before a line that sets, or is to set, one of our variables.
fn cut_short(variables: &[Variable], lines: &[Line], appends: bool) -> Option<Issue> {
    let ends =
        |line: &Line| !line.nested && matches!(line.kind, LineKind::Other { ends: true, .. });
    let end = lines.iter().position(ends)?;
    let ours = |line: &Line| set_by(line).is_some_and(|name| is_ours(variables, name));
    let problem = "ends the file's reading before NetBird's variables";
    (appends || lines[end..].iter().any(ours))
        .then(|| at_line(lines[end].number, problem, "take it out"))
}

fn written(
    existing: &str,
    ends_in_backslash: bool,
    mut edits: Vec<Edit<'_>>,
    missing: &[&Variable],
) -> Secret {
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
        if ends_in_backslash && copied < existing.len() {
            // Before a line's end it has to be escaped to stay in its value.
            out.push_str("\\");
        }
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
