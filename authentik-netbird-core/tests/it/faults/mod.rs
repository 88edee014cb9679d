//! Every fault at every request, and pairs of faults.
//!
//! **Model.** A *job* (`support/job.rs`) is one thing that a user does: a first apply, one with least privilege,
//! one with the defaults, a repair, a rotation, a teardown. A *scene* is a job on one release with the server's state before it; it is
//! run once undisturbed, which gives the number of its requests and the state that it must end in. A *fault*
//! (`support/faults.rs`) is something that a network, a proxy or a server does to one request: refuse it, cut
//! it, answer late, with a login page, with half of the JSON, or with 200 MB, before or after the server has done
//! its work.
//!
//! **Cases.** `matrix`: each fault x each request x each job, once and from that request on. `pairs`: two faults
//! in one first apply; the second often strikes while the client repairs what the first one did.
//!
//! The connector's jobs are over two servers: faults strike authentik, NetBird, and what NetBird asks authentik.
//! Where NetBird stays away while a plan is made, authentik's half is planned and applied, and the plan says so.
//!
//! **What holds in each case** (`case.rs`):
//! 1. The run ends within a time limit.
//! 2. If the fault passes by itself, the run succeeds and ends in the undisturbed state. A binding whose answer
//!    was lost may be reported as unknown: authentik has no unique key for it, so it is not sent twice. So may a role
//!    or a group that answered too late: somebody else may have created it, and it gets no rights in this run; and
//!    NetBird's identity provider, which NetBird refuses where it does not get authentik's discovery document.
//! 3. If the run fails, its report is true: what is reported as applied is not in the next plan, what is reported
//!    as failed or skipped is. Without a report nothing was written.
//! 4. The outputs are what the server has now, the password included.
//! 5. The next run, undisturbed, ends in the undisturbed state, and the plan after it is empty.
//! 6. No message contains a secret.
//!
//! The exceptions are during a teardown: a 404 in authentik's own words, which nobody can tell from the truth; and a
//! 403 or 500 to the question what uses an object, which is kept then, with the reason.
//!
//! **Amount.** A release build takes all cases of one fault, every fifth of lasting faults and every 199th pair; a
//! debug build takes every 23rd, 101st and 1999th (primes, so that no place and no fault is always skipped), and a
//! fifth of these of the defaults' first apply; a soak takes all. `AUTHENTIK_NETBIRD_CASE="2026.5 Update: closed after at 7"` runs one case.

mod case;
mod matrix;
mod pairs;
