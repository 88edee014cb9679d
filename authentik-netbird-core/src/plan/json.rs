//! Plans as JSON.

use std::hash::Hasher as _;

use fnv::FnvHasher;
use serde_json::Value;

use super::plan::Plan;
use crate::error::{Error, Result};
use crate::issue::excerpt;

/// Version of the JSON form. It grows when an older reader would misread a newer plan.
pub(super) const FORMAT_VERSION: u32 = 2;

impl Plan {
    /// The plan as JSON, with a digest of itself, so that damage is noticed.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A plan is made of maps with text keys, which always serialise.
        let mut value = serde_json::to_value(self).unwrap_or_default();
        let digest = digest(&value.to_string());
        if let Value::Object(fields) = &mut value {
            fields.insert("digest".to_owned(), Value::String(digest));
        }
        format!("{value:#}\n")
    }

    /// Reads a plan from its JSON.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when it is cut, was edited, or has a newer format.
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = |why: String| Error::invalid_plan(why, "Create a new plan.");
        let mut value: Value = serde_json::from_str(json)
            .map_err(|error| invalid(format!("it is not a complete JSON document ({error})")))?;
        match value.get("format_version").and_then(Value::as_u64) {
            None => return Err(invalid("it is not a plan: format_version is missing".to_owned())),
            Some(version) if version != u64::from(FORMAT_VERSION) => {
                return Err(invalid(format!(
                    "its format_version is {version}, this release reads {FORMAT_VERSION}"
                )));
            }
            Some(_) => {}
        }
        let found = value.as_object_mut().and_then(|fields| fields.remove("digest"));
        if found != Some(Value::String(digest(&value.to_string()))) {
            return Err(invalid("it was edited or damaged: digest mismatch".to_owned()));
        }
        serde_json::from_value(value)
            .map_err(|error| invalid(excerpt(&format!("it cannot be read ({error})"), 300)))
    }
}

/// A digest that shows an accident, not an attack: someone who edits a plan can compute it, too.
fn digest(text: &str) -> String {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}
