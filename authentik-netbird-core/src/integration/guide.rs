//! [`GuideStep`]: where authentik's guide "Integrate with NetBird" says so.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::parsed;

/// A step of authentik's guide "Integrate with NetBird", by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GuideStep {
    /// "Create an application and provider in authentik", Application.
    Application,
    /// "Create an application and provider in authentik", Configure the Provider.
    Provider,
    /// "Set up a service account".
    ServiceAccount,
    /// "Make the service account an administrator".
    Administrator,
    /// "Create and apply a device token authentication flow", steps 1 to 4.
    DeviceFlow,
    /// "Create and apply a device token authentication flow", steps 5 and 6.
    DeviceFlowInUse,
    /// "NetBird configuration".
    NetbirdConfiguration,
    /// "Troubleshooting".
    Troubleshooting,
    /// Not in the guide: NetBird's own documentation, "Self-hosted identity providers", authentik.
    Connector,
}

parsed!(GuideStep);

impl GuideStep {
    /// The guide's heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Application | Self::Provider => "Create an application and provider in authentik",
            Self::ServiceAccount => "Set up a service account",
            Self::Administrator => "Make the service account an administrator",
            Self::DeviceFlow | Self::DeviceFlowInUse => {
                "Create and apply a device token authentication flow"
            }
            Self::NetbirdConfiguration => "NetBird configuration",
            Self::Troubleshooting => "Troubleshooting",
            Self::Connector => "NetBird's documentation: authentik as an identity provider",
        }
    }
}

impl fmt::Display for GuideStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.heading())
    }
}
