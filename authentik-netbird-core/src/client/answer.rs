//! Reading an answer: what came, is it authentik's, and what does it say?

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use crate::error::{ApiError, Error, Result, Unexpected, UnexpectedAnswer};
use crate::issue::excerpt;
use crate::request::{Method, Request};
use crate::secret::Secret;

/// The most that is read of an answer, in bytes.
pub(super) const LARGEST: usize = 64_000_000;
/// The longest message of the server that is kept, in characters.
const LONGEST_MESSAGE: usize = 300;
/// The most fields with messages that are kept.
const MOST_FIELDS: usize = 12;
/// The least letters and digits in a row that may be a key. authentik's client ids have 40, its
/// token keys 60, its client secrets 128.
const SHORTEST_KEY: usize = 40;

/// A successful answer. Wiped when dropped: some hold secrets.
pub(crate) struct Answer {
    pub(super) body: Zeroizing<Vec<u8>>,
    /// The client's token, to keep it out of messages.
    token: Secret,
}

impl Answer {
    /// Decodes the body.
    pub(crate) fn decode<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let decoder = &mut serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(decoder).map_err(|error| {
            let path = error.path().to_string();
            // What the decoder says may quote the value, and this answer's are secret.
            let source = if request.sensitive {
                "not as expected".to_owned()
            } else {
                cleaned(&error.into_inner().to_string(), &self.token, LONGEST_MESSAGE)
            };
            let (path, source) =
                (cleaned(&path, &self.token, 200), serde::de::Error::custom(source));
            Error::Decode { resource: request.resource.clone(), path, source }
        })
    }
}

/// A failed answer, and when the server wants to be asked again.
pub(crate) struct Refusal {
    pub(crate) error: Error,
    pub(crate) retry_after: Option<Duration>,
}

/// Judges a whole answer.
pub(super) fn judge(
    request: &Request,
    status: StatusCode,
    headers: &HeaderMap,
    body: Zeroizing<Vec<u8>>,
    token: &Secret,
) -> Result<Answer, Refusal> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = text(CONTENT_TYPE).starts_with("application/json");
    if status.is_success() && (is_json || body.is_empty()) {
        return Ok(Answer { body, token: token.clone() });
    }
    let retry_after = text(RETRY_AFTER).trim().parse().ok().map(Duration::from_secs);
    let unexpected =
        |what| Refusal { error: unexpected(request, status.as_u16(), what), retry_after };
    if status.is_redirection() {
        let location = cleaned(&location(text(LOCATION)), token, 200);
        return Err(unexpected(Unexpected::Redirect { location }));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED && body.is_empty() && request.method != Method::Get
    {
        return Err(unexpected(Unexpected::EmptyMethodNotAllowed));
    }
    if body.is_empty() {
        let error = api_error(request, status.as_u16(), &Value::Null, token);
        return Err(Refusal { error, retry_after });
    }
    if is_json && let Ok(value) = serde_json::from_slice::<Value>(&body) {
        let error = api_error(request, status.as_u16(), &value, token);
        return Err(Refusal { error, retry_after });
    }
    let page = String::from_utf8_lossy(&body);
    let is_html = text(CONTENT_TYPE).starts_with("text/html") || page.trim_start().starts_with('<');
    Err(unexpected(if is_html {
        Unexpected::Html { title: cleaned(title(&page), token, 80) }
    } else {
        let content_type = cleaned(text(CONTENT_TYPE), token, 80);
        let content_type = if content_type.is_empty() { "something" } else { &content_type };
        Unexpected::NotJson { content_type: content_type.to_owned() }
    }))
}

/// An answer that is not authentik's API.
pub(super) fn unexpected(request: &Request, status: u16, what: Unexpected) -> Error {
    let (doing, resource) = (request.doing, request.resource.clone());
    Error::UnexpectedAnswer(Box::new(UnexpectedAnswer { doing, resource, status, what }))
}

fn api_error(request: &Request, status: u16, body: &Value, token: &Secret) -> Error {
    let mut detail = None;
    let mut fields = BTreeMap::new();
    match body {
        Value::Object(object) => {
            for (field, value) in object.iter().take(MOST_FIELDS) {
                let messages = messages(value, token);
                if field == "detail" {
                    detail = Some(excerpt(&messages.join(" "), LONGEST_MESSAGE));
                } else if field != "code" {
                    fields.insert(cleaned(field, token, 60), messages);
                }
            }
        }
        Value::Null => {}
        other => detail = Some(excerpt(&messages(other, token).join(" "), LONGEST_MESSAGE)),
    }
    Error::Api(Box::new(ApiError {
        doing: request.doing,
        resource: request.resource.clone(),
        status,
        detail,
        fields,
        permissions: request.permissions,
    }))
}

/// The texts in a message, however deep: authentik nests those of lists.
fn messages(value: &Value, token: &Secret) -> Vec<String> {
    match value {
        Value::String(text) => vec![cleaned(text, token, LONGEST_MESSAGE)],
        Value::Array(values) => {
            let all = values.iter().take(MOST_FIELDS).flat_map(|value| messages(value, token));
            all.take(MOST_FIELDS).collect()
        }
        Value::Object(fields) => fields
            .iter()
            .take(MOST_FIELDS)
            .map(|(field, value)| {
                let text = format!("{field}: {}", messages(value, token).join(" "));
                cleaned(&text, token, LONGEST_MESSAGE)
            })
            .collect(),
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// A text of the server as it may be kept: without the token and whatever looks like a key, without
/// control characters, which could play tricks on a terminal, and short. Cut last, so that no part
/// of a secret is left at the end.
fn cleaned(text: &str, token: &Secret, limit: usize) -> String {
    let text = text.replace(token.expose(), "***");
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

/// Where a redirect leads, without its query, which may hold anything.
fn location(text: &str) -> String {
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

fn title(page: &str) -> &str {
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
    fn no_part_of_a_secret_outlives_cleaning() {
        let token = Secret::from("ak-my-token");
        let text = format!("{}ak-my-token", "word ".repeat(11));
        assert_eq!(cleaned(&text, &token, 60), format!("{}***", "word ".repeat(11)));
        let key = "x1Y2z".repeat(12);
        assert_eq!(cleaned(&format!("key={key}, "), &token, 20), "key=***,");
        assert_eq!(cleaned(&format!("é{key}é"), &token, 20), "é***é");
        // Words, slugs and UUIDs stay.
        let plain = "Key (identifier)=(service-account-netbird-with-a-long-name-password) \
                     0192f0c4-7f2b-4b5e-9c39-0f0a8e2c1d11 exists.";
        assert_eq!(cleaned(plain, &token, 300), plain);
        assert_eq!(cleaned("a\u{1b}[31m\nb", &token, 300), "a[31m b");
    }
}
