//! [`Plan`]: ordered operations with reasons, made purely from a desired state and a snapshot.
//!
//! Pure and deterministic: no clock, no randomness, no IO. Same inputs, same bytes. Each goal has a
//! module that goes through the resources in order (`set_up`, `teardown`, `rotate`); the
//! resources' modules collect operations, blockers and warnings in a planner.

mod access;
mod account;
mod adopt;
mod api_client;
mod api_client_choice;
mod application;
mod audit;
mod change;
mod claim;
mod connector;
mod consequences;
mod desired;
mod device_flow;
mod json;
mod lookup;
mod members;
mod offline;
mod operation;
mod other_tokens;
mod own_account;
#[expect(clippy::module_inception, reason = "the file of the type that the module is named after")]
mod plan;
mod planner;
mod preflight;
mod provider;
mod provider_change;
mod rights;
mod rights_group;
mod rotate;
mod rotate_secret;
mod set_up;
mod settings;
mod shared_account;
mod signing_key;
mod stale;
mod teardown;
mod text;
mod warning;
mod warning_kind;

pub(crate) use account::EXPIRY_WARNING;
#[cfg(feature = "client")]
pub(crate) use account::UNNAMED as UNNAMED_ACCOUNT;
#[cfg(feature = "client")]
pub(crate) use api_client::PROVIDER as API_PROVIDER;
pub(crate) use audit::changed_by;
pub use change::{FieldChange, FieldValue};
pub use desired::{
    ADMINISTRATORS, API_SCOPE_MAPPING, DesiredApiClient, DesiredApplication, DesiredBrand,
    DesiredClaim, DesiredConnector, DesiredFlow, DesiredProvider, DesiredRights,
    DesiredServiceAccount, DesiredState, SCOPE_MAPPINGS, SELF_SIGNED, Setting, USER_PERMISSIONS,
};
pub(crate) use members::others;
pub use offline::built_in;
pub use operation::{ChangedBy, Operation, Server};
pub use plan::{Existing, Plan, Purpose};
pub(crate) use planner::unsupported;
pub(crate) use provider::{ID as PROVIDER, SECRET as CLIENT_SECRET};
pub(crate) use rotate::goal as rotate_goal;
pub use rotate::{AppPasswordExpiry, plan_rotate};
pub(crate) use set_up::names;
pub use set_up::plan;
pub(crate) use stale::differences;
pub use teardown::plan_teardown;
pub use warning::{Warning, WarningKind};
