//! A `setup.env` as bash reads it: its statements, and what they set.
//!
//! Followed is what people write into such a file: comments, `NAME=value` with or without `export`,
//! quotes, `$NAME` and `${NAME}`. The value is unknown where it has anything else (`$(…)`, `${NAME:-x}`,
//! arrays). Other commands are told apart, and not followed.

use std::ops::Range;

use zeroize::Zeroizing;

use super::words::{Fault, Reader, Token, Values, Word, split_name};
use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::secret::Secret;

/// The whole file.
pub(super) struct Script<'a> {
    pub(super) text: &'a str,
    pub(super) statements: Vec<Statement<'a>>,
    /// What every variable has at the end.
    pub(super) values: Values,
    /// Whether the last line ends in a backslash that stands for itself for want of a next line.
    pub(super) ends_in_backslash: bool,
}

/// A statement: whole lines of the file, one or more.
pub(super) struct Statement<'a> {
    pub(super) start: usize,
    /// Its lines, the last line end included.
    pub(super) text: &'a str,
    /// Number of its first line, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// Space, a comment, or `export NAME`: no value is changed.
    Inert,
    /// `NAME=value` or `export NAME=value`, and nothing else.
    Assignment(Assigned),
    /// Any other command.
    Command,
    /// A part of an `if`, a loop, a function or the like: what becomes of the lines between such parts
    /// is not followed.
    Compound,
    /// What bash cannot read, or would read as something else than what is meant.
    Malformed { name: String, problem: String },
}

/// A plain assignment.
pub(super) struct Assigned {
    pub(super) name: String,
    pub(super) is_exported: bool,
    /// The name, what follows it up to the value, and the value with its quotes.
    pub(super) range: Range<usize>,
    pub(super) raw: Range<usize>,
    /// What the variable has after it; `None`: bash would have to work it out.
    pub(super) value: Option<Secret>,
    /// Whether the value refers to nothing else.
    pub(super) is_literal: bool,
}

/// Words that make a statement a [`Kind::Compound`].
const KEYWORDS: [&str; 16] = [
    "if", "then", "elif", "else", "fi", "for", "while", "until", "select", "do", "done", "case",
    "esac", "function", "{", "}",
];

impl<'a> Script<'a> {
    /// Splits a text into statements, or names the line from which on that is impossible.
    pub(super) fn parse(text: &'a str) -> Result<Self, Issue> {
        let mut reader = Reader::new(text);
        let (mut statements, mut line) = (Vec::new(), 1);
        while reader.at < text.len() {
            let start = reader.at;
            let line_of = |at| line + text[start..at].matches('\n').count();
            let kind = statement(&mut reader).map_err(|Fault(at, problem)| {
                at_line(line_of(at), problem, "Correct that line: the rest depends on it.")
            })?;
            let next = line_of(reader.at);
            statements.push(Statement { start, text: &text[start..reader.at], line, kind });
            line = next;
        }
        let (values, ends_in_backslash) = (reader.values, reader.ends_in_backslash);
        Ok(Self { text, statements, values, ends_in_backslash })
    }
}

fn statement(reader: &mut Reader<'_>) -> Result<Kind, Fault> {
    let start = reader.at;
    let (mut words, mut operators, mut last) = (Vec::new(), Vec::new(), 0);
    loop {
        last = match reader.next()? {
            Token::Word(word) => {
                words.push(word);
                0
            }
            Token::Operator(byte) => {
                operators.push(byte);
                byte
            }
            Token::End => break,
        };
    }
    if operators == b";" && last == b';' {
        operators.clear();
    }
    let is_open = b"&|".contains(&last) || operators.iter().any(|byte| b"()".contains(byte));
    let kind = kind(reader, &words, !operators.is_empty(), is_open);
    match &kind {
        Kind::Assignment(set) => {
            reader.values.insert(set.name.clone(), set.value.clone());
        }
        Kind::Command | Kind::Compound => {
            let text = &reader.text[start..reader.at];
            for word in words.iter().map(|word| &reader.text[word.range.clone()]) {
                if is_assignment(word) {
                    reader.values.insert(split_name(word).0.to_owned(), None);
                }
            }
            let changed = reader.values.iter_mut().filter(|(name, _)| names(text, name));
            changed.for_each(|(_, value)| *value = None);
        }
        Kind::Inert | Kind::Malformed { .. } => {}
    }
    Ok(kind)
}

fn kind(reader: &Reader<'_>, words: &[Word], has_operators: bool, is_open: bool) -> Kind {
    let raw: Vec<&str> = words.iter().map(|word| &reader.text[word.range.clone()]).collect();
    let Some(first) = raw.first().and_then(|word| word.chars().next()) else {
        return if has_operators { Kind::Compound } else { Kind::Inert };
    };
    if !first.is_ascii_graphic() {
        let problem = format!("it begins with U+{:04X}", u32::from(first));
        return Kind::Malformed { name: String::new(), problem };
    }
    let is_exported = raw[0] == "export" && raw.len() > 1;
    let skipped = usize::from(is_exported);
    let (name, after) = split_name(raw[skipped]);
    match &raw[skipped..] {
        _ if has_operators => {}
        [word] if is_assignment(word) => {
            return Kind::Assignment(assigned(reader, &words[skipped], is_exported));
        }
        names if is_exported && names.iter().all(|name| split_name(name).1.is_empty()) => {
            return Kind::Inert;
        }
        [_, equals, ..] if after.is_empty() && !name.is_empty() && equals.starts_with('=') => {
            let problem = format!("there are spaces around the = of {name}");
            return Kind::Malformed { name: name.to_owned(), problem };
        }
        [word, rest @ ..]
            if is_assignment(word) && !rest.iter().all(|word| is_assignment(word)) =>
        {
            let problem = format!("the value of {name} has a space and is not quoted");
            return Kind::Malformed { name: name.to_owned(), problem };
        }
        _ => {}
    }
    let is_compound = is_open || raw.iter().any(|word| KEYWORDS.contains(word));
    if is_compound { Kind::Compound } else { Kind::Command }
}

fn is_assignment(word: &str) -> bool {
    let (name, after) = split_name(word);
    !name.is_empty() && (after.starts_with('=') || after.starts_with("+="))
}

fn assigned(reader: &Reader<'_>, word: &Word, is_exported: bool) -> Assigned {
    let (name, after) = split_name(&reader.text[word.range.clone()]);
    let appends = after.starts_with('+');
    let before_value = name.len() + 1 + usize::from(appends);
    // The name is not quoted, so that the word's value begins with it, too.
    let added = word.value.as_ref().map(|value| &value.expose()[before_value..]);
    let old = match reader.values.get(name) {
        Some(old) if appends => old.as_ref().map(Secret::expose),
        _ => (!appends).then_some(""),
    };
    Assigned {
        name: name.to_owned(),
        is_exported,
        range: word.range.clone(),
        raw: word.range.start + before_value..word.range.end,
        value: old.zip(added).map(|(old, added)| Secret::from([old, added].concat())),
        is_literal: word.is_literal && !appends,
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
    let (values, issues) = read(text);
    if issues.is_empty() { Ok(values) } else { Err(Error::invalid_outputs(issues)) }
}

/// The same, with what could be read, if there are issues.
pub(crate) fn read(text: &str) -> (Values, Vec<Issue>) {
    let mut issues = Vec::new();
    if text.starts_with('\u{feff}') {
        issues.push(at_line(1, "begins with a byte order mark", "Save the file without one."));
    }
    if let Some(at) = text.find('\r') {
        let line = 1 + text[..at].matches('\n').count();
        issues.push(at_line(
            line,
            "has a Windows line ending",
            "Save the file with Unix line endings.",
        ));
    }
    let normal = normalized(text);
    let script = match Script::parse(&normal) {
        Ok(script) => script,
        Err(issue) => return (Values::new(), [issues, vec![issue]].concat()),
    };
    for Statement { line, kind, .. } in &script.statements {
        match kind {
            Kind::Compound => issues.push(at_line(
                *line,
                "belongs to an `if`, a loop, a function or the like, which is not followed here",
                "Write each variable on a line of its own, NAME='value'.",
            )),
            Kind::Malformed { problem, .. } => issues.push(malformed(*line, problem)),
            Kind::Inert | Kind::Assignment(_) | Kind::Command => {}
        }
    }
    (script.values, issues)
}

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
    at_line(line, message, "Write NAME='value', without spaces around the =.")
}
