//! Reports: the result of a plan's operations, and what a verification found.

mod apply;
mod check_name;
mod expiry;
mod verification;
mod verification_text;

pub use apply::{ApplyReport, OperationState, ReportEntry, Verb};
pub use check_name::CheckName;
pub use expiry::{Expiry, ExpiryKind};
pub use verification::{Check, CheckStatus, Verification};
