//! [`Warning`]: what a person should know about a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::warning_kind::WarningKind;
use crate::authentik::Version;
use crate::ids::Resource;
use crate::issue::printable;
use crate::netbird::NetbirdState;
use crate::requirements::api_client::danger;

/// A note for people about a plan; it does not stop an apply. Displays as message and hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Warning {
    /// The kind, for programs.
    pub kind: WarningKind,
    /// The message, in a sentence.
    pub message: String,
    /// A remedy.
    pub hint: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, hint, .. } = self;
        f.write_str(&printable(&format!("{message}. {hint}")))
    }
}

/// A constructor for each warning: its arguments, its kind, what a person should know, what to do.
macro_rules! warnings {
    ($($name:ident($($arg:ident: $Arg:ty),*) $Kind:ident, $message:literal, $hint:literal;)+) => {
        impl Warning {
            $(pub(super) fn $name($($arg: $Arg),*) -> Self {
                let kind = WarningKind::$Kind;
                Self { kind, message: format!($message), hint: format!($hint) }
            })+
        }
    };
}

warnings! {
    administrator_account(username: &str) AdministratorAccount,
        "the service account \"{username}\" may do everything on authentik, as in the guide",
        "Guard its password like an administrator's, or set `service_account` to `user_reader`.";
    api_client_open(application: &str, count: usize) ApiClientOpen,
        "the application \"{application}\" has {count} bindings of users or groups other than the service account, who \
         may get API tokens through it",
        "Remove them in authentik.";
    application_without_provider(slug: &str, kept: &str) Requirement,
        "the application \"{slug}\" exists without a provider, so somebody else may have created it: it gets \
         NetBird's, and keeps {kept}",
        "Check them in authentik, or delete the application before you apply.";
    provider_without_application(name: &str, mappings: &str) Requirement,
        "the provider \"{name}\" exists without an application, so somebody else may have created it: it gets NetBird's, \
         and keeps the scope mappings {mappings}, which decide what NetBird learns about people",
        "Check them in authentik, or delete the provider before you apply.";
    other_bindings(message: &str) Requirement, "{message}", "Remove them in authentik.";
    app_password_expires(identifier: &str, expires: &str) AppPasswordExpires,
        "the app password \"{identifier}\" expires on {expires}; from then on every NetBird login fails",
        "Rotate it with no expiry before that.";
    no_app_password(username: &str) NoAppPassword,
        "the service account \"{username}\" has no app password that is valid, so every NetBird login fails",
        "Update setup.env with the new one and restart NetBird.";
    orphaned_account(username: &str, power: &str) OrphanedAccount,
        "the service account \"{username}\" still exists{power}, but this integration no longer uses it",
        "If nothing else does, delete it in authentik under Directory > Users.";
    other_user_type(username: &str, kind: &str) Requirement,
        "NetBird reads users as \"{username}\", which is not a service account but {kind}: setup.env gets an app \
         password of that user",
        "If a person uses it, set another `service_account_name`.";
    app_password_without_expiry(username: &str) AppPasswordWithoutExpiry,
        "the new app password of \"{username}\" will not expire: for an existing account authentik allows 30 \
         minutes or no expiry",
        "Rotate it regularly.";
    open_redirect(pattern: &str) OpenRedirect,
        "the redirect URI {pattern} allows other hosts, which could take over logins",
        "Use the recommended redirect URIs.";
    loopback(url: &str) LoopbackAddress,
        "NetBird gets {url} as authentik's address, a loopback one that neither NetBird's containers nor browsers \
         elsewhere can reach",
        "Set `public_url` to the address that they use.";
    reverse_proxy() ReverseProxy,
        "behind a reverse proxy setup.env is not enough: configure.sh publishes the host's port 443 four times in \
         docker-compose.yml, and writes \"Proto\": \"http\" for Signal into management.json",
        "Set NETBIRD_SIGNAL_PROTOCOL=\"https\" in base.setup.env, which overwrites setup.env; and in \
         docker-compose.yml.tmpl publish management, signal, relay and dashboard at separate ports, to which the \
         proxy forwards.";
    subpath(path: &str) Subpath,
        "authentik is under the path {path}, but NetBird reads users at the host alone, so its logins fail",
        "Make your proxy forward /api/ to authentik, too.";
    newer_server(found: Version, tested: &str) NewerServer,
        "authentik {found} is newer than {tested}, the newest release that was tested",
        "Read the plan with care.";
    brand_keeps_flow(brand: &str, flow: &str) BrandKeepsFlow,
        "the brand \"{brand}\" keeps its device-code flow \"{flow}\"",
        "Set `replace_device_code_flow` to replace it.";
    powerless_group(group: &str) PowerlessGroup,
        "members of \"{group}\" are not administrators on this server, so NetBird may not be able to read users",
        "Check who is in it before you turn on \"Is superuser\" for it in authentik.";
    further_groups(username: &str, count: usize) FurtherGroups,
        "the service account \"{username}\" also has the rights of {count} other groups",
        "Check its groups in authentik.";
    further_members(resource: &Resource, names: &str) FurtherMembers,
        "the {resource} also gives its rights to {names}",
        "Remove them in authentik, unless you gave them these rights.";
    unknown_members(resource: &Resource) FurtherMembers,
        "it is unknown who else has the rights of the {resource}: the token may not see what uses it",
        "Check who has it in authentik, or plan with the token of a member of \"authentik Admins\".";
    rights_unknown(username: &str, needed: &str) RightsUnknown,
        "the token's user \"{username}\" is not an administrator and may not read all of its permissions, so it is \
         unknown whether it may do all of this",
        "Make sure that it has: {needed}.";
    rotation() Rotation,
        "NetBird's logins fail until it has the new app password and has been restarted; access tokens that \
         authentik issued for the old one are valid until they expire",
        "Update setup.env, run configure.sh and restart NetBird at once.";
    other_netbird(providers: &str, username: &str) OtherNetbird,
        "another NetBird seems to be on this server (provider \"{providers}\")",
        "Make sure that it does not read users with the service account \"{username}\", which is deleted.";
    shared_account(providers: &str, username: &str) OtherNetbird,
        "another NetBird is on this server (provider \"{providers}\"); if it reads users with the service account \
         \"{username}\", all its logins fail from now on",
        "Update its setup.env as well, run configure.sh and restart it at once.";
    new_subject(old: &str, new: &str) NewSubject,
        "the subject of tokens changes from {old} to {new}: everyone who is in NetBird already, the owner included, \
         comes back as a new user, blocked until somebody approves it",
        "Before you apply, turn user approval off in NetBird and make sure that someone can give the new users \
         their roles; or set `service_account` to `none` to keep the subject.";
    new_client_id(old: &str, new: &str) NewClientId,
        "the client id changes from {old} to {new}: logins fail until NetBird has it",
        "Update setup.env, run configure.sh and restart NetBird at once.";
    new_signing_key(old: &str, new: &str) NewSigningKey,
        "the signing key changes from \"{old}\" to \"{new}\": people have to log in to NetBird again",
        "Restart NetBird's management after the change.";
    no_consent(old: &str, new: &str) NoConsent,
        "people are no longer asked for consent: the authorization flow changes from \"{old}\" to \"{new}\"",
        "Leave out `authorization_flow` to keep the flow.";
    dropped_scopes(scopes: &str) DroppedScopes,
        "the provider no longer provides the scopes {scopes}",
        "Leave out `exact` to keep them.";
    of_requirement(message: &str, hint: &str) Requirement, "{message}", "{hint}";
    other_tokens(username: &str, identifiers: &str) OtherTokens,
        "the service account \"{username}\" keeps its other tokens: \"{identifiers}\"",
        "Set `revoke_other_tokens` to delete them.";
    adopted_with(username: &str, what: &str) Adopted,
        "the service account \"{username}\" keeps {what}",
        "Check them in authentik: they give the account other rights.";
    adopt(what: &str) Adopted,
        "adopted, as asked: {what}",
        "Leave out `adopt` to be warned before anything is taken over.";
    another_host(host: &str, domain: &str) Requirement,
        "NetBird's API is reached at {host}, but people reach NetBird at {domain}",
        "Check that both are the same NetBird: logins through this identity provider lead to the latter.";
    restart_netbird() RestartNetbird,
        "NetBird keeps using the old issuer, client id and secret until it restarts, once anyone has logged in",
        "Restart NetBird right after this: between the two logins may fail.";
    static_connector(name: &str) StaticConnector,
        "NetBird did not generate the id of the identity provider \"{name}\", so it may be from management.json, as \
         after netbird-idp-migrate: NetBird then takes its settings and its secret from there at each start, which \
         undoes this",
        "Before you apply, remove it from `EmbeddedIdP.StaticConnectors` in management.json and restart NetBird: it \
         stays in NetBird as it is.";
    only_groups(groups: &str) OnlyGroups,
        "NetBird refuses everyone who is in none of the groups \"{groups}\", except its local owner",
        "Check that the people who use NetBird are members in authentik.";
    none_of_groups(groups: &str) OnlyGroups,
        "authentik reports none of the groups \"{groups}\" to NetBird, which refuses everyone who is in none of \
         them, except its local owner",
        "Set `allowed_groups` to groups that are reported, or report these.";
    any_group(groups: &str) OnlyGroups,
        "without group sync NetBird ignores its allowed groups \"{groups}\" and gives everyone access",
        "Set `access_groups` to restrict who may log in.";
    groups_stay(groups: &str) OnlyGroups,
        "NetBird keeps refusing everyone who is in none of the groups \"{groups}\", except its local owner",
        "If people log in through another identity provider, change the JWT allow groups in NetBird under \
         Settings > Groups.";
    user_approval() UserApproval,
        "people who log in to NetBird for the first time wait until an administrator approves them",
        "Approve them in NetBird under Team > Users, or set `user_approval` to `not_required`.";
    doubled_groups(mappings: &str) DoubledGroups,
        "several scope mappings of the provider emit groups: {mappings}",
        "Keep one of them: NetBird gets each group twice otherwise, and creates new ones twice.";
    connector_removed(name: &str) ConnectorRemoved,
        "from then on nobody can log in to NetBird through the identity provider \"{name}\"; with a new one the \
         same people would be new users",
        "Make sure that the local owner, or someone through another identity provider, can log in.";
}

impl Warning {
    pub(super) fn api_scope(client: &str, domain: &str, hint: &str) -> Self {
        let (kind, message) = (WarningKind::ApiScope, danger(client, domain));
        Self { kind, message, hint: hint.to_owned() }
    }

    /// NetBird's side stays as it is, and this is to be done there by hand; nothing where it was read.
    pub(super) fn netbird_unread(state: &NetbirdState, by_hand: &str) -> Option<Self> {
        let why = match &state.unread {
            Some(_) if state.is_without_token => {
                "NetBird's URL and token were not given".to_owned()
            }
            Some(why) => format!("NetBird could not be read ({why})"),
            None => return None,
        };
        let message = format!("only authentik is changed, because {why}");
        let again = if state.is_without_token {
            "give NetBird's URL and token and run again"
        } else {
            "run again when NetBird can be reached"
        };
        let hint = format!("{by_hand}, or {again}.");
        Some(Self { kind: WarningKind::NetbirdUnread, message, hint })
    }
}
