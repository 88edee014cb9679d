//! Bash words: where each begins and ends, and what it says where that can be known.
//!
//! Only what tells words, line ends and comments apart is understood. What a `$…` stands for is
//! not: such a word has no literal value.

use std::ops::Range;

use super::wiped::Wiped;
use crate::secret::Secret;

/// How deep `$(…)` may be in one another: more is a mistake or an attack on the stack.
const DEEPEST: u32 = 32;

/// A piece of a command line.
pub(super) enum Token {
    /// A word, with its value where no expansion is in it.
    Word { range: Range<usize>, literal: Option<Secret> },
    /// `;`, `&`, `|`, `(`, `)`, `<` or `>`.
    Operator { byte: u8 },
    /// From `#` to the line's end.
    Comment,
    /// The end of the line, or of the text.
    End,
}

/// Why a text can't be scanned.
pub(super) struct Unreadable {
    /// Where what is never closed begins.
    pub(super) at: usize,
    /// What is wrong.
    pub(super) problem: &'static str,
}

/// Scans the text from `position` on.
pub(super) struct Scanner<'a> {
    text: &'a str,
    pub(super) position: usize,
    /// Whether the text ends in a backslash that stands for itself: a line added after it would make
    /// it carry its line on.
    pub(super) ends_in_backslash: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0, ends_in_backslash: false }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    /// The next token. After [`Token::End`] the next line begins.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        loop {
            let at = self.position;
            match self.byte(0) {
                None => return Ok(Token::End),
                Some(b'\n') => {
                    self.position += 1;
                    return Ok(Token::End);
                }
                Some(b' ' | b'\t') => {
                    self.position += 1;
                }
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.position += 2,
                Some(b'#') => {
                    let rest = &self.text[at..];
                    self.position += rest.find('\n').unwrap_or(rest.len());
                    return Ok(Token::Comment);
                }
                Some(byte @ (b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')) => {
                    if self.text[at..].starts_with("<<") {
                        if !self.text[at..].starts_with("<<<") {
                            let problem = "holds a here-document (<<), which can't be told from \
                                           variables";
                            return Err(Unreadable { at, problem });
                        }
                        self.position += 2;
                    }
                    self.position += 1;
                    return Ok(Token::Operator { byte });
                }
                Some(_) => return self.word(),
            }
        }
    }

    fn word(&mut self) -> Result<Token, Unreadable> {
        let start = self.position;
        let mut literal = Wiped::default();
        let mut known = true;
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'\'' => {
                    let (from, to) = self.single_quoted()?;
                    literal.push_str(&self.text[from..to]);
                }
                b'"' => known &= self.double_quoted(&mut literal, 0)?,
                b'\\' => match self.text[self.position + 1..].chars().next() {
                    Some('\n') => self.position += 2,
                    Some(character) => {
                        literal.push(character);
                        self.position += 1 + character.len_utf8();
                    }
                    // Bash keeps a backslash at the very end.
                    None => {
                        literal.push('\\');
                        self.position += 1;
                        self.ends_in_backslash = true;
                    }
                },
                b'$' | b'`' => {
                    self.expansion(0, false)?;
                    known = false;
                }
                // `~` and what bash expands in words that are no assignment.
                b'~' | b'*' | b'?' | b'[' | b'{' => {
                    self.position += 1;
                    known = false;
                }
                _ => self.literal_run(&mut literal),
            }
        }
        let range = start..self.position;
        Ok(Token::Word { range, literal: known.then(|| literal.into_secret()) })
    }

    /// Takes what has no meaning of its own up to the next byte that may have one.
    fn literal_run(&mut self, literal: &mut Wiped) {
        let rest = &self.text[self.position..];
        let special = |c: char| " \t\n;&|()<>'\"\\$`~*?[{".contains(c);
        let length = rest.find(special).unwrap_or(rest.len());
        literal.push_str(&rest[..length]);
        self.position += length;
    }

    /// At a `'`; returns where its content begins and ends.
    fn single_quoted(&mut self) -> Result<(usize, usize), Unreadable> {
        let (at, from) = (self.position, self.position + 1);
        let problem = "opens a ' that is never closed";
        let length = self.text[from..].find('\'').ok_or(Unreadable { at, problem })?;
        self.position = from + length + 1;
        Ok((from, from + length))
    }

    /// At a `"`; returns whether the content is literal.
    fn double_quoted(&mut self, literal: &mut Wiped, depth: u32) -> Result<bool, Unreadable> {
        let at = self.position;
        let mut known = true;
        self.position += 1;
        loop {
            match self.byte(0) {
                None => return Err(Unreadable { at, problem: "opens a \" that is never closed" }),
                Some(b'"') => {
                    self.position += 1;
                    return Ok(known);
                }
                Some(b'$' | b'`') => {
                    // A `$` before a space and the like stands for itself; a word with one is
                    // still taken as not known: nothing is lost by it.
                    self.expansion(depth, true)?;
                    known = false;
                }
                Some(b'\\') => {
                    match self.byte(1) {
                        Some(b'\n') => {}
                        Some(byte @ (b'$' | b'`' | b'"' | b'\\')) => literal.push(char::from(byte)),
                        _ => {
                            literal.push('\\');
                            self.position += 1;
                            continue;
                        }
                    }
                    self.position += 2;
                }
                Some(_) => {
                    let rest = &self.text[self.position..];
                    let length = rest.find(['"', '$', '`', '\\']).unwrap_or(rest.len());
                    literal.push_str(&rest[..length]);
                    self.position += length;
                }
            }
        }
    }

    /// At a `$` or a backtick: passes over what it opens. Inside double quotes `$'` and `$"` mean
    /// nothing.
    fn expansion(&mut self, depth: u32, quoted: bool) -> Result<(), Unreadable> {
        let at = self.position;
        if depth > DEEPEST {
            return Err(Unreadable {
                at,
                problem: "holds $(…) in one another, too deep to follow",
            });
        }
        match (self.byte(0), self.byte(1)) {
            (Some(b'`'), _) => {
                self.position += 1;
                self.until_unescaped(b'`', at, "opens a ` that is never closed")
            }
            (_, Some(b'\'')) if !quoted => {
                self.position += 2;
                self.until_unescaped(b'\'', at, "opens a $' that is never closed")
            }
            (_, Some(open @ (b'(' | b'{'))) => {
                self.position += 2;
                let close = if open == b'(' { b')' } else { b'}' };
                self.nested([open, close], at, depth)
            }
            _ => {
                self.position += 1;
                Ok(())
            }
        }
    }

    fn until_unescaped(
        &mut self,
        close: u8,
        at: usize,
        problem: &'static str,
    ) -> Result<(), Unreadable> {
        while let Some(byte) = self.byte(0) {
            self.position += if byte == b'\\' { 2 } else { 1 };
            if byte == close {
                return Ok(());
            }
        }
        Err(Unreadable { at, problem })
    }

    /// Inside `$(` or `${`: passes over everything up to its end. Quotes count there even where
    /// the whole stands in double quotes.
    fn nested(&mut self, [open, close]: [u8; 2], at: usize, depth: u32) -> Result<(), Unreadable> {
        let mut unclosed = 1_usize;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\'' => {
                    self.single_quoted()?;
                }
                b'"' => {
                    self.double_quoted(&mut Wiped::default(), depth + 1)?;
                }
                b'$' | b'`' => self.expansion(depth + 1, false)?,
                b'\\' => self.position += 2,
                _ => {
                    self.position += 1;
                    unclosed += usize::from(byte == open);
                    unclosed -= usize::from(byte == close);
                    if unclosed == 0 {
                        return Ok(());
                    }
                }
            }
        }
        Err(Unreadable { at, problem: "opens a $( or ${ that is never closed" })
    }
}
