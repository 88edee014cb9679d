//! Our variables in an existing `setup.env`: one marked block, and what becomes of other lines that set
//! them.
//!
//! For bash the last assignment wins, so that a new block goes to the end. An existing one stays where it
//! is if nothing behind it sets one of its variables: lines that a person added there may use them.

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::script::{Kind, Script, Statement, at_line, malformed, names, uses};
use super::variables::{self, CLIENT_SECRET, DEVICE_CLIENT_ID, PASSWORD, Variable, VariableValue};
use crate::issue::Issue;
use crate::secret::Secret;

const BEGIN: &str = "# BEGIN authentik-netbird";
const END: &str = "# END authentik-netbird";
/// The lines around the variables, which begin with the above.
pub(super) const AROUND: [&str; 2] = [
    "# BEGIN authentik-netbird (changes up to END are overwritten)\n",
    "# END authentik-netbird\n",
];
/// The heading of our variables before they had a block.
const OLD_HEADING: &str = "# authentik as NetBird's identity provider";
/// The comment that replaces a line with one of our variables.
const REPLACED: &str = "# replaced by authentik-netbird: ";

/// An existing `setup.env`, without Windows line ends, with these variables in it.
pub(super) fn merge(variables: &[Variable], existing: &str) -> Result<Secret, Vec<Issue>> {
    let script = Script::parse(existing).map_err(|issue| vec![issue])?;
    let mut merge = Merge::new(variables, &script);
    let missing = merge.find_password();
    merge.uses = merge.find_uses();
    let mut issues = merge.issues();
    issues.extend(missing);
    if issues.is_empty() { Ok(merge.written(existing.len())) } else { Err(issues) }
}

/// Writes `NAME=value`, a text in single quotes.
pub(super) fn push_assignment(out: &mut String, variable: &Variable, value: &str) {
    let quoted = Zeroizing::new(value.replace('\'', r"'\''"));
    let is_bare = matches!(variable.value, VariableValue::Boolean(_) | VariableValue::Number(_));
    let quote = if is_bare { "" } else { "'" };
    out.extend([variable.name, "=", quote, quoted.as_str(), quote]);
}

/// Says that the password is not available, and what to do.
pub(super) fn missing(variable: &Variable) -> Issue {
    let message = "the password is not available: it already existed and was not read";
    Issue::new(variable.name, message, "Read it with Client::outputs.")
}

struct Merge<'a> {
    variables: &'a [Variable],
    script: &'a Script<'a>,
    /// Indexes of statements, and whether the end is marked.
    blocks: Vec<(Range<usize>, bool)>,
    /// The statement before which the block is written.
    anchor: usize,
    /// Whether there are conditions, loops or functions. Lines must not be taken from them: what is empty
    /// bash cannot read.
    is_compound: bool,
    /// For each variable of ours the last statement before the block that uses it, and stays.
    uses: BTreeMap<&'static str, usize>,
    /// The password that the file has, for a run that did not read it.
    password: Option<Secret>,
    /// The statement that sets that password, if bash has to work it out: it stays as it is.
    kept: Option<usize>,
}

/// The decision about a statement.
#[derive(PartialEq, Eq)]
enum Fate {
    Keep,
    Drop,
    /// It becomes a comment.
    Disable,
    /// It gets the new value: a line between it and the block uses the variable, or it must stay.
    Correct,
}

impl<'a> Merge<'a> {
    fn new(variables: &'a [Variable], script: &'a Script<'a>) -> Self {
        let statements = &script.statements;
        let is_compound = statements.iter().any(|one| matches!(one.kind, Kind::Compound));
        let mut merge = Self {
            variables,
            script,
            blocks: Vec::new(),
            anchor: statements.len(),
            is_compound,
            uses: BTreeMap::new(),
            password: None,
            kept: None,
        };
        merge.blocks = merge.find_blocks();
        if let Some((last, _)) = merge.blocks.last() {
            let is_set = |one: &Statement<'_>| variables.iter().any(|it| may_set(one, it.name));
            let is_command = |one: &Statement<'_>| matches!(one.kind, Kind::Command);
            // Lines that were added to the block go behind it.
            let mut behind = statements[last.start..].iter();
            if !behind.any(|one| is_command(one) && is_set(one)) {
                merge.anchor = last.start;
            }
        }
        merge
    }

    fn find_blocks(&self) -> Vec<(Range<usize>, bool)> {
        let statements = &self.script.statements;
        let is_marked = |index: usize, mark| statements[index].text.trim().starts_with(mark);
        let marks: Vec<usize> =
            (0..statements.len()).filter(|&one| is_mark(&statements[one])).collect();
        let mut blocks: Vec<(Range<usize>, bool)> = Vec::new();
        for (number, &start) in marks.iter().enumerate() {
            if blocks.last().is_some_and(|(last, _)| last.contains(&start)) {
                continue;
            }
            let end = marks.get(number + 1).filter(|&&next| is_marked(next, END));
            if statements[start..].iter().any(|one| matches!(one.kind, Kind::Compound)) {
                // It may be a part of a condition, which must not be empty.
                continue;
            }
            if let Some(end) = end.filter(|_| is_marked(start, BEGIN)) {
                blocks.push((start..end + 1, true));
                continue;
            }
            // Without a marked end it goes as far as our variables do.
            let is_ours = |one: &&Statement<'_>| match &one.kind {
                Kind::Assignment(set) => self.is_ours(set.name),
                _ => false,
            };
            let ours = statements[start + 1..].iter().take_while(is_ours).count();
            let length = if is_marked(start, END) { 1 } else { 1 + ours };
            blocks.push((start..start + length, false));
        }
        blocks
    }

    fn wanted(&self, name: &str) -> Option<&'a Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Whether a variable is to be written, or belongs to a secret, an account or a device flow where there is
    /// to be none.
    fn is_ours(&self, name: &str) -> bool {
        self.wanted(name).is_some()
            || name == CLIENT_SECRET
            || (variables::is_of_account(name) && self.wanted(PASSWORD).is_none())
            || (variables::is_of_device_flow(name) && self.wanted(DEVICE_CLIENT_ID).is_none())
    }

    /// Looks for the password in the file if this run did not read it.
    fn find_password(&mut self) -> Option<Issue> {
        let variable = self.wanted(PASSWORD)?;
        if variable.value != VariableValue::SecretUnknown {
            return None;
        }
        let Some(last) = self.script.statements.iter().rposition(|one| may_set(one, PASSWORD))
        else {
            return Some(missing(variable));
        };
        let statement = &self.script.statements[last];
        let Kind::Assignment(set) = &statement.kind else {
            let message = format!("sets {PASSWORD} in a way that cannot be read");
            return Some(at_line(statement.line, message, "Write NAME='value' alone on its line."));
        };
        let in_block = self.blocks.iter().any(|(range, _)| range.contains(&last));
        match &set.value {
            Some(value) if value.is_empty() => return Some(missing(variable)),
            Some(value) if set.is_literal && (in_block || !self.is_compound) => {
                self.password = Some(value.clone());
            }
            _ => self.kept = Some(last),
        }
        None
    }

    fn find_uses(&self) -> BTreeMap<&'static str, usize> {
        let kept = (0..self.anchor).filter(|&index| self.fate(index) == Fate::Keep);
        let uses = kept.flat_map(|index| {
            let text = self.script.statements[index].text;
            let used = self.variables.iter().filter(|variable| uses(text, variable.name));
            used.map(move |variable| (variable.name, index))
        });
        uses.collect()
    }

    fn fate(&self, index: usize) -> Fate {
        let statement = &self.script.statements[index];
        let block = self.blocks.iter().find(|(range, _)| range.contains(&index));
        let (name, is_plain) = match &statement.kind {
            Kind::Assignment(set) => (set.name, true),
            Kind::Malformed { name, .. } => (*name, false),
            Kind::Inert if block.is_some() && statement.text.trim().is_empty() => {
                return Fate::Drop;
            }
            Kind::Inert if is_mark(statement) => return Fate::Drop,
            _ => return Fate::Keep,
        };
        let is_closed = block.is_some_and(|(_, is_closed)| *is_closed);
        let is_ours = self.is_ours(name) || (is_closed && variables::is_known(name));
        if !is_ours || self.kept == Some(index) {
            return Fate::Keep;
        }
        match block {
            Some((range, _)) if range.contains(&self.anchor) => Fate::Drop,
            _ if is_plain && self.uses.get(name) > Some(&index) => Fate::Correct,
            Some(_) => Fate::Drop,
            None if !self.is_compound => Fate::Disable,
            None if is_plain => Fate::Correct,
            None => Fate::Keep,
        }
    }

    /// Lines that bash cannot read, or after which a variable might not have its value.
    fn issues(&self) -> Vec<Issue> {
        let mut issues = Vec::new();
        for (index, statement) in self.script.statements.iter().enumerate() {
            let words: Vec<&str> = statement.text.split_ascii_whitespace().collect();
            let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
            let has_flag = words.iter().any(|word| word.starts_with('-') && word.contains('r'));
            let is_readonly = has(&["readonly"]) || (has(&["declare", "typeset"]) && has_flag);
            let ends = words.first().is_some_and(|word| ["exit", "return", "exec"].contains(word));
            let message = match &statement.kind {
                Kind::Malformed { problem, .. } if self.fate(index) == Fate::Keep => {
                    issues.push(malformed(statement.line, problem));
                    continue;
                }
                Kind::Command | Kind::Compound => {
                    let sets = |variable: &Variable| may_set(statement, variable.name);
                    if is_readonly && self.variables.iter().any(sets) {
                        "makes one of NetBird's variables read-only"
                    } else if ends && index < self.anchor {
                        "ends the file before NetBird's variables are set"
                    } else {
                        continue;
                    }
                }
                _ => continue,
            };
            issues.push(at_line(statement.line, message, "Remove that line."));
        }
        issues
    }

    fn written(&self, length: usize) -> Secret {
        let mut out = String::with_capacity(length + 4096);
        for (index, statement) in self.script.statements.iter().enumerate() {
            if index == self.anchor {
                self.push_block(&mut out);
            }
            match (self.fate(index), &statement.kind) {
                (Fate::Keep, _) => out.push_str(statement.text),
                (Fate::Drop, _) => {}
                (Fate::Correct, Kind::Assignment(set)) => {
                    out.push_str(set.around[0]);
                    self.push(&mut out, set.name);
                    out.push_str(set.around[1]);
                }
                (Fate::Correct | Fate::Disable, _) => disable(&mut out, statement.text),
            }
        }
        if self.anchor == self.script.statements.len() {
            if !out.is_empty() && !out.ends_with('\n') {
                // Before a line end, a backslash has to be escaped to stay.
                let stays = self.script.ends_in_backslash && out.ends_with('\\');
                out.push_str(if stays { "\\\n" } else { "\n" });
            }
            // The empty line also ends a last line that a backslash continues.
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
            self.push_block(&mut out);
        }
        Secret::new(out)
    }

    fn push_block(&self, out: &mut String) {
        out.push_str(AROUND[0]);
        for name in self.variables.iter().map(|variable| variable.name) {
            let exports = |one: &Statement<'_>| match &one.kind {
                Kind::Assignment(set) => set.is_exported && set.name == name,
                _ => false,
            };
            if name == PASSWORD && self.kept.is_some() {
                continue;
            }
            if self.script.statements.iter().any(exports) {
                out.push_str("export ");
            }
            self.push(out, name);
            out.push('\n');
        }
        out.push_str(AROUND[1]);
    }

    /// Writes a variable with its new value; empty if there is to be none.
    fn push(&self, out: &mut String, name: &str) {
        let Some(variable) = self.wanted(name) else { return out.extend([name, "=''"]) };
        let value = variable.value.text().or_else(|| self.password.clone());
        push_assignment(out, variable, value.as_ref().map_or("", Secret::expose));
    }
}

/// Whether a statement sets a variable, or might.
fn may_set(statement: &Statement<'_>, variable: &str) -> bool {
    match &statement.kind {
        Kind::Assignment(set) => set.name == variable,
        Kind::Malformed { name, .. } => *name == variable,
        Kind::Command | Kind::Compound => names(statement.text, variable),
        Kind::Inert => false,
    }
}

/// Whether a statement is a comment around our variables.
fn is_mark(statement: &Statement<'_>) -> bool {
    let text = statement.text.trim();
    text.starts_with(BEGIN) || text.starts_with(END) || text == OLD_HEADING
}

/// Makes comments of the lines of a statement, without the value if that may be a password.
fn disable(out: &mut String, text: &str) {
    let secret = [PASSWORD, CLIENT_SECRET].into_iter().find(|name| names(text, name));
    let shown = secret.unwrap_or(text);
    for (index, line) in shown.lines().enumerate() {
        let prefix = if index == 0 { REPLACED } else { "# " };
        out.extend([prefix, line.trim_start(), "\n"]);
    }
}
