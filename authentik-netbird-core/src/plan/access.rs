//! Who may log in: the application's bindings.

use std::collections::BTreeSet;

use super::api_client_choice::may_use_login_client;
use super::change::FieldChange;
use super::planner::{About, Found, Planner};
use super::rights_group::{is_unused, remove_duplicate};
use super::warning::Warning;
use crate::authentik::{
    Application, ApplicationId, Group, GroupCreate, GroupId, PolicyBinding, PolicyBindingCreate,
    UserId, is_unnamed,
};
use crate::ids::{OperationId, Reference};
use crate::integration::GuideStep;
use crate::requirements::access::{Access, access};
use crate::resource::Object;

/// How the names of all operations here begin.
pub(super) const PREFIX: &str = "access-";
/// The operation that binds the account.
pub(super) const ACCOUNT: &str = "access-account";

/// Whom a binding allows.
#[derive(Clone)]
enum Subject {
    Group(Reference<GroupId>),
    User(Reference<UserId>),
}

impl Subject {
    fn is_of(&self, binding: &PolicyBinding) -> bool {
        match self {
            Self::Group(group) => {
                group.known().is_some() && binding.group.as_ref() == group.known()
            }
            Self::User(user) => user.known().is_some() && binding.user.as_ref() == user.known(),
        }
    }
}

/// Plans the access groups where they are to be created, and a binding for each and for the account.
/// Bindings of others are kept.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    application: Option<&Reference<ApplicationId>>,
    account: Option<&Reference<UserId>>,
) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    if desired.api_client.is_some() {
        // Each later plan reads who may use the application of NetBird's management.
        planner.reads.push(PolicyBinding::API.permission("view"));
    }
    if desired.integration.access_groups().is_empty() {
        if let (Some(application), Some(account)) = (application, account) {
            keep_account_in(planner, application, account);
        }
        return;
    }
    let slug = desired.application.slug.as_str();
    if needs_all(planner, slug) {
        planner.block(
            Application::API.resource(slug),
            "its policy engine mode is \"all\", but no user is in every group and the service account \
             at once",
            "Set it to \"any\" in authentik.",
        );
    }
    judge_others(planner, slug, account);
    let mut taken: BTreeSet<i64> = bindings(planner, slug).map(|binding| binding.order).collect();
    let mut bind = |planner: &mut Planner<'_>, id: &str, name: &str, subject: Subject| {
        if let Some(application) = application {
            binding(planner, (id, name, slug), application, &subject, &mut taken);
        }
    };
    // NetBird's management logs in to its own application, unless it shares the client of people's browsers.
    if let (Some(account), Some(wanted)) = (account, &desired.service_account)
        && may_use_login_client(desired, snapshot)
    {
        bind(planner, ACCOUNT, &wanted.username, Subject::User(account.clone()));
    }
    for (index, name) in desired.integration.access_groups().iter().enumerate() {
        let number = index + 1;
        let (found, duplicates) = group(planner, number, name);
        if let Some(group) = found {
            bind(planner, &format!("access-{number}"), name, Subject::Group(group));
        }
        for (index, duplicate) in duplicates.into_iter().enumerate() {
            let id = format!("access-group-{number}-duplicate-{}", index + 1);
            let about = About::new(id, Group::API.resource(name), GuideStep::Troubleshooting);
            // Its binding goes with it: the group that stays has one before.
            let after = planner.changes(&[&format!("access-{number}")]);
            remove_duplicate(planner, about, duplicate, after);
        }
    }
}

/// Others whom the application's bindings may allow: a conflict before it has a provider, because somebody else may
/// have created it, and a warning afterwards.
fn judge_others(planner: &mut Planner<'_>, slug: &str, account: Option<&Reference<UserId>>) {
    let snapshot = planner.snapshot;
    let wanted = planner.desired.integration.access_groups();
    let is_wanted = |pk: &GroupId| {
        snapshot.groups.iter().any(|one| one.pk == *pk && wanted.contains(&one.name))
    };
    let is_other = |one: &&PolicyBinding| {
        let is_accounts =
            one.user.is_some() && one.user.as_ref() == account.and_then(Reference::known);
        one.enabled && !is_accounts && !one.group.as_ref().is_some_and(is_wanted)
    };
    let count = bindings(planner, slug).filter(is_other).count();
    if count == 0 {
        return;
    }
    let why = format!(
        "has other bindings ({count}), so people who are not members of the access groups may log in"
    );
    let resource = Application::API.resource(slug);
    if snapshot.application(slug).is_some_and(|found| found.provider.is_none()) {
        planner.conflict(&resource, format!("it {why}"), "Remove them in authentik");
    } else {
        planner.warnings.push(Warning::other_bindings(&format!("the {resource} {why}")));
    }
}

/// Binds the account where somebody bound the application to others: authentik would refuse its token.
fn keep_account_in(
    planner: &mut Planner<'_>,
    application: &Reference<ApplicationId>,
    account: &Reference<UserId>,
) {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let slug = desired.application.slug.as_str();
    if may_use_login_client(desired, snapshot)
        && !refuse_all(planner, slug, account)
        && account_access(planner, slug, account) == Access::Denied
    {
        bind_account(planner, (ACCOUNT, slug), application, account);
    }
}

/// The effect of an application's bindings on the account.
fn account_access(planner: &Planner<'_>, slug: &str, account: &Reference<UserId>) -> Access {
    let snapshot = planner.snapshot;
    let enabled: Vec<&PolicyBinding> = bindings(planner, slug).filter(|one| one.enabled).collect();
    let user = snapshot.users.iter().find(|user| Some(&user.pk) == account.known());
    // As it is after this plan, which may take it out of a group.
    let wanted = planner.desired.service_account.as_ref();
    let left = wanted.and_then(|wanted| wanted.group_to_leave(snapshot)).map(|group| &group.pk);
    let groups = user.map(|user| user.groups.clone()).unwrap_or_default();
    let groups: Vec<GroupId> = groups.into_iter().filter(|pk| Some(pk) != left).collect();
    access(&enabled, needs_all(planner, slug), account.known(), &groups, snapshot)
}

/// Whether all bindings of an application have to allow a user, and not one of them.
fn needs_all(planner: &Planner<'_>, slug: &str) -> bool {
    planner.snapshot.application(slug).is_some_and(Application::needs_all)
}

/// Records a conflict where all bindings of an application have to allow the account and one does not: a
/// further binding would not help. Returns whether there is one.
pub(super) fn refuse_all(
    planner: &mut Planner<'_>,
    slug: &str,
    account: &Reference<UserId>,
) -> bool {
    let is_out =
        needs_all(planner, slug) && account_access(planner, slug, account) == Access::Denied;
    if is_out {
        planner.block(
            Application::API.resource(slug),
            format!(
                "its policy engine mode is \"all\", and some of its bindings do not allow \"{}\", so every \
                 login to NetBird fails",
                planner.desired.account_name
            ),
            "Add it to every group that is bound, or set the mode to \"any\", with which one binding is \
             enough for everyone.",
        );
    }
    is_out
}

/// Plans that the account is bound to an application, by the operation of this name.
pub(super) fn bind_account(
    planner: &mut Planner<'_>,
    (id, slug): (&str, &str),
    application: &Reference<ApplicationId>,
    account: &Reference<UserId>,
) {
    let name = &planner.desired.account_name;
    let mut taken: BTreeSet<i64> = bindings(planner, slug).map(|binding| binding.order).collect();
    let subject = Subject::User(account.clone());
    binding(planner, (id, name, slug), application, &subject, &mut taken);
}

/// Bindings of an application. A server that ignores the filter lists those of everything.
fn bindings<'s>(
    planner: &Planner<'s>,
    slug: &str,
) -> impl Iterator<Item = &'s PolicyBinding> + use<'s> {
    let snapshot = planner.snapshot;
    let application = snapshot.application(slug).map(|found| &found.pk);
    // One of an account that a run left without a name goes with that account.
    let name = planner.desired.account_name.as_str();
    let unnamed = snapshot.users.iter().find(|user| is_unnamed(&user.username, name));
    let is_left =
        move |binding: &PolicyBinding| unnamed.is_some_and(|user| binding.user == Some(user.pk));
    let is_ours = move |one: &&PolicyBinding| Some(&one.target) == application && !is_left(one);
    snapshot.bindings.iter().filter(is_ours)
}

/// The group of a name, and others of that name that are exactly what we create: before 2025.12 runs
/// at the same moment may each create one.
fn group<'s>(
    planner: &mut Planner<'s>,
    number: usize,
    name: &str,
) -> (Option<Reference<GroupId>>, Vec<&'s Group>) {
    let resource = Group::API.resource(name);
    let create = planner.desired.integration.create_access_groups();
    let mut same: Vec<&Group> =
        planner.snapshot.groups.iter().filter(|group| group.name == name).collect();
    let slug = planner.desired.application.slug.as_str();
    let ours: Vec<&str> = bindings(planner, slug).map(|one| one.pk.as_str()).collect();
    let is_ours = |group: &Group| {
        let is_empty = group.users.is_empty() && group.roles.is_empty();
        let is_plain = !group.is_superuser && !group.inherits();
        is_empty && is_plain && is_unused(planner.snapshot, group, &ours)
    };
    let is_bound =
        |group: &Group| bindings(planner, slug).any(|one| one.group.as_ref() == Some(&group.pk));
    same.sort_by_key(|group| (is_ours(group), !is_bound(group), &group.pk));
    let mut duplicates = Vec::new();
    if create && same.iter().skip(1).all(|group| is_ours(group)) {
        duplicates = same.split_off(same.len().min(1));
    }
    let found = planner.only(resource.clone(), &same, |group| group.pk.to_string());
    let group = match found {
        Found::Many => None,
        Found::One(group) => Some(planner.reference(&group.pk, name)),
        Found::None if create => {
            let id = format!("access-group-{number}");
            let body = GroupCreate { name: name.to_owned(), users: Vec::new(), roles: Vec::new() };
            let about = About::new(id.as_str(), resource, GuideStep::Troubleshooting);
            let reason = "its members may log in to NetBird; it has none yet";
            planner.create(about, reason, Vec::new(), Group::API.create(&body));
            Some(Reference::pending(&id))
        }
        Found::None => {
            let hint = "Create it in authentik, or set `create_access_groups`.";
            planner.missing(resource, "its members are to log in to NetBird", hint);
            None
        }
    };
    (group, duplicates)
}

fn binding(
    planner: &mut Planner<'_>,
    (id, name, slug): (&str, &str, &str),
    application: &Reference<ApplicationId>,
    subject: &Subject,
    taken: &mut BTreeSet<i64>,
) {
    // One that expires allows nobody for good: it counts as missing.
    let is_ours = |binding: &&PolicyBinding| !binding.expiring && subject.is_of(binding);
    let mut found: Vec<&PolicyBinding> = bindings(planner, slug).filter(is_ours).collect();
    found.sort_by_key(|binding| (binding.order, &binding.pk));
    let resource = PolicyBinding::API.resource(format!("{name} to {slug}"));
    let about = About::new(id, resource.clone(), GuideStep::Troubleshooting);
    let allowing: Vec<&&PolicyBinding> = found.iter().filter(|one| one.allows()).collect();
    if let [_, duplicates @ ..] = allowing.as_slice() {
        planner.unchanged(about, "it is bound");
        for (index, duplicate) in duplicates.iter().enumerate() {
            let id = format!("{id}-duplicate-{}", index + 1);
            let about = About::new(id, resource.clone(), GuideStep::Troubleshooting);
            let reason = "a duplicate, left by two runs at the same time; access does not change";
            let changes = vec![FieldChange::removed("order", &duplicate.order)];
            let write = PolicyBinding::API.delete(&duplicate.pk);
            planner.operation(about, reason, Vec::new(), changes, Some(write));
        }
        return;
    }
    if let Some(other) = found.first() {
        let what = if other.negate { "denies it" } else { "is disabled" };
        planner.block(
            resource,
            format!("there is a binding that {what}"),
            "Change or delete it in authentik.",
        );
        return;
    }
    let (group, user) = match subject.clone() {
        Subject::Group(group) => (Some(group), None),
        Subject::User(user) => (None, Some(user)),
    };
    // People log in to an existing application: none is bound to a group before NetBird's account has
    // a binding, or every login would fail in between.
    let after: Vec<OperationId> = match (&application, &user) {
        (Reference::Known(_), None) => planner.changes(&[ACCOUNT]),
        _ => Vec::new(),
    };
    let members = group.as_ref().and_then(Reference::known).and_then(|pk| {
        let group = planner.snapshot.groups.iter().find(|one| one.pk == *pk)?;
        Some(format!("its members ({} now)", group.users.len()))
    });
    let reason = match members {
        _ if user.is_some() => {
            "NetBird's own requests need it, because the application is bound".to_owned()
        }
        Some(members) => format!("{members} may log in, and nobody else who is not bound"),
        None => "its members may log in, and nobody else who is not bound".to_owned(),
    };
    // The lowest one that is free: a run that was cut off and finished ends as one in a single go.
    let order = (0..i64::MAX).find(|order| !taken.contains(order)).unwrap_or_default();
    taken.insert(order);
    let body = PolicyBindingCreate { target: application.clone(), group, user, order };
    planner.create(about, &reason, after, PolicyBinding::API.create(&body));
}
