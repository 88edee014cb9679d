//! The requests that NetBird sends to an issuer before it takes a connector.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::state::State;
use crate::host::{Fetch, FetchError, Fetched};

/// The request for an issuer's discovery document; `None` if the issuer is not a URL.
pub(super) fn discovery(state: &State, issuer: &str) -> Option<Fetch> {
    get(state, &address(issuer))
}

/// A GET request to another server.
pub(super) fn get(state: &State, url: &str) -> Option<Fetch> {
    fetch(state, Method::GET, url, Vec::new(), String::new())
}

/// A form to another server, from a client with an id and a secret.
pub(super) fn post(
    state: &State,
    url: &str,
    (id, secret): (&str, &str),
    form: &[(&str, &str)],
) -> Option<Fetch> {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let quoted = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = STANDARD.encode(format!("{}:{}", quoted(id), quoted(secret)));
    let headers = vec![
        ("authorization", format!("Basic {credentials}")),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    fetch(state, Method::POST, url, headers, form)
}

fn fetch(
    state: &State,
    method: Method,
    url: &str,
    headers: Vec<(&'static str, String)>,
    body: String,
) -> Option<Fetch> {
    let url = Url::parse(url).ok()?;
    let (routes, origin) = (&state.options.routes, url.origin().ascii_serialization());
    let through = routes.iter().find(|(from, _)| *from == origin).map(|(_, to)| to.clone());
    let timeout = state.options.fetch_timeout;
    Some(Fetch { method, url, headers, body, through, timeout })
}

fn address(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    format!("{issuer}/.well-known/openid-configuration")
}

/// The problem of an issuer, from its server's response.
pub(super) fn problem(issuer: &str, fetched: &Fetched) -> Option<String> {
    const UNREACHABLE: &str = "identity provider issuer is unreachable";
    let (status, body) = match fetched {
        Fetched::Response { status, body, .. } => (*status, body),
        Fetched::Failed(error) => {
            let (url, reason) = (address(issuer), reason(issuer, error));
            return Some(format!("{UNREACHABLE}: Get \"{url}\": {reason}"));
        }
    };
    if status != 200 {
        let name = hyper::StatusCode::from_u16(status).ok();
        let name = name.and_then(|status| status.canonical_reason()).unwrap_or_default();
        return Some(format!("{UNREACHABLE}: {status} {name}: {body}"));
    }
    let document: Value = match serde_json::from_str(body) {
        Ok(document) => document,
        Err(error) => {
            let at_end = error.is_eof();
            let first = body.trim_start().chars().next().filter(|_| !at_end);
            let reason = first.map_or_else(
                || "unexpected end of JSON input".to_owned(),
                |c| format!("invalid character '{c}' looking for beginning of value"),
            );
            let text = "failed to decode provider discovery object";
            return Some(format!("{UNREACHABLE}: {text}: {reason}"));
        }
    };
    let found = document["issuer"].as_str().unwrap_or_default();
    (found != issuer).then(|| {
        let text = "identity provider issuer does not match the issuer returned by the provider";
        format!("{text}: expected {issuer:?} got {found:?}")
    })
}

/// In the words of Go.
pub(super) fn reason(issuer: &str, error: &FetchError) -> String {
    let host = Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
    match error {
        FetchError::UnknownHost => {
            format!("dial tcp: lookup {}: no such host", host.unwrap_or_default())
        }
        FetchError::Refused { address } => {
            format!("dial tcp {address}: connect: connection refused")
        }
        FetchError::Broken => "EOF".to_owned(),
        FetchError::TimedOut => {
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".to_owned()
        }
        FetchError::Untrusted => {
            "tls: failed to verify certificate: x509: certificate signed by unknown authority"
                .to_owned()
        }
    }
}
