//! Redirect URIs: which ones, and which regular expressions are safe.

use crate::authentik::{MatchingMode, RedirectUri};
use crate::issue::{excerpt, excerpt_of_url};

/// What is wrong with an extra redirect URI, and what to do.
pub(super) fn problem(uri: &RedirectUri) -> Option<(String, &'static str)> {
    match uri.matching_mode {
        MatchingMode::Strict => strict_problem(&uri.url),
        MatchingMode::Regex => regex_problem(&uri.url),
    }
}

fn strict_problem(text: &str) -> Option<(String, &'static str)> {
    let write = "Use the whole URL, such as https://netbird.company/auth.";
    let shown = excerpt_of_url(text, 200);
    let Ok(url) = url::Url::parse(text) else {
        return Some((format!("\"{shown}\" is not a URL"), write));
    };
    if url.host_str().is_none_or(str::is_empty) {
        return Some((format!("\"{shown}\" is missing a host"), write));
    }
    if url.scheme() == "http" && !super::address::is_loopback(&url) {
        return Some((format!("\"{shown}\" would send codes in the clear"), "Use https."));
    }
    None
}

fn regex_problem(pattern: &str) -> Option<(String, &'static str)> {
    let shown = excerpt(pattern, 200);
    if let Err(error) = regex_lite::Regex::new(pattern) {
        return Some((
            format!(
                "\"{shown}\" is not a valid regular expression ({})",
                excerpt(&error.to_string(), 200)
            ),
            "Fix the pattern; escape dots with a backslash, as in https://netbird\\.company/.*",
        ));
    }
    leaves_host_open(pattern).then(|| {
        (
            format!("\"{shown}\" allows other hosts"),
            "Spell out the host with its dots escaped and a slash after it, as in \
             https://netbird\\.company/.*",
        )
    })
}

/// Whether a redirect URI's regular expression may match a host that it does not write out: it
/// must be `SCHEME://HOST`, with escaped dots, and then end, or go on with a port or a path.
pub(crate) fn leaves_host_open(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    // An alternative outside of brackets is a second pattern, which would need its own host.
    if top_level_alternative(pattern) {
        return true;
    }
    let rest = ["https://", "http://", r"https:\/\/", r"http:\/\/"]
        .iter()
        .find_map(|scheme| pattern.strip_prefix(scheme));
    let Some(mut rest) = rest else { return true };
    let mut host = 0;
    loop {
        let mut characters = rest.chars();
        match characters.next() {
            Some(c) if c.is_ascii_alphanumeric() || c == '-' => {
                host += 1;
                rest = characters.as_str();
            }
            Some('\\') if rest.starts_with(r"\.") || rest.starts_with(r"\-") => {
                rest = &rest[2..];
            }
            _ => break,
        }
    }
    let port = |text: &str| {
        text.strip_prefix(':')
            .map(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned())
    };
    let after = port(rest).unwrap_or_else(|| rest.to_owned());
    let closed = after.is_empty()
        || (after.starts_with('/') && !["/?", "/*", "/{"].iter().any(|q| after.starts_with(q)))
        || after.starts_with(r"\/")
        || optional_path(&after);
    host == 0 || !closed
}

/// `(/.*)?` and the like, up to the very end: nothing but a path may follow the host.
fn optional_path(after: &str) -> bool {
    let inner = after.strip_prefix("(?:/").or_else(|| after.strip_prefix("(/"));
    inner.is_some_and(|inner| {
        let end = inner.strip_suffix(")?").or_else(|| inner.strip_suffix(')'));
        end.is_some_and(|inner| !inner.contains(['|', '(', ')', '\\']))
    })
}

fn top_level_alternative(pattern: &str) -> bool {
    let (mut depth, mut escaped, mut class) = (0_i32, false, false);
    for c in pattern.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            '|' if !class && depth <= 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
