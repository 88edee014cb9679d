//! Whatever else is on the server, setting up and tearing down leaves it as it was, to the letter.

use authentik_simulator::{RedirectUri, Release, State};
use proptest::prelude::*;
use serde_json::Value;

use super::{RELEASES, dump, set_up, tear_down};
use crate::support::running::start;

/// Something that others have on the server. Numbers choose among what is there.
#[derive(Clone, Debug)]
enum Foreign {
    User { name: String, kind: usize, token: bool },
    Group { name: String, member: usize },
    Administrator { user: usize },
    Role { name: String, user: usize },
    Provider { name: String, uri: usize, grants: bool },
    Application { name: String, provider: usize },
    Binding { application: usize, group: usize },
    Flow { name: String, stages: bool },
    Brand { name: String, flow: usize },
}

/// Names that are close to the integration's, and none of them is.
fn name() -> impl Strategy<Value = String> {
    let close = [
        "netbird2",
        "NETBIRD",
        "netBird",
        "NetBird-2",
        "netbirds",
        "net-bird",
        "authentik-admins",
        "Authentik-Admins",
        "default-device-code-flow-2",
        "Default-device-code-flow",
        "service-account-netbird-password-x",
        "wiki",
        "vpn",
    ];
    (prop::sample::select(close.to_vec()), 0..3_u8).prop_map(|(name, number)| match number {
        0 => name.to_owned(),
        number => format!("{name}-{number}"),
    })
}

fn foreign() -> impl Strategy<Value = Foreign> {
    let index = 0..8_usize;
    prop_oneof![
        (name(), 0..4_usize, any::<bool>()).prop_map(|(name, kind, token)| Foreign::User {
            name,
            kind,
            token
        }),
        (name(), index.clone()).prop_map(|(name, member)| Foreign::Group { name, member }),
        index.clone().prop_map(|user| Foreign::Administrator { user }),
        (name(), index.clone()).prop_map(|(name, user)| Foreign::Role { name, user }),
        (name(), 0..6_usize, any::<bool>()).prop_map(|(name, uri, grants)| Foreign::Provider {
            name,
            uri,
            grants
        }),
        (name(), index.clone())
            .prop_map(|(name, provider)| Foreign::Application { name, provider }),
        (index.clone(), index.clone())
            .prop_map(|(application, group)| Foreign::Binding { application, group }),
        (name(), any::<bool>()).prop_map(|(name, stages)| Foreign::Flow { name, stages }),
        (name(), index).prop_map(|(name, flow)| Foreign::Brand { name, flow }),
    ]
}

fn nth<T>(list: &[T], number: usize) -> Option<&T> {
    list.get(number % list.len().max(1))
}

impl Foreign {
    /// Adds it, unless something has its name.
    fn add(&self, state: &mut State) {
        match self {
            Self::User { name, kind, token } => {
                if state.users.iter().any(|user| user.username == *name) {
                    return;
                }
                let kinds = ["internal", "external", "service_account", "internal_service_account"];
                let user = state.add_user(name);
                user.kind = kinds[*kind].to_owned();
                let user = user.pk;
                if *token {
                    state.add_token(&format!("token-of-{name}"), user);
                }
            }
            Self::Group { name, member } => {
                if state.groups.iter().any(|group| group.name == *name) {
                    return;
                }
                let member = nth(&state.users, *member).unwrap().pk;
                state.add_group(name).users.push(member);
            }
            Self::Administrator { user } => {
                let user = nth(&state.users, *user).unwrap().pk;
                let group = state.groups.iter_mut().find(|group| group.name == "authentik Admins");
                let group = group.unwrap();
                if !group.users.contains(&user) {
                    group.users.push(user);
                }
            }
            Self::Role { name, user } => {
                if state.roles.iter().any(|role| role.name == *name) {
                    return;
                }
                let user = nth(&state.users, *user).unwrap().pk;
                state.add_role(name).users.push(user);
            }
            Self::Provider { name, uri, grants } => {
                if state.providers.iter().any(|provider| provider.name == *name) {
                    return;
                }
                let uris = [
                    "https://wiki.company/callback",
                    "https://netbird.company.evil.com",
                    "https://netbird.company",
                    "http://localhost:5300",
                    "http://localhost:53000",
                    r"http://localhost:53000(/.*)?",
                ];
                let provider = state.add_provider(name);
                provider.redirect_uris = vec![RedirectUri::new("strict", uris[*uri])];
                if *grants {
                    let code = "urn:ietf:params:oauth:grant-type:device_code";
                    provider.grant_types = vec!["authorization_code".to_owned(), code.to_owned()];
                }
            }
            Self::Application { name, provider } => {
                if state.applications.iter().any(|application| application.slug == *name) {
                    return;
                }
                let provider = nth(&state.providers, *provider).map(|provider| provider.pk);
                let taken = |pk| state.applications.iter().any(|one| one.provider == Some(pk));
                let provider = provider.filter(|pk| !taken(*pk));
                state.add_application(name, name, provider);
            }
            Self::Binding { application, group } => {
                let Some(target) = nth(&state.applications, *application) else { return };
                let (target, group) = (target.pk.clone(), nth(&state.groups, *group));
                let group = group.map(|group| group.pk.clone());
                state.add_policy_binding(&target).group = group;
            }
            Self::Flow { name, stages } => {
                if state.flows.iter().any(|flow| flow.slug == *name) {
                    return;
                }
                let flow = state.add_flow(name, "Device code flow", "stage_configuration");
                if *stages {
                    flow.stages.push("11111111-1111-4111-8111-111111111111".to_owned());
                }
            }
            Self::Brand { name, flow } => {
                if state.brands.iter().any(|brand| brand.domain == *name) {
                    return;
                }
                let flow = nth(&state.flows, *flow).map(|flow| flow.pk.clone());
                state.add_brand(name).flow_device_code = flow;
            }
        }
    }
}

/// The state without what is this integration's.
fn of_others(mut state: Value) -> Value {
    let key = |list: &str, field: &str, name: &str| {
        let found = state[list].as_array().unwrap().iter().find(|entry| entry[field] == name);
        found.map_or_else(|| Value::String("none".to_owned()), |entry| entry["pk"].clone())
    };
    let account = key("users", "username", "NetBird");
    let application = key("applications", "slug", "netbird");
    let provider = key("providers", "name", "NetBird");
    let flow = key("flows", "slug", "default-device-code-flow");
    for (list, field, key) in [
        ("users", "pk", &account),
        ("tokens", "user", &account),
        ("applications", "pk", &application),
        ("policy_bindings", "target", &application),
        ("providers", "pk", &provider),
        ("flows", "pk", &flow),
    ] {
        state[list].as_array_mut().unwrap().retain(|entry| entry[field] != *key);
    }
    for group in state["groups"].as_array_mut().unwrap() {
        if group["name"] == "authentik Admins" {
            group["users"].as_array_mut().unwrap().retain(|user| *user != account);
        }
    }
    let brand = &mut state["brands"][0]["flow_device_code"];
    if *brand == flow {
        *brand = Value::Null;
    }
    state
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// What was there before the first apply, and what came between it and the teardown.
    #[test]
    fn others_keep_what_they_have(
        before in prop::collection::vec(foreign(), 0..12),
        between in prop::collection::vec(foreign(), 0..6),
        release in prop::sample::select(RELEASES.to_vec()),
    ) {
        block_on(async {
            let running = start(release);
            // Roles of users themselves are of 2026.5.
            let fits = |one: &&Foreign| {
                release == Release::V2026_5 || !matches!(one, Foreign::Role { .. })
            };
            let add = |all: &[Foreign]| {
                running.simulator.edit(|state| {
                    all.iter().filter(fits).for_each(|one| one.add(state));
                });
            };
            add(&before);
            let found = dump(&running.simulator);
            set_up(&running).await;
            assert_eq!(of_others(dump(&running.simulator)), found, "setting up");
            if between.is_empty() {
                let (plan, _) = tear_down(&running).await;
                let kept = plan.operations.iter().any(|operation| !operation.is_change());
                let left = dump(&running.simulator);
                assert_eq!(of_others(left.clone()), found, "{plan}");
                assert!(kept || left == found, "what is not kept is gone: {plan}");
            } else {
                add(&between);
                let found = of_others(dump(&running.simulator));
                let (plan, _) = tear_down(&running).await;
                assert_eq!(of_others(dump(&running.simulator)), found, "{plan}");
            }
        });
    }
}
