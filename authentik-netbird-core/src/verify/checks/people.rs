//! Whether anyone can log in, as far as the application's bindings tell.

use super::engine::{Judgement, warn};
use crate::authentik::{Application, Snapshot, User};
use crate::resource::Object;

/// A warning if the application is bound to nothing that lets a person in; `account` is NetBird's.
pub(super) fn nobody(
    snapshot: &Snapshot,
    application: &Application,
    account: Option<&User>,
) -> Option<Judgement> {
    let groups = snapshot.only_groups(application, account)?;
    let is_person = |user: &User| {
        user.is_active
            && user.is_of_another_type()
            && user.groups.iter().any(|group| groups.contains(&group))
    };
    let is_read = groups.is_empty() || !snapshot.is_unknown(&User::API.resource(""));
    let is_known = is_read && snapshot.shows_bindings(application);
    if !is_known || snapshot.users.iter().any(is_person) {
        return None;
    }
    let slug = &application.slug;
    let message = if groups.is_empty() {
        format!(
            "the application \"{slug}\" is bound to NetBird's account alone, so nobody can log in"
        )
    } else {
        format!(
            "the application \"{slug}\" is bound to groups that no active person is a direct member of, so \
             nobody can log in but members of groups in them"
        )
    };
    Some(warn(message, "Add people to a bound group, or bind the groups that may use NetBird."))
}
