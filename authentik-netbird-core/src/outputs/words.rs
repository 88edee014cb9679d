//! Words of bash: where each begins and ends, and what it says.

use std::collections::BTreeMap;

use crate::secret::Secret;

/// Values of variables by name; `None`: bash would have to work it out.
pub(super) type Values = BTreeMap<String, Option<Secret>>;

/// How deep `$(…)` may be nested: more is a mistake, or an attack on the stack.
const MAX_NESTING: u32 = 32;

pub(super) enum Token<'a> {
    Word(Word<'a>),
    /// `;`, `&`, `|`, `(`, `)`, `<` or `>`.
    Operator(u8),
    /// The end of the line, or of the text.
    End,
}

pub(super) struct Word<'a> {
    pub(super) at: usize,
    /// It with its quotes.
    pub(super) raw: &'a str,
    /// The text; `None`: bash would have to evaluate it.
    pub(super) value: Option<Secret>,
    /// Whether it refers to nothing else.
    pub(super) is_literal: bool,
}

pub(super) const HERE_DOCUMENT: &str = "has a here-document (<<), which is not followed";

/// Why a text cannot be split into words, and where.
pub(super) struct Fault(pub(super) usize, pub(super) &'static str);

/// Reads a text from `at` on.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// The variables' values at this point.
    pub(super) values: Values,
    /// Whether the text ends in a backslash that stands for itself.
    pub(super) ends_in_backslash: bool,
    /// The current word so far.
    said: String,
    is_known: bool,
    is_literal: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let (values, said) = (Values::new(), String::new());
        Self {
            text,
            at: 0,
            values,
            ends_in_backslash: false,
            said,
            is_known: true,
            is_literal: true,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The next token. After [`Token::End`] the next line begins.
    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        loop {
            match self.byte(0) {
                None => return Ok(Token::End),
                Some(b'\n') => {
                    self.at += 1;
                    return Ok(Token::End);
                }
                Some(b'\0') => return Err(Fault(self.at, "has a NUL byte")),
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                Some(b'<') if self.byte(1) == Some(b'<') && self.byte(2) != Some(b'<') => {
                    return Err(Fault(self.at, HERE_DOCUMENT));
                }
                Some(byte) if b";&|()<>".contains(&byte) => {
                    self.at += if self.rest().starts_with("<<<") { 3 } else { 1 };
                    return Ok(Token::Operator(byte));
                }
                Some(_) => return self.word().map(Token::Word),
            }
        }
    }

    fn word(&mut self) -> Result<Word<'a>, Fault> {
        let start = self.at;
        // Longer than a password: a text that grows leaves copies behind.
        self.said = String::with_capacity(256);
        (self.is_known, self.is_literal) = (true, true);
        while let Some(byte) = self.byte(0) {
            match byte {
                // An array.
                b'(' if self.text[start..self.at].ends_with('=') => self.unknown(0, true)?,
                _ if b" \t\n\0;&|()<>".contains(&byte) => break,
                b'\'' => {
                    let from = self.at + 1;
                    self.skip(false, 0)?;
                    self.said.push_str(&self.text[from..self.at - 1]);
                }
                b'"' => self.double_quoted()?,
                b'$' | b'`' => self.expansion(false)?,
                b'\\' => {
                    let escaped = self.rest()[1..].chars().next();
                    self.ends_in_backslash = escaped.is_none();
                    // At the very end bash keeps the backslash.
                    self.said.extend(Some(escaped.unwrap_or('\\')).filter(|&c| c != '\n'));
                    self.at += 1 + escaped.map_or(0, char::len_utf8);
                }
                b'~' => self.unknown(1, false)?,
                _ => self.run(|c| " \t\n\0;&|()<>'\"\\$`~".contains(c)),
            }
        }
        let said = Secret::new(std::mem::take(&mut self.said));
        let (value, is_literal) = (self.is_known.then_some(said), self.is_literal);
        Ok(Word { at: start, raw: &self.text[start..self.at], value, is_literal })
    }

    /// Takes at least one character, up to the next that is special.
    fn run(&mut self, is_special: impl Fn(char) -> bool) {
        let rest = self.rest();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find(is_special).map_or(rest.len(), |length| first + length);
        self.said.push_str(&rest[..length]);
        self.at += length;
    }

    /// At a `"`.
    fn double_quoted(&mut self) -> Result<(), Fault> {
        let at = self.at;
        self.at += 1;
        loop {
            match (self.byte(0), self.byte(1)) {
                (None, _) => return Err(Fault(at, "opens a \" that is never closed")),
                (Some(b'"'), _) => {
                    self.at += 1;
                    return Ok(());
                }
                (Some(b'$' | b'`'), _) => self.expansion(true)?,
                (Some(b'\\'), Some(b'\n')) => self.at += 2,
                (Some(b'\\'), Some(escaped)) if b"$`\"\\".contains(&escaped) => {
                    self.said.push(char::from(escaped));
                    self.at += 2;
                }
                _ => self.run(|c| "\"$`\\".contains(c)),
            }
        }
    }

    /// At a `$` or a backtick.
    fn expansion(&mut self, is_quoted: bool) -> Result<(), Fault> {
        let rest = self.rest();
        let is_braced = rest.starts_with("${");
        let (name, after) = split_name(&rest[if is_braced { 2 } else { 1 }..]);
        if rest.starts_with('$') && !name.is_empty() && (!is_braced || after.starts_with('}')) {
            self.at += if is_braced { 3 } else { 1 } + name.len();
            self.is_literal = false;
            match self.values.get(name) {
                Some(Some(value)) => self.said.push_str(value.expose()),
                _ => self.is_known = false,
            }
            return Ok(());
        }
        match self.byte(1) {
            _ if rest.starts_with('`') => self.unknown(0, true),
            Some(b'(' | b'{' | b'[') => self.unknown(1, true),
            Some(b'\'') if !is_quoted => self.unknown(1, true),
            Some(b'"') if !is_quoted => self.unknown(1, false),
            Some(byte) if byte.is_ascii_digit() || b"*@#?-$!".contains(&byte) => {
                self.unknown(2, false)
            }
            _ => {
                // It stands for itself.
                self.said.push('$');
                self.at += 1;
                Ok(())
            }
        }
    }

    /// Passes over something that bash would work out.
    fn unknown(&mut self, bytes: usize, is_opening: bool) -> Result<(), Fault> {
        (self.is_known, self.is_literal) = (false, false);
        self.at += bytes;
        if is_opening { self.skip(true, 0) } else { Ok(()) }
    }

    /// At a quote or a bracket: passes over everything up to its end. In `$'…'` a backslash escapes, in
    /// `'…'` it does not.
    fn skip(&mut self, mut is_after_dollar: bool, depth: u32) -> Result<(), Fault> {
        let (at, open) = (self.at, self.byte(0).unwrap_or_default());
        if depth > MAX_NESTING {
            return Err(Fault(at, "has $(…) nested too deep to follow"));
        }
        let close = match open {
            b'(' => b')',
            b'{' => b'}',
            b'[' => b']',
            quote => quote,
        };
        let has_escapes = open != b'\'' || is_after_dollar;
        is_after_dollar = false;
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            let opens_expansion = byte == b'`' || (is_after_dollar && b"({".contains(&byte));
            let opens = match open {
                b'\'' | b'`' => false,
                b'"' => opens_expansion,
                _ => opens_expansion || byte == open || b"'\"".contains(&byte),
            };
            match byte {
                _ if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' if has_escapes => self.at += 2,
                _ if opens => self.skip(is_after_dollar, depth + 1)?,
                _ => self.at += 1,
            }
            is_after_dollar = byte == b'$';
        }
        Err(Fault(at, "opens a quote or a bracket that is never closed"))
    }
}

/// The identifier at the beginning of a text, perhaps empty, and what comes after it.
pub(super) fn split_name(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(if text.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { end })
}
