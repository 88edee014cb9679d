//! Connections, latency, faults and the log, round a simulated server.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use hyper::header::{DATE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::fault::{self, Effect, Fault};
use super::fetch::Fetch;
use super::jitter::Jitter;
use super::log::LoggedRequest;
use super::payload::{Cut, Payload};
use super::{Request, Response, Server, clock};

type HttpRequest = hyper::Request<Incoming>;
type HttpResponse = hyper::Response<Payload>;

/// The state that the server's thread and the host's owner share.
pub(super) struct Shared<S> {
    started: Instant,
    /// The path that the server is under; empty for the whole host.
    root: String,
    connections: AtomicUsize,
    inner: Mutex<Inner<S>>,
}

pub(super) struct Inner<S> {
    pub(super) server: S,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Vec<LoggedRequest>,
    next_sequence: u64,
    pub(super) latency: Duration,
    pub(super) jitter: Jitter,
    /// Seconds that the simulator's clock is ahead.
    pub(super) clock_offset: i64,
}

impl<S> Inner<S> {
    pub(super) fn now(&self) -> SystemTime {
        clock::now(self.clock_offset)
    }

    fn entry(&mut self, sequence: u64) -> Option<&mut LoggedRequest> {
        self.log.iter_mut().find(|entry| entry.sequence == sequence)
    }
}

/// How a server is asked to answer.
#[derive(Clone, Copy)]
enum Way {
    Usual,
    Accepted,
    Endless,
}

impl<S: Server> Shared<S> {
    pub(super) fn new(server: S, latency: Duration, root: String) -> Self {
        let inner = Inner {
            server,
            faults: Vec::new(),
            log: Vec::new(),
            next_sequence: 0,
            latency,
            jitter: Jitter::default(),
            clock_offset: 0,
        };
        let (started, connections) = (Instant::now(), AtomicUsize::new(0));
        Self { started, root, connections, inner: Mutex::new(inner) }
    }

    /// How many connections are open, those that were accepted a moment ago included.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// A test that panics inside `edit` must not take the others down with it.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request; gives its place in the log, and the latency that holds for it.
    fn begin(&self, method: &str, path: &str) -> (u64, Duration) {
        let started = self.started.elapsed();
        let mut inner = self.lock();
        let sequence = inner.next_sequence;
        inner.next_sequence += 1;
        let is_write = S::is_write(method, path);
        inner.log.push(LoggedRequest::new(sequence, method, path, is_write, started));
        (sequence, inner.latency)
    }

    fn end(&self, sequence: u64, status: Option<u16>) {
        let finished = self.started.elapsed();
        if let Some(entry) = self.lock().entry(sequence) {
            entry.status = status;
            entry.finished = Some(finished);
        }
    }

    async fn handle(&self, sequence: u64, parts: &Parts, body: Bytes, way: Way) -> Response {
        let Some(mut request) = Request::new(parts, body, &self.root) else {
            return Response::outside();
        };
        while let Some(fetch) = self.next_fetch(&request) {
            // A client that goes away meanwhile ends the request: what it asks elsewhere is given up.
            let abandoned = Abandoned { shared: self, sequence };
            let fetched = fetch.send().await;
            std::mem::forget(abandoned);
            request.fetched.push((fetch, fetched));
        }
        let mut inner = self.lock();
        let now = inner.now();
        inner.server.set_now(now);
        let response = match way {
            Way::Usual => inner.server.answer(&request),
            Way::Accepted => inner.server.answer_accepted(&request),
            Way::Endless => inner.server.answer_endless(&request),
        };
        let committed = Some(self.started.elapsed());
        if let Some(entry) = inner.entry(sequence) {
            entry.committed = committed;
        }
        response
    }

    /// The request that the server has to send to another one first; the lock is not held meanwhile.
    fn next_fetch(&self, request: &Request) -> Option<Fetch> {
        let mut inner = self.lock();
        let now = inner.now();
        inner.server.set_now(now);
        inner.server.fetch(request)
    }

    /// The same with waits. A server checks what it is to make, and makes it some time later, when
    /// somebody else may have been faster.
    async fn handle_slowly(&self, sequence: u64, parts: &Parts, body: Bytes, way: Way) -> Response {
        let Some(waits) = self.lock().jitter.of(sequence) else {
            return self.handle(sequence, parts, body, way).await;
        };
        tokio::time::sleep(waits.check).await;
        let is_accepted = parts.method == Method::POST && self.would_accept(parts, body.clone());
        tokio::time::sleep(waits.work).await;
        let way = if is_accepted { Way::Accepted } else { way };
        let response = self.handle(sequence, parts, body, way).await;
        tokio::time::sleep(waits.answer).await;
        response
    }

    /// Whether a request would be carried out as things are.
    fn would_accept(&self, parts: &Parts, body: Bytes) -> bool {
        let Some(request) = Request::new(parts, body, &self.root) else { return false };
        let mut server = self.lock().server.clone();
        server.answer(&request).status < 400
    }
}

/// Ends a request when it is dropped.
struct Abandoned<'a, S: Server> {
    shared: &'a Shared<S>,
    sequence: u64,
}

impl<S: Server> Drop for Abandoned<'_, S> {
    fn drop(&mut self) {
        self.shared.end(self.sequence, None);
    }
}

/// Takes connections until the future is dropped.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared<impl Server>>) -> Infallible {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: give connections time to close.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        if fault::refuses(&mut shared.lock().faults) {
            continue;
        }
        shared.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(connection(stream, Open(Arc::clone(&shared))));
    }
}

/// An open connection.
struct Open<S: Server>(Arc<Shared<S>>);

impl<S: Server> Drop for Open<S> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn connection(stream: TcpStream, open: Open<impl Server>) {
    let shared = &open.0;
    // Small answers are the rule; waiting for more would only slow the tests down.
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&reset);
    let service = service_fn(move |request| {
        Box::pin(respond(request, Arc::clone(shared), Arc::clone(&noted)))
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
    request: HttpRequest,
    shared: Arc<Shared<impl Server>>,
    reset: Arc<AtomicBool>,
) -> Result<HttpResponse, Cut> {
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
    request: HttpRequest,
    shared: &Arc<Shared<impl Server>>,
    (sequence, latency): (u64, Duration),
    hit: Option<(Effect, bool)>,
) -> Result<HttpResponse, Cut> {
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
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let way = if effect == Some(Effect::EndlessPages) { Way::Endless } else { Way::Usual };
    let mut answer = match before {
        Some(Effect::Delay(delay)) => late(shared, sequence, parts, body, *delay).await?,
        _ => shared.handle_slowly(sequence, &parts, body, way).await,
    };
    tokio::time::sleep_until(due).await;
    if let Some(Effect::Replace { text, by }) = &effect {
        answer.body = answer.body.replace(text, by);
    }
    let now = shared.lock().now();
    let response = own(&answer, now, effect.as_ref());
    let Some(effect) = after else { return Ok(response) };
    strike(effect).await?;
    Ok(foreign(effect).unwrap_or(response))
}

/// The server finishes what it has begun, although the client may have gone away.
async fn late(
    shared: &Arc<Shared<impl Server>>,
    sequence: u64,
    parts: Parts,
    body: Bytes,
    delay: Duration,
) -> Result<Response, Cut> {
    let shared = Arc::clone(shared);
    let work = async move {
        tokio::time::sleep(delay).await;
        let answer = shared.handle(sequence, &parts, body, Way::Usual).await;
        shared.end(sequence, Some(answer.status));
        answer
    };
    tokio::spawn(work).await.map_err(|_| Cut)
}

/// Carries an effect out in place of an answer, or before it.
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

/// The simulated server's response.
fn own(answer: &Response, now: SystemTime, effect: Option<&Effect>) -> HttpResponse {
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
    let date = httpdate::fmt_http_date(now);
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// The answer of something in front, if that is the effect.
fn foreign(effect: &Effect) -> Option<HttpResponse> {
    let Effect::Answer(answer) = effect else { return None };
    let mut response = response(answer.status, Payload::whole(&answer.body));
    for (name, value) in &answer.headers {
        set(&mut response, name, value);
    }
    Some(response)
}

fn response(status: u16, body: Payload) -> HttpResponse {
    let mut response = HttpResponse::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
}

/// Sets a header; one that HTTP does not allow is left out.
fn set(response: &mut HttpResponse, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
    {
        response.headers_mut().append(name, value);
    }
}
