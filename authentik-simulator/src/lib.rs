//! An authentik in memory, on a real socket: for tests, demos, and trying things out. [`netbird`] has the
//! NetBird that belongs to it.
//!
//! A [`Simulator`] is a factory-fresh authentik of one [`Release`] on a free port of 127.0.0.1. It
//! behaves as recordings of real servers do: which requests it takes, what it answers, in which
//! words it refuses, which filters it ignores, when tokens expire, which redirect URIs it allows. A
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
//! assert!(answer.contains("\"version_current\":\"2025.10.4\""));
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
//!   there. [`State::authorize`], [`State::log_in`] and [`State::approve_device`] stand in for a person.
//! - Sessions: any cookie counts as one, on the `/device` page only.
//! - Policies (only groups and users are bound), stages, sources, outposts, blueprints, providers of other
//!   protocols, permissions on single objects, tenants, TLS.
//! - Uploaded certificate-key pairs: what is uploaded is not read, `generate` is not there, and
//!   all pairs of one type share one public key.
//! - Expressions of scope mappings that do more than return a dictionary of the user's name, e-mail address and
//!   groups (all, by name or by prefix): they give no claims. Entitlements: nobody has one.
//! - The transactional endpoint, set-up URLs, downloads of certificates and keys, passwords of users.
//! - Encrypted tokens: with an encryption key a token of five parts comes, that nobody can read.
//! - Introspection, revocation, end of session, client assertions and token exchange.
//! - Regular expressions with look-around or back-references: they are stored and match nothing.
//! - The texts of HTML pages, avatars, and the order in which 2026.5 lists granted scopes.
#![forbid(unsafe_code)]

mod authentik;
mod host;
mod jwt;
mod key;
pub mod netbird;

pub use self::authentik::{
    Application, Brand, Certificate, Code, Counters, DeviceCode, Flow, Grant, Group, Issued,
    KeyType, Login, PolicyBinding, Provider, RedirectUri, Release, Role, ScopeMapping, Simulator,
    SimulatorBuilder, State, Token, UnknownRelease, User,
};
pub use self::host::{Effect, Fault, FaultAnswer, Host, LoggedRequest, round_trips};
pub use self::key::Key;
