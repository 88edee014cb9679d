//! Sending what NetBird sends: without the client's token, to whatever URL the discovery document
//! names. What came is not judged here.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName, LOCATION, RETRY_AFTER,
};
use tracing::Instrument;
use zeroize::Zeroizing;

use super::answer::LARGEST;
use super::send::problem;
use super::{Connection, now, wiped};
use crate::error::TransportError;
use crate::ids::{Resource, ResourceKind};
use crate::request::netbird::{NetbirdAnswer, NetbirdRequest};

impl Connection {
    /// Asks, and asks again after failures that may pass: no answer, a server that is starting, too
    /// many requests where it is said when to come again.
    pub(crate) async fn ask(
        &self,
        request: &NetbirdRequest,
    ) -> Result<NetbirdAnswer, TransportError> {
        let mut attempts = self.retry.start();
        loop {
            let span = tracing::debug_span!("ask", url = %request.url, for = request.asks_for);
            let (outcome, retry_after) = match self.ask_once(request).instrument(span).await {
                Ok((answer, retry_after)) => (Ok(answer), retry_after),
                Err(error) => (Err(error), None),
            };
            let may_pass = match &outcome {
                Ok(answer) => match answer.status {
                    502..=504 => true,
                    429 => retry_after.is_some(),
                    _ => false,
                },
                Err(error) => error.problem.is_retryable(),
            };
            if !may_pass || !attempts.next(retry_after).await {
                let count = attempts.count;
                return outcome.map_err(|error| TransportError { attempts: count, ..error });
            }
        }
    }

    async fn ask_once(
        &self,
        request: &NetbirdRequest,
    ) -> Result<(NetbirdAnswer, Option<Duration>), TransportError> {
        let lost = |error: reqwest::Error| TransportError {
            action: "read",
            resource: Resource::new(ResourceKind::SERVER, request.asks_for),
            server: request.url.origin().ascii_serialization(),
            problem: problem(&error),
            unsent: error.is_connect(),
            attempts: 1,
            source: Some(Box::new(error.without_url())),
        };
        let mut builder = match &request.form {
            None => self.http.get(request.url.clone()),
            Some(form) => self
                .http
                .post(request.url.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(wiped::bytes(form.clone())),
        };
        if let Some(accept) = request.accept {
            builder = builder.header(ACCEPT, accept);
        }
        if let Some(token) = &request.bearer {
            // What is no header's text is no token; authentik then says that there is none.
            if let Ok(header) = wiped::bearer(token.expose()) {
                builder = builder.header(AUTHORIZATION, header);
            }
        }
        let sent = now();
        let mut response = builder.send().await.map_err(lost)?;
        let received = now();
        let header = |name: HeaderName| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let retry_after = header(RETRY_AFTER).trim().parse().ok().map(Duration::from_secs);
        let mut answer = NetbirdAnswer {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            location: header(LOCATION),
            date: header(DATE),
            body: Zeroizing::new(Vec::new()),
            sent,
            received,
        };
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            // What is longer is cut, and so is no JSON.
            let room = LARGEST - answer.body.len();
            answer.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                break;
            }
        }
        tracing::debug!(status = answer.status, bytes = answer.body.len(), "answered");
        Ok((answer, retry_after))
    }
}
