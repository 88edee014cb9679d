//! A process that is killed (SIGKILL) while it works.
//!
//! **Model.** The process is this test program, started again to do one job (`support/job.rs`) against a
//! simulator in the test's own process and to write `setup.env` at the end (`child.rs`). The simulator holds
//! one request, before or after it does its work, and the test kills the process there; or the test watches the
//! file and kills the process while it writes.
//!
//! **Cases.** `requests`: each request of each job, before and after the server's work. `setup_env`: at the end of
//! a first apply, and during writes of a large file without end.
//!
//! **What holds.**
//! 1. A process killed at a request has not touched `setup.env`.
//! 2. The next run ends in the state of an undisturbed run, with nothing twice, and the plan after it is empty.
//! 3. The password can be read from the server if nobody heard it, and is in `setup.env` after the next write.
//! 4. `setup.env` is the old file or the new one, never a mixture.
//! 5. A temporary file that is left behind is readable for its owner alone (0600).
//!
//! **Amount.** `AUTHENTIK_NETBIRD_DENSE` (the benchmarks) and a soak take two releases and all jobs, and 400 rounds
//! per file test, not 40.

mod child;
mod requests;
mod setup_env;
