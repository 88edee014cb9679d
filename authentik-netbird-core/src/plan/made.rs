//! [`Made`]: what operations made, and putting its ids where a later one waits for them.

use std::collections::BTreeMap;

use super::Write;
use crate::error::{Error, Result};
use crate::ids::{
    ApplicationId, ClientId, FlowId, GroupId, OperationId, ProviderId, Reference, RoleId, UserId,
};
use crate::secret::Secret;

/// What an operation made, as far as later operations and the outputs need it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Made {
    /// A provider.
    Provider {
        /// Primary key.
        id: ProviderId,
        /// Client id.
        client_id: ClientId,
    },
    /// A service account.
    ServiceAccount {
        /// Primary key.
        id: UserId,
        /// The app password's value; `None` where the answer that held it was lost.
        password: Option<Secret>,
    },
    /// An app password.
    AppPassword {
        /// Its value; `None` until it was read.
        password: Option<Secret>,
    },
    /// A flow.
    Flow {
        /// Primary key.
        id: FlowId,
    },
    /// An application.
    Application {
        /// Primary key.
        id: ApplicationId,
    },
    /// A role.
    Role {
        /// Primary key.
        id: RoleId,
    },
    /// A group.
    Group {
        /// Primary key.
        id: GroupId,
    },
    /// Nothing that anything waits for.
    Nothing,
}

/// What each operation made so far.
pub type MadeBy = BTreeMap<OperationId, Made>;

impl Write {
    /// The write with every reference known, from what earlier operations made.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when one is still open: the plan is offline, or its order is wrong.
    pub fn resolve(&self, made: &MadeBy) -> Result<Self> {
        let mut write = self.clone();
        match &mut write {
            Self::CreateProvider(body) => {
                known(&body.authorization_flow)?;
                known(&body.invalidation_flow)?;
                known(&body.signing_key)?;
                body.property_mappings.iter().try_for_each(known)?;
            }
            Self::UpdateProvider { body, .. } => {
                body.authorization_flow.iter().try_for_each(known)?;
                body.invalidation_flow.iter().try_for_each(known)?;
                body.signing_key.iter().try_for_each(known)?;
                body.property_mappings.iter().flatten().try_for_each(known)?;
            }
            Self::CreateApplication(body) => fill(&mut body.provider, made, provider)?,
            Self::UpdateApplication { body, .. } => {
                if let Some(reference) = &mut body.provider {
                    fill(reference, made, provider)?;
                }
            }
            Self::CreateAppPassword(body) => fill(&mut body.user, made, user)?,
            Self::AddGroupMember { group: to, body } => {
                fill(to, made, group)?;
                fill(&mut body.pk, made, user)?;
            }
            Self::RemoveGroupMember { body, .. } => known(&body.pk)?,
            Self::AssignPermissions { role: to, .. } => fill(to, made, role)?,
            Self::CreateGroup(body) => {
                body.users.iter_mut().try_for_each(|one| fill(one, made, user))?;
                body.roles.iter_mut().try_for_each(|one| fill(one, made, role))?;
            }
            Self::UpdateGroup { id, body } => {
                fill(id, made, group)?;
                body.roles.iter_mut().try_for_each(|one| fill(one, made, role))?;
            }
            Self::CreatePolicyBinding(body) => {
                fill(&mut body.target, made, application)?;
                body.group.iter_mut().try_for_each(|one| fill(one, made, group))?;
                body.user.iter_mut().try_for_each(|one| fill(one, made, user))?;
            }
            Self::UpdateBrand { brand, body } => {
                known(brand)?;
                fill(&mut body.flow_device_code, made, flow)?;
            }
            Self::ReleaseProvider { .. }
            | Self::CreateServiceAccount(..)
            | Self::UpdateServiceAccount { .. }
            | Self::CreateRole(..)
            | Self::UnassignPermissions { .. }
            | Self::CreateFlow(..)
            | Self::UpdateFlow { .. }
            | Self::ReleaseBrand { .. }
            | Self::DeleteProvider { .. }
            | Self::DeleteApplication { .. }
            | Self::DeleteServiceAccount { .. }
            | Self::DeleteFlow { .. }
            | Self::DeleteGroup { .. }
            | Self::DeleteRole { .. } => {}
        }
        Ok(write)
    }
}

fn provider(made: &Made) -> Option<ProviderId> {
    if let Made::Provider { id, .. } = made { Some(*id) } else { None }
}

fn user(made: &Made) -> Option<UserId> {
    if let Made::ServiceAccount { id, .. } = made { Some(*id) } else { None }
}

fn flow(made: &Made) -> Option<FlowId> {
    if let Made::Flow { id } = made { Some(id.clone()) } else { None }
}

fn application(made: &Made) -> Option<ApplicationId> {
    if let Made::Application { id } = made { Some(id.clone()) } else { None }
}

fn role(made: &Made) -> Option<RoleId> {
    if let Made::Role { id } = made { Some(id.clone()) } else { None }
}

fn group(made: &Made) -> Option<GroupId> {
    if let Made::Group { id } = made { Some(id.clone()) } else { None }
}

fn fill<T: std::fmt::Display>(
    reference: &mut Reference<T>,
    made: &MadeBy,
    pick: fn(&Made) -> Option<T>,
) -> Result<()> {
    if let Reference::Made { made_by } = reference
        && let Some(id) = made.get(made_by).and_then(pick)
    {
        *reference = Reference::Known(id);
    }
    known(reference)
}

fn known<T: std::fmt::Display>(reference: &Reference<T>) -> Result<()> {
    match reference {
        Reference::Known(_) => Ok(()),
        Reference::Made { made_by } => Err(Error::invalid_plan(
            format!("operation \"{made_by}\" returned no id, but other operations depend on it"),
            "create a new plan",
        )),
        Reference::Named { named } => Err(Error::invalid_plan(
            format!("the id of \"{named}\" is not known, it was made offline"),
            "create the plan with a client",
        )),
    }
}
