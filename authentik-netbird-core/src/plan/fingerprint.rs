//! [`Fingerprint`]: what was read, so that a stale plan is known.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::Resource;

/// A digest for each resource that a plan was made from. Digests of state, not of secrets: the
/// snapshot has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(BTreeMap<String, String>);

impl Fingerprint {
    /// Notes what was read of a resource, or that it is not there.
    pub(super) fn note(&mut self, resource: &Resource, state: Option<&impl Serialize>) {
        let digest = match state.map(serde_json::to_vec) {
            None => "absent".to_owned(),
            // Plain structs with text keys always serialise.
            Some(json) => digest(&json.unwrap_or_default()),
        };
        self.0.insert(resource.to_string(), digest);
    }

    /// The resources that differ between the two, in order.
    #[must_use]
    pub fn differences(&self, newer: &Self) -> Vec<String> {
        let mut names: Vec<&String> = self.0.keys().chain(newer.0.keys()).collect();
        names.sort_unstable();
        names.dedup();
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

/// The first 16 hexadecimal digits of a SHA-256.
pub(super) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
