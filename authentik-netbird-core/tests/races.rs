//! Many at once on one server: appliers of the same integration, a person who edits, two NetBirds,
//! rotations and teardowns. There is one set of objects, everyone is told what is so, nothing of others
//! is touched, and everyone's next plan is empty.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

#[path = "races/appliers.rs"]
mod appliers;
#[path = "races/at_once.rs"]
mod at_once;
#[path = "races/campaign.rs"]
mod campaign;
#[path = "races/history.rs"]
mod history;
#[path = "faults/job.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod job;
#[path = "races/names.rs"]
mod names;
#[path = "races/person.rs"]
mod person;
#[path = "races/run.rs"]
mod run;
#[path = "common/running.rs"]
mod running;
#[path = "faults/spoil.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod spoil;
mod story;
#[path = "races/truth.rs"]
mod truth;
#[path = "races/world.rs"]
mod world;
