//! A request, read completely, in the form that the endpoints need.

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderName};
use hyper::http::request::Parts;
use serde_json::{Map, Value, json};

use super::answer::Answer;

pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) raw_query: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) host: String,
    /// `https` when a proxy in front says so.
    scheme: &'static str,
    /// The path that authentik is under, such as `/authentik`; empty when it has the whole host.
    pub(super) root: String,
    pub(super) authorization: Option<String>,
    pub(super) has_cookie: bool,
    content_type: Option<String>,
    body: Bytes,
}

impl Call {
    /// `None` for a path that authentik is not under.
    pub(super) fn new(parts: &Parts, body: Bytes, root: &str) -> Option<Self> {
        let header = |name: HeaderName| {
            let value = parts.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let forwarded = header(HeaderName::from_static("x-forwarded-proto"));
        let path = decode(parts.uri.path());
        Some(Self {
            method: parts.method.clone(),
            path: path.strip_prefix(root).filter(|path| path.starts_with('/'))?.to_owned(),
            query: pairs(raw_query.as_bytes()),
            raw_query,
            host: header(HOST).unwrap_or_else(|| "localhost".to_owned()),
            scheme: if forwarded.as_deref() == Some("https") { "https" } else { "http" },
            root: root.to_owned(),
            authorization: header(AUTHORIZATION),
            has_cookie: parts.headers.contains_key(COOKIE),
            content_type: header(CONTENT_TYPE),
            body,
        })
    }

    /// The last value of a query parameter, as Django takes it; an empty one counts as absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let values = self.query.iter().rev().find(|(key, _)| key == name);
        values.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value of a query parameter.
    pub(super) fn parameters(&self, name: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(key, value)| key == name && !value.is_empty());
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// A parameter that is `true` or `false`; anything else is ignored, as Django does.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.parameter(name)?.to_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// `http://host`, and the path that authentik is under, as the caller sees them: issuers and
    /// URLs are made of it.
    pub(super) fn base(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.root)
    }

    /// The fields of a JSON body.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, Answer> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        let kind = self.content_type.as_deref().unwrap_or_default();
        if !kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/json")
        {
            let text = format!("Unsupported media type \"{kind}\" in request.");
            return Err(Answer::detail(415, &text));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(other) => {
                let text = format!(
                    "Invalid data. Expected a dictionary, but got {}.",
                    super::form::python_type(&other)
                );
                Err(Answer::json(400, &json!({ "non_field_errors": [text] })))
            }
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let character = column.saturating_sub(1);
                let text = format!(
                    "JSON parse error - unexpected character: line {line} column {column} (char {character})"
                );
                Err(Answer::detail(400, &text))
            }
        }
    }

    /// The fields of a form, as the OAuth2 endpoints take them.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// Percent-decoding for paths, where a plus is a plus. What is no escape stays as it is.
fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = tail.get(..2).filter(|_| first == b'%');
        let escape = escape.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
