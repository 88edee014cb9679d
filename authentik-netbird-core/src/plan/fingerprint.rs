//! [`Fingerprint`]: what was read, so that a stale plan is known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::Hasher as _;

use fnv::FnvHasher;
use serde::{Deserialize, Serialize};

use crate::ids::Resource;

/// A digest for each resource that a plan was made from. Digests of state, not of secrets: the
/// snapshot has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(BTreeMap<String, String>);

/// In place of a digest, where there is nothing.
const ABSENT: &str = "absent";

impl Fingerprint {
    /// Notes what was read of a resource, or that it is not there.
    pub(super) fn note<T: fmt::Debug>(&mut self, resource: &Resource, state: Option<&T>) {
        self.note_any(resource, state.map(|state| state as &dyn fmt::Debug));
    }

    fn note_any(&mut self, resource: &Resource, state: Option<&dyn fmt::Debug>) {
        let digest = match state {
            None => ABSENT.to_owned(),
            // Debug, not JSON: every model has it already, and one more form to build it in would
            // be seconds of compile time.
            Some(state) => digest(&format!("{state:?}")),
        };
        self.0.insert(resource.to_string(), digest);
    }

    /// The resources that differ between the two, in order.
    #[must_use]
    pub fn differences(&self, newer: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().chain(newer.0.keys()).collect();
        names
            .into_iter()
            .filter(|name| self.0.get(*name) != newer.0.get(*name))
            .map(|name| match (self.0.get(name).map(String::as_str), newer.0.get(name)) {
                (None | Some(ABSENT), Some(_)) => format!("{name} is there now"),
                (_, Some(now)) if now == ABSENT => format!("{name} is gone"),
                _ => format!("{name} is not as it was"),
            })
            .collect()
    }
}

/// A digest that tells an accident, not an adversary: who can edit a plan can digest it, too.
pub(super) fn digest(text: &str) -> String {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}
