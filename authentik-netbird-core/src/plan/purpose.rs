//! [`Purpose`]: what a plan is for.

use serde::{Deserialize, Serialize};

/// What a plan is for. In JSON `"set_up"` or `"tear_down"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// To set authentik up for NetBird, or to put right what has drifted.
    SetUp,
    /// To remove what was set up, and nothing else.
    TearDown,
}
