//! Every fault at every request of a first apply, an update, a rotation and a teardown, and pairs of
//! faults. The run ends in time and tells the truth; the next one, undisturbed, ends exactly where one
//! that was never disturbed does, with nothing lost and nothing doubled; and no text has a secret.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

#[path = "faults/campaign.rs"]
mod campaign;
#[path = "faults/case.rs"]
mod case;
#[path = "faults/effects.rs"]
mod effects;
#[path = "faults/job.rs"]
mod job;
#[path = "faults/pairs.rs"]
mod pairs;
#[path = "common/running.rs"]
mod running;
#[path = "faults/spoil.rs"]
mod spoil;
mod story;
