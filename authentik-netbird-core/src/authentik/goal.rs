//! [`Goal`]: what is to be known of a server.

use super::TokenIdentifier;
use crate::ids::{ClientId, Slug};

/// The purpose of reading, with the names that are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Everything that a set-up plan depends on.
    SetUp(Names),
    /// Everything that a teardown plan depends on.
    Teardown(Names),
    /// The state that a rotation of the app password depends on.
    Rotate { username: String },
    /// The state that a rotation of the connector's client secret depends on.
    RotateSecret { provider: String },
    /// The state that tells apart why NetBird cannot log in.
    Verify(VerifiedNames),
    /// Who changed objects of these models: app and model.
    Authors(Vec<(&'static str, &'static str)>),
}

/// Identity keys of an integration's objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) provider: String,
    /// A client id that was asked for: no other provider may have it.
    pub(crate) client_id: Option<ClientId>,
    pub(crate) application: Slug,
    /// Provider and application of management's separate client.
    pub(crate) api_client: Option<(String, Slug)>,
    /// User name of the service account, also where none is wanted; `None`: there never is one.
    pub(crate) account: Option<String>,
    /// Whether NetBird's own state is to be known, too.
    pub(crate) netbird: bool,
    /// Whether exactly the guide's setup is wanted, which takes one wave where nothing is to do.
    pub(crate) is_in_guide: bool,
    /// `None`: no service account is wanted.
    pub(crate) rights: Option<RightsNames>,
    pub(crate) access_groups: Vec<String>,
    pub(crate) device_flow: Slug,
}

/// Where the service account's rights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RightsNames {
    /// Group that the account must be a member of.
    pub(crate) group: String,
    /// Role that the group gives, for least privilege.
    pub(crate) role: Option<String>,
    /// Full names of the permissions that the role has.
    pub(crate) permissions: &'static [&'static str],
    /// The role of least privilege and its group, whether or not they are wanted now.
    pub(crate) least: String,
    /// Identifier that authentik gives a new account's app password.
    pub(crate) identifier: TokenIdentifier,
}

/// Identity keys in NetBird's settings, which may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VerifiedNames {
    pub(crate) application: Slug,
    /// `None`: that of the application's provider.
    pub(crate) client_id: Option<ClientId>,
    /// Client id of management's separate client, if NetBird knows it.
    pub(crate) api_client_id: Option<ClientId>,
    /// Slug of its application, if it does not.
    pub(crate) api_application: Option<Slug>,
    /// User name of the service account; `None`: NetBird uses none.
    pub(crate) account: Option<String>,
    /// Name of its role of least privilege, and of the group that gives it.
    pub(crate) role: Option<String>,
}
