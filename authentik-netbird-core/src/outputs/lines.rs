//! The lines of a `setup.env`: which of them set a variable, and how.

use std::ops::Range;

use super::scan::{Scanner, Token, Unreadable};
use crate::issue::Issue;
use crate::secret::Secret;

/// A line as bash sees it: it may go over several lines of the file.
pub(super) struct Line {
    /// Number of its first line in the file, from 1.
    pub(super) number: usize,
    pub(super) kind: LineKind,
    /// Whether it stands in a condition, a loop, a function or a subshell.
    pub(super) nested: bool,
}

pub(super) enum LineKind {
    /// `NAME=value` or `export NAME=value` and nothing else.
    Assignment {
        name: String,
        exported: bool,
        /// The value, with its quotes.
        value: Range<usize>,
        /// What it says, where no expansion is in it.
        literal: Option<Secret>,
    },
    /// Means to set a variable and does not: `NAME = value`, `NAME=two words`.
    Malformed {
        name: String,
        /// From the name to the end of the last word.
        range: Range<usize>,
    },
    /// Something else, with the names that its words begin with.
    Other { names: Vec<String>, ends: bool },
    /// Nothing but space or a comment.
    Blank,
}

/// The whole file.
pub(super) struct File {
    pub(super) lines: Vec<Line>,
    /// Whether something that was opened is not closed at the end.
    pub(super) unclosed: bool,
    /// Whether the last line ends in a backslash that bash keeps for want of a next line.
    pub(super) ends_in_backslash: bool,
}

struct Word {
    range: Range<usize>,
    literal: Option<Secret>,
}

/// Splits a text into lines.
pub(super) fn lines(text: &str) -> Result<File, Issue> {
    let mut scanner = Scanner::new(text);
    let mut blocks = Blocks::default();
    let (mut lines, mut number, mut counted) = (Vec::new(), 1, 0);
    while scanner.position < text.len() {
        number += newlines(&text[counted..scanner.position]);
        counted = scanner.position;
        let nested_before = blocks.open();
        let (mut words, mut operators) = (Vec::new(), false);
        let unreadable = |problem: &Unreadable| {
            // What is never closed may begin far below the line's start.
            let line = number + newlines(&text[counted..problem.at]);
            at_line(line, problem.problem, "correct that line: what it sets can't be told")
        };
        blocks.new_line();
        loop {
            match scanner.next().map_err(|problem| unreadable(&problem))? {
                Token::Word { range, literal } => {
                    blocks.word(&text[range.clone()]);
                    words.push(Word { range, literal });
                }
                Token::Operator { byte } => {
                    operators = true;
                    blocks.operator(byte);
                }
                Token::Comment => {}
                Token::End => break,
            }
        }
        let nested = nested_before || blocks.open();
        lines.push(Line { number, kind: kind(text, &words, operators), nested });
    }
    let ends_in_backslash = scanner.ends_in_backslash;
    Ok(File { lines, unclosed: blocks.open(), ends_in_backslash })
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// An issue about a line of the file.
pub(super) fn at_line(number: usize, problem: &str, hint: &str) -> Issue {
    Issue::new(format!("setup.env line {number}"), problem, hint)
}

fn kind(text: &str, words: &[Word], operators: bool) -> LineKind {
    let raw = |word: &Word| &text[word.range.clone()];
    let other = |ends| {
        let names = words.iter().filter_map(|word| name(raw(word)).map(str::to_owned)).collect();
        LineKind::Other { names, ends }
    };
    let Some((first, rest)) = words.split_first() else {
        return if operators { other(false) } else { LineKind::Blank };
    };
    if operators {
        return other(false);
    }
    let exported = raw(first) == "export";
    if exported && rest.iter().all(|word| name(raw(word)) == Some(raw(word))) {
        // Changes no value.
        return LineKind::Other { names: Vec::new(), ends: false };
    }
    let (first, rest) = match rest.split_first() {
        Some((first, rest)) if exported => (first, rest),
        _ => (first, rest),
    };
    let ends = matches!(raw(first), "exit" | "return" | "exec");
    let Some(name) = name(raw(first)) else { return other(false) };
    let after = &raw(first)[name.len()..];
    if after.starts_with('=') && rest.is_empty() {
        let before_value = name.len() + 1;
        // The name is not quoted here, so that the literal begins with it too.
        let value_of = |word: &Secret| Secret::from(&word.expose()[before_value..]);
        return LineKind::Assignment {
            name: name.to_owned(),
            exported,
            value: first.range.start + before_value..first.range.end,
            literal: first.literal.as_ref().map(value_of),
        };
    }
    let equals_next = rest.first().is_some_and(|word| raw(word).starts_with('='));
    let means_to_set = sets(raw(first)) || (after.is_empty() && equals_next);
    // `A=1 B=2` sets another variable too, which must not be lost.
    if means_to_set && !rest.iter().any(|word| sets(raw(word))) {
        let end = rest.last().unwrap_or(first).range.end;
        return LineKind::Malformed { name: name.to_owned(), range: first.range.start..end };
    }
    other(ends)
}

/// The identifier that a word begins with.
fn name(word: &str) -> Option<&str> {
    let length = word.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let name = &word[..length];
    (!name.is_empty() && !name.as_bytes()[0].is_ascii_digit()).then_some(name)
}

/// Whether a word is an assignment to a name.
fn sets(word: &str) -> bool {
    name(word).is_some_and(|name| {
        word[name.len()..].starts_with('=') || word[name.len()..].starts_with("+=")
    })
}

/// What compound commands are open.
#[derive(Default)]
struct Blocks {
    keywords: u32,
    parentheses: u32,
    /// Whether the next word is a command's, where a keyword counts.
    command: bool,
    /// Whether the next word is a function's name.
    function: bool,
}

impl Blocks {
    fn open(&self) -> bool {
        self.keywords > 0 || self.parentheses > 0
    }

    fn new_line(&mut self) {
        self.command = true;
    }

    fn word(&mut self, word: &str) {
        if std::mem::take(&mut self.function) {
            self.command = true;
            return;
        }
        let command = std::mem::take(&mut self.command);
        // Inside parentheses everything counts as nested anyway, and `A=(if)` opens nothing.
        if !command || self.parentheses > 0 {
            return;
        }
        match word {
            "if" | "for" | "while" | "until" | "case" | "select" | "{" => self.keywords += 1,
            "function" => self.function = true,
            "fi" | "done" | "esac" | "}" => self.keywords = self.keywords.saturating_sub(1),
            _ => {}
        }
        self.command = matches!(
            word,
            "if" | "while" | "until" | "then" | "else" | "elif" | "do" | "{" | "!" | "time"
        );
    }

    fn operator(&mut self, byte: u8) {
        match byte {
            b'(' => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        self.command = !matches!(byte, b'<' | b'>');
    }
}
