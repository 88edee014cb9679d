//! [`Connection`]: sends messages. The one place that talks HTTP.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName, LOCATION,
    ORIGIN, RETRY_AFTER,
};
use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;
use url::Position;
use zeroize::Zeroizing;

use super::{Message, Method, Response, Retry};
use crate::error::{Error, Result, TransportError, TransportErrorKind, UnexpectedResponseKind};

/// The most that is read of a body, in bytes.
const MAX_BODY: usize = 16_000_000;

/// HTTP to any server, without credentials: they come with each message. Redirects are not followed.
pub(crate) struct Connection {
    pub(super) http: reqwest::Client,
    pub(crate) retry: Retry,
}

impl Connection {
    /// Sends a message once, and returns the response whatever its status. `attempt` counts from 1, for
    /// traces.
    ///
    /// # Errors
    /// [`Error::Transport`], and [`Error::UnexpectedResponse`] for a body that is too large.
    pub(crate) async fn send(&self, message: &Arc<Message>, attempt: u32) -> Result<Response> {
        let span = tracing::debug_span!(
            "request",
            server = message.context.server,
            method = message.method.as_str(),
            path = &message.url[Position::BeforePath..],
            action = message.context.action,
            resource = %message.context.resource,
            attempt,
            status = Empty,
            elapsed = Empty,
        );
        let start = Instant::now();
        // Boxed: a plan joins a dozen of these.
        let sent = Box::pin(self.exchange(message)).instrument(span.clone()).await;
        span.record("elapsed", start.elapsed().as_secs_f64());
        match &sent {
            Ok(response) => {
                span.record("status", response.status);
                tracing::debug!(parent: &span, bytes = response.body.len(), "response");
            }
            Err(error) => {
                tracing::debug!(parent: &span, error = error.message_with_sources(), "no response");
            }
        }
        sent
    }

    /// Sends a message that may be sent twice, and again after failures that may pass.
    ///
    /// # Errors
    /// As [`Connection::send`], for the last attempt.
    pub(crate) async fn send_with_retry(&self, message: &Arc<Message>) -> Result<Response> {
        let mut attempts = self.retry.start();
        loop {
            let mut sent = self.send(message, attempts.count).await;
            let (may_pass, retry_after) = match &sent {
                Ok(response) => (response.is_retryable(), response.retry_after),
                Err(error) => (error.is_retryable(), None),
            };
            if !may_pass || !attempts.next(retry_after).await {
                if let Err(Error::Transport(error)) = &mut sent {
                    error.attempts = attempts.count;
                }
                return sent;
            }
        }
    }

    async fn exchange(&self, message: &Arc<Message>) -> Result<Response> {
        let lost = |error| transport_error(message, error);
        let sent = now();
        let mut response = self.request(message).send().await.map_err(lost)?;
        let received = now();
        let header = |name: HeaderName| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let mut result = Response {
            message: Arc::clone(message),
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            location: header(LOCATION),
            date: header(DATE),
            allowed_origin: header(ACCESS_CONTROL_ALLOW_ORIGIN),
            retry_after: header(RETRY_AFTER).trim().parse().ok().map(Duration::from_secs),
            body: Zeroizing::new(Vec::new()),
            sent,
            received,
        };
        let too_large = || {
            message.unexpected(result.status, UnexpectedResponseKind::TooLarge { limit: MAX_BODY })
        };
        // Of the whole size if that is known: what grows leaves copies behind.
        let length = response.content_length().unwrap_or_default();
        let capacity = usize::try_from(length).unwrap_or(usize::MAX);
        if capacity > MAX_BODY {
            return Err(too_large());
        }
        let mut body = Zeroizing::new(Vec::with_capacity(capacity));
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        result.body = body;
        Ok(result)
    }

    fn request(&self, message: &Message) -> reqwest::RequestBuilder {
        let method = match message.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = self.http.request(method, message.url.clone());
        for (name, value) in [(ACCEPT, message.accept), (CONTENT_TYPE, message.content_type)] {
            if let Some(value) = value {
                builder = builder.header(name, value);
            }
        }
        if let Some(authorization) = &message.authorization {
            builder = builder.header(AUTHORIZATION, authorization.clone());
        }
        if let Some(origin) = &message.origin {
            builder = builder.header(ORIGIN, origin.clone());
        }
        match &message.body {
            Some(body) => builder.body(body.clone()),
            None => builder,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one clock: from here on time is data")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

fn transport_error(message: &Message, error: reqwest::Error) -> Error {
    let (kind, validity) = (kind(&error), rejected_certificate(&error).and_then(validity));
    Error::Transport(Box::new(TransportError {
        request: message.context.clone(),
        kind,
        unsent: error.is_connect(),
        may_use_proxy: message.url.scheme() == "https" && is_proxy_set(),
        attempts: 1,
        // The URL is in the message already, and a proxy's may hold a password.
        source: Some(validity.map_or_else(|| error.without_url().into(), Into::into)),
    }))
}

/// Whether the HTTP library may take a proxy from the environment.
fn is_proxy_set() -> bool {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn kind(error: &reqwest::Error) -> TransportErrorKind {
    if error.is_dns() {
        TransportErrorKind::NameNotFound
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if let Some(problem) = rejected_certificate(error) {
        certificate(problem)
    } else if let Some(rustls::Error::InvalidMessage(_)) = tls_error(error) {
        TransportErrorKind::NotTls
    } else if error.is_connect() {
        TransportErrorKind::ConnectionRefused
    } else {
        TransportErrorKind::Interrupted
    }
}

/// The TLS library's reason, if it was the one that gave up.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An io::Error stands for what it wraps, and its source() passes that over.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        source = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn rejected_certificate(error: &reqwest::Error) -> Option<&rustls::CertificateError> {
    match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(problem)) => Some(problem),
        _ => None,
    }
}

/// How many of a certificate's names an error shows.
const NAMES_SHOWN: usize = 5;

/// What a rejected certificate is valid for, or when: the TLS library shows its own types, and counts seconds.
fn validity(problem: &rustls::CertificateError) -> Option<String> {
    use rustls::CertificateError as Problem;
    let (time, which, limit) = match problem {
        Problem::ExpiredContext { time, not_after } => (time, "until", not_after),
        Problem::NotValidYetContext { time, not_before } => (time, "from", not_before),
        Problem::NotValidForNameContext { expected, presented } => {
            let plain = |name: &String| match name.split('"').collect::<Vec<_>>()[..] {
                [_, name, _] => name.to_owned(),
                _ => name.clone(),
            };
            let names: Vec<String> = presented.iter().take(NAMES_SHOWN).map(plain).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            return Some(format!("valid for {names}, not for {}", expected.to_str()));
        }
        _ => return None,
    };
    let date = |time: &rustls::pki_types::UnixTime| {
        humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(time.as_secs()))
    };
    Some(format!("valid {which} {}, and this machine's clock says {}", date(limit), date(time)))
}

fn certificate(problem: &rustls::CertificateError) -> TransportErrorKind {
    use rustls::CertificateError as Problem;
    match problem {
        Problem::Expired
        | Problem::ExpiredContext { .. }
        | Problem::NotValidYet
        | Problem::NotValidYetContext { .. } => TransportErrorKind::CertificateExpired,
        Problem::NotValidForName | Problem::NotValidForNameContext { .. } => {
            TransportErrorKind::CertificateName
        }
        // webpki's, for which rustls has no variant.
        Problem::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            TransportErrorKind::CertificateOfAuthority
        }
        _ => TransportErrorKind::Certificate,
    }
}
