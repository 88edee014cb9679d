//! What a person should know about NetBird's side of a plan.

use super::warning::{Warning, WarningKind};

impl Warning {
    pub(super) fn netbird_unread(why: &str, is_without_token: bool) -> Self {
        Self::new(
            WarningKind::NetbirdUnread,
            only_authentik(why, is_without_token),
            "Enter the identity provider by hand in NetBird under Settings > Identity Providers with the \
             values that an apply shows, or give NetBird's URL and token and run again.",
        )
    }

    pub(super) fn netbird_unread_at_teardown(why: &str, is_without_token: bool) -> Self {
        Self::new(
            WarningKind::NetbirdUnread,
            only_authentik(why, is_without_token),
            "Delete its identity provider by hand in NetBird under Settings > Identity Providers, or give \
             NetBird's URL and token and run again.",
        )
    }

    pub(super) fn another_host(host: &str, domain: &str) -> Self {
        Self::of_requirement(
            &format!("NetBird's API is reached at {host}, but people reach NetBird at {domain}"),
            "Check that both are the same NetBird: logins through this identity provider lead to the latter.",
        )
    }

    pub(super) fn restart_netbird() -> Self {
        Self::new(
            WarningKind::RestartNetbird,
            "NetBird goes on using the old issuer, client id and secret until it restarts, once anyone has \
             logged in",
            "Restart NetBird right after this: between the two logins may fail.",
        )
    }

    pub(super) fn only_groups(groups: &[String]) -> Self {
        Self::new(
            WarningKind::OnlyGroups,
            format!(
                "NetBird refuses everyone who is in none of the groups \"{}\", but for its local owner",
                groups.join("\", \"")
            ),
            "Check that the people who use NetBird are members in authentik.",
        )
    }

    pub(super) fn user_approval() -> Self {
        Self::new(
            WarningKind::UserApproval,
            "people who log in to NetBird for the first time wait until an administrator approves them",
            "Approve them in NetBird under Team > Users, or set `user_approval` to `not_required`.",
        )
    }

    pub(super) fn doubled_groups(mappings: &str) -> Self {
        Self::new(
            WarningKind::DoubledGroups,
            format!("several scope mappings of the provider emit groups: {mappings}"),
            "Keep one of them: NetBird gets each group twice otherwise, and creates new ones twice.",
        )
    }

    pub(super) fn connector_removed(name: &str) -> Self {
        Self::new(
            WarningKind::ConnectorRemoved,
            format!(
                "from then on nobody can log in to NetBird through the identity provider \"{name}\"; with a new \
                 one the same people would be new users"
            ),
            "Make sure that the local owner can log in.",
        )
    }
}

fn only_authentik(why: &str, is_without_token: bool) -> String {
    if is_without_token {
        return "only authentik is changed, because NetBird's URL and token were not given"
            .to_owned();
    }
    format!("only authentik is changed, because NetBird could not be read ({why})")
}
