//! Who may log in: the application's bindings.

use std::collections::BTreeSet;

use super::change::created;
use super::planner::{Draft, Found, Planner};
use super::{Warning, Write};
use crate::error::Blocker;
use crate::ids::{ApplicationId, GroupId, OperationId, Reference, Resource, ResourceKind, UserId};
use crate::integration::GuideStep;
use crate::model::{GroupCreate, PolicyBinding, PolicyBindingCreate};

/// The operation that binds the account.
const ACCOUNT: &str = "access-account";

/// Whom a binding lets in.
#[derive(Clone)]
enum Subject {
    Group(Reference<GroupId>),
    User(Reference<UserId>),
}

/// Plans the access groups where they are to be made, and a binding for each and for the account.
/// Bindings that are there are kept.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    application: Option<&Reference<ApplicationId>>,
    account: Option<Reference<UserId>>,
) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    if desired.access.groups.is_empty() {
        return;
    }
    let slug = &desired.application.slug;
    let found = snapshot.applications.iter().find(|found| found.slug == *slug);
    if found.and_then(|found| found.policy_engine_mode.as_deref()) == Some("all") {
        planner.blockers.push(Blocker::conflict(
            Resource::new(ResourceKind::Application, slug.as_str()),
            "its policy engine mode is \"all\": nobody is in every group and the service \
                  account, too",
            "set it to \"any\" in authentik",
        ));
    }
    let mut taken: BTreeSet<i64> = snapshot.bindings.iter().map(|binding| binding.order).collect();
    let mut bind = |planner: &mut Planner<'_>, id: String, name: &str, subject: Subject| {
        if let Some(application) = application {
            binding(planner, &id, name, application, subject, &mut taken);
        }
    };
    if let (Some(account), Some(wanted)) = (account, &desired.service_account) {
        bind(planner, ACCOUNT.to_owned(), &wanted.username, Subject::User(account));
    }
    for (index, name) in desired.access.groups.iter().enumerate() {
        if let Some(group) = group(planner, index, name) {
            bind(planner, format!("access-{}", index + 1), name, Subject::Group(group));
        }
    }
}

fn group(planner: &mut Planner<'_>, index: usize, name: &str) -> Option<Reference<GroupId>> {
    let resource = Resource::new(ResourceKind::Group, name);
    let same_name = planner.snapshot.groups.iter().filter(|group| group.name == name);
    let found =
        planner.only(&resource, same_name, |group| format!("{} ({})", group.name, group.pk));
    match found {
        Found::Many => None,
        Found::One(group) => Some(planner.reference(&group.pk, name)),
        Found::None if planner.desired.access.create => {
            let id = format!("access-group-{}", index + 1);
            let body = GroupCreate { name: name.to_owned(), users: Vec::new(), roles: Vec::new() };
            planner.fingerprint.note(&resource, None::<&()>);
            let draft = Draft {
                id: "",
                resource,
                reason: "its members may log in to NetBird; it has none yet".to_owned(),
                guide: GuideStep::Troubleshooting,
                waits_for: Vec::new(),
                changes: created(&body),
            };
            planner.numbered(&id, draft, Some(Write::CreateGroup(body)));
            Some(Reference::Made { made_by: id.into() })
        }
        Found::None => {
            let hint = "make it in authentik, or ask for create_access_groups";
            planner.missing(resource, "its members are to log in to NetBird", hint);
            None
        }
    }
}

fn binding(
    planner: &mut Planner<'_>,
    id: &str,
    name: &str,
    application: &Reference<ApplicationId>,
    subject: Subject,
    taken: &mut BTreeSet<i64>,
) {
    // One that goes away by itself lets nobody in for good: it counts as not there.
    let is_ours = |binding: &&PolicyBinding| {
        !binding.expiring
            && match &subject {
                Subject::Group(group) => {
                    group.known().is_some() && binding.group.as_ref() == group.known()
                }
                Subject::User(user) => {
                    user.known().is_some() && binding.user.as_ref() == user.known()
                }
            }
    };
    let found: Vec<&PolicyBinding> = planner.snapshot.bindings.iter().filter(is_ours).collect();
    let slug = &planner.desired.application.slug;
    let resource = Resource::new(ResourceKind::PolicyBinding, format!("{name} to {slug}"));
    planner.fingerprint.note(&resource, Some(&found));
    let lets_in = |one: &&&PolicyBinding| one.enabled && !one.negate && one.policy.is_none();
    let draft = |reason: &str, waits_for, changes| Draft {
        id: "",
        resource: resource.clone(),
        reason: reason.to_owned(),
        guide: GuideStep::Troubleshooting,
        waits_for,
        changes,
    };
    let count = found.iter().filter(lets_in).count();
    if count > 1 {
        planner.warnings.push(Warning::double_binding(name, slug.as_str(), count));
    }
    if count > 0 {
        planner.numbered(id, draft("it is let in", Vec::new(), Vec::new()), None);
        return;
    }
    if let Some(other) = found.first() {
        let what = if other.negate { "keeps it out" } else { "is switched off" };
        planner.blockers.push(Blocker::conflict(
            resource,
            format!("there is a binding that {what}"),
            "change or remove it in authentik",
        ));
        return;
    }
    let (group, user) = match subject {
        Subject::Group(group) => (Some(group), None),
        Subject::User(user) => (None, Some(user)),
    };
    // People log in to an application that is there: none is bound to a group before NetBird's account
    // has a binding of its own, or every login would fail in between.
    let first = match (&application, &user) {
        (Reference::Known(_), None) => planner.change(ACCOUNT),
        _ => None,
    };
    let makers = [
        first,
        application.made_by(),
        group.as_ref().and_then(Reference::made_by),
        user.as_ref().and_then(Reference::made_by),
    ];
    let waits_for: Vec<OperationId> = makers.into_iter().flatten().cloned().collect();
    let reason = if user.is_some() {
        "NetBird's own requests need it, now that the application is bound"
    } else {
        "its members may log in, and nobody else who is not bound"
    };
    // The lowest one that is free: a run that was cut off and finished ends as one in a single go.
    let order = (0..i64::MAX).find(|order| !taken.contains(order)).unwrap_or_default();
    taken.insert(order);
    let body = PolicyBindingCreate { target: application.clone(), group, user, order };
    let changes = created(&body);
    let draft = draft(reason, waits_for, changes);
    planner.numbered(id, draft, Some(Write::CreatePolicyBinding(body)));
}
