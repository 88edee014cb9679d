//! The server: connections, latency, faults and the log, round the simulated authentik.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use hyper::header::{DATE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::answer::Answer;
use super::call::Call;
use super::fault::{self, Effect, Fault};
use super::jitter::Jitter;
use super::log::LoggedRequest;
use super::payload::{Cut, Payload};
use super::{State, paging, route, time};

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
    pub(super) jitter: Jitter,
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
            jitter: Jitter::default(),
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
            committed: None,
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

    fn handle(&self, sequence: u64, parts: &Parts, body: Bytes, checked_before: bool) -> Answer {
        let Some(call) = Call::new(parts, body, &self.root) else { return Answer::elsewhere() };
        let mut inner = self.lock();
        inner.state.now = time::now(inner.clock_offset);
        inner.state.checked_before = checked_before;
        let answer = route::answer(&mut inner.state, &call);
        inner.state.checked_before = false;
        let committed = Some(self.started.elapsed());
        if let Some(entry) = inner.log.iter_mut().find(|entry| entry.sequence == sequence) {
            entry.committed = committed;
        }
        answer
    }

    /// The same with waits. authentik checks what it is to make, and makes it some time later: when
    /// someone else was faster in between, the database refuses, and that shows as a server error; or
    /// it has no objection, and there are two.
    async fn handle_slowly(&self, sequence: u64, parts: &Parts, body: Bytes) -> Answer {
        let Some(waits) = self.lock().jitter.of(sequence) else {
            return self.handle(sequence, parts, body, false);
        };
        tokio::time::sleep(waits.check).await;
        let checked = parts.method == Method::POST && self.would_take(parts, body.clone());
        tokio::time::sleep(waits.work).await;
        let mut answer = self.handle(sequence, parts, body, checked);
        if checked && answer.status == 400 {
            answer = Answer::crash(&parts.method);
        }
        tokio::time::sleep(waits.answer).await;
        answer
    }

    /// Whether a request would be carried out as things are.
    fn would_take(&self, parts: &Parts, body: Bytes) -> bool {
        let Some(call) = Call::new(parts, body, &self.root) else { return false };
        let mut state = self.lock().state.clone();
        route::answer(&mut state, &call).status < 400
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
    let reset = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&reset);
    let service = service_fn(move |request| {
        Box::pin(respond(request, Arc::clone(&shared), Arc::clone(&noted)))
    });
    let mut served =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A client that goes away, and a connection that is cut on purpose, end here as errors.
    let _ = poll_fn(|context| served.poll_without_shutdown(context)).await;
    if reset.load(Ordering::Relaxed) {
        // Closed without lingering, a socket sends RST in place of FIN.
        let _ = served.into_parts().io.into_inner().set_zero_linger();
    }
}

async fn respond(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    reset: Arc<AtomicBool>,
) -> Result<Response<Payload>, Cut> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (sequence, latency) = shared.begin(&method, &path);
    let hit = fault::pick(&mut shared.lock().faults, &method, &path);
    if let Some((Effect::Reset, _)) = hit {
        reset.store(true, Ordering::Relaxed);
    }
    let result = act(request, &shared, (sequence, latency), hit).await;
    shared.end(sequence, result.as_ref().ok().map(|response| response.status().as_u16()));
    result
}

async fn act(
    request: Request<Incoming>,
    shared: &Arc<Shared>,
    (sequence, latency): (u64, Duration),
    hit: Option<(Effect, bool)>,
) -> Result<Response<Payload>, Cut> {
    let (effect, after_commit) = hit.unzip();
    let before = effect.as_ref().filter(|_| after_commit == Some(false));
    let after = effect.as_ref().filter(|_| after_commit == Some(true));
    if let Some(effect) = before
        && !matches!(effect, Effect::Delay(_))
    {
        if let Effect::Answer(_) = effect {
            // Unread, the body would make hyper close the connection.
            let _ = request.into_body().collect().await;
            tokio::time::sleep(latency).await;
            return foreign(effect).ok_or(Cut);
        }
        strike(effect).await?;
    }
    let due = tokio::time::Instant::now() + latency;
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let page = match effect {
        Some(Effect::EndlessPages) => paging::take_page(&mut parts.uri),
        _ => 1,
    };
    let mut answer = match before {
        Some(Effect::Delay(delay)) => late(shared, sequence, parts, body, *delay).await?,
        _ => shared.handle_slowly(sequence, &parts, body).await,
    };
    tokio::time::sleep_until(due).await;
    match &effect {
        Some(Effect::Replace { text, by }) => answer.body = answer.body.replace(text, by),
        Some(Effect::EndlessPages) => paging::promise_another(&mut answer.body, page),
        _ => {}
    }
    let offset = shared.lock().clock_offset;
    let response = own(&answer, offset, effect.as_ref());
    let Some(effect) = after else { return Ok(response) };
    strike(effect).await?;
    Ok(foreign(effect).unwrap_or(response))
}

/// authentik finishes what it has begun, although whoever asked may have gone away meanwhile.
async fn late(
    shared: &Arc<Shared>,
    sequence: u64,
    parts: Parts,
    body: Bytes,
    delay: Duration,
) -> Result<Answer, Cut> {
    let shared = Arc::clone(shared);
    let work = async move {
        tokio::time::sleep(delay).await;
        let answer = shared.handle(sequence, &parts, body, false);
        shared.end(sequence, Some(answer.status));
        answer
    };
    tokio::spawn(work).await.map_err(|_| Cut)
}

/// What an effect does in place of an answer, or before it.
async fn strike(effect: &Effect) -> Result<(), Cut> {
    match effect {
        Effect::Cut | Effect::Reset | Effect::Refuse => Err(Cut),
        Effect::Hang => std::future::pending().await,
        Effect::Delay(delay) => {
            tokio::time::sleep(*delay).await;
            Ok(())
        }
        // These come with the answer, or as one.
        Effect::Answer(_)
        | Effect::Truncate
        | Effect::Slow(_)
        | Effect::Flood { .. }
        | Effect::EndlessPages
        | Effect::Replace { .. } => Ok(()),
    }
}

/// The simulated authentik's answer.
fn own(answer: &Answer, clock_offset: i64, effect: Option<&Effect>) -> Response<Payload> {
    let body = Payload::whole(&answer.body);
    let body = match effect {
        Some(Effect::Truncate) => body.truncated(),
        Some(Effect::Slow(time)) => body.slow(*time),
        Some(Effect::Flood { bytes }) => body.flooded(*bytes),
        _ => body,
    };
    let mut response = response(answer.status, body);
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

/// The answer of something in front, if that is the effect.
fn foreign(effect: &Effect) -> Option<Response<Payload>> {
    let Effect::Answer(answer) = effect else { return None };
    let mut response = response(answer.status, Payload::whole(&answer.body));
    for (name, value) in &answer.headers {
        set(&mut response, name, value);
    }
    Some(response)
}

fn response(status: u16, body: Payload) -> Response<Payload> {
    let mut response = Response::new(body);
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
