//! What holds for plans and verifications of every state of both servers in the connector mode, as
//! [`requirements`](super::requirements) has it for the standalone one.

use authentik_netbird_core::integration::{ModeKind, UserApproval};
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings};
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_netbird_properties::Choices;
use authentik_simulator::netbird::{self, Connector, NetbirdSimulator, user_id};
use authentik_simulator::{KeyType, RedirectUri, Release, Simulator, State};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::requirements::rights;
use crate::support::is_soak;

/// Checks of what a plan is to put right, on both servers.
const ABOUT_SERVERS: [CheckName; 12] = [
    CheckName::Issuer,
    CheckName::Client,
    CheckName::SigningKey,
    CheckName::Encryption,
    CheckName::SubjectMode,
    CheckName::Scopes,
    CheckName::GrantTypes,
    CheckName::RedirectUris,
    CheckName::Logout,
    CheckName::ClientSecret,
    CheckName::IdentityProvider,
    CheckName::GroupSync,
];

const URIS: [(&str, &str); 6] = [
    ("strict", "https://netbird.company/oauth2/callback"),
    ("strict", "https://netbird.company/oauth2/callback/"),
    ("regex", r"https://netbird\.company/oauth2/.*"),
    ("regex", "https://netbird.company.*"),
    ("strict", "http://localhost:53000"),
    ("strict", "https://vpn.example.org/oauth2/callback"),
];

/// Changes some of what somebody may have set otherwise on authentik.
fn disturb_authentik(state: &mut State, choices: &mut Choices<'_>) {
    let ec = state.add_certificate("elliptic", KeyType::Ec).pk.clone();
    let rsa = state.add_certificate("other", KeyType::Rsa).pk.clone();
    let mappings: Vec<String> = state.scope_mappings.iter().map(|one| one.pk.clone()).collect();
    let provider = &mut state.providers[0];
    for _ in 0..choices.below(4) {
        match choices.below(11) {
            0 => provider.client_type = choices.pick(&["public", "confidential"]).into(),
            1 => provider.sub_mode = choices.pick(&["hashed_user_id", "user_email"]).into(),
            2 => provider.issuer_mode = choices.pick(&["global", "per_provider"]).into(),
            3 => provider.include_claims_in_id_token ^= true,
            4 => provider.encryption_key = Some(rsa.clone()),
            5 => provider.signing_key = choices.pick(&[None, Some(&ec), Some(&rsa)]).cloned(),
            6 | 7 => {
                let uris = URIS.iter().filter(|_| choices.below(2) == 0);
                provider.redirect_uris =
                    uris.map(|(mode, url)| RedirectUri::new(mode, url)).collect();
            }
            8 => provider.grant_types.retain(|_| choices.below(2) == 0),
            9 => provider.client_secret = "another".into(),
            _ => {
                let some = mappings.iter().filter(|_| choices.below(3) > 0);
                provider.property_mappings = some.cloned().collect();
            }
        }
    }
}

/// The same on NetBird.
fn disturb_netbird(state: &mut netbird::State, choices: &mut Choices<'_>) {
    for _ in 0..choices.below(4) {
        let issuer = state.connectors.first().map(|one| one.issuer.clone()).unwrap_or_default();
        let settings = &mut state.accounts[0].settings;
        match choices.below(12) {
            0 => state.connectors.iter_mut().for_each(|one| "other".clone_into(&mut one.client_id)),
            1 => state.connectors.iter_mut().for_each(|one| "oidc".clone_into(&mut one.kind)),
            2 => state.connectors.iter_mut().for_each(|one| "SSO".clone_into(&mut one.name)),
            3 => state.connectors.iter_mut().for_each(|one| {
                one.issuer = issuer.trim_end_matches('/').to_owned();
            }),
            4 => state.connectors.clear(),
            5 => {
                let issuer =
                    choices.pick(&[issuer.as_str(), "https://login.example.org"]).to_owned();
                state.add_connector("oidc", choices.pick(&["authentik", "Entra"]), &issuer);
            }
            6 => settings.jwt_groups_enabled ^= true,
            7 => settings.jwt_allow_groups = vec!["others".to_owned()],
            8..=10 => {
                // As another apply at the same time, before people logged in.
                if let Some(first) = state.connectors.first().cloned() {
                    let twin = state.add_connector("authentik", "authentik", &issuer);
                    (twin.client_id, twin.client_secret) = (first.client_id, "another".into());
                }
                let ids: Vec<String> = state.connectors.iter().map(|one| one.id.clone()).collect();
                for id in ids.iter().filter(|_| choices.below(2) == 0) {
                    state.add_user("6", id, "user");
                }
            }
            _ => settings.peer_login_expiration += 1,
        }
    }
}

struct Scene {
    authentik: Simulator,
    netbird: NetbirdSimulator,
    client: Client,
    wanted: NetbirdIntegration,
    before: (State, netbird::State),
}

async fn scene(release: Release, with_groups: bool) -> Scene {
    let authentik = Simulator::builder().release(release).start().unwrap();
    let netbird = NetbirdSimulator::start().unwrap();
    let client = Client::builder(authentik.url()).token(authentik.token());
    let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(authentik.url(), "netbird.company");
    let mut builder = builder.mode(ModeKind::Connector);
    if with_groups {
        builder = builder.claim_group("people").sync_groups(true).allowed_group("people");
        builder = builder.user_approval(UserApproval::NotRequired);
    }
    let wanted = builder.build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let before = (authentik.edit(|state| state.clone()), netbird.edit(|state| state.clone()));
    Scene { authentik, netbird, client, wanted, before }
}

/// The properties, for one state.
async fn holds(scene: &Scene, bytes: &[u8]) -> &'static str {
    let Scene { authentik, netbird, client, wanted, before } = scene;
    let mut choices = Choices::new(bytes);
    authentik.edit(|state| {
        state.clone_from(&before.0);
        disturb_authentik(state, &mut choices);
    });
    netbird.edit(|state| {
        state.clone_from(&before.1);
        disturb_netbird(state, &mut choices);
    });
    let had = (authentik.edit(|state| state.clone()), netbird.edit(|state| state.clone()));
    let settings = NetbirdSettings::parse("");
    let Ok(plan) = client.plan(wanted).await else { return "refused" };
    let first = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{plan}\n{}", error.chain()));

    let again = client.plan(wanted).await.unwrap();
    assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
    let second = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    for name in ABOUT_SERVERS {
        // NetBird's own settings stay, also where they keep people out.
        if name == CheckName::GroupSync && !wanted.is_asked("sync_groups") {
            continue;
        }
        let check = second.get(name).unwrap();
        assert_ne!(check.status, CheckStatus::Fail, "after {plan}\n{second}");
        let failed = first.get(name).unwrap();
        if failed.status == CheckStatus::Fail {
            assert_eq!(failed.fixed_by_plan, Some(true), "{failed}\n{plan}");
            assert!(plan.has_changes(), "{failed}\n{plan}");
        }
    }
    for failed in second.with(CheckStatus::Fail) {
        let before = first.get(failed.name).unwrap();
        assert_ne!(before.fixed_by_plan, Some(true), "{before}\nafter {plan}\n{failed}");
    }
    let has = (authentik.edit(|state| state.clone()), netbird.edit(|state| state.clone()));
    nobody_becomes_another(&had, &has);
    assert_eq!(rights(&had.0), rights(&has.0), "{plan}");
    if plan.has_changes() { "changed" } else { "nothing to do" }
}

/// People's ids have the subject and the id of the connector; and what nobody asked for stays.
fn nobody_becomes_another(had: &(State, netbird::State), has: &(State, netbird::State)) {
    assert_eq!(had.0.providers[0].sub_mode, has.0.providers[0].sub_mode);
    let (had, has) = (&had.1, &has.1);
    let is_in = |state: &netbird::State, id: &str| state.connectors.iter().any(|one| one.id == id);
    for gone in had.connectors.iter().filter(|one| !is_in(has, &one.id)) {
        let is_used = had.users.iter().any(|one| one.id == user_id("6", &gone.id));
        let is_exact = (gone.kind.as_str(), gone.name.as_str()) == ("authentik", "authentik");
        let is_twin =
            |one: &Connector| one.issuer == gone.issuer || one.client_id == gone.client_id;
        assert!(
            is_exact && !is_used && has.connectors.iter().any(is_twin),
            "{gone:?} {:?}",
            has.connectors
        );
    }
    let is_new = |one: &&Connector| !had.connectors.contains(one);
    assert!(has.connectors.iter().filter(is_new).count() <= 1);
    let (had, has) = (&had.accounts[0].settings, &has.accounts[0].settings);
    assert_eq!(had.peer_login_expiration, has.peer_login_expiration);
}

#[test]
fn plans_and_verifications_of_a_connector_agree_on_every_state() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for (release, with_groups) in [(Release::V2025_10, false), (Release::V2026_5, true)] {
        let scene = runtime.block_on(scene(release, with_groups));
        let cases = if is_soak() { 500 } else { 60 };
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let found = std::cell::RefCell::new(&mut counts);
        TestRunner::new_with_rng(config, rng)
            .run(&prop::collection::vec(any::<u8>(), 8..60), |bytes| {
                let kind = runtime.block_on(holds(&scene, &bytes));
                *found.borrow_mut().entry(kind).or_insert(0) += 1;
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{release} {with_groups}: {error}"));
    }
    println!("states: {counts:?}");
    assert!(counts["changed"] > 20 && counts["nothing to do"] > 3, "{counts:?}");
}
