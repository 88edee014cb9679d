//! After a teardown the whole state is what it was before the first apply, drift or not.

use authentik_simulator::{State, round_trips};

use super::{ALL, RELEASES, dump, set_up, tear_down, writes};
use crate::support::running::{LATENCY, Running, start};

#[tokio::test]
async fn the_whole_state_is_as_before_the_first_apply() {
    for release in RELEASES {
        let running = start(release);
        let before = dump(&running.simulator);
        set_up(&running).await;
        let (plan, outcome) = tear_down(&running).await;
        assert_eq!(writes(&plan), ALL, "{release}");
        assert_eq!(dump(&running.simulator), before, "{release}");
        assert!(outcome.report().to_string().starts_with("4 applied, 0 failed"));
        // And once more: what was torn down can be set up again, and torn down again.
        set_up(&running).await;
        tear_down(&running).await;
        assert_eq!(dump(&running.simulator), before, "{release}");
    }
}

#[tokio::test]
async fn a_teardown_takes_four_waves_ten_reads_and_four_writes_and_reads_no_secret() {
    for release in RELEASES {
        let running = start(release);
        set_up(&running).await;
        running.simulator.clear_requests();
        running.simulator.set_latency(LATENCY);
        let plan = running.client.plan_teardown(&running.wanted).await.unwrap();
        running.client.apply(&plan).await.unwrap();
        let requests = running.simulator.requests();
        let writes = requests.iter().filter(|request| request.is_write()).count();
        assert_eq!((requests.len() - writes, writes), (10, 4), "{requests:?}");
        assert_eq!(round_trips(&requests), 4, "{requests:?}");
        let views_key = |path: &str| path.contains("view_") || path.contains("set_key");
        assert!(!requests.iter().any(|request| views_key(&request.path)), "{requests:?}");
    }
}

/// Each write comes after the one that it has to wait for.
#[tokio::test]
async fn the_order_is_safe() {
    let running = start(authentik_simulator::Release::V2026_5);
    set_up(&running).await;
    running.simulator.clear_requests();
    running.simulator.set_latency(std::time::Duration::from_millis(10));
    tear_down(&running).await;
    let requests = running.simulator.requests();
    let find = |method: &str, path: &str| {
        let is_it = |method_of: &str, path_of: &str| method_of == method && path_of.contains(path);
        requests.iter().find(|request| is_it(&request.method, &request.path)).unwrap()
    };
    let application = find("DELETE", "/core/applications/");
    let provider = find("DELETE", "/providers/oauth2/");
    assert!(application.finished.unwrap() <= provider.started, "{application:?} {provider:?}");
}

type Drift = (&'static str, fn(&mut State));

fn account(state: &State) -> u64 {
    state.users.iter().find(|user| user.username == "NetBird").unwrap().pk
}

fn admins(state: &mut State) -> &mut authentik_simulator::Group {
    state.groups.iter_mut().find(|group| group.name == "authentik Admins").unwrap()
}

/// What people do to a setup. After each of these a teardown leaves nothing.
const DRIFTS: [Drift; 17] = [
    ("nothing", |_| ()),
    ("confidential client", |state| {
        state.providers[0].client_type = "confidential".to_owned();
        state.providers[0].grant_types = Vec::new();
        state.providers[0].signing_key = None;
    }),
    ("other redirect URIs, one of them ours", |state| {
        let mut other = state.providers[0].redirect_uris[0].clone();
        other.url = "https://elsewhere.company".to_owned();
        state.providers[0].redirect_uris.push(other);
        state.providers[0].redirect_uris.remove(0);
    }),
    ("no redirect URIs", |state| state.providers[0].redirect_uris.clear()),
    ("another launch URL and name", |state| {
        state.applications[0].meta_launch_url = "https://elsewhere.company".to_owned();
        state.applications[0].name = "VPN".to_owned();
        state.applications[0].group = "Network".to_owned();
    }),
    ("application without its provider", |state| state.applications[0].provider = None),
    ("provider gone", |state| {
        state.providers.clear();
        state.applications[0].provider = None;
    }),
    ("application gone", |state| state.applications.clear()),
    ("deactivated account", |state| {
        let account = account(state);
        state.users.iter_mut().find(|user| user.pk == account).unwrap().is_active = false;
    }),
    ("no member any more", |state| {
        let account = account(state);
        admins(state).users.retain(|user| *user != account);
    }),
    ("account gone", |state| {
        let account = account(state);
        admins(state).users.retain(|user| *user != account);
        state.tokens.retain(|token| token.user != account);
        state.users.retain(|user| user.pk != account);
    }),
    ("app password gone", |state| {
        let account = account(state);
        state.tokens.retain(|token| token.user != account);
    }),
    ("a second app password", |state| {
        let account = account(state);
        let token = state.add_token("service-account-netbird-password-2", account);
        token.intent = "app_password".to_owned();
    }),
    ("brand emptied", |state| state.brands[0].flow_device_code = None),
    ("flow gone", |state| {
        state.flows.retain(|flow| flow.slug != "default-device-code-flow");
        state.brands[0].flow_device_code = None;
    }),
    ("bound to a group that was there, to the account, and to someone", |state| {
        let (target, group) = (state.applications[0].pk.clone(), admins(state).pk.clone());
        let account = account(state);
        state.add_policy_binding(&target).group = Some(group);
        state.add_policy_binding(&target).user = Some(account);
        let someone = state.users.iter().find(|user| user.username == "akadmin").unwrap().pk;
        state.add_policy_binding(&target).user = Some(someone);
    }),
    ("brand's default application", |state| {
        state.brands[0].default_application = Some(state.applications[0].pk.clone());
    }),
];

#[tokio::test]
async fn under_drift_too_nothing_is_left() {
    for release in RELEASES {
        for (name, drift) in DRIFTS {
            let running = start(release);
            let before = dump(&running.simulator);
            set_up(&running).await;
            running.simulator.edit(drift);
            tear_down(&running).await;
            assert_eq!(dump(&running.simulator), before, "{release}, {name}");
        }
    }
}

#[tokio::test]
async fn what_goes_with_the_application_is_said() {
    let running: Running = start(authentik_simulator::Release::V2026_5);
    set_up(&running).await;
    running.simulator.edit(|state| {
        let target = state.applications[0].pk.clone();
        let group = state.add_group("VPN").pk.clone();
        state.add_policy_binding(&target).group = Some(group);
        state.brands[0].default_application = Some(target);
    });
    let (plan, _) = tear_down(&running).await;
    let text = plan.to_string();
    assert!(
        text.contains("bindings                - Binding from NetBird #0 to Group VPN"),
        "{text}"
    );
    assert!(text.contains("default_application of  - Default brand"), "{text}");
}
