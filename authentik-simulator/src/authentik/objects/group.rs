//! [`Group`].

use serde::Serialize;
use serde_json::{Map, Value};

use crate::authentik::counters::Counters;

/// A group.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// Primary key, a UUID.
    pub pk: String,
    /// Numeric key for POSIX clients.
    pub num_pk: u64,
    /// Name. 2025.10 lets a service account's group have a name that is taken.
    pub name: String,
    /// Whether members, and members of children, are administrators.
    pub is_superuser: bool,
    /// Group UUIDs. Before 2026.5 there is at most one, sent as `parent`.
    pub parents: Vec<String>,
    /// User keys.
    pub users: Vec<u64>,
    /// Free attributes.
    pub attributes: Map<String, Value>,
    /// Role UUIDs.
    pub roles: Vec<String>,
}

impl Group {
    pub(crate) fn new(counters: &mut Counters, name: &str) -> Self {
        let pk = counters.new_uuid();
        // authentik derives it from the UUID, in a range that POSIX leaves free.
        let num_pk = u64::from_str_radix(&pk[..4], 16).unwrap_or(0) + 4000;
        Self {
            pk,
            num_pk,
            name: name.to_owned(),
            is_superuser: false,
            parents: Vec::new(),
            users: Vec::new(),
            attributes: Map::new(),
            roles: Vec::new(),
        }
    }
}
