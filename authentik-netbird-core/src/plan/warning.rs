//! [`Warning`]: what a person should know about a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::warning_kind::WarningKind;
use crate::authentik::Version;
use crate::ids::Resource;
use crate::issue::printable;
use crate::requirements::api_client::danger;

/// What a person should know about a plan; it does not stop an apply. Displays as message and hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Warning {
    /// What it is about, for programs.
    pub kind: WarningKind,
    /// What a person should know.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, hint, .. } = self;
        f.write_str(&printable(&format!("{message}. {hint}")))
    }
}

impl Warning {
    pub(super) fn new(
        kind: WarningKind,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { kind, message: message.into(), hint: hint.into() }
    }

    pub(super) fn administrator_account(username: &str) -> Self {
        Self::new(
            WarningKind::AdministratorAccount,
            format!(
                "the service account \"{username}\" may do everything on authentik, as in the guide"
            ),
            "Guard its password like an administrator's, or set `service_account` to `user_reader`.",
        )
    }

    pub(super) fn api_scope(client: &str, domain: &str, hint: &str) -> Self {
        Self::new(WarningKind::ApiScope, danger(client, domain), hint)
    }

    pub(super) fn api_client_open(application: &str, count: usize) -> Self {
        Self::new(
            WarningKind::ApiClientOpen,
            format!(
                "the application \"{application}\" has {count} bindings of others than the service account, \
                 who may get API tokens through it"
            ),
            "Remove them in authentik.",
        )
    }

    pub(super) fn app_password_expires(identifier: &str, expires: &str) -> Self {
        Self::new(
            WarningKind::AppPasswordExpires,
            format!(
                "the app password \"{identifier}\" expires on {expires}; from then on every NetBird \
                 login fails"
            ),
            "Rotate it with no expiry before that.",
        )
    }

    pub(super) fn no_app_password(username: &str) -> Self {
        Self::new(
            WarningKind::NoAppPassword,
            format!(
                "the service account \"{username}\" has no app password that is valid, so every \
                 NetBird login fails"
            ),
            "Update setup.env with the new one and restart NetBird.",
        )
    }

    pub(super) fn orphaned_account(username: &str, is_superuser: bool) -> Self {
        let power = if is_superuser { " and is an administrator" } else { "" };
        Self::new(
            WarningKind::OrphanedAccount,
            format!(
                "the service account \"{username}\" still exists{power}, but this integration no \
                 longer uses it"
            ),
            "If nothing else does, delete it in authentik under Directory > Users.",
        )
    }

    pub(super) fn app_password_without_expiry(username: &str) -> Self {
        Self::new(
            WarningKind::AppPasswordWithoutExpiry,
            format!(
                "the new app password of \"{username}\" will not expire: for an existing account \
                 authentik allows 30 minutes or no expiry"
            ),
            "Rotate it regularly.",
        )
    }

    pub(super) fn open_redirect(pattern: &str) -> Self {
        Self::new(
            WarningKind::OpenRedirect,
            format!("the redirect URI {pattern} allows other hosts, which could take over logins"),
            "Use the recommended redirect URIs.",
        )
    }

    pub(super) fn loopback(url: &str) -> Self {
        Self::new(
            WarningKind::LoopbackAddress,
            format!(
                "NetBird gets {url} as authentik's address, a loopback one that neither NetBird's \
                 containers nor browsers elsewhere can reach"
            ),
            "Set `public_url` to the address that they use.",
        )
    }

    pub(super) fn reverse_proxy() -> Self {
        Self::new(
            WarningKind::ReverseProxy,
            "behind a reverse proxy setup.env is not enough: configure.sh publishes the host's port 443 four \
             times in docker-compose.yml, and writes \"Proto\": \"http\" for Signal into management.json",
            "Set NETBIRD_SIGNAL_PROTOCOL=\"https\" in base.setup.env, which overwrites setup.env; and in \
             docker-compose.yml.tmpl publish management, signal, relay and dashboard at separate ports, \
             to which the proxy forwards.",
        )
    }

    pub(super) fn subpath(path: &str) -> Self {
        Self::new(
            WarningKind::Subpath,
            format!(
                "authentik is under the path {path}, but NetBird reads users at the host alone, so its \
                 logins fail"
            ),
            "Make your proxy forward /api/ to authentik, too.",
        )
    }

    pub(super) fn newer_server(found: Version) -> Self {
        let Version { year, month, .. } = Version::MAX_TESTED;
        Self::new(
            WarningKind::NewerServer,
            format!(
                "authentik {found} is newer than {year}.{month}, the newest release that was tested"
            ),
            "Read the plan with care.",
        )
    }

    pub(super) fn brand_keeps_flow(brand: &str, flow: &str) -> Self {
        Self::new(
            WarningKind::BrandKeepsFlow,
            format!("the brand \"{brand}\" keeps its device-code flow \"{flow}\""),
            "Set `replace_device_code_flow` to replace it.",
        )
    }

    pub(super) fn powerless_group(group: &str) -> Self {
        Self::new(
            WarningKind::PowerlessGroup,
            format!(
                "members of \"{group}\" are not administrators on this server, so NetBird may not be \
                 able to read users"
            ),
            "Turn on \"Is superuser\" for the group in authentik.",
        )
    }

    pub(super) fn further_groups(username: &str, count: usize) -> Self {
        Self::new(
            WarningKind::FurtherGroups,
            format!(
                "the service account \"{username}\" also has the rights of {count} other groups"
            ),
            "Check its groups in authentik.",
        )
    }

    pub(super) fn further_members(resource: &Resource, names: &str) -> Self {
        Self::new(
            WarningKind::FurtherMembers,
            format!("the {resource} also gives its rights to {names}"),
            "Remove them in authentik, unless you gave them these rights.",
        )
    }

    pub(super) fn unknown_members(resource: &Resource) -> Self {
        Self::new(
            WarningKind::FurtherMembers,
            format!(
                "it is unknown who else has the rights of the {resource}: authentik does not show the token \
                 what uses it"
            ),
            "Check who has it in authentik, or plan with the token of a member of \"authentik Admins\".",
        )
    }

    pub(super) fn rights_unknown(username: &str, needed: &[String]) -> Self {
        Self::new(
            WarningKind::RightsUnknown,
            format!(
                "the token's user \"{username}\" is not an administrator and may not read all of its \
                 permissions, so it is unknown whether it may do all of this"
            ),
            format!("Make sure that it has: {}.", needed.join(", ")),
        )
    }

    pub(super) fn rotation() -> Self {
        Self::new(
            WarningKind::Rotation,
            "NetBird's logins fail until it has the new app password and has been restarted; access \
             tokens that authentik issued for the old one are valid until they expire",
            "Update setup.env, run configure.sh and restart NetBird at once.",
        )
    }

    pub(super) fn other_netbird(providers: &[String], username: &str) -> Self {
        Self::new(
            WarningKind::OtherNetbird,
            format!(
                "another NetBird seems to be on this server (provider \"{}\")",
                providers.join("\", \"")
            ),
            format!(
                "Make sure that it does not read users with the service account \"{username}\", which \
                 is deleted."
            ),
        )
    }

    pub(super) fn shared_account(providers: &[String], username: &str) -> Self {
        Self::new(
            WarningKind::OtherNetbird,
            format!(
                "another NetBird is on this server (provider \"{}\"); if it reads users with the service \
                 account \"{username}\", all its logins fail from now on",
                providers.join("\", \"")
            ),
            "Update its setup.env as well, run configure.sh and restart it at once.",
        )
    }

    pub(super) fn new_subject(old: &str, new: &str) -> Self {
        Self::new(
            WarningKind::NewSubject,
            format!(
                "the subject of tokens changes from {old} to {new}: everyone who is in NetBird already, \
                 the owner included, comes back as a new user, blocked until somebody approves it"
            ),
            "Before you apply, turn user approval off in NetBird and make sure that someone can give \
             the new users their roles; or set `service_account` to `none` to keep the subject.",
        )
    }

    pub(super) fn new_client_id(old: &str, new: &str) -> Self {
        Self::new(
            WarningKind::NewClientId,
            format!("the client id changes from {old} to {new}: logins fail until NetBird has it"),
            "Update setup.env, run configure.sh and restart NetBird at once.",
        )
    }

    pub(super) fn new_signing_key(old: &str, new: &str) -> Self {
        Self::new(
            WarningKind::NewSigningKey,
            format!(
                "the signing key changes from \"{old}\" to \"{new}\": people have to log in to NetBird \
                 again"
            ),
            "Restart NetBird's management after the change.",
        )
    }

    pub(super) fn no_consent(old: &str, new: &str) -> Self {
        Self::new(
            WarningKind::NoConsent,
            format!(
                "people are no longer asked for consent: the authorization flow changes from \
                 \"{old}\" to \"{new}\""
            ),
            "Leave out `authorization_flow` to keep the flow.",
        )
    }

    pub(super) fn dropped_scopes(scopes: &str) -> Self {
        Self::new(
            WarningKind::DroppedScopes,
            format!("the provider no longer provides the scopes {scopes}"),
            "Leave out `exact` to keep them.",
        )
    }

    /// What a person should know of a requirement that is met.
    pub(super) fn of_requirement(message: &str, hint: &str) -> Self {
        Self::new(WarningKind::Requirement, message, hint)
    }

    pub(super) fn other_tokens(username: &str, identifiers: &[&str]) -> Self {
        Self::new(
            WarningKind::OtherTokens,
            format!(
                "the service account \"{username}\" keeps its other tokens: \"{}\"",
                identifiers.join("\", \"")
            ),
            "Set `revoke_other_tokens` to delete them.",
        )
    }

    pub(super) fn adopted_with(username: &str, what: &str) -> Self {
        Self::new(
            WarningKind::Adopted,
            format!("the service account \"{username}\" keeps {what}"),
            "Check them in authentik: they give the account other rights.",
        )
    }

    pub(super) fn adopt(what: &str) -> Self {
        Self::new(
            WarningKind::Adopted,
            format!("adopted, as asked: {what}"),
            "Leave out `adopt` to be warned before anything is taken over.",
        )
    }
}
