//! [`PolicyBinding`].

use serde::Serialize;

use crate::authentik::counters::Counters;

/// A policy binding: who may use an application.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PolicyBinding {
    /// Primary key, a UUID.
    pub pk: String,
    /// UUID of the application (or a flow's `policybindingmodel_ptr_id`).
    pub target: String,
    /// Policy UUID; the simulator treats any policy as passed.
    pub policy: Option<String>,
    /// Group UUID.
    pub group: Option<String>,
    /// User key.
    pub user: Option<u64>,
    /// Inverts the result.
    pub negate: bool,
    /// Whether it is looked at.
    pub enabled: bool,
    /// Order.
    pub order: i64,
    /// Seconds.
    pub timeout: i64,
    /// The result that a failing policy counts as.
    pub failure_result: bool,
}

impl PolicyBinding {
    pub(crate) fn new(counters: &mut Counters, target: &str) -> Self {
        Self {
            pk: counters.new_uuid(),
            target: target.to_owned(),
            policy: None,
            group: None,
            user: None,
            negate: false,
            enabled: true,
            order: 0,
            timeout: 30,
            failure_result: false,
        }
    }
}
