//! Rotation of the app password is a plan: two round trips, a truthful report, and seen by NetBird's own
//! request.

use std::time::Duration;

use crate::support::running::LATENCY;
use crate::support::story::converge;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ConnectionOptions, Error, ErrorKind, NetbirdIntegration,
};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator, round_trips};

const RELEASES: [Release; 5] = Release::ALL;

struct Running {
    simulator: Simulator,
    client: Client,
    wanted: NetbirdIntegration,
    before: Outputs,
}

async fn applied(release: Release, rights: ServiceAccount) -> Running {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url())
        .token(simulator.token())
        .options(ConnectionOptions::new().retry_timeout(Duration::from_millis(300)))
        .build()
        .unwrap();
    let builder =
        crate::support::as_in_guide(simulator.url(), "netbird.company").service_account(rights);
    let wanted = builder.build().unwrap();
    let (_, before) = converge(&client, &wanted).await;
    simulator.clear_requests();
    Running { simulator, client, wanted, before }
}

/// Plans a rotation and applies it; what NetBird needs from then on.
async fn rotate(running: &Running, expiry: AppPasswordExpiry) -> Result<Outputs, Error> {
    let plan = running.client.plan_rotate(&running.wanted, expiry).await?;
    let outcome = running.client.apply(&plan).await?;
    Ok(outcome.outputs().unwrap().clone())
}

fn key(outputs: &Outputs) -> &str {
    outputs.account.as_ref().unwrap().app_password.as_ref().unwrap().expose()
}

/// Status of NetBird's token request.
async fn token(running: &Running, outputs: &Outputs) -> u16 {
    let server = crate::support::story::Server::new(running.simulator.url(), "");
    let discovery = server.get(outputs.openid_configuration_endpoint().as_str()).await;
    let form = [
        ("client_id", outputs.client_id.as_str()),
        ("username", outputs.account.as_ref().unwrap().username.as_str()),
        ("password", key(outputs)),
        ("grant_type", "client_credentials"),
        ("scope", "goauthentik.io/api"),
    ];
    server.post_form(discovery["token_endpoint"].as_str().unwrap(), &form).await.0
}

#[tokio::test]
async fn the_new_value_works_and_the_old_one_does_not() {
    for release in RELEASES {
        for rights in [ServiceAccount::Administrator, ServiceAccount::UserReader] {
            let running = applied(release, rights).await;
            running.simulator.set_latency(LATENCY);
            let after = rotate(&running, AppPasswordExpiry::Keep).await.unwrap();
            let requests = running.simulator.requests();
            assert_eq!((requests.len(), round_trips(&requests)), (5, 2), "{requests:?}");
            running.simulator.set_latency(Duration::ZERO);
            assert_ne!(key(&after), key(&running.before));
            assert_eq!(token(&running, &after).await, 200);
            assert_eq!(token(&running, &running.before).await, 400);
            // Nothing else of the outputs is another, and nothing else is to do.
            assert_eq!(running.client.outputs(&running.wanted).await.unwrap(), after);
            converge(&running.client, &running.wanted).await;
            let env = after.netbird_env().to_setup_env().unwrap();
            assert!(env.expose().contains(key(&after)));
        }
    }
}

#[tokio::test]
async fn the_expiry_is_kept_or_taken_away_and_the_token_stays_the_accounts() {
    for release in RELEASES {
        let running = applied(release, ServiceAccount::Administrator).await;
        let expires = |running: &Running| {
            let tokens = running.simulator.dump()["tokens"].clone();
            let ours = tokens
                .as_array()
                .unwrap()
                .iter()
                .find(|token| token["identifier"] == "service-account-netbird-password");
            let ours = ours.unwrap().clone();
            (ours["expiring"].clone(), ours["user"].clone(), ours["intent"].clone())
        };
        running.simulator.edit(|state| {
            let soon = state.now() + Duration::from_secs(40 * 86_400);
            let ours = |one: &&mut authentik_simulator::Token| {
                one.identifier == "service-account-netbird-password"
            };
            let token = state.tokens.iter_mut().find(ours).unwrap();
            (token.expiring, token.expires) = (true, Some(soon));
        });
        let before = expires(&running);
        rotate(&running, AppPasswordExpiry::Keep).await.unwrap();
        assert_eq!(expires(&running), before);
        rotate(&running, AppPasswordExpiry::Never).await.unwrap();
        let (expiring, user, intent) = expires(&running);
        assert_eq!((expiring, user, intent), (false.into(), before.1, before.2));
    }
}

#[tokio::test]
async fn a_lost_response_is_read_back() {
    for release in RELEASES {
        let running = applied(release, ServiceAccount::Administrator).await;
        let lost = Fault::new(Effect::Cut).on_path("/set_key/").after_commit();
        running.simulator.add_fault(lost);
        let after = rotate(&running, AppPasswordExpiry::Keep).await.unwrap();
        assert_eq!(token(&running, &after).await, 200);
    }
}

#[tokio::test]
async fn an_outcome_that_cannot_be_read_is_unknown_and_nothing_secret_is_shown() {
    let running = applied(Release::V2026_5, ServiceAccount::Administrator).await;
    running.simulator.add_fault(Fault::new(Effect::Cut).on_path("/set_key/").after_commit());
    running.simulator.add_fault(Fault::new(Effect::Cut).on_path("/view_key/"));
    let error = rotate(&running, AppPasswordExpiry::Keep).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PartialApply);
    let text = format!("{} {error:?}", error.chain());
    let unknown = "unknown: update app password \"service-account-netbird-password\"";
    assert!(text.contains(unknown) && text.contains("Running again is safe"), "{text}");
    running.simulator.clear_faults();
    let now = running.client.outputs(&running.wanted).await.unwrap();
    assert_ne!(key(&now), key(&running.before));
    assert!(!text.contains(key(&now)) && !text.contains(key(&running.before)));
    assert_eq!(token(&running, &now).await, 200);
}

#[tokio::test]
async fn a_rejection_that_cannot_be_read_back_has_failed() {
    let running = applied(Release::V2026_5, ServiceAccount::Administrator).await;
    let body = r#"{"detail": "You do not have permission to perform this action."}"#;
    for path in ["/set_key/", "/view_key/"] {
        let denied = Effect::Answer(FaultAnswer::with_body(403, "application/json", body));
        running.simulator.add_fault(Fault::new(denied).on_path(path));
    }
    let error = rotate(&running, AppPasswordExpiry::Keep).await.unwrap_err();
    let text = error.chain();
    assert!(text.contains("failed:") && !text.contains("unknown:"), "{text}");
    assert!(text.contains("grant its user the permission authentik_core.set_token_key"), "{text}");
}

#[tokio::test]
async fn a_rejection_changes_nothing() {
    for status in [400, 403, 500] {
        let running = applied(Release::V2025_10, ServiceAccount::Administrator).await;
        let answer = FaultAnswer::with_body(
            status,
            "application/json",
            r#"{"key": ["this one is not good enough"]}"#,
        );
        running.simulator.add_fault(Fault::new(Effect::Answer(answer)).on_path("/set_key/"));
        let error = rotate(&running, AppPasswordExpiry::Keep).await.unwrap_err();
        assert!(error.to_string().contains("this one is not good enough"), "{error}");
        let Error::PartialApply { report, .. } = &error else { panic!("{error}") };
        assert!(report.to_string().contains("failed"), "{report}");
        running.simulator.clear_faults();
        assert_eq!(running.client.outputs(&running.wanted).await.unwrap(), running.before);
    }
}

#[tokio::test]
async fn without_an_app_password_there_is_nothing_to_rotate() {
    let running = applied(Release::V2026_5, ServiceAccount::Administrator).await;
    let fails = async |wanted: &NetbirdIntegration, what: &str| {
        let error = running.client.plan_rotate(wanted, AppPasswordExpiry::Keep).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing);
        assert!(error.to_string().contains(what), "{error}");
    };
    let other = |field: &str, value: &str| {
        let changes = [(field.to_owned(), value.into())].into();
        running.wanted.with_fields(changes).build().unwrap()
    };
    fails(&other("service_account", "none"), "the integration has no service account").await;
    fails(&other("service_account_name", "Nobody"), "Apply a plan first").await;
    fails(&other("provider_name", "Nothing"), "Apply a plan first").await;
    running.simulator.edit(|state| state.tokens.retain(|one| !one.identifier.contains("netbird")));
    fails(&running.wanted, "the account has no app password that is still valid").await;
    assert!(running.simulator.requests().iter().all(|request| !request.is_write()));
}

#[tokio::test]
async fn a_rejection_after_an_attempt_that_may_still_apply_is_unknown() {
    let running = applied(Release::V2026_5, ServiceAccount::Administrator).await;
    let given_up = Effect::Answer(FaultAnswer::empty(504));
    running.simulator.add_fault(Fault::new(given_up).on_path("/set_key/").times(1));
    let denied = FaultAnswer::with_body(403, "application/json", r#"{"detail": "no"}"#);
    running.simulator.add_fault(Fault::new(Effect::Answer(denied)).on_path("/set_key/"));
    let error = rotate(&running, AppPasswordExpiry::Keep).await.unwrap_err();
    assert!(error.chain().contains("unknown:"), "{}", error.chain());
}

#[tokio::test]
async fn other_tokens_are_named_or_on_request_revoked() {
    for release in RELEASES {
        let running = applied(release, ServiceAccount::Administrator).await;
        running.simulator.edit(|state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.add_token("known to somebody", account);
        });
        let left = || {
            let has = |state: &mut authentik_simulator::State| {
                state.tokens.iter().any(|one| one.identifier == "known to somebody")
            };
            running.simulator.edit(has)
        };
        let plan =
            running.client.plan_rotate(&running.wanted, AppPasswordExpiry::Keep).await.unwrap();
        let text = plan.to_string();
        assert!(text.contains("keeps its other tokens: \"known to somebody\""), "{text}");
        assert!(text.contains("are valid until they expire"), "{text}");
        running.client.apply(&plan).await.unwrap();
        assert!(left());
        let revoking = [("revoke_other_tokens".to_owned(), true.into())].into();
        let revoking = running.wanted.with_fields(revoking).build().unwrap();
        let plan = running.client.plan_rotate(&revoking, AppPasswordExpiry::Keep).await.unwrap();
        running.client.apply(&plan).await.unwrap();
        assert!(!left(), "{plan}");
    }
}
