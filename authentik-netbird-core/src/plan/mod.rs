//! [`Plan`]: ordered operations with reasons, made purely from a desired state and a snapshot.
//!
//! Pure and deterministic: no clock, no randomness, no IO. Same inputs, same bytes.

mod access;
mod account;
mod application;
mod change;
mod confirm;
mod device_flow;
mod drift;
mod fingerprint;
mod json;
mod made;
mod operation;
mod planner;
mod preflight;
mod provider;
mod provider_diff;
mod purpose;
mod report;
mod rights;
mod rights_group;
mod signing_key;
pub mod teardown;
mod text;
mod warning;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::desired::DesiredState;
use crate::error::Result;
use crate::ids::{ClientId, OperationId, TokenIdentifier};
use crate::integration::NetbirdIntegration;
use crate::model::Version;
use crate::snapshot::{Snapshot, Source};

pub(crate) use account::default_identifier;
#[cfg(feature = "client")]
pub(crate) use account::{SOON, expiry, is_good};
pub use change::{FieldChange, FieldValue};
#[cfg(feature = "client")]
pub(crate) use confirm::twins;
pub use confirm::{Confirmation, confirm};
pub use fingerprint::Fingerprint;
pub use made::{Made, MadeBy};
pub use operation::{ChangedBy, Operation, Server, Verb, Write};
pub use purpose::Purpose;
pub use report::{ApplyReport, OperationState, ReportEntry};
pub use warning::{Warning, WarningKind};

/// What is to be done, in an order that can be carried out one by one.
///
/// `Display` is the text for people; [`Plan::to_json`] and [`Plan::from_json`] are the form for
/// programs, with a `format_version`. A plan holds no secret.
///
/// ```
/// use authentik_netbird_core::{DesiredState, NetbirdIntegration, Snapshot, model::Version, plan};
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let desired = DesiredState::from(&integration);
/// let snapshot = Snapshot::factory_fresh(&desired, Version::new(2025, 10, 0));
/// let plan = plan::plan(&desired, &snapshot)?;
/// assert_eq!(plan.changes().count(), 6);
/// assert_eq!(plan, plan::Plan::from_json(&plan.to_json())?);
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan {
    /// Version of the JSON form.
    pub format_version: u32,
    /// What it is for.
    pub purpose: Purpose,
    /// What was asked for.
    pub integration: NetbirdIntegration,
    /// Version of the server that it is for.
    pub server_version: Version,
    /// Whether it was made without a server. Such a plan can be read but not applied.
    pub offline: bool,
    /// The operations, those without anything to do among them.
    pub operations: Vec<Operation>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// What the server has already.
    pub existing: Existing,
    /// Names of the ids in `operations`, for the text.
    pub names: BTreeMap<String, String>,
    /// What was read, for the question whether the plan is stale.
    pub fingerprint: Fingerprint,
    /// Permissions that it needs and that the token's user lacks, as far as that could be read. With
    /// any the plan can be read but not applied.
    pub missing_permissions: Vec<String>,
    /// When it was made, if it was made in this process from a server just read.
    #[serde(skip)]
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "only apply reads it"))]
    pub(crate) observed: Option<std::time::Instant>,
}

/// What the server has already, as far as the outputs need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Existing {
    /// The provider's client id.
    pub client_id: Option<ClientId>,
    /// Identifier of the account's app password; never its value.
    pub app_password: Option<TokenIdentifier>,
}

/// Two plans are equal when they say the same, whenever they were made.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.format_version == other.format_version
            && self.purpose == other.purpose
            && self.integration == other.integration
            && self.server_version == other.server_version
            && self.offline == other.offline
            && self.operations == other.operations
            && self.warnings == other.warnings
            && self.existing == other.existing
            && self.names == other.names
            && self.fingerprint == other.fingerprint
            && self.missing_permissions == other.missing_permissions
    }
}

impl Plan {
    /// The operations that write.
    pub fn changes(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| operation.is_change())
    }

    /// Whether there is anything to do.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.changes().next().is_some()
    }
}

/// Plans: what has to be done on a server with this snapshot to reach the desired state.
///
/// # Errors
/// [`Error::Blocked`](crate::Error::Blocked) with every missing, ambiguous or conflicting
/// object at once.
pub fn plan(desired: &DesiredState, snapshot: &Snapshot) -> Result<Plan> {
    planner::run(desired, snapshot)
}

#[cfg(feature = "client")]
pub(crate) use drift::{Drifted, drifted};
#[cfg(feature = "client")]
pub(crate) use planner::app_password;

/// The plan against a factory-fresh authentik of the newest known release.
pub(crate) fn offline(integration: &NetbirdIntegration) -> Plan {
    let desired = DesiredState::from(integration);
    let snapshot = Snapshot::factory_fresh(&desired, Version::NEWEST_KNOWN);
    // The built-in snapshot has all that any integration names, so there is nothing to refuse; a
    // property test holds that. An empty plan is still better than a panic.
    plan(&desired, &snapshot).unwrap_or_else(|_| Plan {
        format_version: json::FORMAT_VERSION,
        purpose: Purpose::SetUp,
        integration: integration.clone(),
        server_version: snapshot.version,
        offline: snapshot.source == Source::FactoryFresh,
        operations: Vec::new(),
        warnings: Vec::new(),
        existing: Existing::default(),
        names: BTreeMap::new(),
        fingerprint: Fingerprint::default(),
        missing_permissions: Vec::new(),
        observed: None,
    })
}
