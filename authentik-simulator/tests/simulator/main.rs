//! What the simulator does, held against recordings of real servers; and what those do not cover.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::assigning_clones,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

mod behaviour;
mod conformance;
mod effects;
mod netbird;
mod rights;
mod support;
