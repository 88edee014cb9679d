//! [`NetbirdSimulatorBuilder`]: how a simulated NetBird is started.

use std::io;
use std::time::Duration;

use url::Url;

use super::state::{Options, State};
use super::{NetbirdSimulator, seed};
use crate::Key;
use crate::host::{Settings, now};

/// The owner's token of a simulator that is given no other.
const DEFAULT_TOKEN: &str = "nbp_simulatorOwnerToken00000000000000000";

/// Settings of a simulated NetBird; see [`NetbirdSimulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct NetbirdSimulatorBuilder {
    token: Key,
    is_set_up: bool,
    options: Options,
    host: Settings,
}

impl Default for NetbirdSimulatorBuilder {
    fn default() -> Self {
        let options = Options {
            public_url: "https://netbird.company".to_owned(),
            is_embedded: true,
            may_create_token_in_setup: false,
            fetch_timeout: Duration::from_secs(10),
            routes: Vec::new(),
        };
        let (token, host) = (DEFAULT_TOKEN.into(), Settings::default());
        Self { token, is_set_up: true, options, host }
    }
}

impl NetbirdSimulatorBuilder {
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

    /// The owner's personal access token. Default: `nbp_simulatorOwnerToken00000000000000000`.
    pub fn token(mut self, token: &str) -> Self {
        self.token = token.into();
        self
    }

    /// Where people reach it; the embedded identity provider has its issuer and its redirect URI from
    /// it. Default: `https://netbird.company`.
    pub fn public_url(mut self, url: &str) -> Self {
        url.trim_end_matches('/').clone_into(&mut self.options.public_url);
        self
    }

    /// Whether it has the embedded identity provider. Default: yes; else it is set up as the
    /// standalone guide says, with an identity provider in `management.json`.
    pub fn embedded(mut self, is_embedded: bool) -> Self {
        self.options.is_embedded = is_embedded;
        self
    }

    /// Whether its owner has set it up. Default: yes, without `create_pat`, followed by a login and
    /// the creation of the token.
    pub fn set_up(mut self, is_set_up: bool) -> Self {
        self.is_set_up = is_set_up;
        self
    }

    /// `NB_SETUP_PAT_ENABLED`: whether `POST /api/setup` honors `create_pat`. Default: no.
    pub fn setup_pat_enabled(mut self, is_enabled: bool) -> Self {
        self.options.may_create_token_in_setup = is_enabled;
        self
    }

    /// How long it waits for an issuer. Default: ten seconds, as NetBird.
    pub fn issuer_timeout(mut self, timeout: Duration) -> Self {
        self.options.fetch_timeout = timeout;
        self
    }

    /// Reaches an origin such as `https://auth.company` at another address, such as a simulator's URL. An
    /// address that is not a URL is ignored.
    pub fn route(mut self, origin: &str, address: &str) -> Self {
        if let Ok(address) = Url::parse(address) {
            self.options.routes.push((origin.trim_end_matches('/').to_owned(), address));
        }
        self
    }

    /// Starts it on a separate thread: it may be used from synchronous and from async code.
    ///
    /// # Errors
    ///
    /// If the port is taken, or there are no more threads or sockets.
    pub fn start(self) -> io::Result<NetbirdSimulator> {
        let mut state = State::empty(self.options, now(0));
        if self.is_set_up {
            seed::set_up(&mut state, &self.token);
        }
        NetbirdSimulator::run(self.host, state, self.token)
    }
}
