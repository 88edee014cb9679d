//! [`Token`].

use std::time::SystemTime;

use serde::Serialize;

use crate::Key;
use crate::authentik::counters::Counters;
use crate::authentik::time;

/// A token; app passwords are tokens.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Token {
    /// Primary key, a UUID.
    pub pk: String,
    /// The manager, if there is one.
    pub managed: Option<String>,
    /// Identifier, unique; tokens are retrieved by it.
    pub identifier: String,
    /// The secret itself.
    pub key: Key,
    /// `api`, `app_password`, `verification` or `recovery`.
    pub intent: String,
    /// User key.
    pub user: u64,
    /// Description.
    pub description: String,
    /// When it expires, if `expiring`.
    #[serde(serialize_with = "time::serialize_option")]
    pub expires: Option<SystemTime>,
    /// Whether `expires` means anything.
    pub expiring: bool,
}

impl Token {
    /// Whether it is past its time at `now`.
    #[must_use]
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expiring && self.expires.is_some_and(|expires| expires < now)
    }
}

impl Token {
    pub(crate) fn new(counters: &mut Counters, identifier: &str, user: u64) -> Self {
        Self {
            pk: counters.new_uuid(),
            managed: None,
            identifier: identifier.to_owned(),
            key: counters.new_key(60).into(),
            intent: "api".to_owned(),
            user,
            description: String::new(),
            expires: None,
            expiring: false,
        }
    }
}
