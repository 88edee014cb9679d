//! Where nothing is broken, nothing is found, in four waves at most.

use std::time::Duration;

use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings, verify};
use authentik_netbird_core::{Client, ConnectionOptions, Verification};
use authentik_simulator::{Release, Simulator, round_trips};

use super::front::Front;
use crate::support::applied::{RELEASES, applied, apply, passes};
use crate::support::running::LATENCY;

/// What only an administrator sees.
const UNSEEN: [CheckName; 2] = [CheckName::Administration, CheckName::RedirectUris];

#[tokio::test]
async fn everything_passes_in_four_waves() {
    for release in RELEASES {
        let applied = applied(release).await;
        applied.simulator().set_latency(LATENCY);
        let before = applied.simulator().dump();
        let verification = applied.verify().await;
        passes(&verification, &[]);
        // The others are the connector mode's.
        let is_ours = |name: &&CheckName| **name < CheckName::Logout;
        assert_eq!(verification.checks.len(), CheckName::ALL.iter().filter(is_ours).count());
        let requests = applied.simulator().requests();
        // Discovery; keys, token and code; users and page.
        assert_eq!(round_trips(&requests), 3, "{requests:#?}");
        assert!(requests.iter().all(|request| !request.is_write()), "{requests:#?}");
        let after = applied.simulator().dump();
        for list in ["providers", "applications", "users", "tokens", "brands", "policy_bindings"] {
            assert_eq!(before[list], after[list], "{list}");
        }
    }
}

#[tokio::test]
async fn a_setup_env_alone_will_do() {
    for release in RELEASES {
        let applied = applied(release).await;
        applied.simulator().set_latency(LATENCY);
        passes(&applied.verify_setup_env().await, &UNSEEN);
        let requests = applied.simulator().requests();
        assert_eq!(round_trips(&requests), 3, "{requests:#?}");
        let asked = |text: &str| requests.iter().filter(|one| one.path.contains(text)).count();
        assert_eq!(asked("/api/"), 3, "its brand, its users and one user: {requests:#?}");
    }
}

#[tokio::test]
async fn many_users_come_in_pages_and_still_in_four_waves() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            for number in 0..250 {
                state.add_user(&format!("person-{number}"));
            }
        });
        applied.simulator().set_latency(LATENCY);
        let verification = applied.verify().await;
        passes(&verification, &[]);
        let users = verification.get(CheckName::Users).unwrap();
        assert!(users.message.contains("25"), "{users}");
        let requests = applied.simulator().requests();
        assert_eq!(round_trips(&requests), 4, "{requests:#?}");
        assert!(requests.iter().any(|one| one.path == "/api/v3/core/users/?page=2"));
        assert!(requests.iter().all(|one| one.path != "/api/v3/core/users/?page=3"));
    }
}

#[tokio::test]
async fn the_right_to_view_users_is_enough() {
    for release in [Release::V2025_10, Release::V2026_5] {
        let applied = applied(release).await.edit(|state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.groups.iter_mut().for_each(|group| group.users.retain(|user| *user != account));
            let role = state.add_role("NetBird user reader");
            role.permissions.insert("authentik_core.view_user".to_owned());
            let role = role.pk.clone();
            let group = state.add_group("NetBird user readers");
            (group.roles, group.users) = (vec![role], vec![account]);
        });
        passes(&applied.verify().await, &[]);
    }
}

#[tokio::test]
async fn without_a_service_account_what_needs_one_is_left_out() {
    let mut applied = applied(Release::V2026_5).await;
    applied.outputs.account = None;
    let account = [
        CheckName::ApiClient,
        CheckName::ServiceAccount,
        CheckName::AppPassword,
        CheckName::ApplicationAccess,
        CheckName::Token,
        CheckName::Users,
    ];
    passes(&applied.verify().await, &account);
    let verification = applied.verify_setup_env().await;
    assert!(verification.clone().into_result().is_ok(), "{verification}");
    for name in account {
        let check = verification.get(name).unwrap();
        assert_eq!((check.status, check.hint.as_ref()), (CheckStatus::Skipped, None), "{check}");
    }
}

#[tokio::test]
async fn a_password_that_is_not_known_is_not_asked_with() {
    let applied = applied(Release::V2026_5).await;
    // Nothing to do, and so the password was not read.
    let outputs = apply(&applied.running.client, &applied.running.wanted).await;
    let applied = crate::support::applied::Applied { outputs, ..applied };
    let verification = applied.verify().await;
    passes(&verification, &[CheckName::Token, CheckName::Users]);
    assert!(verification.get(CheckName::Token).unwrap().to_string().contains("not known"));
}

/// Under the path `/authentik/`, with a proxy that leads the host's `/api/` there too.
async fn under_a_path(release: Release) -> (Verification, Verification, usize) {
    let simulator = Simulator::builder().release(release).path("/authentik").start().unwrap();
    let lead = Some(("/api/", "/authentik/api/"));
    let front = Front { lead, ..Front::default() }.of(&simulator).await;
    let url = format!("{}/authentik", front.url);
    let wanted = crate::support::as_in_guide(&url, "netbird.company").build().unwrap();
    let client = Client::builder(&url).token(simulator.token()).build().unwrap();
    let outputs = apply(&client, &wanted).await;
    simulator.clear_requests();
    simulator.set_latency(LATENCY);
    let full = client.verify(&wanted, &outputs).await.unwrap();
    let waves = round_trips(&simulator.requests());
    let text = outputs.netbird_env().to_setup_env().unwrap();
    (full, crate::support::applied::verify_text(text.expose()).await, waves)
}

#[tokio::test]
async fn under_a_path_too() {
    for release in RELEASES {
        let (full, alone, waves) = under_a_path(release).await;
        passes(&full, &[]);
        passes(&alone, &UNSEEN);
        assert_eq!(waves, 3);
        assert!(full.authentik_url.ends_with("/authentik"), "{}", full.authentik_url);
    }
}

#[tokio::test]
async fn over_tls_of_a_private_authority_too() {
    let simulator = Simulator::start().unwrap();
    let header = Some("x-forwarded-proto: https");
    let front = Front { tls: true, header, ..Front::default() }.of(&simulator).await;
    let wanted = crate::support::as_in_guide(&front.url, "netbird.company").build().unwrap();
    let client = Client::builder(&front.url)
        .token(simulator.token())
        .options(ConnectionOptions::new().root_certificates(front.authority.as_str()))
        .build()
        .unwrap();
    let outputs = apply(&client, &wanted).await;
    passes(&client.verify(&wanted, &outputs).await.unwrap(), &[]);

    let text = outputs.netbird_env().to_setup_env().unwrap();
    let settings = NetbirdSettings::from_setup_env(text.expose());
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let trusting = options.clone().root_certificates(front.authority.as_str());
    passes(&verify(&settings, &trusting).await.unwrap(), &UNSEEN);
    let verification = verify(&settings, &options).await.unwrap();
    crate::support::applied::fails(
        &verification,
        CheckName::Discovery,
        &["certificate", "not trusted"],
    );
    let error = verify(&settings, &options.root_certificates("none")).await.unwrap_err();
    assert_eq!(error.issues()[0].field, "root_certificates");
}
