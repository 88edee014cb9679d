//! Redirect URIs: which ones, and which regular expressions are safe.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::authentik::{MatchingMode, RedirectUri};
use crate::issue::{excerpt, excerpt_of_url};

/// The problem of an extra redirect URI, and its remedy.
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
    if let Err(error) = Regex::new(pattern) {
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

/// A pattern that writes its host out: `SCHEME://HOST`, with escaped dots, and then nothing, a port or a path.
/// Nothing but a path may be optional.
static SPELLS_HOST_OUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?x)
        ^ https? : (?: // | \\/ \\/ )
        (?: \\[.-] )* [[:alnum:]-] (?: [[:alnum:]-] | \\[.-] )*
        (?: : [0-9]* )?
        (?: $ | / (?: $ | [^?*{] ) | \\/ | \( (?: \?: )? / [^|()\\]* \) \?? $ )";
    Regex::new(pattern).ok()
});

/// Whether a redirect URI's regular expression may match a host that it does not write out.
pub(crate) fn leaves_host_open(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    // An alternative outside of brackets is a second pattern, which would need its own host.
    top_level_alternative(pattern)
        || !SPELLS_HOST_OUT.as_ref().is_some_and(|spelled_out| spelled_out.is_match(pattern))
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
