//! [`WarningKind`]: what a warning is about.

use crate::ids::text_enum;

text_enum! {
    /// The kinds of a [`Warning`](super::Warning).
    WarningKind {
        /// The service account may do everything on authentik.
        AdministratorAccount = "administrator_account",
        /// The client of people's browsers has the scope of authentik's API.
        ApiScope = "api_scope",
        /// Others than the service account may use the client of NetBird's management.
        ApiClientOpen = "api_client_open",
        /// The app password expires within 30 days.
        AppPasswordExpires = "app_password_expires",
        /// A new app password cannot have the expiry that was asked for.
        AppPasswordWithoutExpiry = "app_password_without_expiry",
        /// A redirect URI's regular expression allows other hosts.
        OpenRedirect = "open_redirect",
        /// NetBird would be given a loopback address.
        LoopbackAddress = "loopback_address",
        /// Behind a reverse proxy two things have to be edited by hand.
        ReverseProxy = "reverse_proxy",
        /// authentik is under a path, which NetBird's IdP manager leaves out.
        Subpath = "subpath",
        /// The server is newer than the newest release that was tested.
        NewerServer = "newer_server",
        /// The brand keeps the device-code flow that it has.
        BrandKeepsFlow = "brand_keeps_flow",
        /// The group that should give the account its rights gives none.
        PowerlessGroup = "powerless_group",
        /// Something that belonged to something else is adopted, as asked.
        Adopted = "adopted",
        /// The service account has other groups, and their rights.
        FurtherGroups = "further_groups",
        /// The service account has other tokens that stay valid.
        OtherTokens = "other_tokens",
        /// Others have the rights that are meant for the service account.
        FurtherMembers = "further_members",
        /// It could not be read what the token may do.
        RightsUnknown = "rights_unknown",
        /// Logins fail until NetBird has the new app password.
        Rotation = "rotation",
        /// The service account has no app password that works; the plan makes one.
        NoAppPassword = "no_app_password",
        /// A service account still exists, where none is wanted any more.
        OrphanedAccount = "orphaned_account",
        /// Another NetBird is on the server, which may use the account that a teardown removes.
        OtherNetbird = "other_netbird",
        /// People in NetBird come back as new users, because the subject of their tokens changes.
        NewSubject = "new_subject",
        /// NetBird's client id changes, and logins fail until it has the new one.
        NewClientId = "new_client_id",
        /// People's sessions end, because tokens get another signing key.
        NewSigningKey = "new_signing_key",
        /// People are no longer asked for consent.
        NoConsent = "no_consent",
        /// Scopes are dropped that the provider has.
        DroppedScopes = "dropped_scopes",
        /// NetBird could not be read, and only authentik is changed.
        NetbirdUnread = "netbird_unread",
        /// NetBird keeps the old connector until it restarts.
        RestartNetbird = "restart_netbird",
        /// NetBird's identity provider may be from its `management.json`, which undoes changes at each start.
        StaticConnector = "static_connector",
        /// Only members of some groups may use NetBird.
        OnlyGroups = "only_groups",
        /// People wait for an approval after their first login.
        UserApproval = "user_approval",
        /// Several scope mappings emit groups.
        DoubledGroups = "doubled_groups",
        /// Nobody can log in through the connector any more.
        ConnectorRemoved = "connector_removed",
        /// A requirement is met, with something that a person should know.
        Requirement = "requirement",
    }
}

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
