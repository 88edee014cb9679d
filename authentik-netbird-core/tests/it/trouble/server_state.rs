//! Servers in a state that there is no safe plan from.

use authentik_netbird_core::error::BlockerKind;
use authentik_netbird_core::{ErrorKind, NetbirdIntegration};
use authentik_simulator::{Effect, Fault, FaultAnswer, KeyType, Release, State};

use super::planning_fails;
use crate::support::running::{comparable, start};

async fn in_state(kind: ErrorKind, texts: &[&str], change: impl Fn(&mut State)) {
    for release in [Release::V2025_10, Release::V2026_5] {
        let running = start(release);
        running.simulator.edit(&change);
        let before = comparable(&running.simulator);
        planning_fails(&running, kind, texts).await;
        assert_eq!(comparable(&running.simulator), before);
    }
}

#[tokio::test]
async fn an_identifier_that_leads_elsewhere_in_a_path() {
    for identifier in ["..", "."] {
        let running = start(Release::V2026_5);
        let plan = running.client.plan(&running.wanted).await.unwrap();
        running.client.apply(&plan).await.unwrap();
        running.simulator.edit(|state| {
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            token.unwrap().identifier = identifier.to_owned();
        });
        running.simulator.clear_requests();
        let error = running.client.outputs(&running.wanted).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.chain().contains("not a valid id"), "{}", error.chain());
        assert_eq!(running.count("GET", "view_key"), 0);
    }
}

#[tokio::test]
async fn no_signing_key() {
    let texts = ["signing key", "no certificate has a private key", "System > Certificates"];
    in_state(ErrorKind::Missing, &texts, |state| state.certificates.clear()).await;
}

/// Both of NetBird's providers lack one.
#[tokio::test]
async fn no_signing_key_is_said_once() {
    let running = start(Release::V2026_5);
    let url = running.simulator.url();
    let wanted = NetbirdIntegration::builder(url, "netbird.company").build().unwrap();
    let plan = running.client.plan(&wanted).await.unwrap();
    running.client.apply(&plan).await.unwrap();
    running.simulator.edit(|state| {
        state.certificates.clear();
        state.providers.iter_mut().for_each(|provider| provider.signing_key = None);
    });
    let error = running.client.plan(&wanted).await.unwrap_err();
    assert_eq!(error.blockers().len(), 1, "{error}");
}

#[tokio::test]
async fn only_keys_that_will_not_do() {
    let texts = [
        "none of the certificates is suitable",
        "\"elliptic\" is not an RSA key",
        "Create an RSA one",
    ];
    in_state(ErrorKind::Missing, &texts, |state| {
        state.certificates.clear();
        state.add_certificate("elliptic", KeyType::Ec);
    })
    .await;
}

#[tokio::test]
async fn a_scope_mapping_is_gone() {
    let texts = ["scope-offline_access\" is missing", "apply the blueprint"];
    in_state(ErrorKind::Missing, &texts, |state| {
        state.scope_mappings.retain(|mapping| mapping.scope_name != "offline_access");
    })
    .await;
}

#[tokio::test]
async fn the_group_of_administrators_is_gone_or_there_are_two() {
    let texts = ["group \"authentik Admins\" is missing", "\"Is superuser\" on"];
    in_state(ErrorKind::Missing, &texts, |state| {
        rename_administrators(state);
    })
    .await;
    let texts =
        ["group \"authentik Admins\" is ambiguous, 2 match", "Rename or delete all but one"];
    in_state(ErrorKind::Ambiguous, &texts, |state| {
        rename_administrators(state);
        state.add_group("authentik Admins");
        state.add_group("authentik Admins");
    })
    .await;
}

/// The token's user keeps its rights, and its groups do not show the group that is looked for.
fn rename_administrators(state: &mut State) {
    let mut groups = state.groups.iter_mut();
    let group = groups.find(|group| group.name == "authentik Admins");
    group.unwrap().name = "Authentik admins".to_owned();
}

#[tokio::test]
async fn two_flows_of_one_slug() {
    let texts = ["default-provider-invalidation-flow\" is ambiguous, 2 match", "Rename or delete"];
    in_state(ErrorKind::Ambiguous, &texts, |state| {
        state.add_flow("default-provider-invalidation-flow", "Twice", "invalidation");
    })
    .await;
}

#[tokio::test]
async fn the_slug_is_held_by_another_provider() {
    let texts = ["application \"netbird\"", "provider \"Grafana\"", "another `application_slug`"];
    in_state(ErrorKind::Conflict, &texts, |state| {
        let provider = state.add_provider("Grafana").pk;
        state.add_application("Grafana", "netbird", Some(provider));
    })
    .await;
}

#[tokio::test]
async fn however_much_there_is_a_message_can_be_read() {
    let running = start(Release::V2026_5);
    running.simulator.edit(|state| {
        rename_administrators(state);
        for _ in 0..31 {
            state.add_group("authentik Admins");
        }
        let provider = state.add_provider(&"Grafana ".repeat(1_000)).pk;
        state.add_application("Grafana", "netbird", Some(provider));
    });
    let error = running.client.plan(&running.wanted).await.unwrap_err();
    let text = error.to_string();
    for part in ["is ambiguous, 31 match: ", ", and 21 more. Rename", "Grafana…. Set"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.len() < 3_000, "{text}");
    // Programs get all of it.
    let [conflict, ambiguous] = error.blockers() else { panic!("{error}") };
    let kinds = [conflict.kind, ambiguous.kind];
    assert_eq!(kinds, [BlockerKind::Conflict, BlockerKind::Ambiguous]);
    assert!(ambiguous.matches.len() == 31 && conflict.message.len() > 8_000);
}

#[tokio::test]
async fn several_things_at_once_are_told_at_once() {
    let texts = ["signing key", "authentik Admins", "scope-openid", "Grafana"];
    in_state(ErrorKind::Conflict, &texts, |state| {
        state.certificates.clear();
        state.groups.clear();
        state.scope_mappings.retain(|mapping| mapping.scope_name != "openid");
        let provider = state.add_provider("Grafana").pk;
        state.add_application("Grafana", "netbird", Some(provider));
        // The caller's rights came from the group that is gone.
        state.add_group("Others").is_superuser = true;
        let everyone = state.users.iter().map(|user| user.pk).collect();
        state.groups[0].users = everyone;
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_made_between_two_reads_is_no_strangers() {
    let running = start(Release::V2026_5);
    let plan = running.client.plan(&running.wanted).await.unwrap();
    running.client.apply(&plan).await.unwrap();
    // Its token is listed, and it is not yet.
    let nobody = r#"{"pagination": {"next": 0}, "results": []}"#;
    let nobody = Effect::Answer(FaultAnswer::with_body(200, "application/json", nobody));
    running.simulator.add_fault(Fault::new(nobody).on_path("/core/users/?username=").times(1));
    let again = running.client.plan(&running.wanted).await.unwrap();
    assert!(!again.has_changes(), "{again}");
}

#[tokio::test]
async fn an_object_that_is_deleted_between_two_reads_is_not_there() {
    for status in [400, 404] {
        let mut running = start(Release::V2025_10);
        let changes = [("service_account".to_owned(), "user_reader".into())].into();
        running.wanted = running.wanted.with_fields(changes).build().unwrap();
        let plan = running.client.plan(&running.wanted).await.unwrap();
        running.client.apply(&plan).await.unwrap();
        running.simulator.clear_requests();
        // The first wave finds the role; the second one asks for its permissions.
        let unknown = r#"{"role": ["Select a valid choice."]}"#;
        let unknown = Effect::Answer(FaultAnswer::with_body(status, "application/json", unknown));
        let fault = Fault::new(unknown).on_path("/rbac/permissions/?role=");
        running.simulator.add_fault(fault.clone().times(1));
        let again = running.client.plan(&running.wanted).await.unwrap();
        assert!(!again.has_changes(), "{again}");
        assert_eq!(running.count("GET", "/rbac/roles/?search="), 2, "all is read again");
        // A server that always says so is not overtaken.
        running.simulator.add_fault(fault);
        let error = running.client.plan(&running.wanted).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    }
}
