//! [`Operation`]: one write, or the finding that none is needed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::FieldChange;
use crate::ids::{
    BrandId, GroupId, OperationId, ProviderId, Reference, Resource, RoleId, Slug, UserId,
};
use crate::integration::GuideStep;
use crate::model::{
    ApplicationCreate, ApplicationPatch, ApplicationRelease, BrandPatch, BrandRelease, FlowCreate,
    FlowPatch, GroupCreate, GroupMember, GroupPatch, PolicyBindingCreate, ProviderCreate,
    ProviderPatch, RoleCreate, RolePermissions, ServiceAccountCreate, TokenCreate, UserPatch,
};

/// What an operation does to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verb {
    /// Makes it.
    Create,
    /// Changes the named fields of it.
    Update,
    /// Leaves it as it is.
    NoChange,
    /// Removes it.
    Delete,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no change",
            Self::Delete => "delete",
        })
    }
}

/// Which server an operation goes to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Server {
    /// authentik's API.
    #[default]
    Authentik,
}

/// One write, or the finding that none is needed, with everything that a person wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Operation {
    /// Its name, unique within the plan and the same in every plan: `provider`, `device-flow`.
    pub id: OperationId,
    /// Which server it goes to.
    pub server: Server,
    /// What it is about.
    pub resource: Resource,
    /// Why.
    pub reason: String,
    /// Where the guide says so.
    pub guide: GuideStep,
    /// Operations that must be done before it.
    pub waits_for: Vec<OperationId>,
    /// Field by field: before and after. Secrets show as set or changed, never as values.
    pub changes: Vec<FieldChange>,
    /// What is sent; `None` when there is nothing to do.
    pub write: Option<Write>,
    /// Who changed it last, for drift, as far as authentik's event log says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<ChangedBy>,
}

/// Who changed an object last, by authentik's event log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ChangedBy {
    /// User name.
    pub user: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

impl Operation {
    /// What it does.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.write.as_ref().map_or(Verb::NoChange, Write::verb)
    }

    /// Whether it writes.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.write.is_some()
    }
}

/// A write, so specific that sending it takes no decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Write {
    /// Makes a provider.
    CreateProvider(Box<ProviderCreate>),
    /// Changes a provider's named fields.
    UpdateProvider {
        /// Which.
        id: ProviderId,
        /// What is to change.
        body: Box<ProviderPatch>,
    },
    /// Makes an application.
    CreateApplication(ApplicationCreate),
    /// Changes an application's named fields.
    UpdateApplication {
        /// Which.
        slug: Slug,
        /// What is to change.
        body: ApplicationPatch,
    },
    /// Takes the provider away from another application, on take-over only.
    ReleaseProvider {
        /// The other application.
        slug: Slug,
        /// `provider: null`.
        body: ApplicationRelease,
    },
    /// Makes a service account and its app password.
    CreateServiceAccount(ServiceAccountCreate),
    /// Changes an account's named fields.
    UpdateServiceAccount {
        /// Which.
        id: UserId,
        /// What is to change.
        body: UserPatch,
    },
    /// Makes an app password for an account that has none.
    CreateAppPassword(TokenCreate),
    /// Adds one member to a group.
    AddGroupMember {
        /// The group.
        group: Reference<GroupId>,
        /// The user.
        body: GroupMember,
    },
    /// Takes one member out of a group.
    RemoveGroupMember {
        /// The group.
        group: GroupId,
        /// The user.
        body: GroupMember,
    },
    /// Makes a role, without any permission yet.
    CreateRole(RoleCreate),
    /// Gives a role global permissions.
    AssignPermissions {
        /// The role.
        role: Reference<RoleId>,
        /// Which.
        body: RolePermissions,
    },
    /// Takes global permissions away from a role.
    UnassignPermissions {
        /// The role.
        role: RoleId,
        /// Which.
        body: RolePermissions,
    },
    /// Makes a group.
    CreateGroup(GroupCreate),
    /// Changes a group's named fields.
    UpdateGroup {
        /// Which.
        id: Reference<GroupId>,
        /// What is to change.
        body: GroupPatch,
    },
    /// Lets a group or a user in to an application.
    CreatePolicyBinding(PolicyBindingCreate),
    /// Makes a flow.
    CreateFlow(FlowCreate),
    /// Changes a flow's named fields.
    UpdateFlow {
        /// Which.
        slug: Slug,
        /// What is to change.
        body: FlowPatch,
    },
    /// Changes the one field of a brand.
    UpdateBrand {
        /// Which.
        brand: Reference<BrandId>,
        /// `flow_device_code`.
        body: BrandPatch,
    },
    /// Empties the one field of a brand.
    ReleaseBrand {
        /// Which.
        brand: BrandId,
        /// `flow_device_code: null`.
        body: BrandRelease,
    },
    /// Removes a provider.
    DeleteProvider {
        /// Which.
        id: ProviderId,
    },
    /// Removes an application, and its bindings with it.
    DeleteApplication {
        /// Which.
        slug: Slug,
    },
    /// Removes a service account, and its tokens with it.
    DeleteServiceAccount {
        /// Which.
        id: UserId,
    },
    /// Removes a flow.
    DeleteFlow {
        /// Which.
        slug: Slug,
    },
    /// Removes a group.
    DeleteGroup {
        /// Which.
        id: GroupId,
    },
    /// Removes a role.
    DeleteRole {
        /// Which.
        id: RoleId,
    },
}

impl Write {
    /// Whether it makes something new, changes what is there, or removes it.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::CreateProvider(..)
            | Self::CreateApplication(..)
            | Self::CreateServiceAccount(..)
            | Self::CreateAppPassword(..)
            | Self::AddGroupMember { .. }
            | Self::CreateRole(..)
            | Self::AssignPermissions { .. }
            | Self::CreateGroup(..)
            | Self::CreatePolicyBinding(..)
            | Self::CreateFlow(..) => Verb::Create,
            Self::UpdateProvider { .. }
            | Self::UpdateApplication { .. }
            | Self::ReleaseProvider { .. }
            | Self::UpdateServiceAccount { .. }
            | Self::UpdateGroup { .. }
            | Self::UpdateFlow { .. }
            | Self::UpdateBrand { .. }
            | Self::ReleaseBrand { .. } => Verb::Update,
            Self::RemoveGroupMember { .. }
            | Self::UnassignPermissions { .. }
            | Self::DeleteProvider { .. }
            | Self::DeleteApplication { .. }
            | Self::DeleteServiceAccount { .. }
            | Self::DeleteFlow { .. }
            | Self::DeleteGroup { .. }
            | Self::DeleteRole { .. } => Verb::Delete,
        }
    }

    /// Whether authentik takes it twice and makes two of it: no unique field is in the way.
    #[cfg(feature = "client")]
    pub(crate) fn can_double(&self) -> bool {
        matches!(self, Self::CreatePolicyBinding(..))
    }

    /// Whether there is nothing left to do when someone has removed what it is about.
    pub(crate) fn is_done_when_gone(&self) -> bool {
        self.verb() == Verb::Delete || matches!(self, Self::ReleaseBrand { .. })
    }
}
