//! A process that is killed at every request, and while it writes `setup.env`. The next run ends exactly
//! where one that was never disturbed does, with nothing double; `setup.env` is the old one or the new
//! one, never something between.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

#[path = "killed/child.rs"]
mod child;
#[path = "faults/job.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod job;
#[path = "killed/requests.rs"]
mod requests;
#[path = "common/running.rs"]
mod running;
#[path = "killed/setup_env.rs"]
mod setup_env;
mod story;
