//! Sending requests to authentik's API, with the token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use tracing::instrument::{Instrument, WithSubscriber};

use super::{Client, Endpoint};
use crate::authentik::{Page, Pagination};
use crate::error::{
    DecodeError, Error, Result, TransportError, TransportErrorKind, UnexpectedResponseKind,
};
use crate::http::{Connection, Message, Request, Response};
use crate::ids::Server;
use crate::issue::Issue;

/// A list with more pages than this has no end.
const MAX_PAGES: u32 = 100;
/// The most that is read of a list, in bytes.
const MAX_LIST: usize = 64_000_000;
/// How long all pages of a list may take together.
const MAX_LIST_TIME: Duration = Duration::from_secs(120);

/// Why a request failed, and how long the server asks to wait before the next attempt.
pub(crate) struct RequestError {
    pub(crate) error: Error,
    pub(crate) retry_after: Option<Duration>,
}

impl From<Error> for RequestError {
    fn from(error: Error) -> Self {
        Self { error, retry_after: None }
    }
}

impl Client {
    pub(crate) fn message(&self, request: &Request) -> Arc<Message> {
        // Requests to no server are never sent; errors about them need a message, too.
        let endpoint = self.endpoint(request.server).unwrap_or(&self.0.authentik);
        let Endpoint { url, token, authorization, .. } = endpoint;
        let mut message = Message::api(request, url, token, authorization.clone());
        // One server's secrets are none of the other's business, nor of anyone's who reads an error.
        let other = [Some(&self.0.authentik), self.0.netbird.as_ref()].into_iter().flatten();
        let other = other.filter(|one| !std::ptr::eq(*one, endpoint));
        message.secrets.extend(other.map(|one| one.token.clone()));
        Arc::new(message)
    }

    /// A request as it is sent, with the connection to its server, if its path leads where it should: ids
    /// come from the server.
    fn checked_message(&self, request: &Request) -> Result<(&Connection, Arc<Message>)> {
        let endpoint = self.endpoint(request.server).ok_or_else(no_netbird)?;
        let message = self.message(request);
        if !request.has_invalid_id() {
            return Ok((&endpoint.connection, message));
        }
        let source = serde_json::Error::custom("not a valid id");
        let (request, path) = (message.context.clone(), "the id".to_owned());
        Err(Error::Decode(Box::new(DecodeError { request, path, source })))
    }

    /// Sends a request once. `attempt` counts from 1, for traces.
    pub(crate) async fn send(
        &self,
        request: &Request,
        attempt: u32,
    ) -> Result<Response, RequestError> {
        let (connection, message) = self.checked_message(request)?;
        let response = connection.send(&message, attempt).await?;
        match response.check() {
            Ok(_) => Ok(response),
            Err(error) => Err(RequestError { error, retry_after: response.retry_after }),
        }
    }

    /// Sends a write once, in a separate task: dropping this future does not interrupt it.
    pub(crate) async fn write(
        &self,
        request: Request,
        attempt: u32,
    ) -> Result<Response, RequestError> {
        let (client, message) = (self.clone(), self.message(&request));
        let sending = async move { client.send(&request, attempt).await };
        let sending = sending.in_current_span().with_current_subscriber();
        tokio::spawn(sending).await.unwrap_or_else(|error| {
            // The runtime is shutting down, or the task panicked: the outcome is unknown.
            let error = TransportError {
                request: message.context.clone(),
                kind: TransportErrorKind::Interrupted,
                unsent: false,
                may_use_proxy: false,
                attempts: 1,
                source: Some(Box::new(error)),
            };
            Err(Error::Transport(Box::new(error)).into())
        })
    }

    /// Sends a read, and again after failures that may pass.
    pub(crate) async fn read(&self, request: &Request) -> Result<Response> {
        let (connection, message) = self.checked_message(request)?;
        let response = connection.send_with_retry(&message).await?;
        response.check()?;
        Ok(response)
    }

    pub(crate) async fn read_one<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<Option<T>> {
        match self.read(request).await {
            Ok(response) => response.decode().map(Some),
            // authentik says in JSON that there is no such object; a web page would be a wrong URL.
            Err(Error::Api(error)) if error.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn read_all<T: DeserializeOwned>(&self, request: &Request) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for page in self.read_pages(request).await? {
            all.append(&mut match request.server {
                Server::Authentik => page.decode::<Page<T>>()?.results,
                Server::Netbird => page.decode()?,
            });
        }
        Ok(all)
    }

    /// The pages of a list; an object is one page.
    pub(crate) async fn read_pages(&self, request: &Request) -> Result<Vec<Response>> {
        let start = Instant::now();
        let mut pages = vec![self.read(request).await?];
        let (mut current, mut count, mut size) = (1, 1, 0);
        while let Some(next) = pages.last().and_then(next_page).filter(|next| *next > current) {
            size += pages.last().map_or(0, |page| page.body.len());
            if let Some(kind) = exceeded(count, size, start.elapsed()) {
                return Err(self.message(request).unexpected(200, kind));
            }
            (current, count) = (next, count + 1);
            pages.push(self.read(&request.page(current)).await?);
        }
        Ok(pages)
    }
}

fn no_netbird() -> Error {
    Error::invalid_client(vec![Issue::new(
        "netbird_token",
        "missing",
        "Give NetBird's URL and the access token of an administrator of its account.",
    )])
}

/// Why no other page of a list is read, after this much of it.
fn exceeded(pages: u32, size: usize, elapsed: Duration) -> Option<UnexpectedResponseKind> {
    if size > MAX_LIST {
        return Some(UnexpectedResponseKind::TooLarge { limit: MAX_LIST });
    }
    let is_endless = pages >= MAX_PAGES || elapsed > MAX_LIST_TIME;
    is_endless.then_some(UnexpectedResponseKind::Endless { pages })
}

/// Number of the next page of a list; 0 on its last page, and `None` for what is not a list.
fn next_page(response: &Response) -> Option<u32> {
    #[derive(Deserialize)]
    struct Listed {
        pagination: Pagination,
    }
    let page: Listed = serde_json::from_slice(&response.body).ok()?;
    Some(page.pagination.next)
}

#[cfg(test)]
mod tests;
