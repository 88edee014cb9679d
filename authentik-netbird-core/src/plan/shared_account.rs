//! Other NetBirds that may read users with the account whose app password is replaced.

use super::desired::DesiredState;
use super::planner::Planner;
use super::warning::Warning;
use crate::authentik::{Provider, Snapshot, User};
use crate::resource::Object;

/// Names the other NetBirds. They stop a rotation if one of them has to use the same account, because
/// there are fewer other accounts than NetBirds, unless that is what was asked for.
pub(super) fn check(planner: &mut Planner<'_>, username: &str) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let others = other_netbirds(desired, snapshot);
    if others.is_empty() {
        return;
    }
    let is_shared = others.len() > other_accounts(snapshot, username);
    let others = others.join("\", \"");
    let standalone = desired.integration.standalone();
    if !is_shared || standalone.rotate_shared_account() {
        planner.warnings.push(Warning::shared_account(&others, username));
        return;
    }
    let why = format!(
        "another NetBird seems to read users with it, as there is no other service account with rights \
         (provider \"{others}\"): all its logins fail once the app password has another value"
    );
    let hint = "Give each NetBird a separate account (`service_account_name`), or set \
                `rotate_shared_account` and update setup.env of the others, too.";
    planner.block(User::API.resource(username), why, hint);
}

/// Names of the providers of other NetBirds.
fn other_netbirds(desired: &DesiredState, snapshot: &Snapshot) -> Vec<String> {
    let is_other = |one: &&Provider| one.name != desired.provider.name && one.is_netbird();
    let mut names: Vec<String> =
        snapshot.providers.iter().filter(is_other).map(|one| one.name.clone()).collect();
    names.sort();
    names
}

/// How many other service accounts a NetBird could read users with: those that have rights.
fn other_accounts(snapshot: &Snapshot, ours: &str) -> usize {
    let can_read = |user: &&User| {
        let is_other = user.username != ours && user.is_active && user.is_service_account();
        is_other && !user.has_no_rights()
    };
    snapshot.users.iter().filter(can_read).count()
}
