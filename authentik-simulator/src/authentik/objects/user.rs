//! [`User`].

use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Key;
use crate::authentik::counters::Counters;
use crate::authentik::time;

/// A user of any type; service accounts are users.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct User {
    /// Primary key, the decimal number that NetBird knows a user by.
    pub pk: u64,
    /// The other key, a UUID.
    pub uuid: String,
    /// User name, unique, case-sensitive.
    pub username: String,
    /// Name shown to people.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Deactivated users cannot use the API.
    pub is_active: bool,
    /// `internal`, `external`, `service_account` or `internal_service_account`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path, e.g. `users`.
    pub path: String,
    /// Free attributes.
    pub attributes: Map<String, Value>,
    /// Last login.
    #[serde(serialize_with = "time::serialize_option")]
    pub last_login: Option<SystemTime>,
    /// Creation.
    #[serde(serialize_with = "time::serialize")]
    pub date_joined: SystemTime,
    /// Last change of the password.
    #[serde(serialize_with = "time::serialize")]
    pub password_change_date: SystemTime,
    /// Last change of anything.
    #[serde(serialize_with = "time::serialize")]
    pub last_updated: SystemTime,
    /// The password, which no endpoint of the simulator takes.
    pub password: Option<Key>,
}

impl User {
    pub(crate) fn new(counters: &mut Counters, now: SystemTime, username: &str) -> Self {
        Self {
            pk: 0,
            uuid: counters.new_uuid(),
            username: username.to_owned(),
            name: username.to_owned(),
            email: String::new(),
            is_active: true,
            kind: "internal".to_owned(),
            path: "users".to_owned(),
            attributes: Map::new(),
            last_login: None,
            date_joined: now,
            password_change_date: now,
            last_updated: now,
            password: None,
        }
    }
}
