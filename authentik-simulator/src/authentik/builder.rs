//! [`SimulatorBuilder`]: how a simulator is started.

use std::io;
use std::time::Duration;

use super::{Release, Simulator, seed};
use crate::Key;
use crate::host::{Settings, now};

/// The admin token of a simulator that is given no other.
pub(super) const DEFAULT_TOKEN: &str = "ak-simulator-admin-token";

/// Settings of a simulator; see [`Simulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct SimulatorBuilder {
    release: Release,
    token: Key,
    host: Settings,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self { release: Release::default(), token: DEFAULT_TOKEN.into(), host: Settings::default() }
    }
}

impl SimulatorBuilder {
    /// Which authentik. Default: [`Release::V2025_12`].
    pub fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// The port on 127.0.0.1. Default: 0, which takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.host.port = port;
        self
    }

    /// No answer comes sooner than this after its request; requests wait side by side. Default: zero.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.host.latency = latency;
        self
    }

    /// The key of akadmin's API token. Default: `ak-simulator-admin-token`.
    pub fn token(mut self, token: &str) -> Self {
        self.token = token.into();
        self
    }

    /// The path that authentik is under, such as `/authentik/` (its setting `web.path`). Anything
    /// else on the host is not found. Default: `/`, the whole host.
    pub fn path(mut self, path: &str) -> Self {
        let path = path.trim_matches('/');
        self.host.root = if path.is_empty() { String::new() } else { format!("/{path}") };
        self
    }

    /// Starts it on a separate thread: it may be used from synchronous and from async code.
    ///
    /// # Errors
    ///
    /// If the port is taken, or there are no more threads or sockets.
    pub fn start(self) -> io::Result<Simulator> {
        let state = seed::fresh(self.release, now(0), &self.token);
        Simulator::run(self.host, state, self.token)
    }
}
