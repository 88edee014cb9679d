//! [`Made`]: what operations made, and putting its ids where a later one waits for them.

use std::collections::BTreeMap;

use super::Write;
use crate::error::{Error, Result};
use crate::ids::{ClientId, FlowId, OperationId, ProviderId, Reference, UserId};
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
            Self::AddGroupMember { group, body } => {
                known(group)?;
                fill(&mut body.pk, made, user)?;
            }
            Self::UpdateBrand { brand, body } => {
                known(brand)?;
                fill(&mut body.flow_device_code, made, flow)?;
            }
            Self::ReleaseProvider { .. }
            | Self::CreateServiceAccount(..)
            | Self::UpdateServiceAccount { .. }
            | Self::CreateFlow(..)
            | Self::UpdateFlow { .. } => {}
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
        Reference::Made { made_by } => Err(Error::InvalidPlan(format!(
            "the operation \"{made_by}\", which others wait for, made nothing; make a new plan"
        ))),
        Reference::Named { named } => Err(Error::InvalidPlan(format!(
            "the id of \"{named}\" is not known, it was made offline; make a plan with a client"
        ))),
    }
}
