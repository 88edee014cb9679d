//! [`Warning`]: what a person should know about a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::issue::printable;
use crate::model::Version;

/// What a person should know about a plan. Nothing of it stops an apply. Displays as its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Warning {
    /// What it is about, for programs.
    pub kind: WarningKind,
    /// What a person should know, in a sentence.
    pub message: String,
}

/// What a [`Warning`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningKind {
    /// The service account may do everything on authentik.
    AdministratorAccount,
    /// The app password expires within 30 days.
    AppPasswordExpires,
    /// A new app password can't have the expiry that was asked for.
    AppPasswordWithoutExpiry,
    /// A redirect URI's regular expression lets other hosts in.
    OpenRedirect,
    /// authentik is under a path; NetBird's IdP manager asks the host alone.
    Subpath,
    /// The server is newer than the newest release that this was checked for.
    NewerServer,
    /// The brand keeps the device-code flow that it has.
    BrandKeepsFlow,
    /// The group that is to give the account its rights gives none.
    PowerlessGroup,
    /// Something that belonged to something else is taken over, as asked.
    Adopted,
    /// The service account has further groups, and their rights.
    FurtherGroups,
    /// It could not be read what the token may do.
    RightsUnknown,
    /// An access group, or the account, is let in by more than one binding.
    DoubleBinding,
    /// The service account has no app password that works; the plan makes one.
    AppPasswordGone,
    /// A service account is there still, where none is wanted any more.
    AccountLeft,
    /// Another NetBird is on the server, which may use the account that a teardown removes.
    OtherNetbird,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.message))
    }
}

impl Warning {
    pub(super) fn administrator_account(username: &str) -> Self {
        let message = format!(
            "the service account \"{username}\" may do everything on authentik, as the guide says: \
             guard its password like an administrator's"
        );
        Self { kind: WarningKind::AdministratorAccount, message }
    }

    pub(super) fn app_password_expires(identifier: &str, expires: &str) -> Self {
        let message = format!(
            "the app password \"{identifier}\" expires on {expires}; every NetBird login fails from \
             then on"
        );
        Self { kind: WarningKind::AppPasswordExpires, message }
    }

    pub(super) fn app_password_gone(username: &str) -> Self {
        let message = format!(
            "the service account \"{username}\" has no app password that works: every NetBird login \
             fails until setup.env has the new one"
        );
        Self { kind: WarningKind::AppPasswordGone, message }
    }

    pub(super) fn account_left(username: &str, may_do_everything: bool) -> Self {
        let power = if may_do_everything { " and may do everything on authentik" } else { "" };
        let message = format!(
            "the service account \"{username}\" is there still{power}, and this NetBird does without \
             one: if nothing else uses it, remove it in authentik under Directory > Users"
        );
        Self { kind: WarningKind::AccountLeft, message }
    }

    pub(super) fn app_password_without_expiry(username: &str) -> Self {
        let message = format!(
            "the new app password of \"{username}\" will not expire: authentik lets one made for an \
             existing account live 30 minutes or for ever"
        );
        Self { kind: WarningKind::AppPasswordWithoutExpiry, message }
    }

    pub(super) fn open_redirect(pattern: &str) -> Self {
        let message = format!(
            "the redirect URI {pattern} lets other hosts in, who could take over logins: use the \
             recommended redirect URIs"
        );
        Self { kind: WarningKind::OpenRedirect, message }
    }

    pub(super) fn subpath(path: &str) -> Self {
        let message = format!(
            "authentik is under the path {path}: NetBird asks for users at the host alone, so its \
             logins will fail unless a proxy leads /api/ there too"
        );
        Self { kind: WarningKind::Subpath, message }
    }

    pub(super) fn newer_server(found: Version) -> Self {
        let Version { year, month, .. } = Version::NEWEST_KNOWN;
        let message = format!(
            "authentik {found} is newer than {year}.{month}, the newest release that this was \
             checked for: read the plan with care"
        );
        Self { kind: WarningKind::NewerServer, message }
    }

    pub(super) fn brand_keeps_flow(brand: &str, flow: &str) -> Self {
        let message = format!(
            "the brand \"{brand}\" keeps its device-code flow \"{flow}\"; ask for \
             replace_device_code_flow to change it"
        );
        Self { kind: WarningKind::BrandKeepsFlow, message }
    }

    pub(super) fn powerless_group(group: &str) -> Self {
        let message = format!(
            "members of \"{group}\" are no administrators on this server, so NetBird may not be able \
             to read users"
        );
        Self { kind: WarningKind::PowerlessGroup, message }
    }

    pub(super) fn further_groups(username: &str, count: usize) -> Self {
        let message = format!(
            "the service account \"{username}\" is in {count} further groups and has their rights, \
             too: look at it in authentik"
        );
        Self { kind: WarningKind::FurtherGroups, message }
    }

    pub(super) fn rights_unknown(username: &str, needed: &[String]) -> Self {
        let message = format!(
            "\"{username}\", whose token this is, is no administrator and may not look up its own \
             rights; this needs {}",
            needed.join(", ")
        );
        Self { kind: WarningKind::RightsUnknown, message }
    }

    pub(super) fn double_binding(who: &str, application: &str, count: usize) -> Self {
        let message = format!(
            "\"{who}\" is let in to \"{application}\" by {count} bindings, as when two runs meet: \
             remove all but one in authentik, or taking one away will not shut it out"
        );
        Self { kind: WarningKind::DoubleBinding, message }
    }

    pub(super) fn other_netbird(providers: &[String], username: &str) -> Self {
        let message = format!(
            "another NetBird seems to be on this server (provider \"{}\"): make sure that it does \
             not read users with the service account \"{username}\", which goes",
            providers.join("\", \"")
        );
        Self { kind: WarningKind::OtherNetbird, message }
    }

    pub(super) fn adopt(what: &str) -> Self {
        Self { kind: WarningKind::Adopted, message: format!("taken over, as `adopt` asks: {what}") }
    }
}
