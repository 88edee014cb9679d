//! The status of an integration: the report of a verification and the plan, from one reading of the servers.

use std::time::{Duration, SystemTime};

use authentik_netbird_core::integration::ModeKind;
use authentik_netbird_core::verify::{CheckName, ExpiryKind, Verification};
use authentik_netbird_core::{Client, ConnectionOptions, NetbirdIntegration};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator, State};

use crate::support::applied::{Applied, RELEASES, applied, apply, fails};
use crate::support::as_in_guide;

const DAY: Duration = Duration::from_secs(86_400);

/// What expires, with the days from now on; `None`: never.
fn days(verification: &Verification) -> Vec<(ExpiryKind, &str, Option<u64>)> {
    let now = SystemTime::now() - Duration::from_secs(60);
    let days = |time: SystemTime| time.duration_since(now).unwrap().as_secs() / DAY.as_secs();
    let all = verification.expiries.iter();
    all.map(|one| (one.kind, one.name.as_str(), one.expires.map(days))).collect()
}

async fn status(applied: &Applied) -> authentik_netbird_core::client::Status {
    applied.running.client.status(&applied.running.wanted).await.unwrap()
}

#[tokio::test]
async fn of_a_healthy_server_in_few_requests_without_a_write() {
    for release in RELEASES {
        let applied = applied(release).await;
        let status = status(&applied).await;
        assert!(status.verification.is_success(), "{release}: {}", status.verification);
        assert!(!status.plan.unwrap().has_changes() && status.server_version.is_some());
        let requests = applied.simulator().requests();
        assert_eq!(requests.iter().filter(|one| one.is_write()).count(), 0);
        // A verification alone takes 25, and a plan 10.
        assert_eq!(requests.len(), 21, "{release}");
        let mut reads: Vec<_> = requests.iter().filter(|one| one.path.contains("/api/")).collect();
        reads.sort_by(|a, b| a.path.cmp(&b.path));
        let twice = reads.windows(2).find(|two| two[0].path == two[1].path);
        assert!(twice.is_none(), "{twice:?}");
    }
}

#[tokio::test]
async fn when_app_passwords_and_the_signing_key_expire() {
    let expire = |state: &mut State, identifier: &str, days: u32| {
        let mut tokens = state.tokens.iter_mut();
        let token = tokens.find(|one| one.identifier == identifier).unwrap();
        token.expiring = true;
        token.expires = Some(SystemTime::now() + days * DAY);
    };
    let mut applied = applied(Release::V2026_5).await.edit(|state| {
        let key = state.providers[0].signing_key.clone();
        let mut pairs = state.certificates.iter_mut();
        pairs.find(|pair| Some(&pair.pk) == key.as_ref()).unwrap().expiry =
            SystemTime::now() + 40 * DAY;
    });
    let key = (ExpiryKind::SigningKey, "authentik Self-signed Certificate", Some(40));
    let default = "service-account-netbird-password";
    let password = |name, days| (ExpiryKind::AppPassword, name, days);
    let found = status(&applied).await.verification;
    assert_eq!(days(&found), [password(default, None), key]);

    applied = applied.edit(|state| {
        expire(state, default, 7);
        let mut second = state.tokens.iter().find(|one| one.identifier == default).unwrap().clone();
        "second".clone_into(&mut second.identifier);
        state.tokens.push(second);
        expire(state, "second", 9);
    });
    let found = status(&applied).await.verification;
    assert_eq!(days(&found), [password("second", Some(9)), password(default, Some(7)), key]);
    // An administrator's verification shows what it reads, and JSON keeps the times.
    let verified = applied.verify().await;
    assert_eq!(days(&verified), [password("second", Some(9)), password(default, Some(7))]);
    assert_eq!(serde_json::from_str::<Verification>(&found.to_json()).unwrap(), found);
    let older = found.to_json().replace("\"expiries\"", "\"unknown\"");
    assert!(serde_json::from_str::<Verification>(&older).unwrap().expiries.is_empty());

    // An expired one counts only where there is no other.
    applied = applied.edit(|state| {
        for token in &mut state.tokens {
            token.expires = Some(SystemTime::UNIX_EPOCH + DAY);
            token.expiring &= token.identifier == default;
        }
    });
    let found = status(&applied).await.verification;
    assert_eq!(days(&found), [password("second", None), key]);
    applied = applied.edit(|state| state.tokens.retain(|one| one.identifier != "second"));
    let found = status(&applied).await.verification;
    assert_eq!(found.expiries[0].expires, Some(SystemTime::UNIX_EPOCH + DAY));
}

#[tokio::test]
async fn what_is_in_the_way_of_a_plan_is_named() {
    // A flow that the plan needs and a verification does not.
    let applied = applied(Release::V2026_5).await.edit(|state| state.brands.clear());
    let found = status(&applied).await;
    let planned = applied.running.client.plan(&applied.running.wanted).await;
    assert_eq!(found.plan.is_none(), planned.is_err());
    assert!(
        found.verification.blocked.clone().unwrap().contains("brand"),
        "{}",
        found.verification
    );

    let applied = self::applied(Release::V2026_5).await;
    let refused = Fault::new(Effect::Answer(FaultAnswer::empty(500))).on_path("/crypto/");
    applied.simulator().add_fault(refused);
    let found = status(&applied).await;
    assert!(found.plan.is_none(), "planned without the certificates");
    fails(&found.verification, CheckName::Administration, &["500"]);
}

#[tokio::test]
async fn of_a_server_that_is_away() {
    let simulator = Simulator::start().unwrap();
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let client = Client::builder(simulator.url()).token("ak").options(options).build().unwrap();
    let wanted = as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    drop(simulator);
    let found = client.status(&wanted).await.unwrap();
    assert!(found.plan.is_none() && found.server_version.is_none());
    assert!(!found.verification.is_success());
}

#[tokio::test]
async fn of_a_connector() {
    let (authentik, netbird) = (Simulator::start().unwrap(), NetbirdSimulator::start().unwrap());
    let builder = Client::builder(authentik.url()).token(authentik.token());
    let client = builder.netbird(netbird.url(), netbird.token()).build().unwrap();
    let wanted = NetbirdIntegration::builder(authentik.url(), "netbird.company");
    let wanted = wanted.mode(ModeKind::Connector).build().unwrap();
    apply(&client, &wanted).await;
    authentik.clear_requests();
    netbird.clear_requests();
    let found = client.status(&wanted).await.unwrap();
    assert!(found.verification.is_success(), "{}", found.verification);
    assert!(!found.plan.unwrap().has_changes());
    let kinds: Vec<ExpiryKind> = found.verification.expiries.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [ExpiryKind::SigningKey]);
    assert!(authentik.requests().len() + netbird.requests().len() <= 15);

    // Without NetBird the half of authentik is known.
    drop(netbird);
    let found = client.status(&wanted).await.unwrap();
    assert!(found.plan.is_some() && !found.verification.is_complete(), "{}", found.verification);
}
