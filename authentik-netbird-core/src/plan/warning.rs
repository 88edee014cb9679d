//! [`Warning`]: what a person should know about a plan.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a person should know about a plan. Nothing of it stops an apply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The service account may do everything on authentik.
    AdministratorAccount {
        /// The account.
        username: String,
    },
    /// The app password expires within 30 days.
    AppPasswordExpires {
        /// Its identifier.
        identifier: String,
        /// When, RFC 3339.
        expires: String,
    },
    /// A new app password can't have the expiry that was asked for.
    AppPasswordWithoutExpiry {
        /// The account.
        username: String,
    },
    /// A redirect URI's regular expression lets other hosts in.
    OpenRedirect {
        /// The regular expression.
        pattern: String,
    },
    /// authentik is under a path; NetBird's IdP manager asks the host alone.
    Subpath {
        /// The path.
        path: String,
    },
    /// The server is newer than the newest release that this was tried on.
    NewerServer {
        /// Its version.
        found: String,
        /// The newest one known.
        known: String,
    },
    /// The brand keeps the device-code flow that it has.
    BrandKeepsFlow {
        /// The brand's domain.
        brand: String,
        /// The flow that it has.
        flow: String,
    },
    /// The group that is to give the account its rights gives none.
    PowerlessGroup {
        /// The group.
        group: String,
    },
    /// Something that belonged to something else is taken over, as asked.
    TakeOver {
        /// What, and from what.
        what: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdministratorAccount { username } => write!(
                f,
                "the service account \"{username}\" may do everything on authentik, as the guide \
                 says: guard its password like an administrator's"
            ),
            Self::AppPasswordExpires { identifier, expires } => write!(
                f,
                "the app password \"{identifier}\" expires on {expires}; every NetBird login \
                 fails from then on"
            ),
            Self::AppPasswordWithoutExpiry { username } => write!(
                f,
                "the new app password of \"{username}\" will not expire: authentik lets one made \
                 for an existing account live 30 minutes or for ever"
            ),
            Self::OpenRedirect { pattern } => write!(
                f,
                "the redirect URI {pattern} lets other hosts in, who could take over logins: use \
                 the recommended redirect URIs"
            ),
            Self::Subpath { path } => write!(
                f,
                "authentik is under the path {path}: NetBird asks for users at the host alone, so \
                 its logins will fail unless a proxy leads /api/ there too"
            ),
            Self::NewerServer { found, known } => write!(
                f,
                "authentik {found} is newer than {known}, the newest release that this was tried \
                 on: read the plan with care"
            ),
            Self::BrandKeepsFlow { brand, flow } => write!(
                f,
                "the brand \"{brand}\" keeps its device-code flow \"{flow}\"; ask for \
                 replace_device_code_flow to change it"
            ),
            Self::PowerlessGroup { group } => write!(
                f,
                "members of \"{group}\" are no administrators on this server, so NetBird may not \
                 be able to read users"
            ),
            Self::TakeOver { what } => write!(f, "taken over, as asked: {what}"),
        }
    }
}
