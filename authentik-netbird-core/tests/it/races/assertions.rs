//! Whether what was said of a run is so.

use std::collections::BTreeMap;

use authentik_netbird_core::Error;
use authentik_netbird_core::ids::ResourceKind;
use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::plan::{ApplyReport, OperationState, ReportEntry, Verb};
use authentik_simulator::{LoggedRequest, State};

use super::names::{FLOW, Names};
use super::run;
use crate::support::running::Running;

/// The report of a run, whether or not all of it went well.
pub(crate) fn report(ran: &run::Result) -> Option<&ApplyReport> {
    match ran {
        Ok(ran) => ran.report.as_ref(),
        Err(Error::PartialApply { report, .. }) => Some(report),
        Err(_) => None,
    }
}

/// As many writes were taken as are said to be done, by all runs together, but for what several made
/// at once and took away again, each his own.
pub(crate) fn all_writes_are_told(running: &Running, ran: &[run::Result]) {
    let taken = running.simulator.requests();
    // A rotation may take the expiry away first: that and the new value are one thing done.
    let is_expiry = |one: &LoggedRequest| one.method == "PATCH" && one.path.contains("/tokens/");
    // Its answer may be lost on the way.
    let is_unheard = |one: &LoggedRequest| one.status.is_none() && one.committed.is_some();
    let is_done = |one: &LoggedRequest| one.status.is_some_and(|status| status < 300);
    let is_taken = |one: &&LoggedRequest| {
        let is_removed = one.method == "DELETE" && is_unheard(one);
        one.is_write() && (is_done(one) || is_removed) && !is_expiry(one)
    };
    let taken = taken.iter().filter(is_taken);
    let taken: Vec<String> = taken.map(|one| format!("{} {}", one.method, one.path)).collect();
    let told: usize = ran.iter().map(writes_told).sum();
    let is_taking_back = |one: &&String| {
        one.starts_with("DELETE") && TAKEN_BACK.iter().any(|path| one.contains(path))
    };
    let removed = taken.iter().filter(is_taking_back).count();
    let took_back = removed - ran.iter().map(groups_removed).sum::<usize>();
    let texts = || ran.iter().map(said).collect::<Vec<_>>().join("\n");
    assert_eq!(taken.len(), told + 2 * took_back, "taken were {taken:#?}\ntold was\n{}", texts());
}

/// What authentik takes twice. No plan removes a binding: they go with their application.
const TAKEN_BACK: [&str; 2] = ["/policies/bindings/", "/core/groups/"];

/// Groups that a teardown removed.
fn groups_removed(ran: &run::Result) -> usize {
    let is_it = |entry: &&ReportEntry| {
        entry.state == OperationState::Done
            && entry.verb == Verb::Delete
            && entry.resource.kind == ResourceKind::Group
    };
    report(ran).map_or(0, |report| report.entries.iter().filter(is_it).count())
}

fn writes_told(ran: &run::Result) -> usize {
    match (report(ran), ran) {
        (Some(report), _) => {
            report.entries.iter().filter(|entry| entry.state == OperationState::Done).count()
        }
        // A rotation: it has no report when all is well.
        (None, Ok(_)) => 1,
        (None, Err(_)) => 0,
    }
}

/// A run in words.
pub(crate) fn said(ran: &run::Result) -> String {
    match (report(ran), ran) {
        (Some(report), _) => report.to_string(),
        (None, Ok(_)) => "rotated".to_owned(),
        (None, Err(error)) => error.chain(),
    }
}

/// Of each thing there is one at the most.
pub(crate) fn nothing_is_double(state: &State) {
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
    assert!(seen.is_empty(), "double: {seen:?}");
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
