//! [`DesiredConnector`].

use super::Setting;
use crate::integration::{Connector, NetbirdIntegration, UserApproval};

/// NetBird's side of the connector mode, and the groups of people that authentik sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredConnector {
    /// Name of the identity provider in NetBird.
    pub name: Setting<String>,
    /// Whether NetBird gets the client secret again.
    pub send_secret: bool,
    /// The scope mapping that decides which groups are reported to NetBird; `None`: every group.
    pub claim: Option<DesiredClaim>,
    /// Whether NetBird synchronizes people's groups; `None`: its setting stays.
    pub sync_groups: Option<bool>,
    /// Whose members may use NetBird; `None`: its setting stays.
    pub allowed_groups: Option<Vec<String>>,
    /// Whether people wait for an approval; `None`: its setting stays.
    pub user_approval: Option<bool>,
}

/// A scope mapping in place of authentik's own one for the scope `profile`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DesiredClaim {
    /// Its name, and identity key.
    pub name: String,
    /// The expression, in Python.
    pub expression: String,
}

pub(super) fn of(integration: &NetbirdIntegration, connector: &Connector) -> DesiredConnector {
    let is_asked = |option: &str| integration.is_asked(option);
    DesiredConnector {
        name: Setting::of(
            integration,
            "identity_provider_name",
            connector.identity_provider_name().to_owned(),
        ),
        send_secret: connector.send_secret(),
        claim: groups(connector).map(|groups| DesiredClaim {
            name: format!("{} profile", integration.provider_name()),
            expression: expression(&groups),
        }),
        sync_groups: is_asked("sync_groups").then_some(connector.sync_groups()),
        allowed_groups: is_asked("allowed_groups").then(|| connector.allowed_groups().to_vec()),
        user_approval: match connector.user_approval() {
            UserApproval::Keep => None,
            UserApproval::Required => Some(true),
            UserApproval::NotRequired => Some(false),
        },
    }
}

/// The groups that are reported to NetBird, as an expression; `None`: as authentik's own mapping has them.
fn groups(connector: &Connector) -> Option<String> {
    if connector.claim_entitlements() {
        let entitlements = "request.user.app_entitlements(provider.application)";
        return Some(format!("[entitlement.name for entitlement in {entitlements}]"));
    }
    let all = "group.name for group in request.user.all_groups()";
    if let Some(prefix) = connector.claim_groups_prefix() {
        return Some(format!("[{all} if group.name.startswith({})]", python(prefix)));
    }
    let names: Vec<String> = connector.claim_groups().iter().map(|name| python(name)).collect();
    (!names.is_empty()).then(|| format!("[{all} if group.name in [{}]]", names.join(", ")))
}

/// A text as Python writes it: JSON's strings are Python's, too.
fn python(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The expression of authentik's own mapping for the scope `profile`, with these groups.
fn expression(groups: &str) -> String {
    format!(
        "return {{\n    \"name\": request.user.name,\n    \"given_name\": request.user.name,\n    \
         \"preferred_username\": request.user.username,\n    \"nickname\": request.user.username,\n    \
         \"groups\": {groups},\n}}"
    )
}
