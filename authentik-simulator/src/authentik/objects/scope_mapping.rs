//! [`ScopeMapping`].

use serde::Serialize;

use crate::authentik::counters::Counters;

/// A scope mapping.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ScopeMapping {
    /// Primary key, a UUID.
    pub pk: String,
    /// The manager; the built-in ones are found by this.
    pub managed: Option<String>,
    /// Name, unique.
    pub name: String,
    /// Python. The simulator runs no more of it than a dictionary of what a user has.
    pub expression: String,
    /// The scope that a client asks for.
    pub scope_name: String,
    /// The text that a person is asked to consent to.
    pub description: String,
}

impl ScopeMapping {
    pub(crate) fn new(counters: &mut Counters, name: &str, scope_name: &str) -> Self {
        Self {
            pk: counters.new_uuid(),
            managed: None,
            name: name.to_owned(),
            expression: "return {}".to_owned(),
            scope_name: scope_name.to_owned(),
            description: String::new(),
        }
    }
}
