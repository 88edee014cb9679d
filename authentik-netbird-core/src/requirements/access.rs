//! Whether the application's bindings allow the service account.

use super::Requirement;
use crate::authentik::{GroupId, PolicyBinding, Snapshot, UserId};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::ApplicationAccess,
    need: "if the application is bound to groups or users, the service account is one of them: authentik \
           refuses its token otherwise, and every login to NetBird fails",
    guide: Some(GuideStep::Troubleshooting),
};

/// Whether bindings allow an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Allowed,
    Denied,
    /// It depends on a policy.
    Unknown,
}

/// Whether an application's enabled bindings allow an account of these groups; `None`: a new one.
pub(crate) fn access(
    bindings: &[&PolicyBinding],
    all: bool,
    account: Option<&UserId>,
    member_of: &[GroupId],
    snapshot: &Snapshot,
) -> Access {
    if bindings.is_empty() {
        return Access::Allowed;
    }
    let (groups, unread) = snapshot.groups_upwards(member_of.to_vec());
    let is_in = |pk: &GroupId| groups.iter().any(|one| one.pk == *pk) || unread.contains(pk);
    let one = |binding: &&PolicyBinding| {
        let passes = if let Some(group) = &binding.group {
            is_in(group)
        } else if let Some(user) = binding.user {
            Some(&user) == account
        } else {
            return Access::Unknown;
        };
        if passes == binding.negate { Access::Denied } else { Access::Allowed }
    };
    let verdicts: Vec<Access> = bindings.iter().map(one).collect();
    // With `all` one that denies decides, otherwise one that allows.
    let (decides, otherwise) =
        if all { (Access::Denied, Access::Allowed) } else { (Access::Allowed, Access::Denied) };
    if verdicts.contains(&decides) {
        decides
    } else if verdicts.contains(&Access::Unknown) {
        Access::Unknown
    } else {
        otherwise
    }
}

#[cfg(test)]
mod tests;
