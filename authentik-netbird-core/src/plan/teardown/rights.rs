//! What gives the service account its rights: its membership in the administrators' group.
//!
//! Groups and roles that authentik came with are never removed, and no other member is touched.

use super::{About, keep, remove};
use crate::desired::ADMINISTRATORS;
use crate::ids::{GroupId, OperationId, Reference, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{GroupMember, UserDetail};
use crate::plan::planner::Planner;
use crate::plan::{FieldChange, Write};

const ADMINISTRATOR: &str = "administrator";

/// Whether an integration puts its account into this group. In any other one, someone else did.
pub(super) fn is_own_group(name: &str) -> bool {
    name == ADMINISTRATORS
}

/// Plans the end of the account's rights, before the account itself goes. Returns what that has to
/// wait for.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    account: &UserDetail,
    account_goes: bool,
) -> Vec<OperationId> {
    let Some(group) = membership(account) else { return Vec::new() };
    let about = About {
        id: ADMINISTRATOR,
        resource: Resource::new(
            ResourceKind::GroupMembership,
            format!("{} in {ADMINISTRATORS}", account.username),
        ),
        guide: GuideStep::Administrator,
    };
    if !account_goes {
        keep(planner, about, &["it is its account's, which is kept".to_owned()]);
        return Vec::new();
    }
    let changes = vec![FieldChange::gone("users", &account.pk)];
    let body = GroupMember { pk: Reference::Known(account.pk) };
    let write = Write::RemoveGroupMember { group: group.clone(), body };
    let reason = "its rights go before the account; the group and its other members stay";
    remove(planner, about, reason, Vec::new(), changes, write);
    vec![ADMINISTRATOR.into()]
}

/// The administrators' group, if the account is a member.
fn membership(account: &UserDetail) -> Option<&GroupId> {
    let group = account.named_groups.iter().find(|group| is_own_group(&group.name))?;
    Some(&group.pk)
}
