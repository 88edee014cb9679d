//! Many actors on one server at once.
//!
//! **Model.** A server has up to two NetBirds on it (`names.rs`), and objects that belong to neither. Actors are
//! clients that plan, apply, rotate or tear down, and an administrator who edits objects by hand (`admin.rs`).
//! The simulator's jitter makes requests overtake each other between being read, checked, done and answered, drawn
//! from a seed, so two requests can pass the same check before one of them fails in the database.
//!
//! Apply settles nothing among runs that meet. What authentik has a unique key for is created by one of them, and
//! found by the others when theirs is rejected. Bindings and NetBird's identity providers have no unique key, and until
//! 2025.10 the database accepts two groups of one name: several runs may each create one. Such a duplicate is drift, which the next plan removes.
//! A run may fail, too: an object that it changes is deleted by a teardown; or until 2025.10 its own group is refused
//! the role that another run's has. A plan that was made less than 30 seconds ago is applied without reading again, so
//! it meets what was done since then like a run at the same time.
//!
//! **Cases.**
//! - `appliers`: 2 to 16 clients run the same job at the same time, on authentik alone and over two servers.
//! - `at_once`: different jobs at the same time, such as a rotation and an apply, or a teardown and an apply; and
//!   three runs that each create what has no unique key.
//! - `admin`: one edit by hand at each moment of an apply.
//! - `history`: random sequences of all of these with old plans, plans from JSON and faults among them, each run
//!   against a model of the server (`model.rs`): what belongs to others, which plan was made when.
//!
//! **What holds when all runs have ended:**
//! 1. Every report is true (`reports.rs`). The operations that all reports together call applied, and the writes that
//!    the server's log says were confirmed, are the same ones, one to one: none is reported that did not happen, and
//!    none happened that is not reported. What a report calls applied already was written by another run, or by a
//!    write whose response was lost. A write that the server rejected is in no report as applied.
//! 2. Outputs are what the server has; of several rotations exactly one actor has the value that counts. Of what has
//!    a unique key, one actor reports that it created it.
//! 3. Nothing of others has changed. What the administrator added is still there.
//! 4. **One more plan and apply**, of each NetBird that is to be there, and the server is in the state of a run that
//!    met nobody, object by object: exactly one of everything. The plan after that is empty. What the administrator
//!    broke is fixed, or named as a conflict.
//! 5. Then NetBird logs in, and everything can be removed without a trace.
//!
//! Until that one more apply a duplicate may be there.
//!
//! authentik has no conditional writes, so a field that somebody sets while a plan that sets it is applied may
//! get the plan's value (`Model::nothing_of_others_changed`).
//!
//! **Amount.** `AUTHENTIK_NETBIRD_DENSE` (the benchmarks) and a soak take more crowds, seeds, moments and histories;
//! without them the histories are the same each time.

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
