//! Verifying: each break of the kind that stops people's logins is found, by exactly one check, with
//! its own remedy; and where nothing is broken nothing is found.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

#[path = "verify/account.rs"]
mod account;
#[path = "verify/applied.rs"]
mod applied;
#[path = "common/certificate.rs"]
mod certificate;
#[path = "verify/device.rs"]
mod device;
#[path = "verify/front.rs"]
mod front;
#[path = "verify/healthy.rs"]
mod healthy;
#[path = "verify/letter.rs"]
mod letter;
#[path = "verify/provider.rs"]
mod provider;
#[path = "verify/readme.rs"]
mod readme;
#[path = "verify/report.rs"]
mod report;
#[path = "common/running.rs"]
mod running;
#[path = "verify/server.rs"]
mod server;
#[path = "verify/setup_env.rs"]
mod setup_env;
