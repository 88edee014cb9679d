//! An authentik in memory, on a real socket: for tests, demos, and trying things out.
//!
//! A [`Simulator`] is a factory-fresh authentik of one [`Release`] on a free port of 127.0.0.1. It
//! behaves as recordings of real servers do: which requests it takes, what it answers, in which
//! words it refuses, which filters it ignores, when tokens expire, which redirect URIs it lets in. A
//! conformance test replays the recordings against it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
//! use authentik_simulator::{Release, Simulator};
//!
//! let simulator = Simulator::builder().release(Release::V2025_10).start()?;
//!
//! let address = simulator.url().trim_start_matches("http://").to_owned();
//! let mut connection = TcpStream::connect(&address)?;
//! let token = simulator.token();
//! write!(
//!     connection,
//!     "GET /api/v3/admin/version/ HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
//!      Connection: close\r\n\r\n",
//! )?;
//! let mut answer = String::new();
//! connection.read_to_string(&mut answer)?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK"));
//! assert!(answer.contains("\"version_current\":\"2025.10.0-rc1\""));
//!
//! assert_eq!(simulator.requests()[0].path, "/api/v3/admin/version/");
//! # std::io::Result::Ok(())
//! ```
//!
//! What goes wrong on a network is added with [`Simulator::add_fault`]; what someone did to the
//! server beforehand, or behind one's back, with [`Simulator::edit`].
//!
//! # Not simulated
//!
//! - Logins: `/authorize` checks the request and sends the visitor to the login page, which is not
//!   there. [`State::log_in`] and [`State::approve_device`] stand in for a person.
//! - Sessions: any cookie counts as one, on the `/device` page only.
//! - Policies (only groups and users are bound), stages, sources, outposts, blueprints beyond their
//!   list, providers of other protocols, permissions on single objects, events, tenants, TLS.
//! - Certificate-key pairs of one's own: what is uploaded is not read, `generate` is not there, and
//!   all pairs of one type share one public key.
//! - Expressions of scope mappings: the built-in ones give their claims, others give none.
//! - Encrypted tokens: with an encryption key a token of five parts comes, that nobody can read.
//! - Introspection, revocation, end of session, client assertions and token exchange.
//! - Regular expressions with look-around or back-references: they are stored and match nothing.
//! - The texts of HTML pages, avatars, and the order in which 2026.5 lists granted scopes.
#![forbid(unsafe_code)]

mod answer;
mod api;
mod auth;
mod builder;
mod call;
mod create;
mod fault;
mod form;
mod issued;
mod jitter;
mod key;
mod listing;
mod log;
mod objects;
mod oidc;
mod paging;
mod payload;
mod permissions;
mod release;
mod route;
mod seed;
mod server;
mod state;
mod time;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

pub use self::builder::SimulatorBuilder;
pub use self::fault::{Effect, Fault, FaultAnswer};
pub use self::issued::{Code, DeviceCode, Grant, Issued, Login};
use self::jitter::Jitter;
pub use self::key::Key;
pub use self::log::{LoggedRequest, sequential_waves};
pub use self::objects::{
    Application, Brand, Certificate, Flow, Group, KeyType, PolicyBinding, Provider, RedirectUri,
    Role, ScopeMapping, Token, User,
};
pub use self::release::{Release, UnknownRelease};
use self::server::Shared;
pub use self::state::{Counters, State};

/// A running simulator. It stops when it is dropped.
pub struct Simulator {
    url: String,
    token: Key,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Settings first: release, port, latency, token.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    /// Starts one with the default settings.
    ///
    /// # Errors
    ///
    /// If there are no more threads or sockets.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    fn new(
        url: String,
        token: Key,
        shared: Arc<Shared>,
        stop: oneshot::Sender<()>,
        thread: JoinHandle<()>,
    ) -> Self {
        Self { url, token, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it listens: `http://127.0.0.1:PORT`, and the path that it is under.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key of akadmin's API token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The release that it simulates.
    #[must_use]
    pub fn release(&self) -> Release {
        self.shared.lock().state.release
    }

    /// Every request since the start, or since [`Self::clear_requests`], in the order in which they
    /// were read.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.lock().log.clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.lock().log.clear();
    }

    /// The whole state, keys and secrets included, in a stable order: for comparing before and after.
    #[must_use]
    pub fn dump(&self) -> serde_json::Value {
        // Strings, numbers, lists and string-keyed maps: there is nothing in it that JSON lacks.
        serde_json::to_value(&self.shared.lock().state).unwrap_or_default()
    }

    /// Looks at the state, or changes it, while no request is being answered.
    pub fn edit<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut inner = self.shared.lock();
        inner.state.now = time::now(inner.clock_offset);
        change(&mut inner.state)
    }

    /// Changes the latency, from the next request on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.lock().latency = latency;
    }

    /// Makes requests overtake each other, from the next one on: what comes in is checked, done and
    /// answered after waits of random length, each `most` at the most. They are drawn from `seed`.
    ///
    /// authentik checks what it is to make before it makes it. Of two requests for the same object
    /// that pass the check together one ends in the database's refusal: an empty 405. Zero, the
    /// default, checks and does everything in one.
    pub fn set_jitter(&self, most: Duration, seed: u64) {
        self.shared.lock().jitter = Jitter { most, seed };
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

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
