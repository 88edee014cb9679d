//! The token's own user, where that is NetBird's account: what a plan takes from it, the rest of the plan would miss.

use super::planner::Planner;
use super::{adopt, other_tokens, rights};
use crate::authentik::User;
use crate::resource::Object;

/// Records a conflict where applying the plan would end the token that it is applied with.
pub(super) fn check(planner: &mut Planner<'_>) {
    let name = &planner.desired.account_name;
    let is_own = planner.snapshot.caller.as_ref().is_some_and(|caller| caller.username == *name);
    let ends_it = !planner.changes(&[adopt::DEACTIVATION, rights::LEAVING]).is_empty()
        || !planner.changes_of(other_tokens::PREFIX).is_empty();
    if is_own && ends_it {
        planner.block(
            User::API.resource(name),
            "the token that is used belongs to it, and would stop working, or lose its rights, halfway",
            "Use the token of another administrator.",
        );
    }
}
