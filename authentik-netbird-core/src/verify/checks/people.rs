//! Whether anyone can log in, as far as the application's bindings tell.

use super::engine::{Judgement, warn};
use super::evidence::Evidence;
use crate::authentik::User;

/// A warning if the application is bound to nothing that lets a person in.
pub(super) fn nobody(evidence: &Evidence<'_>) -> Option<Judgement> {
    let administration = evidence.responses.administration.as_ref()?;
    let slug = evidence.settings.application_slug();
    let application = administration.application(slug.as_str()).found()?;
    administration.bindings(application)?;
    let username = evidence.settings.account.as_ref().map(|account| account.username.as_str());
    let account = username.and_then(|username| administration.account(username).found());
    let groups = administration.snapshot.only_groups(application, account)?;
    let is_person = |user: &User| {
        user.is_active
            && user.is_of_another_type()
            && user.groups.iter().any(|group| groups.contains(&group))
    };
    let is_read = groups.is_empty() || administration.has_read_people();
    if !is_read || administration.snapshot.users.iter().any(is_person) {
        return None;
    }
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
