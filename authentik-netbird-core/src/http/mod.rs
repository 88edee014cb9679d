//! HTTP as values: what is sent, built here and sent elsewhere.

mod request;

pub use request::{Method, Request};
