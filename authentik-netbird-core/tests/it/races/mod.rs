//! Many actors on one server at once.
//!
//! **Model.** A server has up to two NetBirds on it (`names.rs`), and objects that belong to neither. Actors are
//! clients that plan, apply, rotate or tear down, and an administrator who edits objects by hand (`admin.rs`).
//! The simulator's jitter makes requests overtake each other between being read, checked, done and answered, drawn
//! from a seed, so two requests can pass the same check before one of them fails in the database.
//!
//! **Cases.**
//! - `appliers`: 2 to 16 clients run the same job at the same time.
//! - `at_once`: different jobs at the same time, such as a rotation and an apply, or a teardown and an apply.
//! - `admin`: one edit by hand at each moment of an apply.
//! - `history`: random sequences of all of these with old plans, plans from JSON and faults among them, each run
//!   against a model of the server (`model.rs`): what belongs to others, which plan was made when.
//!
//! **What holds** (`assertions.rs`):
//! 1. The server took as many writes as the reports say were applied.
//! 2. Of every object there is one, and one actor reports that it created it.
//! 3. Each report is true: what it says was applied is not left to do.
//! 4. Outputs are what the server has; of several rotations exactly one actor has the value that counts.
//! 5. Nothing of others has changed. What the administrator added is still there, and what the administrator broke
//!    is fixed by the next run or named as a conflict.
//! 6. At the end each NetBird converges, logs in, and can be removed without a trace.
//!
//! authentik has no conditional writes, so a field that somebody sets while a plan that sets it is applied may
//! get the plan's value (`Model::nothing_of_others_changed`).
//!
//! **Amount.** A release build or a soak takes more crowds, seeds, moments and histories than a debug build, whose
//! histories are the same each time.

mod admin;
mod appliers;
mod assertions;
mod at_once;
mod history;
mod model;
mod names;
mod reports;
mod run;

/// Cases under way at once: they wait more than they work.
const AT_ONCE: usize = 8;
