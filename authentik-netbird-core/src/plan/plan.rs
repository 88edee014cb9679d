//! [`Plan`] itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::operation::Operation;
use super::warning::Warning;
use crate::authentik::{TokenIdentifier, Version};
use crate::ids::{ClientId, OperationId, text_enum};
use crate::integration::NetbirdIntegration;
use crate::resource::Write;

text_enum! {
    /// The purpose of a plan.
    Purpose {
        /// To set authentik up for NetBird, or to correct what has drifted.
        SetUp = "set_up",
        /// To remove what was set up, and nothing else.
        TearDown = "tear_down",
        /// To replace the service account's app password.
        Rotate = "rotate",
    }
}

/// The operations to carry out, in an order in which they can be carried out.
///
/// `Display` is the text for people; [`Plan::to_json`] and [`Plan::from_json`] are the form for
/// programs, with a `format_version`. A plan holds no secret.
///
/// ```
/// use authentik_netbird_core::authentik::Version;
/// use authentik_netbird_core::{DesiredState, NetbirdIntegration, plan};
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let desired = DesiredState::from(&integration);
/// let snapshot = plan::built_in(&desired, Version::new(2025, 10, 0));
/// let plan = plan::plan(&desired, &snapshot)?;
/// assert!(plan.has_changes());
/// assert_eq!(plan, plan::Plan::from_json(&plan.to_json())?);
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan {
    /// Version of the JSON form.
    pub format_version: u32,
    /// The purpose.
    pub purpose: Purpose,
    /// The integration that was asked for.
    pub integration: NetbirdIntegration,
    /// Version of the server that it is for; `None` for a rotation, which does not depend on it.
    pub server_version: Option<Version>,
    /// Whether it was made without a server. Such a plan can be read but not applied.
    pub offline: bool,
    /// The operations, including those without anything to do.
    pub operations: Vec<Operation>,
    /// Notes for people.
    pub warnings: Vec<Warning>,
    /// The existing objects of the server.
    pub existing: Existing,
    /// Names of the ids in `operations`, for the text.
    pub names: BTreeMap<String, String>,
    /// Permissions that it needs and that the token's user is missing, as far as that could be read.
    /// With any the plan can be read but not applied.
    pub missing_permissions: Vec<String>,
    /// The state that only the process that made it knows.
    #[serde(skip)]
    pub(crate) freshness: Freshness,
}

/// The existing objects of the server, as far as the outputs need them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Existing {
    /// The provider's client id.
    pub client_id: Option<ClientId>,
    /// The client id of the separate client of NetBird's management.
    pub api_client_id: Option<ClientId>,
    /// Identifier of the account's app password; never its value.
    pub app_password: Option<TokenIdentifier>,
}

/// When the server was read, and what a read of its event log needs. No part of what a plan says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Freshness {
    /// When it was read, if that was in this process.
    pub(crate) read: Option<std::time::Instant>,
    /// Existing objects that the plan changes.
    pub(crate) drifted: Vec<Drifted>,
}

impl PartialEq for Freshness {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Freshness {}

/// An existing object that a plan changes, as authentik's event log names it.
#[derive(Clone, Debug)]
pub(crate) struct Drifted {
    pub(crate) operation: OperationId,
    pub(crate) app: &'static str,
    pub(crate) model: &'static str,
    pub(crate) pk: String,
}

impl Plan {
    /// The operations that write.
    pub fn changes(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| operation.is_change())
    }

    /// The operations with their writes.
    pub(crate) fn writes(&self) -> impl Iterator<Item = (&Operation, &Write)> {
        self.operations.iter().filter_map(|one| Some((one, one.write.as_ref()?)))
    }

    /// The operation of this id.
    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|one| one.id.as_str() == id)
    }

    /// Whether there is anything to do.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.changes().next().is_some()
    }
}
