//! The server: connections, latency, faults and the log, round the simulated authentik.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{DATE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::answer::Answer;
use super::call::Call;
use super::fault::{self, Effect, Fault, FaultAnswer};
use super::log::LoggedRequest;
use super::{State, route, time};

/// What the server's thread and the simulator's owner share.
pub(super) struct Shared {
    pub(super) started: Instant,
    /// The path that authentik is under; empty for the whole host.
    root: String,
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    pub(super) state: State,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Vec<LoggedRequest>,
    pub(super) next_sequence: u64,
    pub(super) latency: Duration,
    /// Seconds that the simulator's clock is ahead.
    pub(super) clock_offset: i64,
}

impl Shared {
    pub(super) fn new(state: State, latency: Duration, root: String) -> Self {
        let inner = Inner {
            state,
            faults: Vec::new(),
            log: Vec::new(),
            next_sequence: 0,
            latency,
            clock_offset: 0,
        };
        Self { started: Instant::now(), root, inner: Mutex::new(inner) }
    }

    /// A test that panics inside `edit` must not take the others down with it.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request; gives its place in the log, and the latency that holds for it.
    fn begin(&self, method: &str, path: &str) -> (u64, Duration) {
        let mut inner = self.lock();
        let sequence = inner.next_sequence;
        inner.next_sequence += 1;
        inner.log.push(LoggedRequest {
            sequence,
            method: method.to_owned(),
            path: path.to_owned(),
            status: None,
            started: self.started.elapsed(),
            finished: None,
        });
        (sequence, inner.latency)
    }

    fn end(&self, sequence: u64, status: Option<u16>) {
        let finished = self.started.elapsed();
        let mut inner = self.lock();
        if let Some(entry) = inner.log.iter_mut().find(|entry| entry.sequence == sequence) {
            entry.status = status;
            entry.finished = Some(finished);
        }
    }

    fn handle(&self, parts: &Parts, body: Bytes) -> Answer {
        let Some(call) = Call::new(parts, body, &self.root) else { return Answer::elsewhere() };
        let mut inner = self.lock();
        inner.state.now = time::now(inner.clock_offset);
        route::answer(&mut inner.state, &call)
    }
}

/// Takes connections until the future is dropped.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Infallible {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: give connections time to close.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        if fault::refuses(&mut shared.lock().faults) {
            continue;
        }
        tokio::spawn(connection(stream, Arc::clone(&shared)));
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Small answers are the rule; waiting for more would only slow the tests down.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(request, Arc::clone(&shared)));
    // A client that goes away, and a connection that is cut on purpose, end here as errors.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// An error of the service: hyper answers it by closing the connection.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

async fn respond(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Payload>, Cut> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (sequence, latency) = shared.begin(&method, &path);
    let hit = fault::pick(&mut shared.lock().faults, &method, &path);
    let result = act(request, &shared, latency, hit).await;
    shared.end(sequence, result.as_ref().ok().map(|response| response.status().as_u16()));
    result
}

async fn act(
    request: Request<Incoming>,
    shared: &Shared,
    latency: Duration,
    hit: Option<(Effect, bool)>,
) -> Result<Response<Payload>, Cut> {
    if let Some((effect, false)) = &hit {
        match effect {
            Effect::Cut | Effect::Refuse => return Err(Cut),
            Effect::Hang => std::future::pending::<()>().await,
            Effect::Delay(delay) => tokio::time::sleep(*delay).await,
            Effect::Answer(answer) => {
                // Unread, the body would make hyper close the connection.
                let _ = request.into_body().collect().await;
                tokio::time::sleep(latency).await;
                return Ok(foreign(answer));
            }
            Effect::Truncate | Effect::Replace { .. } => {}
        }
    }
    let due = tokio::time::Instant::now() + latency;
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let mut answer = shared.handle(&parts, body);
    tokio::time::sleep_until(due).await;
    let offset = shared.lock().clock_offset;
    let truncate = matches!(hit, Some((Effect::Truncate, _)));
    if let Some((Effect::Replace { text, by }, _)) = &hit {
        answer.body = answer.body.replace(text, by);
    }
    let response = own(&answer, offset, truncate);
    if let Some((effect, true)) = hit {
        match effect {
            Effect::Cut | Effect::Refuse => return Err(Cut),
            Effect::Hang => std::future::pending::<()>().await,
            Effect::Delay(delay) => tokio::time::sleep(delay).await,
            Effect::Answer(answer) => return Ok(foreign(&answer)),
            Effect::Truncate | Effect::Replace { .. } => {}
        }
    }
    Ok(response)
}

/// The simulated authentik's answer.
fn own(answer: &Answer, clock_offset: i64, truncate: bool) -> Response<Payload> {
    let mut response = response(answer.status, &answer.body, truncate);
    for (name, value) in &answer.headers {
        set(&mut response, name, value);
    }
    set(&mut response, "vary", "Accept-Language, Cookie");
    let date = httpdate::fmt_http_date(time::now(clock_offset));
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn foreign(answer: &FaultAnswer) -> Response<Payload> {
    let mut response = response(answer.status, &answer.body, false);
    for (name, value) in &answer.headers {
        set(&mut response, name, value);
    }
    response
}

fn response(status: u16, body: &str, truncate: bool) -> Response<Payload> {
    let mut response = Response::new(Payload::new(body, truncate));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
}

/// Sets a header; one that HTTP does not allow is left out.
fn set(response: &mut Response<Payload>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
    {
        response.headers_mut().append(name, value);
    }
}

/// A body that can promise more than it gives.
struct Payload {
    rest: Option<Bytes>,
    promised: u64,
    end: End,
}

/// How a body ends.
#[derive(PartialEq, Eq)]
enum End {
    Complete,
    /// What there is has to be on the wire first: hyper drops what it holds when a body fails.
    BreakOffSoon,
    BreakOff,
}

impl Payload {
    fn new(body: &str, truncate: bool) -> Self {
        let all = Bytes::copy_from_slice(body.as_bytes());
        let promised = all.len() as u64;
        let rest = if truncate { all.slice(..all.len() / 2) } else { all };
        let end = if truncate { End::BreakOffSoon } else { End::Complete };
        Self { rest: (!rest.is_empty()).then_some(rest), promised, end }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(rest) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        match self.end {
            End::Complete => Poll::Ready(None),
            End::BreakOffSoon => {
                self.end = End::BreakOff;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::BreakOff => Poll::Ready(Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.end == End::Complete
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
