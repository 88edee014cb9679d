//! authentik: its API, its OAuth2 endpoints, and what it knows.

mod add;
mod api;
mod builder;
mod counters;
mod form;
mod issued;
mod listing;
mod objects;
mod oidc;
mod paging;
mod permissions;
mod release;
mod responses;
mod rights;
mod route;
mod seed;
mod state;
mod time;

use std::io;
use std::time::SystemTime;

pub use self::builder::SimulatorBuilder;
pub use self::counters::Counters;
pub use self::issued::{Code, DeviceCode, Grant, Issued, Login};
pub use self::objects::{
    Application, Brand, Certificate, Flow, Group, KeyType, PolicyBinding, Provider, RedirectUri,
    Role, ScopeMapping, Token, User,
};
pub use self::release::{Release, UnknownRelease};
pub use self::state::State;
use crate::Key;
use crate::host::{Host, Request, Response, Server};

/// A running authentik. It stops when it is dropped.
pub type Simulator = Host<State>;

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

    /// The key of akadmin's API token.
    #[must_use]
    pub fn token(&self) -> &str {
        self.access()
    }

    /// The release that it simulates.
    #[must_use]
    pub fn release(&self) -> Release {
        self.edit(|state| state.release)
    }
}

impl Server for State {
    /// The key of akadmin's API token.
    type Access = Key;

    fn set_now(&mut self, now: SystemTime) {
        self.now = now;
    }

    fn answer(&mut self, request: &Request) -> Response {
        route::answer(self, request)
    }

    /// authentik checks what it is to make before it makes it. When somebody else was faster in between,
    /// the database refuses, and that shows as a server error; or it has no objection, and there are
    /// two.
    fn answer_accepted(&mut self, request: &Request) -> Response {
        self.checked_before = true;
        let response = self.answer(request);
        self.checked_before = false;
        if response.status == 400 { Response::crash(&request.method) } else { response }
    }

    fn answer_endless(&mut self, request: &Request) -> Response {
        let (first, page) = paging::first_page(request);
        let mut response = self.answer(&first);
        paging::promise_another(&mut response.body, page);
        response
    }
}
