//! What holds for plans and verifications of every state of a server: states are generated from one that
//! is set up, by whatever an administrator, Terraform or an older guide may have left there.

use std::collections::BTreeSet;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::verify::{CheckName, CheckStatus, Verification};
use authentik_netbird_core::{Client, NetbirdIntegration, Outputs};
use authentik_netbird_properties::Choices;
use authentik_simulator::{RedirectUri, Release, Simulator, State};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::is_soak;

/// Checks of what is on authentik, in the provider, the brand and the application.
const ABOUT_AUTHENTIK: [CheckName; 10] = [
    CheckName::Issuer,
    CheckName::Client,
    CheckName::SigningKey,
    CheckName::Encryption,
    CheckName::SubjectMode,
    CheckName::Scopes,
    CheckName::GrantTypes,
    CheckName::RedirectUris,
    CheckName::DevicePage,
    CheckName::ApplicationAccess,
];

/// Redirect URIs of all kinds: ours, of other tools, of other hosts, open ones.
const URIS: [(&str, &str); 12] = [
    ("strict", "http://localhost:53000"),
    ("strict", "https://netbird.company"),
    ("strict", "https://netbird.company:443"),
    ("regex", r"https://netbird\.company(/.*)?"),
    ("regex", r"https://netbird\.company/.*"),
    ("strict", "https://netbird.company/auth"),
    ("strict", "https://netbird.company/silent-auth"),
    ("strict", "http://127.0.0.1:54000"),
    ("regex", "https://netbird.company.*"),
    ("regex", "https://netbird.company/.*"),
    ("strict", "https://vpn.example.org/auth"),
    ("regex", r"https://netbird\.company/(?P<page>auth|silent-auth)"),
];

/// Changes some of what somebody may have set otherwise.
fn disturb(state: &mut State, choices: &mut Choices<'_>) {
    let ec = state.add_certificate("elliptic", authentik_simulator::KeyType::Ec).pk.clone();
    let rsa = state.add_certificate("other", authentik_simulator::KeyType::Rsa).pk.clone();
    let expired = state.now() - std::time::Duration::from_secs(86_400);
    state.certificates.iter_mut().find(|pair| pair.pk == rsa).unwrap().expiry = expired;
    let flows: Vec<String> = state.flows.iter().map(|flow| flow.pk.clone()).collect();
    let mappings: Vec<String> = state.scope_mappings.iter().map(|one| one.pk.clone()).collect();
    let (provider, application) = (&mut state.providers[0], &mut state.applications[0]);
    for _ in 0..=choices.below(4) {
        match choices.below(17) {
            0 => provider.client_type = choices.pick(&["confidential", "public"]).into(),
            1 => {
                provider.sub_mode =
                    choices.pick(&["hashed_user_id", "user_id", "user_uuid", "user_email"]).into();
            }
            2 => provider.issuer_mode = choices.pick(&["global", "per_provider"]).into(),
            3 => provider.include_claims_in_id_token ^= true,
            4 => provider.encryption_key = Some(rsa.clone()),
            5 => provider.signing_key = choices.pick(&[None, Some(&ec), Some(&rsa)]).cloned(),
            6 | 7 => {
                let uris = URIS.iter().filter(|_| choices.below(2) == 0);
                provider.redirect_uris =
                    uris.map(|(mode, url)| RedirectUri::new(mode, url)).collect();
            }
            8 | 9 => {
                let all = mappings.iter().filter(|_| choices.below(3) > 0);
                provider.property_mappings = all.cloned().collect();
            }
            10 => provider.grant_types.retain(|_| choices.below(2) == 0),
            11 => provider.access_code_validity = choices.pick(&["minutes=1", "hours=1"]).into(),
            12 => {
                provider.authorization_flow =
                    choices.pick(&flows.iter().collect::<Vec<_>>()).clone();
            }
            13 => application.name = choices.pick(&["Netbird", "VPN"]).into(),
            14 => application.meta_launch_url = choices.pick(&["", "https://vpn.company"]).into(),
            15 => {
                let flow = choices.pick(&flows.iter().collect::<Vec<_>>()).clone();
                state.brands[0].flow_device_code = (choices.below(3) > 0).then_some(flow);
            }
            _ => {
                let title = choices.pick(&["Device", "Log in on a device"]).to_owned();
                let slug = "default-device-code-flow";
                let flow = state.flows.iter_mut().find(|flow| flow.slug == slug).unwrap();
                flow.title = title;
                flow.authentication = choices.pick(&["none", "require_authenticated"]).into();
            }
        }
    }
    if choices.below(3) == 0 {
        bind(state, choices);
    }
    if choices.below(5) == 0 {
        give_rights(state, choices);
    }
}

/// Whom an application may be bound to.
fn bind(state: &mut State, choices: &mut Choices<'_>) {
    let number = usize::from(choices.below(2) == 0 && state.applications.len() > 1);
    let application = &mut state.applications[number];
    application.policy_engine_mode = choices.pick(&["any", "any", "all"]).into();
    let target = application.pk.clone();
    let account = state.users.iter().find(|user| user.username == "NetBird").map(|user| user.pk);
    let group = state.add_group("people").pk.clone();
    for _ in 0..=choices.below(2) {
        let binding = state.add_policy_binding(&target);
        match choices.below(4) {
            0 => binding.user = account.or(Some(1)),
            _ => binding.group = Some(group.clone()),
        }
        binding.negate = choices.below(4) == 0;
        binding.enabled = choices.below(4) > 0;
    }
    if choices.below(3) == 0 {
        state.policy_bindings.retain(|one| one.user.is_none() || one.user != account);
    }
}

/// What others may have of rights, and what the account may have lost.
fn give_rights(state: &mut State, choices: &mut Choices<'_>) {
    let jane = state.add_user("jane").pk;
    state.add_token("jane's", jane);
    let name = "NetBird user reader";
    match choices.below(5) {
        0 => state.groups.iter_mut().filter(|one| one.name == name).for_each(|group| {
            group.users.push(jane);
        }),
        1 => state.roles.iter_mut().filter(|one| one.name == name).for_each(|role| {
            role.permissions.clear();
        }),
        2 => state.roles.iter_mut().filter(|one| one.name == name).for_each(|role| {
            role.permissions.insert("authentik_core.delete_user".to_owned());
        }),
        3 => state.groups.iter_mut().filter(|one| one.name == name).for_each(|group| {
            group.roles.clear();
        }),
        _ => state.groups.iter_mut().filter(|one| one.name == name).for_each(|group| {
            group.users.clear();
        }),
    }
}

/// Fields of the provider that a plan may change, by the check that has to complain.
fn check_of(field: &str) -> CheckName {
    match field {
        "client_type" => CheckName::Client,
        "sub_mode" => CheckName::SubjectMode,
        "issuer_mode" => CheckName::Issuer,
        "property_mappings" | "include_claims_in_id_token" => CheckName::Scopes,
        "encryption_key" => CheckName::Encryption,
        "signing_key" => CheckName::SigningKey,
        "grant_types" => CheckName::GrantTypes,
        "redirect_uris" => CheckName::RedirectUris,
        other => panic!("{other} is changed, which NetBird can do without"),
    }
}

/// Whether the scope that management reads users with is missing: the check of users says so.
fn is_of_api_scope(state: &State) -> bool {
    let api = state.scope_mappings.iter().find(|one| one.scope_name == "goauthentik.io/api");
    api.is_some_and(|one| !state.providers[0].property_mappings.contains(&one.pk))
}

struct Scene {
    simulator: Simulator,
    client: Client,
    wanted: NetbirdIntegration,
    outputs: Outputs,
    before: State,
}

async fn scene(release: Release, rights: ServiceAccount) -> Scene {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.service_account(rights).build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let outputs = client.outputs(&wanted).await.unwrap();
    let before = simulator.edit(|state| state.clone());
    Scene { simulator, client, wanted, outputs, before }
}

/// The properties, for one state.
async fn holds(scene: &Scene, bytes: &[u8]) -> &'static str {
    let Scene { simulator, client, wanted, outputs, before } = scene;
    simulator.edit(|state| {
        *state = before.clone();
        disturb(state, &mut Choices::new(bytes));
    });
    let rights_before = simulator.edit(|state| rights(state));
    let Ok(plan) = client.plan(wanted).await else { return "refused" };
    let first = client.verify(wanted, outputs).await.unwrap();
    only_what_is_needed_changes(&plan, &first, simulator.edit(|state| is_of_api_scope(state)));
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{plan}\n{}", error.chain()));
    let again = client.plan(wanted).await.unwrap();
    assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
    let second = client.verify(wanted, outputs).await.unwrap();
    for name in ABOUT_AUTHENTIK {
        let check = second.get(name).unwrap();
        assert_ne!(check.status, CheckStatus::Fail, "after {plan}\n{second}");
        // What failed and is right now was the plan's doing, and the first report said so.
        let failed = first.get(name).unwrap();
        if failed.status == CheckStatus::Fail {
            assert_eq!(failed.fixed_by_plan, Some(true), "{failed}\n{plan}");
            let hint = failed.hint.as_deref().unwrap_or_default().to_lowercase();
            assert!(hint.contains("apply a plan"), "{failed}");
            assert!(plan.has_changes(), "{failed}\n{plan}");
        }
    }
    for failed in second.with(CheckStatus::Fail) {
        let before = first.get(failed.name).unwrap();
        assert_ne!(before.fixed_by_plan, Some(true), "{before}\nafter {plan}\n{failed}");
    }
    // Nobody has more rights than before, and there are no other tokens.
    let after = simulator.edit(|state| rights(state));
    let gained: Vec<_> = after.difference(&rights_before).collect();
    assert!(gained.is_empty(), "{gained:?}\n{plan}");
    if plan.has_changes() { "changed" } else { "nothing to do" }
}

/// Each field of the provider that is changed has a check that complained, and no other is.
fn only_what_is_needed_changes(plan: &Plan, first: &Verification, lacks_api_scope: bool) {
    for operation in plan.changes() {
        let id = operation.id.as_str();
        let fields: BTreeSet<&str> =
            operation.changes.iter().map(|one| one.path.as_str()).collect();
        match id {
            "provider" => {
                for field in fields {
                    let check = first.get(check_of(field)).unwrap();
                    let is_right = check.status == CheckStatus::Pass;
                    let is_api = field == "property_mappings" && lacks_api_scope;
                    assert!(!is_right || is_api, "{field}: {check}\n{plan}");
                }
            }
            "device-flow" => assert_eq!(fields, BTreeSet::from(["authentication"]), "{plan}"),
            "brand" | "access-account" | "api-access" | "role-fewer-permissions" => {}
            other => panic!("{other} is changed:\n{plan}\n{first}"),
        }
    }
}

/// What each user may do, and whose tokens there are.
pub(crate) fn rights(state: &State) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for user in &state.users {
        let name = &user.username;
        let mut groups: Vec<_> =
            state.groups.iter().filter(|one| one.users.contains(&user.pk)).collect();
        let mut known = BTreeSet::new();
        while let Some(group) = groups.pop() {
            if !known.insert(&group.pk) {
                continue;
            }
            groups.extend(state.groups.iter().filter(|one| group.parents.contains(&one.pk)));
            if group.is_superuser {
                all.insert((name.clone(), "everything".to_owned()));
            }
            let roles = state.roles.iter().filter(|role| group.roles.contains(&role.pk));
            all.extend(
                roles
                    .flat_map(|role| role.permissions.iter().cloned())
                    .map(|one| (name.clone(), one)),
            );
        }
        let roles = state.roles.iter().filter(|role| role.users.contains(&user.pk));
        all.extend(
            roles.flat_map(|role| role.permissions.iter().cloned()).map(|one| (name.clone(), one)),
        );
        let tokens = state.tokens.iter().filter(|token| token.user == user.pk);
        all.extend(tokens.map(|token| (name.clone(), format!("token {}", token.identifier))));
    }
    all
}

#[test]
fn plans_and_verifications_agree_on_every_state() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for (release, rights) in [
        (Release::V2025_10, ServiceAccount::UserReader),
        (Release::V2026_5, ServiceAccount::UserReader),
        (Release::V2026_5, ServiceAccount::None),
    ] {
        let scene = runtime.block_on(scene(release, rights));
        let cases = if is_soak() { 500 } else { 50 };
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let found = std::cell::RefCell::new(&mut counts);
        TestRunner::new_with_rng(config, rng)
            .run(&prop::collection::vec(any::<u8>(), 8..60), |bytes| {
                let kind = runtime.block_on(holds(&scene, &bytes));
                *found.borrow_mut().entry(kind).or_insert(0) += 1;
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{release} {rights:?}: {error}"));
    }
    println!("states: {counts:?}");
    assert!(counts["changed"] > 60 && counts["nothing to do"] > 5, "{counts:?}");
}
