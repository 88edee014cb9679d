//! People who log in through a NetBird, real or simulated, to which an apply connected authentik.

use authentik_netbird_core::authentik::RedirectUri;
use authentik_netbird_core::integration::ModeKind;
use authentik_netbird_core::{AppPasswordExpiry, Client, NetbirdIntegration};
use authentik_simulator::Simulator;
use authentik_simulator::netbird::NetbirdSimulator;
use serde_json::Value;

use crate::support::walk::{Netbird, Person, Simulated};

/// Another name than that of the other live test, which may run at the same time.
const NAME: &str = "NetBird login test";

/// The person who logs in.
pub(crate) const ALICE: [&str; 3] = ["alice-of-a-test", "Alice Doe", "alice@netbird.company"];

/// The same on a simulated authentik, to which Alice is added.
pub(crate) async fn tell_simulated(authentik: &Simulator, netbird: (&str, &str)) {
    authentik.edit(|state| {
        let alice = state.add_user(ALICE[0]);
        ALICE[1].clone_into(&mut alice.name);
        ALICE[2].clone_into(&mut alice.email);
    });
    let alice = Simulated(authentik, ALICE[0]);
    tell((authentik.url(), authentik.token()), &alice, netbird).await;
}

/// A first login of Alice, what NetBird knows then, a rotation without the restart that it asks for, and a teardown.
/// NetBird is left as it was.
pub(crate) async fn tell(
    (authentik_url, authentik_token): (&str, &str),
    person: &impl Person,
    (url, token): (&str, &str),
) {
    let netbird = Netbird::new(url, token).await;
    let wanted = NetbirdIntegration::builder(authentik_url, "netbird.company")
        .mode(ModeKind::Connector)
        .application_name(NAME)
        .application_slug("netbird-login-test")
        .provider_name(NAME)
        .identity_provider_name(NAME)
        .extra_redirect_uri(RedirectUri::strict(netbird.callback()))
        .build()
        .unwrap();
    let client = Client::builder(authentik_url).token(authentik_token);
    let client = client.netbird(url, token).build().unwrap();
    let plan = client.plan(&wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert!(!client.plan(&wanted).await.unwrap().has_changes());
    let verification = client.verify(&wanted, &client.outputs(&wanted).await.unwrap()).await;
    verification.unwrap().into_result().unwrap_or_else(|error| panic!("{error}"));

    let (_, connectors) = netbird.api("GET", "identity-providers", None).await;
    let all = connectors.as_array().unwrap();
    let connector = all.iter().find(|one| one["name"] == NAME).unwrap()["id"].as_str().unwrap();
    let alice = log_in(&netbird, person, connector).await.unwrap();

    // Dex goes on with the secret that it had when it opened the connector, until NetBird restarts.
    let plan = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    let (status, _) = log_in(&netbird, person, connector).await.unwrap_err();
    assert_eq!(status, 500, "a login after a rotation works without a restart");

    let plan = client.plan_teardown(&wanted).await.unwrap();
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{plan}\n{}", error.chain()));
    let left = client.plan_teardown(&wanted).await.unwrap();
    assert!(left.operations.is_empty(), "{left}");
    let (status, answer) = netbird.api("DELETE", &format!("users/{alice}"), None).await;
    assert_eq!(status, 200, "{answer}");
}

/// Alice logs in and is approved. Returns her id.
async fn log_in(
    netbird: &Netbird,
    person: &impl Person,
    connector: &str,
) -> Result<String, (u16, String)> {
    let token = netbird.log_in(person, connector).await?;
    // With the first call NetBird learns of her.
    let (status, _) = netbird.api("GET", "users/current", Some(&token)).await;
    let (_, users) = netbird.api("GET", "users", None).await;
    let is_alice = |one: &&Value| one["email"] == ALICE[2];
    let alice =
        users.as_array().unwrap().iter().find(is_alice).unwrap_or_else(|| panic!("{users}"));
    let id = alice["id"].as_str().unwrap();
    assert_eq!((alice["name"].as_str(), alice["role"].as_str()), (Some(ALICE[1]), Some("user")));
    if alice["pending_approval"] == true {
        assert_eq!(status, 403, "{alice}");
        let (status, answer) = netbird.api("POST", &format!("users/{id}/approve"), None).await;
        assert_eq!(status, 200, "{answer}");
    }
    let (status, current) = netbird.api("GET", "users/current", Some(&token)).await;
    assert_eq!((status, current["id"].as_str()), (200, Some(id)), "{current}");
    Ok(id.to_owned())
}

#[tokio::test]
async fn the_logins_that_a_real_netbird_is_told() {
    let authentik = Simulator::start().unwrap();
    let netbird = NetbirdSimulator::builder().start().unwrap();
    tell_simulated(&authentik, (netbird.url(), netbird.token())).await;
}
