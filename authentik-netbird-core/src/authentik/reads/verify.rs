//! What verify reads of authentik.

use super::super::{Application, Flow, Group, Provider, Read, Role, ScopeMapping, Snapshot, User};
use super::{VerifiedNames, bindings, roles, tokens};
use crate::ids::{ClientId, Slug};

/// Slug of the application that NetBird's management uses, as far as it is known.
fn api_application<'a>(names: &'a VerifiedNames, snapshot: &'a Snapshot) -> Option<&'a str> {
    let Some(id) = &names.api_client_id else {
        return names.api_application.as_ref().or(Some(&names.application)).map(Slug::as_str);
    };
    let provider = snapshot.providers.iter().find(|one| one.client_id == *id);
    provider.and_then(|one| one.assigned_application_slug.as_deref())
}

/// Checks do without what cannot be read, so everything is optional.
pub(super) fn verify(names: &VerifiedNames, snapshot: &Snapshot) -> Vec<Read> {
    let slug = names.application.as_str();
    let mut reads = vec![Read::version(), Read::caller()];
    // A file that cannot be read names no application.
    reads.extend((!slug.is_empty()).then(|| Read::item::<Application>(slug)));
    reads.extend([Read::list::<Flow>("", &[]), Read::list::<ScopeMapping>("", &[])]);
    let of = |id: &ClientId| Read::list::<Provider>(id.as_str(), &[("client_id", id.as_str())]);
    reads.extend(names.client_id.iter().chain(&names.api_client_id).map(of));
    let api_application = api_application(names, snapshot).filter(|api| *api != slug);
    reads.extend(api_application.map(Read::item::<Application>));
    let unnamed = names.client_id.is_none().then_some(slug);
    for slug in unnamed.into_iter().chain(api_application) {
        let provider = snapshot.application(slug).and_then(|application| application.provider);
        let unknown = provider.filter(|pk| !snapshot.providers.iter().any(|one| one.pk == *pk));
        reads.extend(unknown.map(|pk| Read::item::<Provider>(&pk.to_string())));
    }
    if let Some(username) = names.account.as_deref() {
        let tokens = tokens(username);
        let user = snapshot.user(username);
        // Tokens come with their user. The search also finds one whose name differs in case.
        if snapshot.read.contains(&tokens.request.path) && user.is_none() {
            reads.push(Read::list::<User>(username, &[("search", username)]));
        }
        reads.push(tokens);
        let slug = api_application.unwrap_or(slug);
        reads.extend(bindings(slug, snapshot));
        if let Some(application) = snapshot.application(slug)
            && user.is_some_and(|user| snapshot.depends_on_ancestors(application, user))
        {
            reads.push(Read::list::<Group>("", &[("include_users", "false")]));
        }
        let user = user.zip(names.role.as_deref());
        reads.extend(user.iter().flat_map(|(user, role)| holders(user, role, snapshot)));
    }
    reads.extend(bindings(names.application.as_str(), snapshot));
    reads.extend(members(names, snapshot));
    reads.into_iter().map(Read::optional).collect()
}

/// Whether anyone is in the groups whose members alone may log in.
fn members(names: &VerifiedNames, snapshot: &Snapshot) -> Option<Read> {
    let application = snapshot.application(names.application.as_str())?;
    let account = names.account.as_deref().and_then(|name| snapshot.user(name));
    let groups = snapshot.only_groups(application, account).filter(|groups| !groups.is_empty())?;
    let groups = groups.into_iter().map(|pk| ("groups_by_pk", pk.as_str()));
    let people = [("is_active", "true"), ("type", "internal"), ("type", "external")];
    let filters: Vec<(&str, &str)> = groups.chain(people).collect();
    Some(Read::list::<User>("", &filters).any())
}

/// Who else has the role of least privilege, if the account is in its group.
fn holders(user: &User, name: &str, snapshot: &Snapshot) -> Vec<Read> {
    let Some(group) = user.group(name) else { return Vec::new() };
    let of_group = Read::uses::<Group>(group.pk.as_str(), group.pk.as_str());
    let found = snapshot.roles.iter().filter(|role| role.name == name);
    let of_roles = found.map(|role| Read::uses::<Role>(role.pk.as_str(), role.pk.as_str()));
    [of_group, roles(name)].into_iter().chain(of_roles).collect()
}
