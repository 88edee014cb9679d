//! The rules for values of options. Each gives the message and the hint of every problem.

use crate::resource::duration_seconds;
use url::Url;

use super::value::OptionValue;
use super::{address, redirects};
use crate::authentik::RedirectUri;
use crate::issue::{Issue, excerpt, excerpt_of_url};

/// Longest slug of a flow that authentik accepts.
pub(super) const MAX_SLUG: usize = 50;
/// Longest user name: authentik accepts 150 characters, and a new account has 22 more at first, until it
/// gets its name.
const MAX_USERNAME: usize = 128;
/// Longest client id that authentik accepts.
const MAX_CLIENT_ID: usize = 255;

/// Message and hint of each problem.
type Problems = Vec<(String, &'static str)>;

pub(super) struct Check {
    pub(super) issues: Vec<Issue>,
}

impl Check {
    pub(super) fn add(
        &mut self,
        field: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.issues.push(Issue::new(field, message, hint));
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.issues.iter().any(|issue| issue.field == field)
    }

    pub(super) fn option<T: OptionValue>(
        &mut self,
        name: &str,
        value: &T,
        rule: fn(&T::Part) -> Problems,
    ) {
        for (index, part) in value.parts() {
            for (message, hint) in rule(part) {
                self.add(element(name, index), message, hint);
            }
        }
    }
}

/// The field of an option, or of an element of a list.
fn element(name: &str, index: Option<usize>) -> String {
    index.map_or_else(|| name.to_owned(), |index| format!("{name}[{index}]"))
}

/// A name: something, on one line.
pub(super) fn name(value: &str) -> Problems {
    if value.trim().is_empty() {
        return vec![("must not be empty".to_owned(), "Set a name, or leave it out.")];
    }
    text(value)
}

/// A text on one line.
pub(super) fn text(value: &str) -> Problems {
    let mut problems = Problems::new();
    if value.chars().any(char::is_control) {
        let message = "contains a line break or another control character";
        problems.push((message.to_owned(), "Remove it."));
    }
    if value.trim() != value {
        // authentik removes it, and every plan would put it back.
        let message = "begins or ends with white space";
        problems.push((message.to_owned(), "Remove it; authentik does, too."));
    }
    problems
}

/// A problem unless a value is what it should be.
fn expect(is_it: bool, value: &str, what: &str, hint: &'static str) -> Problems {
    let message = || format!("\"{}\" is not {what}", excerpt(value, 60));
    if is_it { Problems::new() } else { vec![(message(), hint)] }
}

pub(super) fn slug(value: &str) -> Problems {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_slug = !value.is_empty() && value.chars().all(allowed) && value.len() <= MAX_SLUG;
    expect(is_slug, value, "a valid slug", "Use 1 to 50 letters, digits, - and _.")
}

pub(super) fn client_id(value: &str) -> Problems {
    ascii(value, MAX_CLIENT_ID)
}

pub(super) fn username(value: &str) -> Problems {
    ascii(value, MAX_USERNAME)
}

/// A name in ASCII. Whether it fits into NetBird's files is checked with the whole integration.
fn ascii(value: &str, max: usize) -> Problems {
    let mut problems = Problems::new();
    if !value.chars().any(|c| c.is_ascii_alphanumeric()) {
        let message = "contains no letter and no digit";
        problems.push((message.to_owned(), "Use at least one, or leave it out."));
    }
    if !value.chars().all(|c| c.is_ascii_graphic() || c == ' ') || value != value.trim() {
        let message = format!("{:?} contains unsupported characters", excerpt(value, 60));
        let hint = "Use ASCII letters, digits and punctuation, and no space at the ends.";
        problems.push((message, hint));
    }
    let length = value.chars().count();
    if length > max {
        let message = format!("is too long: expected at most {max} characters, got {length}");
        problems.push((message, "Shorten it."));
    }
    problems
}

pub(super) fn web_url(value: &str) -> Problems {
    let is_web = |url: Url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    if Url::parse(value).is_ok_and(is_web) {
        return Problems::new();
    }
    let message = format!("\"{}\" is not a URL that authentik accepts", excerpt_of_url(value, 80));
    vec![(message, "Use an http or https URL, such as https://netbird.company.")]
}

pub(super) fn public_url(value: &str) -> Problems {
    // The hints of an address are separate texts.
    match address::base_url(value, false) {
        Ok(_) => Problems::new(),
        Err((message, _)) => {
            vec![(message, "Use authentik's base URL, such as https://authentik.company.")]
        }
    }
}

pub(super) fn time_span(value: &str) -> Problems {
    let is_span = duration_seconds(value).is_some_and(|seconds| seconds > 0.0);
    let hint = "Use authentik's format, such as minutes=10 or hours=1;minutes=30.";
    expect(is_span, value, "a valid duration", hint)
}

pub(super) fn time(value: &str) -> Problems {
    let hint = "Use RFC 3339 in UTC, such as 2030-01-31T00:00:00Z.";
    expect(humantime::parse_rfc3339(value).is_ok(), value, "a valid time", hint)
}

pub(super) fn redirect_uri(value: &RedirectUri) -> Problems {
    redirects::problem(value).into_iter().collect()
}

pub(super) fn domain(value: &str) -> Problems {
    let shown = excerpt_of_url(value, 80);
    if value.contains("://") || value.contains('/') {
        return vec![(
            format!("\"{shown}\" is a URL, expected a host name"),
            "Use only its host name.",
        )];
    }
    if value.contains(':') {
        return vec![(
            format!("\"{shown}\" includes a port, expected a host name"),
            "Remove the port.",
        )];
    }
    if address::is_host_name(value) {
        return Problems::new();
    }
    let hint = "Use NetBird's host name, such as netbird.company (with an umlaut, its xn-- form).";
    vec![(format!("\"{shown}\" is not a valid host name"), hint)]
}
