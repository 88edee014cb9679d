//! [`Response`]: what a server returned, all of it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::Message;

/// A server's response, whatever its status. Headers that it did not send are empty.
pub(crate) struct Response {
    pub(crate) message: Arc<Message>,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) location: String,
    pub(crate) date: String,
    /// Which origin's pages may read it.
    pub(crate) allowed_origin: String,
    /// How long the server asks to wait before the next attempt.
    pub(crate) retry_after: Option<Duration>,
    /// Zeroized when dropped: some hold secrets.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// When the request was sent, by this machine's clock.
    pub(crate) sent: SystemTime,
    /// When the headers had arrived, by this machine's clock.
    pub(crate) received: SystemTime,
}

impl Response {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status)
    }

    /// Whether the same request may succeed later although nobody changes anything.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self.status, 408 | 429 | 500..)
    }

    pub(crate) fn is_json(&self) -> bool {
        self.content_type.starts_with("application/json")
    }

    /// Whether it has no body, as authentik's 204.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }
}
