//! What a server says, made fit to be kept and shown: without secrets, short, harmless.

use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::issue::excerpt;
use crate::secret::Secret;

/// The least letters and digits in a row that may be a key. authentik's client ids have 40, its
/// token keys 60, its client secrets 128.
const SHORTEST_KEY: usize = 40;

/// A text of the server as it may be kept: without these secrets and whatever looks like a key,
/// without control characters, which could play tricks on a terminal, and short. Cut last, so that
/// no part of a secret is left at the end.
pub(crate) fn cleaned(text: &str, secrets: &[&Secret], limit: usize) -> String {
    let text = without(text, secrets);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    excerpt(&without_keys(&text).replace(char::is_control, ""), limit)
}

/// Stars in place of what looks like one of authentik's keys, passwords and secrets: those are
/// random letters and digits, 40 or more. A server in trouble may quote in an error what it was
/// about to send, and this crate does not know these as it knows its token.
fn without_keys(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let letter = |c: char| c.is_ascii_alphanumeric();
        let end = rest.find(|c| !letter(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_key = word.len() >= SHORTEST_KEY && word.contains(|c: char| c.is_ascii_digit());
        clean.push_str(if is_key { "***" } else { word });
        let end = after.find(letter).unwrap_or(after.len());
        clean.push_str(&after[..end]);
        rest = &after[end..];
    }
    clean
}

/// A text with stars in place of these secrets, also where they are encoded as in a URL.
pub(crate) fn without(text: &str, secrets: &[&Secret]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let encoded = byte_serialize(secret.expose().as_bytes()).collect::<String>();
        let encoded = Zeroizing::new(encoded);
        let spaced = Zeroizing::new(encoded.replace('+', "%20"));
        for form in [secret.expose(), &encoded, &spaced] {
            text = text.replace(form, "***");
        }
    }
    text
}

/// Where a redirect leads, without its query, which may hold anything.
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

/// The title of a web page; empty where it has none.
pub(crate) fn title(page: &str) -> &str {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title").and_then(|at| lower[at..].find('>').map(|end| at + end + 1));
    let Some(start) = start else { return "" };
    let end = lower[start..].find('<').map_or(page.len(), |end| start + end);
    &page[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_url_is_one_too() {
        let secret = Secret::from("pass word/ä");
        for text in ["pass word/ä", "a/pass+word%2F%C3%A4/b", "https://h/pass%20word%2F%C3%A4"] {
            assert!(!without(text, &[&secret]).contains("word"), "{text}");
        }
        assert_eq!(without("a", &[&Secret::from("")]), "a");
    }

    #[test]
    fn no_part_of_a_secret_outlives_cleaning() {
        let token = Secret::from("ak-my-token");
        let text = format!("{}ak-my-token", "word ".repeat(11));
        assert_eq!(cleaned(&text, &[&token], 60), format!("{}***", "word ".repeat(11)));
        let key = "x1Y2z".repeat(12);
        assert_eq!(cleaned(&format!("key={key}, "), &[&token], 20), "key=***,");
        assert_eq!(cleaned(&format!("é{key}é"), &[&token], 20), "é***é");
        // Words, slugs and UUIDs stay.
        let plain = "Key (identifier)=(service-account-netbird-with-a-long-name-password) \
                     0192f0c4-7f2b-4b5e-9c39-0f0a8e2c1d11 exists.";
        assert_eq!(cleaned(plain, &[&token], 300), plain);
        assert_eq!(cleaned("a\u{1b}[31m\nb", &[&token], 300), "a[31m b");
    }
}
