//! [`WarningKind`]: what a warning is about.

use serde::{Deserialize, Serialize};

use crate::ids::parsed;

/// The kinds of a [`Warning`](super::Warning).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningKind {
    /// The service account may do everything on authentik.
    AdministratorAccount,
    /// The client of people's browsers has the scope of authentik's API.
    ApiScope,
    /// Others than the service account may use the client of NetBird's management.
    ApiClientOpen,
    /// The app password expires within 30 days.
    AppPasswordExpires,
    /// A new app password cannot have the expiry that was asked for.
    AppPasswordWithoutExpiry,
    /// A redirect URI's regular expression allows other hosts.
    OpenRedirect,
    /// NetBird would be given a loopback address.
    LoopbackAddress,
    /// Behind a reverse proxy two things have to be edited by hand.
    ReverseProxy,
    /// authentik is under a path, which NetBird's IdP manager leaves out.
    Subpath,
    /// The server is newer than the newest release that was tested.
    NewerServer,
    /// The brand keeps the device-code flow that it has.
    BrandKeepsFlow,
    /// The group that should give the account its rights gives none.
    PowerlessGroup,
    /// Something that belonged to something else is adopted, as asked.
    Adopted,
    /// The service account has other groups, and their rights.
    FurtherGroups,
    /// The service account has other tokens that stay valid.
    OtherTokens,
    /// Others have the rights that are meant for the service account.
    FurtherMembers,
    /// It could not be read what the token may do.
    RightsUnknown,
    /// Logins fail until NetBird has the new app password.
    Rotation,
    /// The service account has no app password that works; the plan makes one.
    NoAppPassword,
    /// A service account still exists, where none is wanted any more.
    OrphanedAccount,
    /// Another NetBird is on the server, which may use the account that a teardown removes.
    OtherNetbird,
    /// People in NetBird come back as new users, because the subject of their tokens changes.
    NewSubject,
    /// NetBird's client id changes, and logins fail until it has the new one.
    NewClientId,
    /// People's sessions end, because tokens get another signing key.
    NewSigningKey,
    /// People are no longer asked for consent.
    NoConsent,
    /// Scopes are dropped that the provider has.
    DroppedScopes,
    /// NetBird could not be read, and only authentik is changed.
    NetbirdUnread,
    /// NetBird keeps the old connector until it restarts.
    RestartNetbird,
    /// NetBird's identity provider may be from its `management.json`, which undoes changes at each start.
    StaticConnector,
    /// Only members of some groups may use NetBird.
    OnlyGroups,
    /// People wait for an approval after their first login.
    UserApproval,
    /// Several scope mappings emit groups.
    DoubledGroups,
    /// Nobody can log in through the connector any more.
    ConnectorRemoved,
    /// A requirement is met, with something that a person should know.
    Requirement,
}

parsed!(WarningKind);

impl WarningKind {
    /// Whether it is about what changes for people in NetBird: a plan says that first.
    #[must_use]
    pub fn is_consequence(self) -> bool {
        matches!(
            self,
            Self::NewSubject
                | Self::NewClientId
                | Self::NewSigningKey
                | Self::NoConsent
                | Self::RestartNetbird
                | Self::StaticConnector
                | Self::OnlyGroups
                | Self::ConnectorRemoved
                | Self::DroppedScopes
        )
    }
}
