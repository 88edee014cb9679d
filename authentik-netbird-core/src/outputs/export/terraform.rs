//! Terraform's HCL, for the provider `goauthentik/authentik`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::existing::{Existing, current};
use super::reference::{Reference, Target};
use crate::authentik::{Snapshot, Version, default_identifier};
use crate::integration::NetbirdIntegration;
use crate::issue::printable;
use crate::plan::{Operation, Plan};
use crate::resource::{Body, Write};

/// A resource of Terraform's.
struct Block {
    label: String,
    resource: &'static str,
    /// What `terraform import` calls the existing object.
    import: Option<String>,
    arguments: Vec<(String, String)>,
    ignored: &'static str,
}

/// The resources of an integration in HCL, for a release of authentik. With what a server has, existing
/// objects keep their settings and come with `import` blocks.
///
/// Left out, with a comment that says why: the brand, of which Terraform's provider writes every field.
/// Secrets are variables, or stay on the server.
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
/// use authentik_netbird_core::authentik::Version;
/// use authentik_netbird_core::outputs::export::terraform;
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let hcl = terraform(&integration, Version::new(2026, 5, 0), None);
/// assert!(hcl.contains(r#"resource "authentik_provider_oauth2" "provider" {"#));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[must_use]
pub fn terraform(
    integration: &NetbirdIntegration,
    version: Version,
    server: Option<&Snapshot>,
) -> String {
    let plan = integration.preview_of(version);
    let mut hcl = Hcl { server, data: BTreeMap::new(), variables: BTreeMap::new() };
    let (mut blocks, mut comments): (Vec<Block>, _) = (Vec::new(), String::new());
    let writes = plan.operations.iter().filter_map(|one| Some((one, one.write.as_ref()?)));
    for (operation, write) in writes {
        match write.kind().as_str() {
            "brand" => comments += BRAND,
            "account_settings" => comments += SETTINGS,
            "role_permissions" if existing_role(server, operation) => {
                let role = printable(&operation.resource.name);
                let _ = write!(
                    comments,
                    "\n# Left out: the permissions of the role \"{role}\", which the provider cannot import.\n"
                );
            }
            // Until 2025.12 a group gets its role later, which Terraform cannot do.
            "group" if write.action() == "update" => {
                let more = hcl.arguments("group", write.body(), &[]);
                let is_it = |block: &&mut Block| block.resource == "authentik_group";
                if let Some(group) = blocks.iter_mut().find(is_it) {
                    group.arguments.extend(more);
                }
            }
            _ => blocks.extend(hcl.blocks(&plan, operation, write)),
        }
    }
    hcl.text(&plan, version, &blocks) + &comments
}

const BRAND: &str = "
# Left out: the brand, whose device-code flow makes the page where people type device codes. A resource
# authentik_brand writes every field of it, and sets those that are not named to their defaults. Set it in
# authentik under System > Brands, or with the other exports.
";

/// The first release whose redirect URIs have types: without one Terraform finds a difference.
const TYPED_URIS: (u16, u8) = (2026, 5);

/// Gives redirect URIs the type that authentik gives them.
fn name_types(body: &mut Body) {
    let uris = body.get_mut("redirect_uris").and_then(Value::as_array_mut);
    for uri in uris.into_iter().flatten().filter_map(Value::as_object_mut) {
        uri.entry("redirect_uri_type").or_insert(json!("authorization"));
    }
}

const SETTINGS: &str = "
# Left out: the settings of NetBird's account, of which a resource netbird_account_settings writes all. Set them in
# NetBird under Settings > Groups and Authentication, or by apply.
";

fn existing_role(server: Option<&Snapshot>, operation: &Operation) -> bool {
    server
        .is_some_and(|server| server.roles.iter().any(|role| role.name == operation.resource.name))
}

struct Hcl<'a> {
    server: Option<&'a Snapshot>,
    /// Labels of data sources, by type, attribute and value.
    data: BTreeMap<(&'static str, &'static str, String), String>,
    variables: BTreeMap<&'static str, &'static str>,
}

impl Hcl<'_> {
    fn blocks(&mut self, plan: &Plan, operation: &Operation, write: &Write) -> Vec<Block> {
        let (id, kind) = (operation.id.as_str(), write.kind().as_str());
        let label = id.replace('-', "_");
        let Existing { mut body, import } = current(kind, write, self.server);
        if plan.server_version.is_some_and(|version| (version.year, version.month) >= TYPED_URIS) {
            name_types(&mut body);
        }
        let block = |resource, arguments, ignored| Block {
            label: label.clone(),
            resource,
            import: import.clone(),
            arguments,
            ignored,
        };
        match (kind, write.action()) {
            ("provider", _) => {
                let arguments = self.provider(plan, id, &body, import.is_some());
                vec![block("authentik_provider_oauth2", arguments, "")]
            }
            ("scope_mapping", _) => {
                let arguments = self.arguments(kind, &body, &[]);
                vec![block("authentik_property_mapping_provider_scope", arguments, "")]
            }
            ("application", _) => {
                let arguments = self.arguments(kind, &body, &[("provider", "protocol_provider")]);
                vec![block("authentik_application", arguments, "")]
            }
            ("flow", _) => {
                let mut arguments = self.arguments(kind, &body, &[]);
                arguments.push(("compatibility_mode".to_owned(), "false".to_owned()));
                vec![block("authentik_flow", arguments, "background, compatibility_mode")]
            }
            ("role", _) => vec![block("authentik_rbac_role", self.arguments(kind, &body, &[]), "")],
            ("group", _) => {
                let mut body = body;
                // The account names its groups; both would contradict each other.
                body.remove("users");
                vec![block(
                    "authentik_group",
                    self.arguments(kind, &body, &[]),
                    "attributes, users",
                )]
            }
            ("role_permissions", _) => self.permissions(&label, write),
            ("policy_binding", _) => {
                vec![block("authentik_policy_binding", self.arguments(kind, &body, &[]), "")]
            }
            (_, "name") => self.account(&body, import),
            ("identity_provider", _) => {
                let mut arguments = self.arguments(kind, &body, &[]);
                self.variables
                    .insert("netbird_client_secret", "The client secret, known to both servers.");
                for (name, value) in &mut arguments {
                    if name == "type" {
                        // The provider's name for it; NetBird treats both alike.
                        "\"oidc\"".clone_into(value);
                    }
                }
                vec![block("netbird_identity_provider", arguments, "client_secret, type")]
            }
            _ => Vec::new(),
        }
    }

    fn provider(
        &mut self,
        plan: &Plan,
        id: &str,
        body: &Body,
        exists: bool,
    ) -> Vec<(String, String)> {
        let mut arguments =
            self.arguments("provider", body, &[("redirect_uris", "allowed_redirect_uris")]);
        let mut default = |name: &str, value: String| {
            if !arguments.iter().any(|(known, _)| known == name) {
                arguments.push((name.to_owned(), value));
            }
        };
        // authentik's own default; that of Terraform's provider is another one.
        default("access_token_validity", json!("hours=1").to_string());
        if !exists {
            let (variable, about) = if id == "provider" {
                (
                    "netbird_client_id",
                    "Client id of NetBird: 40 random letters and digits. It is not secret.",
                )
            } else {
                (
                    "netbird_api_client_id",
                    "Client id of NetBird's management: 40 random letters and digits.",
                )
            };
            if !body.contains_key("client_id") {
                self.variables.insert(variable, about);
                default("client_id", format!("var.{variable}"));
            }
            let needs_secret =
                plan.operations.iter().any(|one| one.id.as_str() == "identity-provider");
            if needs_secret {
                default("client_secret", "var.netbird_client_secret".to_owned());
            }
        }
        arguments
    }

    fn permissions(&mut self, label: &str, write: &Write) -> Vec<Block> {
        let role = write.key().cloned().unwrap_or_default();
        let role = self.value("role_permissions", "role", &role);
        let permissions = write.body().get("permissions").and_then(Value::as_array);
        let one = |(number, permission): (usize, &Value)| Block {
            label: format!("{label}_{}", number + 1),
            resource: "authentik_rbac_permission_role",
            import: None,
            arguments: vec![
                ("role".to_owned(), role.clone()),
                ("permission".to_owned(), text(permission.as_str().unwrap_or_default())),
            ],
            ignored: "",
        };
        permissions.into_iter().flatten().enumerate().map(one).collect()
    }

    /// The service account and its app password.
    fn account(&mut self, body: &Body, import: Option<String>) -> Vec<Block> {
        let username = body.get("username").and_then(Value::as_str).unwrap_or_default();
        let exists = import.is_some();
        let mut arguments = vec![
            ("username".to_owned(), text(username)),
            ("name".to_owned(), text(username)),
            ("type".to_owned(), text("service_account")),
            ("path".to_owned(), text("goauthentik.io/service-accounts")),
        ];
        if let Some(groups) = body.get("groups").filter(|_| !exists) {
            arguments.push(("groups".to_owned(), self.value("user", "groups", groups)));
        }
        let user = Block {
            label: "service_account".to_owned(),
            resource: "authentik_user",
            import,
            arguments,
            ignored: "name, attributes, email, path, groups, roles",
        };
        let identifier = default_identifier(username);
        let mut tokens = self.server.iter().flat_map(|server| &server.tokens);
        let has_token = tokens.any(|token| token.identifier == identifier);
        let token = Block {
            label: "app_password".to_owned(),
            resource: "authentik_token",
            import: has_token.then(|| identifier.to_string()),
            arguments: vec![
                ("identifier".to_owned(), text(identifier.as_str())),
                ("user".to_owned(), "authentik_user.service_account.id".to_owned()),
                ("intent".to_owned(), text("app_password")),
                ("expiring".to_owned(), "false".to_owned()),
                // With true its value is in Terraform's state.
                ("retrieve_key".to_owned(), "false".to_owned()),
            ],
            ignored: "description, expires, expiring",
        };
        vec![user, token]
    }

    fn arguments(
        &mut self,
        kind: &str,
        body: &Body,
        names: &[(&str, &str)],
    ) -> Vec<(String, String)> {
        let mut arguments = Vec::new();
        for (field, value) in body {
            let name = names
                .iter()
                .find(|(ours, _)| ours == field)
                .map_or(field.as_str(), |(_, name)| name);
            arguments.push((name.to_owned(), self.value(kind, field, value)));
        }
        arguments
    }

    fn value(&mut self, kind: &str, field: &str, value: &Value) -> String {
        match (Reference::of(value), value) {
            (Some(Reference::Pending { operation, field: of }), _) => {
                let (resource, pk) = match operation {
                    "application" | "api-application" => ("authentik_application", "uuid"),
                    "provider" | "api-provider" => {
                        ("authentik_provider_oauth2", of.unwrap_or("id"))
                    }
                    "device-flow" => ("authentik_flow", "uuid"),
                    "role" => ("authentik_rbac_role", "id"),
                    "groups-claim" => ("authentik_property_mapping_provider_scope", "id"),
                    "app-password" | "service-account" => {
                        return "authentik_user.service_account.id".to_owned();
                    }
                    _ => ("authentik_group", "id"),
                };
                format!("{resource}.{}.{pk}", operation.replace('-', "_"))
            }
            (Some(Reference::SecretOf(_)), _) => "var.netbird_client_secret".to_owned(),
            (Some(Reference::Named(name)), _) => match Target::of(kind, field) {
                Some(target) => {
                    let key = (target.data.0, target.data.1, name.to_owned());
                    let next = format!("found_{}", self.data.len() + 1);
                    let label = self.data.entry(key).or_insert(next);
                    format!("data.{}.{label}.id", target.data.0)
                }
                None => text(name),
            },
            (None, Value::Array(entries)) if entries.is_empty() => "[]".to_owned(),
            (None, Value::Array(entries)) => {
                let all =
                    entries.iter().map(|one| format!("    {},\n", self.value(kind, field, one)));
                format!("[\n{}  ]", all.collect::<String>())
            }
            (None, Value::Object(fields)) => {
                let all: Vec<String> = fields
                    .iter()
                    .map(|(name, one)| format!("{name} = {}", self.value(kind, name, one)))
                    .collect();
                format!("{{ {} }}", all.join(", "))
            }
            (None, Value::String(one)) => text(one),
            (None, other) => other.to_string(),
        }
    }

    fn text(&self, plan: &Plan, version: Version, blocks: &[Block]) -> String {
        let uses_netbird = blocks.iter().any(|one| one.resource.starts_with("netbird_"));
        let mut hcl = format!(
            "# NetBird {} on authentik {version}, by authentik-netbird.\n# AUTHENTIK_URL and AUTHENTIK_TOKEN say \
             where{}.\nterraform {{\n  required_providers {{\n    authentik = {{\n      source  = \
             \"goauthentik/authentik\"\n      version = \"~> {}.{}.0\"\n    }}\n",
            plan.integration.domain(),
            if uses_netbird { ", and NB_MANAGEMENT_URL and NB_PAT for NetBird" } else { "" },
            version.year,
            version.month
        );
        if uses_netbird {
            hcl += "    netbird = {\n      source = \"netbirdio/netbird\"\n    }\n";
        }
        hcl += "  }\n}\n";
        for (name, about) in &self.variables {
            let sensitive = if name.ends_with("secret") { "  sensitive   = true\n" } else { "" };
            let _ = write!(
                hcl,
                "\nvariable \"{name}\" {{\n  type        = string\n  description = {}\n{sensitive}}}\n",
                text(about)
            );
        }
        for ((resource, attribute, value), label) in &self.data {
            let more = match *resource {
                "authentik_certificate_key_pair" => {
                    "  fetch_certificate = false\n  fetch_key = false\n"
                }
                "authentik_group" => "  include_users = false\n",
                _ => "",
            };
            let value = text(value);
            let _ = write!(
                hcl,
                "\ndata \"{resource}\" \"{label}\" {{\n  {attribute} = {value}\n{more}}}\n"
            );
        }
        for block in blocks {
            let (resource, label) = (block.resource, &block.label);
            if let Some(id) = &block.import {
                let id = text(id);
                let _ = write!(hcl, "\nimport {{\n  to = {resource}.{label}\n  id = {id}\n}}\n");
            }
            let _ = writeln!(hcl, "\nresource \"{resource}\" \"{label}\" {{");
            for (name, value) in &block.arguments {
                let _ = writeln!(hcl, "  {name} = {value}");
            }
            if !block.ignored.is_empty()
                && (block.import.is_some() || block.ignored.contains("background"))
            {
                let _ =
                    writeln!(hcl, "  lifecycle {{\n    ignore_changes = [{}]\n  }}", block.ignored);
            }
            hcl += "}\n";
        }
        hcl
    }
}

/// A text in HCL, in which `${` and `%{` begin a template.
fn text(text: &str) -> String {
    json!(text).to_string().replace("${", "$${").replace("%{", "%%{")
}
