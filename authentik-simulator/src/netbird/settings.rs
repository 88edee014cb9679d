//! [`Settings`] of an account.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Settings, as `GET /api/accounts` shows them. A PUT replaces all of them: what it leaves out is
/// false, empty or zero afterwards, except for [`Self::extra`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "NetBird's own fields")]
#[expect(missing_docs, reason = "NetBird's own fields, with its own names")]
pub struct Settings {
    pub agent_network_only: bool,
    pub auto_update_always: bool,
    pub auto_update_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_features: Option<DashboardFeatures>,
    pub dns_domain: String,
    #[serde(skip_deserializing)]
    pub embedded_idp_enabled: bool,
    pub extra: Option<ExtraSettings>,
    pub groups_propagation_enabled: bool,
    pub ipv6_enabled_groups: Option<Vec<String>>,
    pub jwt_allow_groups: Vec<String>,
    pub jwt_groups_claim_name: String,
    pub jwt_groups_enabled: bool,
    pub lazy_connection_enabled: bool,
    #[serde(skip_deserializing)]
    pub local_auth_disabled: bool,
    pub local_mfa_enabled: bool,
    pub metrics_push_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_range_v6: Option<String>,
    pub peer_expose_enabled: bool,
    pub peer_expose_groups: Option<Vec<String>>,
    pub peer_inactivity_expiration: i64,
    pub peer_inactivity_expiration_enabled: bool,
    pub peer_login_expiration: i64,
    pub peer_login_expiration_enabled: bool,
    pub regular_users_view_blocked: bool,
    pub routing_peer_dns_resolution_enabled: bool,
}

/// The settings that older servers have in a separate table. A PUT without them keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "NetBird's own fields")]
#[expect(missing_docs, reason = "NetBird's own fields, with its own names")]
pub struct ExtraSettings {
    pub network_traffic_logs_enabled: bool,
    pub network_traffic_logs_groups: Option<Vec<String>>,
    pub network_traffic_packet_counter_enabled: bool,
    pub peer_approval_enabled: bool,
    pub user_approval_required: bool,
}

/// The features that the dashboard shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
#[expect(missing_docs, reason = "NetBird's own fields, with its own names")]
pub struct DashboardFeatures {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_network: Option<bool>,
}

const HOUR: i64 = 3600;
const HALF_A_YEAR: i64 = 180 * 24 * HOUR;

impl Settings {
    /// Those of a new account, in a server with these addresses for its peers.
    pub(super) fn new(group_of_all: &str) -> Self {
        Self {
            auto_update_version: "disabled".to_owned(),
            extra: Some(ExtraSettings { user_approval_required: true, ..ExtraSettings::default() }),
            groups_propagation_enabled: true,
            ipv6_enabled_groups: Some(vec![group_of_all.to_owned()]),
            lazy_connection_enabled: true,
            network_range: Some("100.72.0.0/16".to_owned()),
            network_range_v6: Some("fd29:b634:56df:77c3::/64".to_owned()),
            peer_inactivity_expiration: 600,
            peer_login_expiration: 24 * HOUR,
            peer_login_expiration_enabled: true,
            regular_users_view_blocked: true,
            routing_peer_dns_resolution_enabled: true,
            ..Self::default()
        }
    }

    /// Reads what was sent, as Go does: null is nothing. `None` if a field has the wrong type.
    pub(super) fn read(sent: &Value) -> Option<Self> {
        serde_json::from_value(without_nulls(sent)).ok()
    }

    /// The first value that NetBird does not accept, in the order in which it checks. `groups` are the ids that exist.
    pub(super) fn problem(&self, groups: &[&str]) -> Option<String> {
        let exposed_to = self.peer_expose_groups.as_deref().unwrap_or_default();
        if self.peer_expose_enabled && exposed_to.is_empty() {
            return Some("peer expose requires at least one group".to_owned());
        }
        let has_agents =
            self.dashboard_features.as_ref().and_then(|features| features.agent_network);
        if self.agent_network_only && has_agents != Some(true) {
            let text =
                "agent network only mode requires dashboard_features.agent_network to be enabled";
            return Some(text.to_owned());
        }
        if self.peer_login_expiration > HALF_A_YEAR {
            return Some("peer login expiration can't be larger than 180 days".to_owned());
        }
        if self.peer_login_expiration < HOUR {
            return Some("peer login expiration can't be smaller than one hour".to_owned());
        }
        let enabled = self.ipv6_enabled_groups.as_deref().unwrap_or_default();
        let unknown = enabled.iter().find(|id| !groups.contains(&id.as_str()));
        unknown.map(|id| format!("IPv6 enabled group {id} does not exist"))
    }
}

fn without_nulls(value: &Value) -> Value {
    let Value::Object(fields) = value else { return value.clone() };
    let fields = fields.iter().filter(|(_, value)| !value.is_null());
    Value::Object(fields.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_is_read_as_go_reads_it() {
        let sent = json!({ "jwt_allow_groups": null, "extra": null, "unknown": 1 });
        assert_eq!(Settings::read(&sent), Some(Settings::default()));
        assert_eq!(Settings::read(&json!({ "jwt_groups_enabled": "yes" })), None);
        let sent = json!({ "embedded_idp_enabled": true, "local_auth_disabled": true });
        assert_eq!(Settings::read(&sent), Some(Settings::default()));
    }
}
