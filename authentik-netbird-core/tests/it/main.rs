//! The integration tests, in one program. Those of `#[cfg(feature = "client")]` run against simulators
//! from the crate `authentik-simulator`; the others are pure.
//!
//! Select by name: `cargo test --test it races::`, `cargo test --test it -- --ignored live::`. Tests
//! that must have a process of their own (they are killed, install a global logger, or have their memory
//! searched) start this program again with one test alone.
//!
//! `AUTHENTIK_NETBIRD_SOAK` set: the campaigns take all of their cases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::assigning_clones,
    clippy::cast_possible_truncation,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and reads its settings; it may be slow and short"
)]

mod support;

mod arbitrary;
mod decode;
mod generated;
mod guide;
mod house;
mod integration;
mod plan;
mod plan_text;
mod releases;
mod setup_env;
mod teardown_text;

#[cfg(feature = "client")]
mod api_client;
#[cfg(feature = "client")]
mod apply;
#[cfg(feature = "client")]
mod auto_traits;
#[cfg(feature = "client")]
mod canary;
#[cfg(feature = "client")]
mod connector;
#[cfg(feature = "client")]
mod connector_login;
#[cfg(feature = "client")]
mod connector_states;
#[cfg(feature = "client")]
mod connector_walk;
#[cfg(feature = "client")]
mod drift;
#[cfg(feature = "client")]
mod english;
#[cfg(all(feature = "client", unix))]
mod exports;
#[cfg(feature = "client")]
mod faults;
#[cfg(feature = "client")]
mod hostile;
#[cfg(all(feature = "client", unix))]
mod killed;
#[cfg(feature = "client")]
mod live;
#[cfg(feature = "client")]
mod names;
#[cfg(feature = "client")]
mod provision;
#[cfg(feature = "client")]
mod races;
#[cfg(feature = "client")]
mod requirements;
#[cfg(feature = "client")]
mod rights;
#[cfg(feature = "client")]
mod rotate;
#[cfg(feature = "client")]
mod status;
#[cfg(feature = "client")]
mod tampered;
#[cfg(feature = "client")]
mod teardown;
#[cfg(feature = "client")]
mod tls;
#[cfg(feature = "client")]
mod trouble;
#[cfg(feature = "client")]
mod unknown_outcome;
#[cfg(feature = "client")]
mod verify;
#[cfg(all(feature = "client", target_os = "linux"))]
mod wiped;
#[cfg(feature = "client")]
mod without_device_flow;
