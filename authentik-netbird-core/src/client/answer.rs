//! Reading an answer: what came, is it authentik's, and what does it say?

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::authentik::{DecodeError, Pagination};
use crate::error::{ApiError, Error, Result, Unexpected, UnexpectedAnswer};
use crate::http::{Method, Request};
use crate::issue::excerpt;
use crate::redact::{cleaned, location, title};
use crate::secret::Secret;

/// The most that is read of an answer, in bytes.
pub(super) const LARGEST: usize = 16_000_000;
/// The longest message of the server that is kept, in characters.
const LONGEST_MESSAGE: usize = 300;
/// The most fields with messages that are kept.
const MOST_FIELDS: usize = 12;

/// A successful answer. Wiped when dropped: some hold secrets.
pub(crate) struct Answer {
    pub(super) body: Zeroizing<Vec<u8>>,
    /// The client's token, to keep it out of messages.
    token: Secret,
}

impl Answer {
    /// Whether it says nothing, as authentik's 204 does.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Number of the next page of a list; 0 on its last page, and for what is not a list.
    pub(crate) fn next_page(&self) -> u32 {
        #[derive(serde::Deserialize)]
        struct Listed {
            pagination: Pagination,
        }
        serde_json::from_slice::<Listed>(&self.body).map_or(0, |page| page.pagination.next)
    }

    /// Decodes the body.
    pub(crate) fn decode<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        self.decode_with(request, |body| {
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body))
        })
    }

    /// Decodes the body by this function.
    pub(crate) fn decode_with<T>(
        &self,
        request: &Request,
        decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
    ) -> Result<T> {
        decode(&self.body).map_err(|error| {
            let path = error.path().to_string();
            // What the decoder says may quote the value, and this answer's are secret.
            let source = if request.sensitive {
                "not as expected".to_owned()
            } else {
                cleaned(&error.into_inner().to_string(), &[&self.token], LONGEST_MESSAGE)
            };
            let (path, source) =
                (cleaned(&path, &[&self.token], 200), serde::de::Error::custom(source));
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
    let secrets: Vec<&Secret> =
        std::iter::once(token).chain(request.secret.as_ref().map(|(_, secret)| secret)).collect();
    let secrets = secrets.as_slice();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = text(CONTENT_TYPE).starts_with("application/json");
    if status.is_success() && (is_json || body.is_empty()) {
        return Ok(Answer { body, token: token.clone() });
    }
    let retry_after = text(RETRY_AFTER).trim().parse().ok().map(Duration::from_secs);
    let unexpected =
        |what| Refusal { error: unexpected(request, status.as_u16(), what), retry_after };
    if status.is_redirection() {
        let location = cleaned(&location(text(LOCATION)), secrets, 200);
        return Err(unexpected(Unexpected::Redirect { location }));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED && body.is_empty() && request.method != Method::Get
    {
        return Err(unexpected(Unexpected::EmptyMethodNotAllowed));
    }
    if body.is_empty() {
        let error = api_error(request, status.as_u16(), &Value::Null, secrets);
        return Err(Refusal { error, retry_after });
    }
    if is_json && let Ok(value) = serde_json::from_slice::<Value>(&body) {
        let error = api_error(request, status.as_u16(), &value, secrets);
        return Err(Refusal { error, retry_after });
    }
    let page = String::from_utf8_lossy(&body);
    let is_html = text(CONTENT_TYPE).starts_with("text/html") || page.trim_start().starts_with('<');
    Err(unexpected(if is_html {
        Unexpected::Html { title: cleaned(title(&page), secrets, 80) }
    } else {
        let content_type = cleaned(text(CONTENT_TYPE), secrets, 80);
        let content_type = if content_type.is_empty() { "something" } else { &content_type };
        Unexpected::NotJson { content_type: content_type.to_owned() }
    }))
}

/// An answer that is not authentik's API.
pub(super) fn unexpected(request: &Request, status: u16, what: Unexpected) -> Error {
    let (action, resource) = (request.action, request.resource.clone());
    Error::UnexpectedAnswer(Box::new(UnexpectedAnswer { action, resource, status, what }))
}

fn api_error(request: &Request, status: u16, body: &Value, secrets: &[&Secret]) -> Error {
    let mut detail = None;
    let mut fields = BTreeMap::new();
    match body {
        Value::Object(object) => {
            for (field, value) in object.iter().take(MOST_FIELDS) {
                let messages = messages(value, secrets);
                if field == "detail" {
                    detail = Some(excerpt(&messages.join(" "), LONGEST_MESSAGE));
                } else if field != "code" {
                    fields.insert(cleaned(field, secrets, 60), messages);
                }
            }
        }
        Value::Null => {}
        other => detail = Some(excerpt(&messages(other, secrets).join(" "), LONGEST_MESSAGE)),
    }
    Error::Api(Box::new(ApiError {
        action: request.action,
        resource: request.resource.clone(),
        status,
        detail,
        fields,
        permissions: request.permissions.clone(),
    }))
}

/// The texts in a message, however deep: authentik nests those of lists.
fn messages(value: &Value, secrets: &[&Secret]) -> Vec<String> {
    match value {
        Value::String(text) => vec![cleaned(text, secrets, LONGEST_MESSAGE)],
        Value::Array(values) => {
            let all = values.iter().take(MOST_FIELDS).flat_map(|value| messages(value, secrets));
            all.take(MOST_FIELDS).collect()
        }
        Value::Object(fields) => fields
            .iter()
            .take(MOST_FIELDS)
            .map(|(field, value)| {
                let text = format!("{field}: {}", messages(value, secrets).join(" "));
                cleaned(&text, secrets, LONGEST_MESSAGE)
            })
            .collect(),
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}
