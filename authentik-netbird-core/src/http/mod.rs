//! HTTP: requests as values, and the one connection that sends them.

#[cfg(feature = "client")]
mod body;
#[cfg(feature = "client")]
mod classify;
#[cfg(feature = "client")]
mod connection;
#[cfg(feature = "client")]
mod message;
#[cfg(feature = "client")]
mod options;
mod request;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry;

pub use request::{Method, Request};

/// Whether a host name is this machine's, by RFC 6761 and whatever a resolver says.
pub(crate) fn is_local_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(feature = "client")]
pub use options::ConnectionOptions;
#[cfg(feature = "client")]
pub(crate) use {
    body::{access_token, bearer},
    connection::{Connection, now},
    message::Message,
    response::Response,
    retry::{Attempts, Retry},
};
