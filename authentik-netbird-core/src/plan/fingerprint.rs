//! [`Fingerprint`]: what was read, so that a stale plan is known.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;

use fnv::FnvHasher;
use serde::{Deserialize, Serialize};

use crate::ids::Resource;

/// A digest for each resource that a plan was made from. Digests of state, not of secrets: the
/// snapshot has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(BTreeMap<String, String>);

impl Fingerprint {
    /// Notes what was read of a resource, or that it is not there.
    pub(super) fn note(&mut self, resource: &Resource, state: Option<&impl Serialize>) {
        let digest = match state.map(serde_json::to_value) {
            None => "absent".to_owned(),
            // Plain structs with text keys always serialise.
            Some(json) => digest(&json.unwrap_or_default().to_string()),
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
                (None | Some("absent"), Some(_)) => format!("{name} is there now"),
                (_, Some(now)) if now == "absent" => format!("{name} is gone"),
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
