//! [`SimulatorBuilder`]: how a simulator is started.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::server::{Shared, serve};
use super::{Key, Release, Simulator, seed, time};

/// The admin token of a simulator that is given no other.
pub(super) const DEFAULT_TOKEN: &str = "ak-simulator-admin-token";

/// Settings of a simulator; see [`Simulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct SimulatorBuilder {
    release: Release,
    port: u16,
    latency: Duration,
    token: Key,
    path: String,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            release: Release::default(),
            port: 0,
            latency: Duration::ZERO,
            token: DEFAULT_TOKEN.into(),
            path: String::new(),
        }
    }
}

impl SimulatorBuilder {
    /// Which authentik. Default: [`Release::V2026_5`].
    pub fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// The port on 127.0.0.1. Default: 0, which takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// No answer comes sooner than this after its request; requests wait side by side. Default: zero.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The key of akadmin's API token. Default: `ak-simulator-admin-token`.
    pub fn token(mut self, token: &str) -> Self {
        self.token = token.into();
        self
    }

    /// The path that authentik is under, such as `/authentik/` (its setting `web.path`). What is
    /// asked for elsewhere on the host is not found. Default: `/`, the whole host.
    pub fn path(mut self, path: &str) -> Self {
        let path = path.trim_matches('/');
        self.path = if path.is_empty() { String::new() } else { format!("/{path}") };
        self
    }

    /// Starts it, on a thread of its own: it may be used from synchronous and from async code.
    ///
    /// # Errors
    ///
    /// If the port is taken, or there are no more threads or sockets.
    pub fn start(self) -> io::Result<Simulator> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}{}", listener.local_addr()?, self.path);
        let state = seed::fresh(self.release, time::now(0), &self.token);
        let shared = Arc::new(Shared::new(state, self.latency, self.path));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let served = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name("authentik-simulator".to_owned()).spawn(move || {
                runtime.block_on(async {
                    // `from_std` fails outside of a runtime only.
                    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                    tokio::select! {
                        never = serve(listener, served) => match never {},
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Simulator::new(url, self.token, shared, stop, thread))
    }
}
