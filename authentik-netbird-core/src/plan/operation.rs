//! [`Operation`]: one write, or the finding that none is needed.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::change::FieldChange;
use crate::authentik::RESOURCES;
pub use crate::ids::Server;
use crate::ids::{OperationId, Resource};
use crate::integration::GuideStep;
use crate::report::Verb;
use crate::resource::{Write, WriteFields};

/// One write, or the finding that none is needed, with everything that a person wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Operation {
    /// Its name, unique within the plan and the same in every plan: `provider`, `device-flow`.
    pub id: OperationId,
    /// Which server it goes to.
    pub server: Server,
    /// The resource concerned.
    pub resource: Resource,
    /// Why.
    pub reason: String,
    /// Where the guide says so.
    pub guide: GuideStep,
    /// Operations that must be applied before it.
    pub depends_on: Vec<OperationId>,
    /// Field by field: before and after. Secrets show as set or changed, never as values.
    pub changes: Vec<FieldChange>,
    /// The request that is sent; `None` when there is nothing to do.
    #[serde(deserialize_with = "write")]
    pub write: Option<Write>,
    /// The user who changed it last, for drift, as far as authentik's event log says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<ChangedBy>,
}

/// The user who changed an object last, by authentik's event log.
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
    /// The kind of change.
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

/// A write of one of the servers' resources.
fn write<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Write>, D::Error> {
    let fields = Option::<WriteFields>::deserialize(deserializer)?;
    fields.map(|fields| fields.find(RESOURCES).map_err(D::Error::custom)).transpose()
}
