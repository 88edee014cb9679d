//! A request, read completely.

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::http::request::Parts;
use url::Url;

use super::fetch::{Fetch, Fetched};

/// A request, as a server needs it.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) method: Method,
    /// Decoded, and below the path that the server is under.
    pub(crate) path: String,
    pub(crate) raw_query: String,
    pub(crate) query: Vec<(String, String)>,
    /// The path that the server is under, such as `/authentik`; empty for the whole host.
    pub(crate) root: String,
    headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The request that had to be sent elsewhere first, and the result.
    pub(super) fetched: Vec<(Fetch, Fetched)>,
}

impl Request {
    /// `None` for a path that the server is not under.
    pub(super) fn new(parts: &Parts, body: Bytes, root: &str) -> Option<Self> {
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let path = decode(parts.uri.path());
        Some(Self {
            method: parts.method.clone(),
            path: path.strip_prefix(root).filter(|path| path.starts_with('/'))?.to_owned(),
            query: pairs(raw_query.as_bytes()),
            raw_query,
            root: root.to_owned(),
            headers: parts.headers.clone(),
            body,
            fetched: Vec::new(),
        })
    }

    /// The request of a browser that opens a URL, of a server that has the host to itself.
    pub(crate) fn visit(url: &Url) -> Self {
        let raw_query = url.query().unwrap_or_default().to_owned();
        Self {
            method: Method::GET,
            path: decode(url.path()),
            query: pairs(raw_query.as_bytes()),
            raw_query,
            root: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            fetched: Vec::new(),
        }
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// The result of a request to another server; `None` if it was not sent yet.
    pub(crate) fn outcome_of(&self, fetch: &Fetch) -> Option<&Fetched> {
        self.fetched.iter().find(|(sent, _)| sent == fetch).map(|(_, fetched)| fetched)
    }

    /// GET, or HEAD, which is answered alike.
    pub(crate) fn is_read(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }

    pub(crate) fn host(&self) -> String {
        self.header("host").unwrap_or_else(|| "localhost".to_owned())
    }

    /// `http://host`, and the path that the server is under, as the caller sees them: URLs are made of
    /// it. A proxy in front may say that it is `https`.
    pub(crate) fn base(&self) -> String {
        let forwarded = self.header("x-forwarded-proto");
        let scheme = if forwarded.as_deref() == Some("https") { "https" } else { "http" };
        format!("{scheme}://{}{}", self.host(), self.root)
    }

    /// The last value of a query parameter; an empty one counts as absent.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let values = self.query.iter().rev().find(|(key, _)| key == name);
        values.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value of a query parameter.
    pub(crate) fn parameters(&self, name: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(key, value)| key == name && !value.is_empty());
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// A parameter that is `true` or `false`; anything else is ignored.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.parameter(name)?.to_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The fields of a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// Percent-decoding for paths, where a plus is a plus. A `%` that starts no escape stays as it is.
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
