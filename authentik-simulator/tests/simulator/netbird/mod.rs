//! NetBird: recordings of a real server, and what those do not cover.

mod compare;
mod conformance;
mod issuers;
mod logins;
