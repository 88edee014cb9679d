//! The client with which NetBird's management reads users, and the one of people's browsers, which should not
//! have the scope of authentik's API.

use super::{API_SCOPE, Evidence, Judgement, Requirement, missing, pass, scopes, warn};
use crate::authentik::{Provider, ScopeMapping, Snapshot};
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::ApiClient,
    need: "only the client of NetBird's management has the scope of authentik's API: from the client of \
           people's browsers, anyone who controls a page of NetBird's host or a program on the port of its \
           client gets an API token of anyone who is logged in, unnoticed",
    guide: None,
};

/// The risk.
pub(crate) fn danger(client: &str, domain: &str) -> String {
    format!(
        "the client of people's browsers, \"{client}\", has the scope of authentik's API: anyone who controls a \
         page of {domain} or a program on port 53000 of an administrator's machine gets an API token of \
         that administrator, unnoticed"
    )
}

/// Whether the client of people's browsers has the scope.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let Some(provided) = scopes::provided(evidence) else {
        return missing("the scopes of the provider");
    };
    if !provided.iter().any(|scope| scope == API_SCOPE) {
        return pass("the client of people's browsers has no scope of authentik's API");
    }
    let name = evidence.provider.map_or("NetBird's", |provider| provider.name.as_str());
    let hint = if evidence.needs.reads_users_with_client {
        "Set `migrate_api_client` to `add_client` and apply, restart NetBird with the new setup.env, then set \
         it to `remove_scope` and apply again."
    } else {
        "Once NetBird runs with this setup.env, set `migrate_api_client` to `remove_scope` and apply."
    };
    warn(danger(&(evidence.shown)(name), &evidence.needs.domain), hint)
}

pub(crate) fn provides_api_scope(mapping: &ScopeMapping) -> bool {
    mapping.scope_name == API_SCOPE
}

/// Whether a provider has the scope, by whatever mapping.
pub(crate) fn has_api_scope(provider: &Provider, snapshot: &Snapshot) -> bool {
    let mut mappings = snapshot.scope_mappings.iter();
    mappings.any(|one| provides_api_scope(one) && provider.property_mappings.contains(&one.pk))
}
