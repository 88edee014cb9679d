//! The writes of a first apply and of a repair: how they are sent, and what shows that they are
//! done. Judged from the simulator's own state, not by the code under test.

use authentik_simulator::{Release, State};

use crate::support::running::{Running, start};
use crate::support::story;

/// Where a case starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A factory-fresh server.
    Fresh,
    /// One that was set up, and then everything of it was changed.
    Drifted,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Write {
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

const fn write(operation: &'static str, method: &'static str, path: &'static str) -> Write {
    Write { operation, method, path }
}

pub(crate) const FIRST: [Write; 6] = [
    write("provider", "POST", "/providers/oauth2/"),
    write("app-password", "POST", "/core/users/service_account/"),
    write("device-flow", "POST", "/flows/instances/"),
    write("application", "POST", "/core/applications/"),
    write("service-account", "PATCH", "/core/users/"),
    write("brand", "PATCH", "/core/brands/"),
];

pub(crate) const REPAIR: [Write; 6] = [
    write("provider", "PATCH", "/providers/oauth2/"),
    write("service-account", "PATCH", "/core/users/"),
    write("app-password", "POST", "/core/tokens/"),
    write("device-flow", "PATCH", "/flows/instances/"),
    write("application", "PATCH", "/core/applications/"),
    write("brand", "PATCH", "/core/brands/"),
];

impl Start {
    pub(crate) async fn running(self, release: Release) -> Running {
        let mut running = start(release);
        let exact = [("exact".to_owned(), true.into())].into();
        running.wanted = running.wanted.with_fields(exact).build().unwrap();
        if let Self::Drifted = self {
            story::converge(&running.client, &running.wanted).await;
            running.simulator.edit(drift);
            running.simulator.clear_requests();
        }
        running
    }
}

fn drift(state: &mut State) {
    state.providers[0].client_type = "confidential".into();
    state.applications[0].name = "Drifted".into();
    let user = state.users.iter_mut().find(|user| user.username == "NetBird").unwrap();
    user.is_active = false;
    let user = user.pk;
    state.tokens.retain(|token| token.user != user);
    let flow = state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow");
    flow.unwrap().title = "Drifted".into();
    state.brands[0].flow_device_code = None;
}

/// Whether an operation's work is there.
pub(crate) fn is_done(state: &State, operation: &str) -> bool {
    let user = state.users.iter().find(|user| user.username == "NetBird");
    let provider = state.providers.iter().find(|provider| provider.name == "NetBird");
    let flow = state.flows.iter().find(|flow| flow.slug == "default-device-code-flow");
    match operation {
        "provider" => provider.is_some_and(|provider| provider.client_type == "public"),
        "service-account" => user.is_some_and(|user| {
            let groups = state.groups.iter().filter(|group| group.users.contains(&user.pk));
            user.is_active && groups.map(|group| &group.name).eq(["authentik Admins"])
        }),
        "app-password" => state.tokens.iter().any(|token| {
            token.intent == "app_password" && token.identifier.starts_with("service-account-")
        }),
        "device-flow" => flow.is_some_and(|flow| flow.title == "Device code flow"),
        "application" => state.applications.iter().any(|application| {
            application.slug == "netbird"
                && application.name == "NetBird"
                && provider.is_some_and(|provider| application.provider == Some(provider.pk))
        }),
        "rights" => true,
        "brand" => {
            flow.is_some_and(|flow| state.brands[0].flow_device_code.as_ref() == Some(&flow.pk))
        }
        other => panic!("no such operation: {other}"),
    }
}

/// Makes what someone else made in an operation's place another thing than was wanted.
pub(crate) fn differ(state: &mut State, operation: &str) {
    match operation {
        "provider" => state.providers[0].client_type = "confidential".into(),
        "service-account" => {
            let user = state.users.iter_mut().find(|user| user.username == "NetBird");
            user.unwrap().is_active = false;
        }
        "app-password" => state.tokens.last_mut().unwrap().intent = "api".into(),
        "device-flow" => state.flows.last_mut().unwrap().title = "Theirs".into(),
        "application" => state.applications[0].name = "Theirs".into(),
        other => panic!("no such operation: {other}"),
    }
}
