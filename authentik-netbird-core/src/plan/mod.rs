//! Plans.
mod change;
mod operation;
mod report;

pub use change::{FieldChange, FieldValue};
pub use operation::{Made, Operation, Server, Verb, Write};
pub use report::{ApplyReport, OperationState, ReportEntry};
