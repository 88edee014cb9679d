//! [`Issue`]: one thing that is wrong with what the caller gave.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong with what the caller gave, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Issue {
    /// The field, as the builder and the file call it, such as `authentik_url`.
    pub field: String,
    /// The problem, with the value where it is not secret.
    pub message: String,
    /// A remedy.
    pub hint: String,
}

impl Issue {
    /// An issue with this field.
    #[must_use]
    pub fn new(
        field: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, message, hint } = self;
        write!(f, "{}: {}. {hint}", printable(field), printable(message))
    }
}

/// How many things a message lists. Nobody reads more, and a list may be as long as what is wrong;
/// the error's own list has all of them.
const MAX_LISTED: usize = 40;

/// A list of things, each on a separate line below a headline.
pub(crate) struct Lines<'a, T>(pub(crate) &'a [T]);

impl<T: fmt::Display> fmt::Display for Lines<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in self.0.iter().take(MAX_LISTED) {
            write!(f, "\n  - {}", printable(&item.to_string()))?;
        }
        match self.0.len().saturating_sub(MAX_LISTED) {
            0 => Ok(()),
            more => write!(f, "\n  - and {more} more"),
        }
    }
}

/// A text that came from elsewhere, without what could draw on a terminal, begin a line, or hide.
pub(crate) fn printable(text: &str) -> String {
    text.replace(is_invisible, "\u{fffd}")
}

/// Whether a character shows nothing of itself: control characters, and those of Unicode that format,
/// turn the direction of a text, or have no width.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// At most `limit` characters of a URL, or of what should be one, for messages: without what may be
/// a password, before an `@` or behind a `?` or `#`.
pub(crate) fn excerpt_of_url(text: &str, limit: usize) -> String {
    let (before, after) = text.rsplit_once('@').unwrap_or(("", text));
    let scheme = before.find("://").map_or("", |end| &before[..end + 3]);
    let stars = if after.len() < text.len() { "***@" } else { "" };
    let after = after.split(['?', '#']).next().unwrap_or_default();
    excerpt(&format!("{scheme}{stars}{after}"), limit)
}

/// At most `limit` characters of a value, for messages.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let mut short: String = text.chars().take(limit).collect();
    if text.chars().nth(limit).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
