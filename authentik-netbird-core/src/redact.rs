//! Texts that servers send, made fit to be kept and shown: without secrets, short, harmless.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::issue::excerpt;
use crate::secret::Secret;

/// So many letters and digits in a row may be a key. authentik's client ids have 40, its
/// token keys 60, its client secrets 128.
const MIN_KEY_LENGTH: usize = 40;
/// The length from which encoded secrets are looked for: a few letters may be anything.
const MIN_ENCODED_LENGTH: usize = 6;

/// A text of the server as it may be kept: without these secrets and whatever looks like a key,
/// without control characters, which could play tricks on a terminal, and short. Cut last, so that
/// no part of a secret is left at the end.
pub(crate) fn cleaned(text: &str, secrets: &[&Secret], limit: usize) -> String {
    let text = without(text, secrets);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    excerpt(&without_keys(&text).replace(char::is_control, ""), limit)
}

/// Replaces what looks like one of authentik's keys, passwords and secrets by stars: those are random
/// letters and digits, 40 or more. A failing server may quote what it was about to send in an error,
/// and this crate does not know these as it knows its token.
fn without_keys(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let letter = |c: char| c.is_ascii_alphanumeric();
        let end = rest.find(|c| !letter(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_key = word.len() >= MIN_KEY_LENGTH && word.contains(|c: char| c.is_ascii_digit());
        clean.push_str(if is_key { "***" } else { word });
        let end = after.find(letter).unwrap_or(after.len());
        clean.push_str(&after[..end]);
        rest = &after[end..];
    }
    clean
}

/// Replaces these secrets by stars, also if they are encoded as in a URL, in JSON or in base64.
pub(crate) fn without(text: &str, secrets: &[&Secret]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.expose(), "***");
        for form in encoded(secret.expose()) {
            text = text.replace(form.as_str(), "***");
        }
    }
    text
}

/// A secret as it may be found inside of other text.
fn encoded(secret: &str) -> Vec<Zeroizing<String>> {
    let url: String = byte_serialize(secret.as_bytes()).collect();
    let spaced = url.replace('+', "%20");
    let lower = [&url, &spaced].map(|text| lower_escapes(text));
    // A text always serialises.
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json[1..json.len().max(2) - 1].to_owned();
    let mut forms: Vec<String> = [url, spaced, json].into_iter().chain(lower).collect();
    // It may begin anywhere in what was encoded, `Bearer …` or `user:…`: the bytes that share a letter
    // with what is before and after are left out.
    for start in 0..3.min(secret.len()) {
        let bytes = &secret.as_bytes()[start..];
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let mut text = engine.encode(bytes);
            text.truncate(bytes.len() * 8 / 6);
            forms.push(text);
        }
    }
    forms.retain(|form| form.len() >= MIN_ENCODED_LENGTH);
    forms.into_iter().map(Zeroizing::new).collect()
}

/// `%C3` as `%c3`; other characters stay.
fn lower_escapes(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    for (index, part) in text.split('%').enumerate() {
        let (escape, rest) = if index > 0 { part.split_at(2.min(part.len())) } else { ("", part) };
        lower.push_str(if index > 0 { "%" } else { "" });
        lower.push_str(&escape.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// Where a redirect leads, without its query, which may contain anything.
pub(crate) fn location(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            // Neither fails on a URL with a host, and one without has neither.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        Err(_) => text.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}

/// The title of a web page; empty if it has none.
pub(crate) fn title(page: &str) -> &str {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title").and_then(|at| lower[at..].find('>').map(|end| at + end + 1));
    let Some(start) = start else { return "" };
    let end = lower[start..].find('<').map_or(page.len(), |end| start + end);
    &page[start..end]
}

#[cfg(test)]
mod tests;
