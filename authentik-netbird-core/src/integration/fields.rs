//! [`Fields`]: the options of a file, taken one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::spec::OptionKind;
use super::value::OptionValue;
use crate::issue::{Issue, excerpt};

/// Options of a file that nothing has taken yet.
pub(super) struct Fields {
    fields: BTreeMap<String, Value>,
    issues: Vec<Issue>,
}

impl Fields {
    pub(super) fn new(fields: BTreeMap<String, Value>) -> Self {
        Self { fields, issues: Vec::new() }
    }

    /// Puts a field's value into the target, if there is such a field. One that is null is as if it were
    /// left out.
    pub(super) fn take<T: OptionValue>(&mut self, name: &str, target: &mut T) -> bool {
        let Some(value) = self.fields.remove(name) else { return false };
        match T::deserialize(&value) {
            Ok(value) => *target = value,
            Err(error) => {
                let shown = excerpt(&value.to_string(), 60);
                let detail = match T::KIND {
                    OptionKind::RedirectUris => format!(" ({})", excerpt(&error.to_string(), 200)),
                    _ => String::new(),
                };
                let message = format!("expected {}, got {shown}{detail}", T::KIND.expected());
                self.issues.push(Issue::new(name, message, "Correct it, or leave it out."));
            }
        }
        !value.is_null()
    }

    pub(super) fn require(&mut self, name: &str, target: &mut String) {
        if !self.fields.contains_key(name) {
            self.issues.push(Issue::new(name, "missing", "Set it."));
        }
        self.take(name, target);
    }

    pub(super) fn finish(mut self) -> Vec<Issue> {
        for name in self.fields.keys() {
            self.issues.push(Issue::new(
                excerpt(name, 60),
                "unknown option",
                "Check its spelling, or remove it.",
            ));
        }
        self.issues
    }
}
