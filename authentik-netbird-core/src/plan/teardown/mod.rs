//! Teardown: removing what an integration made, in an order that is safe, and nothing else.
//!
//! authentik keeps no note of who made what. What has the integration's names and is as it makes
//! it counts as its own. What belongs to something else, was extended by someone, or is used by
//! something else is kept, and named in the plan with the reason: after drift, too, a teardown is
//! possible.

mod account;
mod application;
mod device_flow;
mod neighbours;
mod provider;
mod rights;

use self::application::PlannedApplication;
use super::planner::{Draft, Planner};
use super::{FieldChange, Plan, Purpose, Write};
use crate::desired::DesiredState;
use crate::error::Result;
use crate::ids::{OperationId, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{FlowDetail, UsedBy, User, UserDetail, UserType};
use crate::snapshot::Snapshot;

/// What a teardown is planned from: a snapshot, and who else uses what is to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TeardownSnapshot {
    /// Version, brands, applications, tokens, all OAuth2 providers, and group and role of least
    /// privilege. Its other lists need not be filled.
    pub snapshot: Snapshot,
    /// All flows.
    pub flows: Vec<FlowDetail>,
    /// What uses the device-code flow.
    pub flow_uses: Vec<UsedBy>,
    /// What uses the application.
    pub application_uses: Vec<UsedBy>,
    /// Users of the service account's name.
    pub users: Vec<UserDetail>,
    /// All service accounts.
    pub service_accounts: Vec<User>,
    /// What uses the service account.
    pub account_uses: Vec<UsedBy>,
    /// What uses the role of least privilege.
    pub role_uses: Vec<UsedBy>,
    /// What uses the group that gives it.
    pub group_uses: Vec<UsedBy>,
}

impl TeardownSnapshot {
    /// Only what the snapshot has; nothing else on the server.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            flows: Vec::new(),
            flow_uses: Vec::new(),
            application_uses: Vec::new(),
            users: Vec::new(),
            service_accounts: Vec::new(),
            account_uses: Vec::new(),
            role_uses: Vec::new(),
            group_uses: Vec::new(),
        }
    }

    /// The service account that may have to go: what uses it has to be read, too.
    #[must_use]
    pub fn service_account(&self, desired: &DesiredState) -> Option<&UserDetail> {
        let wanted = desired.service_account.as_ref()?;
        self.users.iter().find(|user| user.username == wanted.username && is_service_account(user))
    }
}

/// Plans a teardown: what has to be removed for nothing of an integration to be left.
///
/// Pure, as [`plan`](super::plan()) is, and makes the same kind of plan, with
/// [`Purpose::TearDown`]. What is not there is not in it; what is kept is, without a write and with
/// a reason that begins with `kept:`.
///
/// ```
/// use authentik_netbird_core::plan::teardown::{TeardownSnapshot, plan_teardown};
/// use authentik_netbird_core::snapshot::Source;
/// use authentik_netbird_core::{DesiredState, NetbirdIntegration, Snapshot, model::Version};
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let desired = DesiredState::from(&integration);
/// let nothing = Snapshot::empty(Source::Server, Version::new(2026, 5, 0));
/// let plan = plan_teardown(&desired, &TeardownSnapshot::new(nothing))?;
/// assert!(!plan.has_changes());
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Blocked`](crate::Error::Blocked) when the server is too old, or more than one
/// object has one of the integration's names.
pub fn plan_teardown(desired: &DesiredState, read: &TeardownSnapshot) -> Result<Plan> {
    let mut planner = Planner::new(desired, &read.snapshot, Purpose::TearDown);
    if planner.blockers.is_empty() {
        let provider = provider::judge(&mut planner);
        let neighbours = neighbours::find(&mut planner, &provider);
        let application = application::plan(&mut planner, read, &provider);
        provider::plan(&mut planner, &provider, application == PlannedApplication::Goes);
        let elsewhere = application == PlannedApplication::Kept || !provider.kept.is_empty();
        if let Some(wanted) = &desired.service_account {
            let account = account::plan(&mut planner, read, wanted, &neighbours, elsewhere);
            rights::plan_role(&mut planner, read, wanted, &account);
        } else {
            account::keep_left(&mut planner);
        }
        device_flow::plan(&mut planner, read, &neighbours);
        keep_access_groups(&mut planner);
    }
    planner.finish()
}

/// Access groups are people's, also where this integration made them.
fn keep_access_groups(planner: &mut Planner<'_>) {
    for (index, name) in planner.desired.access.groups.iter().enumerate() {
        if planner.snapshot.groups.iter().any(|group| group.name == *name) {
            let draft = Draft {
                id: "",
                resource: Resource::new(ResourceKind::Group, name),
                reason: "kept: it is people's; only its binding goes, with the application"
                    .to_owned(),
                guide: GuideStep::Troubleshooting,
                waits_for: Vec::new(),
                changes: Vec::new(),
            };
            planner.numbered(&format!("access-group-{}", index + 1), draft, None);
        }
    }
}

/// `provider "A"`, `provider "A" and 2 more`.
fn providers(names: &[String]) -> String {
    let first = names.first().map(String::as_str).unwrap_or_default();
    match names.len() {
        0 | 1 => format!("provider \"{first}\""),
        many => format!("provider \"{first}\" and {} more", many - 1),
    }
}

fn is_service_account(user: &UserDetail) -> bool {
    user.user_type.as_ref().is_some_and(|kind| *kind == UserType::ServiceAccount)
}

/// What an operation is about: its name, its resource, and where the guide has it.
struct About {
    id: &'static str,
    resource: Resource,
    guide: GuideStep,
}

/// Adds an operation that writes.
fn remove(
    planner: &mut Planner<'_>,
    about: About,
    reason: &str,
    waits_for: Vec<OperationId>,
    changes: Vec<FieldChange>,
    write: Write,
) {
    let About { id, resource, guide } = about;
    let reason = reason.to_owned();
    planner.operation(Draft { id, resource, reason, guide, waits_for, changes }, Some(write));
}

/// Adds the finding that something is kept, and why.
fn keep(planner: &mut Planner<'_>, about: About, reasons: &[String]) {
    let About { id, resource, guide } = about;
    let reason = format!("kept: {}", reasons.join("; "));
    let (waits_for, changes) = (Vec::new(), Vec::new());
    planner.operation(Draft { id, resource, reason, guide, waits_for, changes }, None);
}
