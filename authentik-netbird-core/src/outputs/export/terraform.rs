//! Terraform's HCL, for the provider `goauthentik/authentik`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::existing::{Existing, current, is_absent};
use super::hcl::{Block, label, text};
use super::kind::Kind;
use super::reference::{Reference, Target};
use super::refuse_expiry;
use crate::authentik::{Role, Snapshot, Version, default_identifier};
use crate::error::Result;
use crate::integration::NetbirdIntegration;
use crate::issue::printable;
use crate::plan::{DesiredState, Operation, Plan};
use crate::report::Verb;
use crate::resource::{Body, Write};

/// The resources of an integration in HCL, for a release of authentik. With what a server has, existing
/// objects keep their settings and come with `import` blocks.
///
/// Left out, with a comment that says why: the brand, of which Terraform's provider writes every field.
/// Secrets stay on the server, except for the client secret of a connector: NetBird's provider needs it, so it is in
/// Terraform's state.
///
/// # Errors
/// [`Error::InvalidIntegration`](crate::Error::InvalidIntegration) for an expiry of an app password that does not
/// exist yet, as in [`blueprint`](super::blueprint()).
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
/// use authentik_netbird_core::authentik::Version;
/// use authentik_netbird_core::outputs::export::terraform;
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let hcl = terraform(&integration, Version::new(2026, 5, 0), None)?;
/// assert!(hcl.contains(r#"resource "authentik_provider_oauth2" "provider" {"#));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
pub fn terraform(
    integration: &NetbirdIntegration,
    version: Version,
    server: Option<&Snapshot>,
) -> Result<String> {
    let plan = integration.preview_of(version);
    // Objects that a plan for this server would leave out, such as a separate API client, are not created.
    let planned =
        server.and_then(|server| crate::plan::plan(&DesiredState::from(integration), server).ok());
    refuse_expiry(planned.as_ref().unwrap_or(&plan), "Terraform's provider")?;
    Ok(hcl(&plan, version, server, planned.as_ref()))
}

/// The HCL of a plan for a fresh server; with what a server has, and the plan for that server.
fn hcl(plan: &Plan, version: Version, server: Option<&Snapshot>, planned: Option<&Plan>) -> String {
    let mut hcl = Hcl { plan, server, planned, data: BTreeMap::new(), variables: BTreeMap::new() };
    let (mut blocks, mut comments): (Vec<Block>, _) = (Vec::new(), String::new());
    for (operation, write) in plan.writes().filter(|(one, _)| !is_absent(one, planned)) {
        match (Kind::of(write), write.action()) {
            // It comes with its name.
            (Some(Kind::ServiceAccount), "create_unnamed") => {}
            (Some(Kind::RolePermissions), "assign") if existing_role(server, operation) => {
                let role = printable(&operation.resource.name);
                let _ = write!(
                    comments,
                    "\n# Left out: the permissions of the role \"{role}\", which the provider cannot import.\n"
                );
            }
            // Until 2025.12 a group gets its role later, which Terraform cannot do.
            (Some(Kind::Group), "update") => {
                let later = hcl.arguments("group", write.body(), &[]);
                if let Some(group) = blocks.iter_mut().find(|block| is_created(block, write)) {
                    group.arguments.retain(|one| later.iter().all(|(name, _)| *name != one.0));
                    group.arguments.extend(later);
                }
            }
            (Some(kind), "create" | "name" | "assign") => {
                blocks.extend(hcl.blocks(kind, operation, write));
            }
            _ => comments += &left_out(operation, write),
        }
    }
    hcl.text(version, &blocks) + &comments
}

/// A comment on what the export leaves out.
fn left_out(operation: &Operation, write: &Write) -> String {
    match write.kind() {
        "brand" => BRAND.to_owned(),
        "account_settings" => SETTINGS.to_owned(),
        _ => {
            let what = printable(&format!("{} {}", operation.verb(), operation.resource));
            format!("\n# Left out: {what}, for which this export has no resource.\n")
        }
    }
}

/// Whether a write changes what a block creates.
fn is_created(block: &Block, write: &Write) -> bool {
    let of = write.key().and_then(Reference::of);
    matches!(of, Some(Reference::Pending { operation, .. }) if block.label == label(operation))
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
    server.is_some_and(|server| server.find::<Role>(&operation.resource.name).is_some())
}

struct Hcl<'a> {
    plan: &'a Plan,
    server: Option<&'a Snapshot>,
    /// The plan for it.
    planned: Option<&'a Plan>,
    /// Labels of data sources, by type, attribute and value.
    data: BTreeMap<(&'static str, &'static str, String), String>,
    variables: BTreeMap<&'static str, &'static str>,
}

impl Hcl<'_> {
    fn blocks(&mut self, kind: Kind, operation: &Operation, write: &Write) -> Vec<Block> {
        let (id, name) = (operation.id.as_str(), write.kind());
        let Existing { mut body, import } = current(kind, write, (self.plan, self.server));
        let version = self.plan.server_version;
        if version.is_some_and(|version| (version.year, version.month) >= TYPED_URIS) {
            name_types(&mut body);
        }
        let (label, mut depends_on) = (label(id), "");
        let arguments = match kind {
            Kind::ServiceAccount => return self.account(&operation.resource.name, &body, import),
            Kind::RolePermissions => return self.permissions(&label, write),
            Kind::Provider => self.provider(id, &body, import.is_some()),
            Kind::Application => self.arguments(name, &body, &[("provider", "protocol_provider")]),
            Kind::Flow => {
                let mut arguments = self.arguments(name, &body, &[]);
                if import.is_none() {
                    arguments.push(("compatibility_mode".to_owned(), "false".to_owned()));
                }
                arguments
            }
            Kind::Group => {
                // The account names its groups; both would contradict each other.
                body.remove("users");
                if import.is_some() {
                    body.retain(|name, value| {
                        name == "name" || value.as_array().is_some_and(|all| !all.is_empty())
                    });
                }
                self.arguments(name, &body, &[])
            }
            Kind::IdentityProvider => {
                // The provider's name for the type; NetBird treats both alike.
                body.insert("type".to_owned(), json!("oidc"));
                // NetBird reads the discovery document, which the application has.
                depends_on = "authentik_application.application";
                self.arguments(name, &body, &[])
            }
            Kind::Binding | Kind::Role | Kind::ScopeMapping => self.arguments(name, &body, &[]),
        };
        vec![Block { label, resource: kind.resource().0, import, arguments, depends_on }]
    }

    fn provider(&mut self, id: &str, body: &Body, exists: bool) -> Vec<(String, String)> {
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
        }
        arguments
    }

    fn permissions(&mut self, label: &str, write: &Write) -> Vec<Block> {
        let role = write.key().cloned().unwrap_or_default();
        let role = self.value("role_permissions", "role", &role);
        let permissions = write.body().get("permissions").and_then(Value::as_array);
        let one = |(number, permission): (usize, &Value)| Block {
            label: format!("{label}_{}", number + 1),
            resource: Kind::RolePermissions.resource().0,
            arguments: vec![
                ("role".to_owned(), role.clone()),
                ("permission".to_owned(), text(permission.as_str().unwrap_or_default())),
            ],
            ..Block::default()
        };
        permissions.into_iter().flatten().enumerate().map(one).collect()
    }

    /// The service account and its app password.
    fn account(&mut self, username: &str, body: &Body, import: Option<String>) -> Vec<Block> {
        let argument = |name: &str, value: String| (name.to_owned(), value);
        let mut arguments = vec![argument("username", text(username))];
        if import.is_none() {
            arguments.push(argument("type", text("service_account")));
            arguments.push(argument("name", text(username)));
            arguments.push(argument("path", text("goauthentik.io/service-accounts")));
            if let Some(groups) = body.get("groups") {
                arguments.push(argument("groups", self.value("user", "groups", groups)));
            }
        }
        let user = Block {
            label: "service_account".to_owned(),
            resource: Kind::ServiceAccount.resource().0,
            import,
            arguments,
            ..Block::default()
        };
        // The one that the plan keeps, or creates beside others.
        let planned = self.planned.and_then(|plan| plan.operation("app-password"));
        let identifier = planned.map_or_else(
            || default_identifier(username).to_string(),
            |one| one.resource.name.clone(),
        );
        let has_token = planned.is_some_and(|one| one.verb() != Verb::Create);
        let mut arguments = vec![
            argument("identifier", text(&identifier)),
            argument("user", "authentik_user.service_account.id".to_owned()),
            argument("intent", text("app_password")),
        ];
        if !has_token {
            arguments.push(argument("expiring", "false".to_owned()));
            // With true its value is in Terraform's state.
            arguments.push(argument("retrieve_key", "false".to_owned()));
        }
        let token = Block {
            label: "app_password".to_owned(),
            resource: "authentik_token",
            import: has_token.then_some(identifier),
            arguments,
            ..Block::default()
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
                let created = self.plan.operation(operation);
                match created.and_then(|one| Kind::of(one.write.as_ref()?)) {
                    // Whichever operation creates it.
                    Some(Kind::ServiceAccount) => "authentik_user.service_account.id".to_owned(),
                    Some(kind) => {
                        let (resource, pk) = kind.resource();
                        format!("{resource}.{}.{}", label(operation), of.unwrap_or(pk))
                    }
                    None => format!("null /* what {operation} creates is left out */"),
                }
            }
            // Terraform's state has it in any case: the provider reads it, and NetBird's needs it.
            (Some(Reference::SecretOf(_)), _) => {
                "authentik_provider_oauth2.provider.client_secret".to_owned()
            }
            (Some(Reference::Named(name)), _) => match Target::of(kind, field) {
                Some(target) => {
                    let key = (target.data, target.key, name.to_owned());
                    let next = format!("found_{}", self.data.len() + 1);
                    let label = self.data.entry(key).or_insert(next);
                    format!("data.{}.{label}.id", target.data)
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

    fn text(&self, version: Version, blocks: &[Block]) -> String {
        let uses_netbird = blocks.iter().any(|one| one.resource.starts_with("netbird_"));
        let mut hcl = format!(
            "# NetBird {} on authentik {version}, by authentik-netbird.\n# AUTHENTIK_URL and AUTHENTIK_TOKEN say \
             where{}.\nterraform {{\n  required_providers {{\n    authentik = {{\n      source  = \
             \"goauthentik/authentik\"\n      version = \"~> {}.{}.0\"\n    }}\n",
            self.plan.integration.domain(),
            if uses_netbird { ", and NB_MANAGEMENT_URL and NB_PAT for NetBird" } else { "" },
            version.year,
            version.month
        );
        if uses_netbird {
            hcl += "    netbird = {\n      source = \"netbirdio/netbird\"\n    }\n";
        }
        hcl += "  }\n}\n";
        for (name, about) in &self.variables {
            let about = text(about);
            let _ = write!(
                hcl,
                "\nvariable \"{name}\" {{\n  type        = string\n  description = {about}\n}}\n"
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
            block.write(&mut hcl, version);
        }
        hcl
    }
}

#[cfg(test)]
mod tests;
