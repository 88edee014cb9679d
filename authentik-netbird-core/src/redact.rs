//! Texts that servers send, made fit to be kept and shown: without secrets, short, harmless.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::issue::{excerpt, is_invisible};
use crate::secret::Secret;

/// So many letters and digits in a row may be a key. authentik's client ids have 40, its
/// token keys 60, its client secrets 128.
const MIN_KEY_LENGTH: usize = 40;
/// The length from which encoded secrets are looked for: a few letters may be anything.
const MIN_ENCODED_LENGTH: usize = 6;
/// The length from which a response must not hold a secret: a short one may be a word.
const MIN_ECHO_LENGTH: usize = 16;
/// The most characters of a text that are searched. The kept text is much shorter.
const MAX_TEXT: usize = 16_384;

/// A text of the server as it may be kept: without invisible characters, which could play tricks on a
/// terminal or hide a secret, without these secrets and whatever looks like a key, and short. Cut
/// last, so that no part of a secret is left at the end.
pub(crate) fn cleaned(text: &str, secrets: &[&Secret], limit: usize) -> String {
    let mut text = bounded(text).split_whitespace().collect::<Vec<_>>().join(" ");
    text.retain(|c| !is_invisible(c));
    excerpt(&without_keys(&without(&text, secrets)), limit)
}

/// The beginning of a text; of a cut one without the last word, which may be a part of a secret.
fn bounded(text: &str) -> &str {
    let Some((end, _)) = text.char_indices().nth(MAX_TEXT) else { return text };
    text[..end].trim_end_matches(|c: char| c.is_ascii_graphic())
}

/// Whether a body holds one of these secrets, in JSON or not, perhaps with invisible characters in
/// between. Nothing of such a response must be kept: the secret may be a name that is shown.
pub(crate) fn holds(body: &[u8], secrets: &[Secret]) -> bool {
    let long = secrets.iter().filter(|secret| secret.expose().len() >= MIN_ECHO_LENGTH);
    let forms: Vec<_> = long.flat_map(|secret| forms(secret.expose())).collect();
    let text = if forms.is_empty() { Zeroizing::default() } else { unescaped(body) };
    forms.iter().any(|form| text.contains(form.as_str()))
}

/// The text of a body, without JSON's escapes and invisible characters.
fn unescaped(body: &[u8]) -> Zeroizing<String> {
    let body = String::from_utf8_lossy(body);
    let mut text = Zeroizing::new(String::with_capacity(body.len()));
    let mut chars = body.chars();
    while let Some(next) = chars.next() {
        let found = match next {
            '\\' => match chars.next() {
                Some('u') => {
                    let digits: String = chars.by_ref().take(4).collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
                }
                Some('b' | 'f' | 'n' | 'r' | 't') => None,
                escaped => escaped,
            },
            plain => Some(plain),
        };
        text.extend(found.filter(|c| !is_invisible(*c)));
    }
    text
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

/// Replaces these secrets by stars, also if they are encoded as in a URL, in JSON or in base64, and if
/// something other than a letter or digit is in between.
pub(crate) fn without(text: &str, secrets: &[&Secret]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    let forms: Vec<_> = secrets.flat_map(|secret| forms(secret.expose())).collect();
    let whole = |text: String, form: &Zeroizing<String>| text.replace(form.as_str(), "***");
    let text = forms.iter().fold(text.to_owned(), whole);
    forms.iter().fold(text, |text, form| without_split(&text, form))
}

/// Replaces by stars what has the letters and digits of a secret, whatever else is between them.
fn without_split(text: &str, secret: &str) -> String {
    let letters = |text: &str| {
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        letters.extend(text.chars().filter(|c| c.is_alphanumeric()));
        letters
    };
    let secret = letters(secret);
    if secret.len() < MIN_ENCODED_LENGTH || text.len() < secret.len() {
        return text.to_owned();
    }
    let letters = letters(text);
    // Where in the text each byte of its letters is.
    let places: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_alphanumeric())
        .flat_map(|(at, c)| at..at + c.len_utf8())
        .collect();
    let (mut clean, mut end) = (String::with_capacity(text.len()), 0);
    for (at, _) in letters.match_indices(secret.as_str()) {
        clean.push_str(&text[end..places[at]]);
        clean.push_str("***");
        end = places[at + secret.len() - 1] + 1;
    }
    clean.push_str(&text[end..]);
    clean
}

/// A secret as it may be found inside of other text: as it is, and encoded. All are zeroized, which is
/// why none grows.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let mut url = Zeroizing::new(String::with_capacity(3 * secret.len()));
    url.extend(byte_serialize(secret.as_bytes()));
    let spaced = Zeroizing::new(url.replace('+', "%20"));
    let lower = [&url, &spaced].map(|text| Zeroizing::new(lower_escapes(text)));
    // A text always serialises.
    let quoted = Zeroizing::new(serde_json::to_string(secret).unwrap_or_default());
    let json = Zeroizing::new(quoted[1..quoted.len().max(2) - 1].to_owned());
    let mut forms: Vec<_> = [url, spaced, json].into_iter().chain(lower).collect();
    // It may begin anywhere in what was encoded, `Bearer …` or `user:…`: the bytes that share a letter
    // with what is before and after are left out.
    for start in 0..3.min(secret.len()) {
        let bytes = &secret.as_bytes()[start..];
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let whole = Zeroizing::new(engine.encode(bytes));
            forms.push(Zeroizing::new(whole[..bytes.len() * 8 / 6].to_owned()));
        }
    }
    // Most of them are the same for a secret of letters and digits.
    forms.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    forms.dedup();
    forms.retain(|form| form.len() >= MIN_ENCODED_LENGTH && form.as_str() != secret);
    forms.insert(0, Zeroizing::new(secret.to_owned()));
    forms
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
