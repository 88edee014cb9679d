//! Sending one request, and reading again what may be read again.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::de::DeserializeOwned;
use tracing::Instrument;
use zeroize::Zeroizing;

use super::Client;
use super::answer::{Answer, LARGEST, Refusal, judge, unexpected};
use super::wiped;
use crate::authentik::Page;
use crate::error::{Error, Result, TransportError, TransportProblem, Unexpected};
use crate::http::{Method, Request};

/// More pages than this are no list of authentik's.
const MAX_PAGES: u32 = 100;

impl Client {
    /// Sends a request once.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, Refusal> {
        let span = tracing::debug_span!(
            "request",
            method = ?request.method,
            path = %request.path,
            resource = %request.resource,
        );
        let sent = self.send_unobserved(request).instrument(span.clone()).await;
        span.in_scope(|| match &sent {
            Ok(answer) => tracing::debug!(bytes = answer.body.len(), "answered"),
            Err(refusal) => tracing::debug!(error = %refusal.error, "failed"),
        });
        sent
    }

    async fn send_unobserved(&self, request: &Request) -> Result<Answer, Refusal> {
        let lost = |error| Refusal { error: self.transport(request, error), retry_after: None };
        let url = format!("{}api/v3/{}", self.0.url, request.path);
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = self
            .0
            .connection
            .http
            .request(method, url)
            .header(AUTHORIZATION, self.0.authorization.clone())
            .header(ACCEPT, "application/json");
        if let Some(body) = wiped::body(request) {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body);
        }
        let mut response = builder.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let too_large = || {
            let what = Unexpected::TooLarge { limit: LARGEST };
            Refusal { error: unexpected(request, status.as_u16(), what), retry_after: None }
        };
        if response.content_length().is_some_and(|length| length > LARGEST as u64) {
            return Err(too_large());
        }
        // Of the whole size where that is said: what grows leaves copies behind.
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Zeroizing::new(Vec::with_capacity(length.unwrap_or_default()));
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        judge(request, status, &headers, body, &self.0.token)
    }

    /// Sends a write once, on a task of its own: whoever stops waiting does not cut it off half-way,
    /// and nothing more is sent for them.
    pub(crate) async fn write(&self, request: Request) -> Result<Answer, Refusal> {
        let (client, resource, action) = (self.clone(), request.resource.clone(), request.action);
        let sending = async move { client.send(&request).await }.in_current_span();
        tokio::spawn(sending).await.unwrap_or_else(|error| {
            // The runtime is shutting down, or the task met a mistake of ours: no one knows.
            let error = Error::Transport(Box::new(TransportError {
                action,
                resource,
                server: self.server(),
                problem: TransportProblem::Interrupted,
                unsent: false,
                attempts: 1,
                source: Some(Box::new(error)),
            }));
            Err(Refusal { error, retry_after: None })
        })
    }

    /// Sends a read, and again after failures that may pass.
    pub(crate) async fn read(&self, request: &Request) -> Result<Answer> {
        let mut attempts = self.retry().start();
        loop {
            let Refusal { error, retry_after } = match self.send(request).await {
                Ok(answer) => return Ok(answer),
                Err(refusal) => refusal,
            };
            if !error.is_retryable() || !attempts.next(retry_after).await {
                return Err(with_attempts(error, attempts.count));
            }
        }
    }

    /// Reads one object; `None` where there is none.
    pub(crate) async fn read_one<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<Option<T>> {
        match self.read(request).await {
            Ok(answer) => answer.decode(request).map(Some),
            // authentik says that it has no such thing in JSON; a web page would be a wrong URL.
            Err(Error::Api(error)) if error.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a list, all pages of it.
    pub(crate) async fn read_all<T: DeserializeOwned>(&self, request: &Request) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for page in self.read_pages(request).await? {
            all.append(&mut page.decode::<Page<T>>(request)?.results);
        }
        Ok(all)
    }

    /// The pages of a list; an object is one page.
    pub(crate) async fn read_pages(&self, request: &Request) -> Result<Vec<Answer>> {
        let mut pages = vec![self.read(request).await?];
        let (mut current, mut count) = (1, 1);
        while let Some(next) = pages.last().map(Answer::next_page).filter(|next| *next > current) {
            if count == MAX_PAGES {
                let what = Unexpected::Endless { pages: MAX_PAGES };
                return Err(unexpected(request, 200, what));
            }
            (current, count) = (next, count + 1);
            pages.push(self.read(&request.page(current)).await?);
        }
        Ok(pages)
    }

    fn transport(&self, request: &Request, error: reqwest::Error) -> Error {
        Error::Transport(Box::new(TransportError {
            action: request.action,
            resource: request.resource.clone(),
            server: self.server(),
            problem: problem(&error),
            unsent: error.is_connect(),
            attempts: 1,
            // The URL is said already, and a proxy's may hold a password.
            source: Some(Box::new(error.without_url())),
        }))
    }
}

fn with_attempts(mut error: Error, attempts: u32) -> Error {
    if let Error::Transport(transport) = &mut error {
        transport.attempts = attempts;
    }
    error
}

/// What went wrong with a connection.
pub(super) fn problem(error: &reqwest::Error) -> TransportProblem {
    if error.is_dns() {
        TransportProblem::NameNotFound
    } else if error.is_timeout() {
        TransportProblem::Timeout
    } else if is_certificate(error) {
        TransportProblem::Certificate
    } else if error.is_connect() {
        TransportProblem::ConnectionRefused
    } else {
        TransportProblem::Interrupted
    }
}

fn is_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // An io::Error stands for what it wraps, and its source() passes that over.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        source = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}
