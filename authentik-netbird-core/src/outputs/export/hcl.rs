//! Blocks of Terraform's HCL as text.

use std::fmt::Write as _;

use serde_json::json;

use super::existing::kept;
use crate::authentik::Version;

/// A resource of Terraform's.
#[derive(Default)]
pub(super) struct Block {
    pub(super) label: String,
    pub(super) resource: &'static str,
    /// The existing object's id for `terraform import`.
    pub(super) import: Option<String>,
    pub(super) arguments: Vec<(String, String)>,
    /// The resources that it needs without naming them.
    pub(super) depends_on: &'static str,
}

impl Block {
    pub(super) fn write(&self, hcl: &mut String, version: Version) {
        let (resource, label) = (self.resource, &self.label);
        if let Some(id) = &self.import {
            let id = text(id);
            let _ = write!(hcl, "\nimport {{\n  to = {resource}.{label}\n  id = {id}\n}}\n");
        }
        let _ = writeln!(hcl, "\nresource \"{resource}\" \"{label}\" {{");
        for (name, value) in &self.arguments {
            let _ = writeln!(hcl, "  {name} = {value}");
        }
        if !self.depends_on.is_empty() {
            let _ = writeln!(hcl, "  depends_on = [{}]", self.depends_on);
        }
        // Arguments that NetBird's provider requires are named, and still kept.
        let is_named = |name: &str| self.arguments.iter().any(|(known, _)| known == name);
        let kept: Vec<&str> = kept(resource, version, self.import.is_some())
            .filter(|name| resource.starts_with("netbird_") || !is_named(name))
            .collect();
        if !kept.is_empty() {
            let kept = kept.join(", ");
            let _ = writeln!(hcl, "  lifecycle {{\n    ignore_changes = [{kept}]\n  }}");
        }
        hcl.push_str("}\n");
    }
}

/// The label of what an operation creates.
pub(super) fn label(operation: &str) -> String {
    operation.replace('-', "_")
}

/// A text in HCL, in which `${` and `%{` begin a template.
pub(super) fn text(text: &str) -> String {
    json!(text).to_string().replace("${", "$${").replace("%{", "%%{")
}
