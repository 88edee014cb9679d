//! What is not this integration's alone is kept, to the letter, and named with the reason.

use authentik_netbird_core::ConnectionOptions;
use authentik_netbird_core::ids::Resource;
use authentik_netbird_core::plan::Operation;
use authentik_netbird_core::plan::Plan;
use authentik_simulator::{Effect, Fault, FaultAnswer, Flow, Release, State};
use serde_json::Value;
use std::time::Duration;

use super::{dump, set_up, tear_down, writes};
use crate::support::running::{Running, start, start_with};
use crate::support::story;

struct Case {
    name: &'static str,
    edit: fn(&mut State),
    /// Operations that keep something, and what their reasons say.
    kept: &'static [(&'static str, &'static str)],
}

const STAGE: &str = "11111111-1111-4111-8111-111111111111";

fn our_flow(state: &mut State) -> &mut Flow {
    state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow").unwrap()
}

fn account(state: &State) -> u64 {
    state.users.iter().find(|user| user.username == "NetBird").unwrap().pk
}

const NEEDED: (&str, &str) = ("brand", "it uses the flow, which is still needed");
const PASSWORD: (&str, &str) = ("app-password", "NetBird knows its value: delete service-account-");

const FLOWS: [Case; 14] = [
    Case {
        name: "another brand uses the flow",
        edit: |state| {
            let flow = our_flow(state).pk.clone();
            state.add_brand("other.company").flow_device_code = Some(flow);
        },
        kept: &[("device-flow", "the brand \"other.company\" uses it, too")],
    },
    Case {
        name: "another brand has it in another field",
        edit: |state| {
            let flow = our_flow(state).pk.clone();
            state.add_brand("other.company").flow_user_settings = Some(flow);
        },
        kept: &[("device-flow", "the brand \"Brand other.company\" uses it")],
    },
    Case {
        name: "the same brand has it in another field",
        edit: |state| {
            let flow = our_flow(state).pk.clone();
            state.brands[0].flow_user_settings = Some(flow);
        },
        kept: &[("device-flow", "the brand \"Default brand\" uses it")],
    },
    Case {
        name: "another provider authorizes with it",
        edit: |state| {
            let flow = our_flow(state).pk.clone();
            state.add_provider("Wiki").authorization_flow = flow;
        },
        kept: &[("device-flow", "the oauth2provider \"OAuth2 Provider Wiki\" uses it")],
    },
    Case {
        name: "a stage",
        edit: |state| our_flow(state).stages.push(STAGE.to_owned()),
        kept: &[("device-flow", "someone gave it stages (1)"), NEEDED],
    },
    Case {
        name: "a policy",
        edit: |state| our_flow(state).policies.push(STAGE.to_owned()),
        kept: &[("device-flow", "someone gave it bindings (1)"), NEEDED],
    },
    Case {
        name: "bound to a group",
        edit: |state| {
            let target = our_flow(state).policybindingmodel_ptr_id.clone();
            let group = state.add_group("VPN").pk.clone();
            state.add_policy_binding(&target).group = Some(group);
        },
        kept: &[("device-flow", "someone gave it bindings (1)"), NEEDED],
    },
    Case {
        name: "texts",
        edit: |state| {
            let flow = our_flow(state);
            (flow.name, flow.title) = ("Devices".to_owned(), "Devices".to_owned());
        },
        kept: &[("device-flow", "it was changed since it was created: name, title"), NEEDED],
    },
    Case {
        name: "settings",
        edit: |state| {
            let flow = our_flow(state);
            flow.authentication = "none".to_owned();
            flow.designation = "authorization".to_owned();
            flow.layout = "sidebar_left".to_owned();
            flow.denied_action = "continue".to_owned();
            flow.policy_engine_mode = "all".to_owned();
            flow.compatibility_mode = true;
            flow.background = "/media/public/flow-backgrounds/own.jpg".to_owned();
        },
        kept: &[
            (
                "device-flow",
                "it was changed since it was created: authentication, compatibility_mode, \
                 denied_action, designation, layout, policy_engine_mode, background",
            ),
            NEEDED,
        ],
    },
    Case {
        name: "another NetBird, with an account of its own",
        edit: |state| {
            let mut uri = state.providers[0].redirect_uris[0].clone();
            uri.url = r"http://localhost:53000/?".to_owned();
            state.add_provider("Other").redirect_uris.push(uri);
            state.add_user("Other").kind = "service_account".to_owned();
        },
        kept: &[("device-flow", "another NetBird may need it: provider \"Other\""), NEEDED],
    },
    Case {
        name: "three more NetBirds",
        edit: |state| {
            for name in ["A", "B", "C"] {
                let mut uri = state.providers[0].redirect_uris[0].clone();
                uri.url = "http://127.0.0.1:53000".to_owned();
                state.add_provider(name).redirect_uris.push(uri);
                state.add_user(name).kind = "service_account".to_owned();
            }
        },
        kept: &[("device-flow", "another NetBird may need it: provider \"A\" and 2 more"), NEEDED],
    },
    Case {
        name: "a provider with device logins",
        edit: |state| {
            let code = "urn:ietf:params:oauth:grant-type:device_code".to_owned();
            state.add_provider("TV").grant_types = vec!["refresh_token".to_owned(), code];
        },
        kept: &[("device-flow", "device logins of others may need it: provider \"TV\""), NEEDED],
    },
    Case {
        name: "a provider from before 2026.5, with every grant type",
        edit: |state| {
            let all = [
                "authorization_code",
                "implicit",
                "hybrid",
                "refresh_token",
                "client_credentials",
                "password",
                "urn:ietf:params:oauth:grant-type:device_code",
            ];
            state.add_provider("Old").grant_types = all.map(str::to_owned).to_vec();
        },
        kept: &[],
    },
    Case {
        name: "the brand uses another flow",
        edit: |state| {
            let flow = state.add_flow("their-own", "Theirs", "stage_configuration").pk.clone();
            state.brands[0].flow_device_code = Some(flow);
        },
        kept: &[("brand", "it uses another device-code flow, \"their-own\"")],
    },
];

const OTHERS: [Case; 11] = [
    Case {
        name: "the provider serves another application",
        edit: |state| state.applications[0].slug = "vpn".to_owned(),
        kept: &[
            ("provider", "it serves the application \"vpn\""),
            ("service-account", "the provider or application of these names is kept"),
            ("device-flow", "another NetBird may need it: provider \"NetBird\""),
            PASSWORD,
            NEEDED,
        ],
    },
    Case {
        name: "the provider is another NetBird's",
        edit: |state| {
            for uri in &mut state.providers[0].redirect_uris {
                uri.url = uri.url.replace("netbird", "other");
            }
        },
        kept: &[
            ("provider", "its redirect URIs lead to other.company, not to netbird.company"),
            ("application", "its provider \"NetBird\" is kept"),
            ("service-account", "the provider or application of these names is kept"),
            ("device-flow", "another NetBird may need it: provider \"NetBird\""),
            PASSWORD,
            NEEDED,
        ],
    },
    Case {
        name: "another provider takes its tokens",
        edit: |state| {
            let ours = state.providers[0].pk;
            state.add_provider("Wiki").jwt_federation_providers.push(ours);
        },
        kept: &[
            ("provider", "the provider \"Wiki\" accepts its tokens"),
            ("application", "its provider \"NetBird\" is kept"),
            ("service-account", "the provider or application of these names is kept"),
            ("device-flow", "another NetBird may need it: provider \"NetBird\""),
            PASSWORD,
            NEEDED,
        ],
    },
    Case {
        name: "the application has another provider",
        edit: |state| {
            let other = state.add_provider("Wiki").pk;
            state.applications[0].provider = Some(other);
        },
        kept: &[
            ("application", "it has the provider \"Wiki\""),
            ("service-account", "the provider or application of these names is kept"),
            PASSWORD,
        ],
    },
    Case {
        name: "the application has no provider, and leads elsewhere",
        edit: |state| {
            state.applications[0].provider = None;
            state.applications[0].meta_launch_url = "https://wiki.company".to_owned();
        },
        kept: &[
            ("application", "it has no provider, and does not lead to https://netbird.company"),
            ("service-account", "the provider or application of these names is kept"),
            PASSWORD,
        ],
    },
    Case {
        name: "a person has the account's name",
        edit: |state| {
            let account = account(state);
            let user = state.users.iter_mut().find(|user| user.pk == account).unwrap();
            user.kind = "internal".to_owned();
        },
        kept: &[("service-account", "it is not a service account but internal"), PASSWORD],
    },
    Case {
        name: "the account has an API token",
        edit: |state| {
            let account = account(state);
            state.add_token("terraform", account);
        },
        kept: &[("service-account", "it owns the token \"terraform\""), PASSWORD],
    },
    Case {
        name: "the account has an app password that someone made",
        edit: |state| {
            let account = account(state);
            let ours = state.tokens.iter_mut().find(|token| token.user == account).unwrap();
            ours.identifier = "made-by-hand".to_owned();
        },
        kept: &[("service-account", "it owns the token \"made-by-hand\"")],
    },
    Case {
        name: "the account is in another group",
        edit: |state| {
            let account = account(state);
            state.add_group("VPN").users.push(account);
        },
        kept: &[("service-account", "it is a member of \"VPN\""), PASSWORD],
    },
    Case {
        name: "the account has a role",
        edit: |state| {
            let account = account(state);
            state.add_role("Reader").users.push(account);
        },
        kept: &[("service-account", "it has the role \"Reader\""), PASSWORD],
    },
    Case {
        name: "another application allows the account",
        edit: |state| {
            let account = account(state);
            let target = state.add_application("Wiki", "wiki", None).pk.clone();
            state.add_policy_binding(&target).user = Some(account);
        },
        kept: &[
            ("service-account", "\"Binding from Wiki #0 to User NetBird\" allows it elsewhere"),
            PASSWORD,
        ],
    },
];

/// What a dump has of a resource.
fn object<'a>(dump: &'a Value, resource: &Resource) -> &'a Value {
    let (list, field) = match resource.kind.as_str() {
        "provider" => ("providers", "name"),
        "application" => ("applications", "slug"),
        "service_account" => ("users", "username"),
        "app_password" => ("tokens", "identifier"),
        "flow" => ("flows", "slug"),
        "brand" => ("brands", "domain"),
        other => panic!("{other}"),
    };
    let found = dump[list].as_array().unwrap().iter().find(|one| one[field] == resource.name);
    found.unwrap_or_else(|| panic!("no {resource}"))
}

fn kept(plan: &Plan) -> Vec<&Operation> {
    plan.operations.iter().filter(|operation| !operation.is_change()).collect()
}

async fn check(running: &Running, case: &Case) {
    let Case { name, kept: wanted, .. } = case;
    let had = dump(&running.simulator);
    let (plan, _) = tear_down(running).await;
    let has = dump(&running.simulator);
    let kept = kept(&plan);
    for (id, reason) in *wanted {
        let operation = kept.iter().find(|operation| operation.id.as_str() == *id);
        let operation = operation.unwrap_or_else(|| panic!("{name}: {id} is not kept\n{plan}"));
        assert!(operation.reason.starts_with("kept: "), "{name}: {plan}");
        assert!(operation.reason.contains(reason), "{name}: {id}\n{plan}");
        assert_eq!(object(&has, &operation.resource), object(&had, &operation.resource), "{name}");
    }
    assert_eq!(kept.len(), wanted.len(), "{name}: {plan}");
    let is_kept = |id: &str| wanted.iter().any(|(kept, _)| *kept == id);
    // The brand is changed by itself only where its flow stays for others.
    let all: Vec<&str> = ["application", "provider", "service-account", "brand", "device-flow"]
        .into_iter()
        .filter(|id| !is_kept(id) && (*id != "brand" || is_kept("device-flow")))
        .filter(|id| plan.operations.iter().any(|operation| operation.id.as_str() == *id))
        .collect();
    assert_eq!(writes(&plan), all, "{name}: {plan}");
    assert!(all.len() + wanted.len() >= 4, "{name}: all else goes\n{plan}");
}

#[tokio::test]
async fn flow_and_brand() {
    for case in FLOWS {
        let running = start(Release::V2026_5);
        set_up(&running).await;
        running.simulator.edit(case.edit);
        check(&running, &case).await;
    }
}

#[tokio::test]
async fn the_rest() {
    for case in OTHERS {
        let running = start(Release::V2026_5);
        set_up(&running).await;
        running.simulator.edit(case.edit);
        check(&running, &case).await;
    }
}

/// What was asked for was one of authentik's own flows.
#[tokio::test]
async fn a_flow_that_authentik_came_with() {
    for release in super::RELEASES {
        let running = start(release);
        let builder = crate::support::as_in_guide(running.simulator.url(), "netbird.company");
        let slug = "default-source-pre-authentication";
        let wanted = builder.device_flow(slug).build().unwrap();
        let running = Running { wanted, ..running };
        story::converge(&running.client, &running.wanted).await;
        let kept = &[("device-flow", "authentik came with it"), NEEDED];
        check(&running, &Case { name: slug, edit: |_| (), kept }).await;
    }
}

/// A group of which only the key is shown has no name, so it is not ours.
#[test]
fn a_group_without_a_name_is_someone_elses() {
    use crate::support::snapshots::{configured, from, integration, teardown};
    let mut server = configured();
    server.users[0] = from(serde_json::json!({"pk": 5, "username": "NetBird",
        "type": "service_account", "groups": ["a"], "groups_obj": null, "roles": ["b"],
        "roles_obj": null}));
    let plan = teardown(&integration(), &server).unwrap();
    let account = plan.operations.iter().find(|one| one.id.as_str() == "service-account").unwrap();
    let reason = "kept: it is a member of \"a\"; it has the role \"b\"";
    assert_eq!((account.is_change(), account.reason.as_str()), (false, reason));
}

/// 2026.5 answers 500 for every token that is not an administrator's.
#[tokio::test]
async fn an_account_whose_uses_the_server_cannot_list_is_kept() {
    let running =
        start_with(Release::V2026_5, ConnectionOptions::new().retry_timeout(Duration::ZERO));
    set_up(&running).await;
    let account = running.simulator.edit(|state| account(state));
    let failed = FaultAnswer::with_body(500, "application/json", r#"{"detail": "oops"}"#);
    let path = format!("/core/users/{account}/used_by/");
    running.simulator.add_fault(Fault::new(Effect::Answer(failed)).on_path(&path));
    let kept = &[("service-account", "the token may not see what else uses it"), PASSWORD];
    check(&running, &Case { name: "uses are hidden", edit: |_| (), kept }).await;
}
