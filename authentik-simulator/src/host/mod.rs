//! The host of a simulated server: sockets, latency, jitter, faults and the log. It knows no server.

mod clock;
mod fault;
mod fetch;
mod jitter;
mod log;
mod payload;
mod request;
mod response;
mod serve;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use hyper::Method;
use serde::Serialize;
use tokio::sync::oneshot;

pub(crate) use self::clock::{now, shift};
pub use self::fault::{Effect, Fault, FaultAnswer};
pub(crate) use self::fetch::{Fetch, FetchError, Fetched};
use self::jitter::Jitter;
pub use self::log::{LoggedRequest, round_trips};
pub(crate) use self::request::Request;
pub(crate) use self::response::Response;
use self::serve::{Shared, serve};

/// A simulated server: its whole state, and what it does with one request. It knows no sockets, no
/// waits and no faults.
pub trait Server: Clone + Serialize + Send + 'static {
    /// The credentials of a client, for example a token.
    type Access: Send + Sync;

    /// Sets its clock, before each request and each edit.
    fn set_now(&mut self, now: SystemTime);

    /// The request to another server that it needs before it can answer a request, given the result of the
    /// questions so far (`Request::outcome_of`). The host sends it, and asks again.
    fn fetch(&self, request: &Request) -> Option<Fetch> {
        let _ = request;
        None
    }

    /// Answers a request.
    fn answer(&mut self, request: &Request) -> Response;

    /// Answers a request that it would have accepted a moment ago, before others changed its state.
    fn answer_accepted(&mut self, request: &Request) -> Response {
        self.answer(request)
    }

    /// Answers a request for a list with its first page, and says that there is another one.
    fn answer_endless(&mut self, request: &Request) -> Response {
        self.answer(request)
    }

    /// Whether a request asks for a change of the configuration: of those to an API each that is not safe.
    fn is_write(method: &str, path: &str) -> bool {
        Method::from_bytes(method.as_bytes()).is_ok_and(|method| !method.is_safe())
            && path.starts_with("/api/")
    }
}

/// A running simulated server. It stops when it is dropped.
pub struct Host<S: Server> {
    url: String,
    access: S::Access,
    shared: Arc<Shared<S>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How a host is started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub(crate) port: u16,
    pub(crate) latency: Duration,
    /// The path that the server is under, such as `/authentik`; empty for the whole host.
    pub(crate) root: String,
}

impl<S: Server> Host<S> {
    /// Starts a server on a separate thread: it may be used from synchronous and from async code.
    pub(crate) fn run(settings: Settings, server: S, access: S::Access) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port)))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}{}", listener.local_addr()?, settings.root);
        let shared = Arc::new(Shared::new(server, settings.latency, settings.root));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let for_thread = Arc::clone(&shared);
        let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            runtime.block_on(async {
                // `from_std` fails outside of a runtime only.
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                tokio::select! {
                    never = serve(listener, for_thread) => match never {},
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { url, access, shared, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn access(&self) -> &S::Access {
        &self.access
    }

    /// Where it listens: `http://127.0.0.1:PORT`, and the path that it is under.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every request since the start, or since [`Self::clear_requests`], in the order in which they
    /// were read.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.lock().log.clone()
    }

    /// How many connections are open. When a client is gone, the last one of its connections ends after the
    /// last one of its requests, so at 0 nothing is under way.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.shared.connections()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.lock().log.clear();
    }

    /// The whole state, keys and secrets included, in a stable order: for comparing before and after.
    #[must_use]
    pub fn dump(&self) -> serde_json::Value {
        // A state is strings, numbers, lists and maps with strings as keys, which JSON always has.
        serde_json::to_value(&self.shared.lock().server).unwrap_or_default()
    }

    /// Reads the state, or changes it, while no request is being answered.
    pub fn edit<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let mut inner = self.shared.lock();
        let now = inner.now();
        inner.server.set_now(now);
        change(&mut inner.server)
    }

    /// Changes the latency, from the next request on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.lock().latency = latency;
    }

    /// Makes requests overtake each other, from the next one on: a request is checked, carried out and
    /// answered after waits of random length, each `max_wait` at most. They are drawn from `seed`.
    ///
    /// A server checks what it is to make before it makes it. Of two requests for the same object that
    /// pass the check together, one ends as the server's database decides. Zero, the default, checks
    /// and carries out everything in one step.
    pub fn set_jitter(&self, max_wait: Duration, seed: u64) {
        self.shared.lock().jitter = Jitter { max: max_wait, seed };
    }

    /// Puts the simulator's clock ahead of the real one, or behind it with a negative number. It
    /// decides what has expired, is in the tokens, and is sent in the Date header.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.lock().clock_offset = seconds;
    }

    /// Adds a fault. Of several that match a request, the one that was added first acts.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }
}

impl<S: Server> fmt::Debug for Host<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("url", &self.url).finish_non_exhaustive()
    }
}

impl<S: Server> Drop for Host<S> {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
