//! What must hold of the server.

use std::collections::BTreeMap;

use authentik_netbird_core::outputs::Outputs;
use authentik_simulator::State;

use super::names::{FLOW, Names};
use crate::support::running::Running;

/// Of each thing there is one at the most.
pub(crate) fn nothing_is_double(state: &State) {
    let double = double(state);
    assert!(double.is_empty(), "double: {double:?}");
}

/// How many objects there are more than one of each.
pub(crate) fn duplicates(state: &State) -> usize {
    double(state).values().map(|count| count - 1).sum()
}

/// What exists more than once, and how often.
fn double(state: &State) -> BTreeMap<String, usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let names = (state.providers.iter().map(|one| format!("provider {}", one.name)))
        .chain(state.applications.iter().map(|one| format!("application {}", one.slug)))
        .chain(state.users.iter().map(|one| format!("user {}", one.username)))
        .chain(state.tokens.iter().map(|one| format!("token of {}", one.user)))
        .chain(state.flows.iter().map(|one| format!("flow {}", one.slug)))
        .chain(state.roles.iter().map(|one| format!("role {}", one.name)))
        .chain(state.groups.iter().map(|one| format!("group {}", one.name)))
        .chain(
            state
                .policy_bindings
                .iter()
                .map(|one| format!("binding of {:?} {:?} to {}", one.group, one.user, one.target)),
        );
    for name in names {
        *seen.entry(name).or_default() += 1;
    }
    seen.retain(|_, count| *count > 1);
    seen
}

/// Nothing of one NetBird is left.
pub(crate) fn nothing_is_left(state: &mut State, of: Names) {
    let left = [
        of.provider(state).is_some(),
        of.application(state).is_some(),
        of.account(state).is_some(),
        !state.policy_bindings.is_empty(),
        state.flows.iter().any(|flow| flow.slug == FLOW),
    ];
    assert_eq!(left, [false; 5], "provider, application, account, bindings, flow");
}

/// The client id and the password are those that authentik has now.
pub(crate) fn has_what_netbird_needs(running: &Running, of: Names, outputs: &Outputs) {
    running.simulator.edit(|state| {
        let provider = of.provider(state).unwrap();
        assert_eq!(outputs.client_id.as_str(), provider.client_id);
        // When there was nothing to do it is not read, and setup.env keeps what it has.
        if let Some(password) = outputs.account.as_ref().and_then(|one| one.app_password.as_ref()) {
            assert_eq!(password.expose(), key(state, of), "the password that is there");
        }
    });
}

/// The value of the account's app password.
pub(crate) fn key(state: &mut State, of: Names) -> String {
    let user = of.account(state).unwrap().pk;
    let token = state.tokens.iter().find(|token| token.user == user).unwrap();
    token.key.to_string()
}
