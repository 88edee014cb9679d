//! What goes wrong in practice: each has a message of its own that names operation and resource,
//! says what the server said and what to do; and nothing is written where nothing should be.

mod answers;
mod connection;
mod midway;
mod server_state;
mod settings;

use crate::support::running::Running;
use authentik_netbird_core::{Error, ErrorKind};

/// An error's kind, and texts that its message must have.
#[track_caller]
pub(crate) fn says(error: &Error, kind: ErrorKind, texts: &[&str]) {
    let chain = error.chain();
    assert_eq!(error.kind(), kind, "{chain}");
    for text in texts {
        assert!(chain.contains(text), "\"{text}\" is not in: {chain}");
    }
}

/// Planning fails so, and writes nothing.
pub(crate) async fn planning_fails(running: &Running, kind: ErrorKind, texts: &[&str]) -> Error {
    let error = running.client.plan(&running.wanted).await.unwrap_err();
    says(&error, kind, texts);
    assert_eq!(running.writes(), 0, "{error}");
    error
}
