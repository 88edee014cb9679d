//! A `setup.env` as bash reads it: its statements, and what they set.
//!
//! Followed is what people write into such a file: comments, `NAME=value` with or without `export`,
//! quotes, `$NAME` and `${NAME}`. The value is unknown where it has anything else (`$(…)`, `${NAME:-x}`,
//! arrays). Other commands are recognised, and not followed.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::words::{Fault, HERE_DOCUMENT, Reader, Token, Values, Word, split_name};
use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::secret::Secret;

pub(super) struct Script<'a> {
    pub(super) statements: Vec<Statement<'a>>,
    /// Every variable's value at the end.
    pub(super) values: Values,
    /// Whether the last line ends in a backslash that stands for itself because there is no next line.
    pub(super) ends_in_backslash: bool,
}

/// A statement: whole lines of the file, one or more.
pub(super) struct Statement<'a> {
    /// Its lines, the last line end included.
    pub(super) text: &'a str,
    /// Number of its first line, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind<'a>,
}

pub(super) enum Kind<'a> {
    /// Space, a comment, or `export NAME`: no value is changed.
    Inert,
    /// `NAME=value` or `export NAME=value`, and nothing else.
    Assignment(Assigned<'a>),
    /// Any other command.
    Command,
    /// A part of an `if`, a loop, a function or the like: what becomes of the lines between such parts
    /// is not followed.
    Compound,
    /// The lines that bash cannot read, or reads differently than was meant.
    Malformed { name: &'a str, problem: String },
}

pub(super) struct Assigned<'a> {
    pub(super) name: &'a str,
    pub(super) is_exported: bool,
    /// The variable's value after it; `None`: bash would have to evaluate it.
    pub(super) value: Option<Secret>,
    /// Whether the value refers to nothing else.
    pub(super) is_literal: bool,
    /// The text before and behind it.
    pub(super) around: [&'a str; 2],
}

/// Words that make a statement a [`Kind::Compound`].
const KEYWORDS: &str = "if then elif else fi for while until select do done case esac function { }";

impl<'a> Script<'a> {
    /// Splits a text into statements, or names the line from which on that is impossible.
    pub(super) fn parse(text: &'a str) -> Result<Self, Issue> {
        let (script, issue) = Self::parse_partly(text);
        issue.map_or(Ok(script), Err)
    }

    /// The statements up to the line from which on it cannot be split, and that line.
    pub(super) fn parse_partly(text: &'a str) -> (Self, Option<Issue>) {
        let mut reader = Reader::new(text);
        let (mut statements, mut line, mut issue) = (Vec::new(), 1, None);
        while reader.at < text.len() {
            let start = reader.at;
            let line_of = |at| line + text[start..at].matches('\n').count();
            let kind = match statement(&mut reader) {
                Ok(kind) => kind,
                Err(Fault(at, problem)) => {
                    let hint = "Correct that line: the rest depends on it.";
                    issue = Some(at_line(line_of(at), problem, hint));
                    break;
                }
            };
            let next = line_of(reader.at);
            statements.push(Statement { text: &text[start..reader.at], line, kind });
            line = next;
        }
        let (values, ends_in_backslash) = (reader.values, reader.ends_in_backslash);
        (Self { statements, values, ends_in_backslash }, issue)
    }
}

fn statement<'a>(reader: &mut Reader<'a>) -> Result<Kind<'a>, Fault> {
    let start = reader.at;
    // `w` for each word, and the operators.
    let (mut words, mut shape) = (Vec::new(), String::new());
    loop {
        match reader.next()? {
            Token::Word(word) => words.push(word),
            Token::Operator(byte) => {
                shape.push(char::from(byte));
                continue;
            }
            Token::End => break,
        }
        shape.push('w');
    }
    let kind = kind(reader, start, &words, &shape);
    match &kind {
        Kind::Assignment(set) => {
            reader.values.insert(set.name.to_owned(), set.value.clone());
        }
        Kind::Command if is_list(&words, &shape) => {
            for word in words.iter().filter(|word| word.raw != "export") {
                let set = assigned(reader, start, word, false);
                // A word that refers to another one was read before that was set.
                let value = set.value.filter(|_| set.is_literal);
                reader.values.insert(set.name.to_owned(), value);
            }
        }
        Kind::Command | Kind::Compound => {
            let set = words.iter().filter_map(|word| assignment(word.raw));
            reader.values.extend(set.map(|(name, _)| (name.to_owned(), None)));
            let text = &reader.text[start..reader.at];
            let changed = reader.values.iter_mut().filter(|(name, _)| names(text, name));
            changed.for_each(|(_, value)| *value = None);
        }
        Kind::Inert | Kind::Malformed { .. } => {}
    }
    Ok(kind)
}

fn kind<'a>(reader: &Reader<'a>, start: usize, words: &[Word<'a>], shape: &str) -> Kind<'a> {
    let raw: Vec<&str> = words.iter().map(|word| word.raw).collect();
    let Some(first) = raw.first().and_then(|word| word.chars().next()) else {
        return if shape.is_empty() { Kind::Inert } else { Kind::Compound };
    };
    if !first.is_ascii_graphic() {
        let problem = format!("it begins with U+{:04X}", u32::from(first));
        return Kind::Malformed { name: "", problem };
    }
    let is_exported = raw[0] == "export" && raw.len() > 1;
    let rest = &raw[usize::from(is_exported)..];
    let (name, after) = split_name(rest[0]);
    let malformed = |problem| Kind::Malformed { name, problem };
    let is_keyword = |word: &&str| KEYWORDS.split(' ').any(|keyword| keyword == *word);
    let is_open = shape.ends_with(['&', '|']) || shape.contains(['(', ')']);
    let other = if is_open || raw.iter().any(is_keyword) { Kind::Compound } else { Kind::Command };
    match rest {
        _ if shape.trim_end_matches(';').contains(|c| c != 'w') => other,
        [word] if assignment(word).is_some() => {
            Kind::Assignment(assigned(reader, start, &words[words.len() - 1], is_exported))
        }
        names if is_exported && names.iter().all(|name| split_name(name).1.is_empty()) => {
            Kind::Inert
        }
        [_, equals, ..] if after.is_empty() && !name.is_empty() && equals.starts_with('=') => {
            malformed(format!("there are spaces around the = of {name}"))
        }
        [word, others @ ..]
            if assignment(word).is_some() && others.iter().any(|one| assignment(one).is_none()) =>
        {
            malformed(format!("the value of {name} has a space and is not quoted"))
        }
        _ => other,
    }
}

/// Whether a statement is a list of assignments, such as `A=1; B=2`, `A=1 B=2` or `export A=1 B=2`.
fn is_list(words: &[Word<'_>], shape: &str) -> bool {
    let mut words = words.iter().enumerate();
    !shape.contains(|c| !matches!(c, 'w' | ';'))
        && words.all(|(index, word)| {
            assignment(word.raw).is_some() || (index == 0 && word.raw == "export")
        })
}

/// The name that a word sets, and what follows the `=`.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, after) = split_name(word);
    let value = after.strip_prefix('+').unwrap_or(after).strip_prefix('=')?;
    (!name.is_empty()).then_some((name, value))
}

fn assigned<'a>(
    reader: &Reader<'a>,
    start: usize,
    word: &Word<'a>,
    is_exported: bool,
) -> Assigned<'a> {
    let (name, raw) = assignment(word.raw).unwrap_or_default();
    let before_value = word.raw.len() - raw.len();
    let appends = word.raw[..before_value].ends_with("+=");
    // The name is not quoted, so that the word's value begins with it, too.
    let added = word.value.as_ref().map(|value| &value.expose()[before_value..]);
    let old = match reader.values.get(name) {
        Some(old) if appends => old.as_ref().map(Secret::expose),
        _ => (!appends).then_some(""),
    };
    let end = word.at + word.raw.len();
    Assigned {
        name,
        is_exported,
        value: old.zip(added).map(|(old, added)| Secret::from([old, added].concat())),
        is_literal: word.is_literal && !appends,
        around: [&reader.text[start..word.at], &reader.text[end..reader.at]],
    }
}

/// Reads the variables that bash has after `source setup.env`, with their values; `None` if bash would
/// have to work a value out (`$(…)`, a name that the file does not set, `~`, a command that may set the
/// variable). Any value may be a password, so all are secrets.
///
/// ```
/// use authentik_netbird_core::outputs::parse_setup_env;
///
/// let text = "# NetBird\nexport NETBIRD_DOMAIN=\"netbird.company\" # ours\nURL=https://$NETBIRD_DOMAIN\n";
/// let values = parse_setup_env(text)?;
/// assert_eq!(values["URL"], Some("https://netbird.company".into()));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidOutputs`] names each line that bash cannot read (a Windows line end, a byte order
/// mark, `NAME = value`, a quote that is never closed), or that is not followed here (an `if`, a loop, a
/// function, a here-document).
pub fn parse_setup_env(text: &str) -> Result<Values> {
    let SetupEnv { values, faults, unfollowed, .. } = read(text);
    let issues = [faults, unfollowed].concat();
    if issues.is_empty() { Ok(values) } else { Err(Error::invalid_outputs(issues)) }
}

/// A `setup.env`, as far as it can be read.
pub(crate) struct SetupEnv {
    pub(crate) values: Values,
    /// Lines that bash cannot read.
    pub(crate) faults: Vec<Issue>,
    /// Lines that bash can read, but are not followed here.
    pub(crate) unfollowed: Vec<Issue>,
    /// Lines that bash reads as a command that most likely does not exist, or that end the script.
    pub(crate) commands: Vec<Issue>,
    /// Whether a command may set any variable (`source`, `eval`).
    pub(crate) is_open: bool,
    /// Names that configure.sh's own commands see; `None`: perhaps all (`set -a`).
    pub(crate) exported: Option<BTreeSet<String>>,
}

/// The names that a statement exports; `None`: perhaps any.
fn exported(statement: &Statement<'_>) -> Option<Vec<String>> {
    let words = || statement.text.split_whitespace();
    let of = |word: &str| split_name(word).0.to_owned();
    match &statement.kind {
        Kind::Assignment(set) => {
            Some(set.is_exported.then(|| set.name.to_owned()).into_iter().collect())
        }
        Kind::Inert if words().next() == Some("export") => Some(words().skip(1).map(of).collect()),
        Kind::Command | Kind::Compound
            if words()
                .any(|word| matches!(word, "export" | "set" | "declare" | "typeset" | "eval")) =>
        {
            None
        }
        Kind::Inert | Kind::Command | Kind::Compound | Kind::Malformed { .. } => Some(Vec::new()),
    }
}

/// Reads what can be read.
pub(crate) fn read(text: &str) -> SetupEnv {
    let (mut faults, mut unfollowed, mut commands) = (Vec::new(), Vec::new(), Vec::new());
    if text.starts_with('\u{feff}') {
        faults.push(at_line(1, "begins with a byte order mark", "Save the file without one."));
    }
    if let Some(at) = text.find('\r') {
        let line = 1 + text[..at].matches('\n').count();
        faults.push(at_line(
            line,
            "has a Windows line ending",
            "Save the file with Unix line endings.",
        ));
    }
    let normal = normalized(text);
    let (script, unsplit) = Script::parse_partly(&normal);
    let mut is_open = false;
    for Statement { line, kind, text } in &script.statements {
        match kind {
            Kind::Compound => unfollowed.push(at_line(
                *line,
                "belongs to an `if`, a loop, a function or the like, which is not followed here",
                "Write each variable on a separate line, NAME='value'.",
            )),
            Kind::Malformed { problem, .. } => faults.push(malformed(*line, problem)),
            Kind::Command => {
                let word = text.split_whitespace().next().unwrap_or_default();
                is_open |= matches!(word, "." | "source" | "eval");
                commands.extend(command(*line, word));
            }
            Kind::Inert | Kind::Assignment(_) => {}
        }
    }
    if let Some(issue) = unsplit {
        let is_read_by_bash = issue.message == HERE_DOCUMENT;
        if is_read_by_bash { &mut unfollowed } else { &mut faults }.push(issue);
    }
    let exported: Option<Vec<Vec<String>>> = script.statements.iter().map(exported).collect();
    let exported = exported.map(|names| names.into_iter().flatten().collect());
    SetupEnv { values: script.values, faults, unfollowed, commands, is_open, exported }
}

/// Commands that people have in such a file. Others do not exist, most likely, and end `configure.sh`.
const COMMANDS: &str = ". : [ [[ alias cat cd chmod command curl date declare docker echo eval export \
                        false hostname let mkdir openssl printf read readonly set shopt sleep source \
                        sudo test touch trap true typeset ulimit umask unset";

/// The problem of a line that bash reads as a command.
fn command(line: usize, word: &str) -> Option<Issue> {
    let word = word.trim_end_matches(';');
    if matches!(word, "exit" | "return" | "exec") {
        let message = format!("`{word}` ends the script, so nothing after it is read");
        return Some(at_line(line, message, "Remove that line."));
    }
    let is_known = assignment(word).is_some()
        || word.starts_with(['$', '/', '.', '`', '"', '\''])
        || COMMANDS.split_whitespace().any(|known| known == word);
    // Not shown: it may be a part of a password.
    let message =
        "bash reads it as a command, and configure.sh stops where no command has that name";
    (!is_known).then(|| at_line(line, message, ASSIGN))
}

pub(crate) const ASSIGN: &str = "Write NAME='value', without spaces around the =.";

/// The text without a byte order mark, and without `\r` at the ends of lines.
pub(super) fn normalized(text: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.trim_start_matches('\u{feff}').split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        normal.push_str(line.trim_end_matches('\r'));
        normal.push_str(end);
    }
    normal
}

/// Whether a text has this name other than in `$NAME` and `${NAME`: it may set the variable.
pub(super) fn names(text: &str, name: &str) -> bool {
    occurrences(text, name).any(|is_use| !is_use)
}

/// Whether a text has `$NAME` or `${NAME`.
pub(super) fn uses(text: &str, name: &str) -> bool {
    occurrences(text, name).any(|is_use| is_use)
}

/// For each time that a text has a name as a whole word, whether it is that of an expansion.
fn occurrences(text: &str, name: &str) -> impl Iterator<Item = bool> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(name).filter_map(move |(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        is_whole.then(|| before.ends_with('$') || before.ends_with("${"))
    })
}

/// An issue about a line of the file.
pub(super) fn at_line(line: usize, message: impl Into<String>, hint: &str) -> Issue {
    Issue::new(format!("setup.env line {line}"), message, hint)
}

pub(super) fn malformed(line: usize, problem: &str) -> Issue {
    let message = format!("bash cannot read it: {problem}");
    at_line(line, message, ASSIGN)
}
