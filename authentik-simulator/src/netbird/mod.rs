//! NetBird: its management API and its embedded identity provider.
//!
//! A [`NetbirdSimulator`] is a NetBird server with the embedded identity provider (Dex), set up by
//! its owner, on a free port of 127.0.0.1. It is held to recordings of NetBird 0.77.1. Connectors
//! are checked as NetBird does: it fetches the discovery document of the issuer itself.
//!
//! ```
//! use authentik_simulator::Simulator;
//! use authentik_simulator::netbird::NetbirdSimulator;
//!
//! let authentik = Simulator::start()?;
//! let netbird = NetbirdSimulator::start()?;
//! assert!(netbird.token().starts_with("nbp_"));
//!
//! // What somebody configured by hand beforehand.
//! let issuer = format!("{}/application/o/netbird/", authentik.url());
//! netbird.edit(|state| {
//!     state.add_connector("authentik", "Company login", &issuer).client_id = "netbird".to_owned();
//! });
//! # std::io::Result::Ok(())
//! ```
//!
//! A person logs in through a connector with [`NetbirdSimulator::log_in`], from NetBird's client to authentik and back,
//! and fails where real logins do: [`State::log`] has the reason. A connector in use stays as it was
//! opened until [`State::restart`].
//!
//! # Not simulated
//!
//! - TLS: no certificate of an issuer with `https` is trusted. [`NetbirdSimulatorBuilder::route`] gives
//!   such an issuer a plain address.
//! - Peers, policies, networks and the rest of NetBird's purpose.
//! - Of Dex: refresh tokens, the device flow, sessions, logout, userinfo, introspection, second factors.
//! - Users with a password that the API creates, invitations, and the limit of requests.

mod api;
mod builder;
mod caller;
mod dex;
mod issuer;
mod login;
mod objects;
mod people;
mod responses;
mod route;
mod seed;
mod settings;
mod state;

use std::io;
use std::time::SystemTime;

pub use self::builder::NetbirdSimulatorBuilder;
pub use self::login::LoginError;
pub use self::objects::{AccessToken, Account, Connector, Group, LocalUser, User};
pub use self::settings::{DashboardFeatures, ExtraSettings, Settings};
pub use self::state::{State, user_id};
use crate::Key;
use crate::host::{Fetch, Host, Request, Response, Server};

/// A running NetBird. It stops when it is dropped.
pub type NetbirdSimulator = Host<State>;

impl NetbirdSimulator {
    /// Settings first: port, latency, token, embedded identity provider or not, set up or not.
    pub fn builder() -> NetbirdSimulatorBuilder {
        NetbirdSimulatorBuilder::default()
    }

    /// Starts one with the default settings.
    ///
    /// # Errors
    ///
    /// If there are no more threads or sockets.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// The owner's personal access token. Before the setup it is not valid.
    #[must_use]
    pub fn token(&self) -> &str {
        self.access()
    }
}

impl Server for State {
    /// The owner's personal access token.
    type Access = Key;

    fn set_now(&mut self, now: SystemTime) {
        self.now = now;
    }

    fn fetch(&self, request: &Request) -> Option<Fetch> {
        route::fetch(self, request)
    }

    fn answer(&mut self, request: &Request) -> Response {
        route::answer(self, request)
    }
}

/// A time as Go prints it.
fn time(time: SystemTime) -> String {
    humantime::format_rfc3339_nanos(time).to_string()
}
