//! The report that a person reads, that a program reads, and that stops a script. Update the golden
//! texts on purpose, with `INSTA_UPDATE=always`.

use authentik_netbird_core::verify::{CheckName, CheckStatus};
use authentik_netbird_core::{Error, ErrorKind, Verification};
use authentik_simulator::{RedirectUri, Release};
use serde_json::{Value, json};

use crate::support::applied::{Applied, applied, names};

/// With a name in place of this run's port and client id.
fn stable(applied: &Applied, text: &str) -> String {
    text.replace(applied.simulator().url(), "https://authentik.company")
        .replace(applied.outputs.client_id.as_str(), "5JXuw0qD")
}

/// Something of each kind.
async fn broken() -> (Applied, Verification) {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        state.brands.iter_mut().for_each(|brand| brand.flow_device_code = None);
        let provider = &mut state.providers[0];
        provider.include_claims_in_id_token = false;
        provider.redirect_uris.push(RedirectUri::new("regex", "https://netbird.company.*"));
        let application = state.applications[0].pk.clone();
        let group = state.add_group("VPN users").pk.clone();
        state.add_policy_binding(&application).group = Some(group);
    });
    let verification = applied.verify().await;
    (applied, verification)
}

#[tokio::test]
async fn a_healthy_server() {
    let applied = applied(Release::V2026_5).await;
    insta::assert_snapshot!(stable(&applied, &applied.verify().await.to_string()));
}

#[tokio::test]
async fn a_healthy_server_from_a_setup_env_alone() {
    let applied = applied(Release::V2026_5).await;
    insta::assert_snapshot!(stable(&applied, &applied.verify_setup_env().await.to_string()));
}

#[tokio::test]
async fn a_broken_server() {
    let (applied, verification) = broken().await;
    insta::assert_snapshot!(stable(&applied, &verification.to_string()));
}

#[tokio::test]
async fn a_broken_server_as_json() {
    let (applied, verification) = broken().await;
    insta::assert_snapshot!(stable(&applied, &verification.to_json()));
}

#[tokio::test]
async fn json_says_the_same_as_the_report() {
    let (_, verification) = broken().await;
    let json: Value = serde_json::from_str(&verification.to_json()).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["success"], false);
    let checks: Vec<_> =
        json["checks"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    // The others are the connector mode's.
    let ours = CheckName::ALL.iter().filter(|name| **name < CheckName::Logout);
    let all: Vec<Value> = ours.map(|name| json!(name.as_str())).collect();
    assert_eq!(checks, all.iter().collect::<Vec<_>>());
    for (check, json) in verification.checks.iter().zip(json["checks"].as_array().unwrap()) {
        assert_eq!(json["status"], check.status.to_string());
        assert_eq!(json["message"], check.message);
        assert_eq!(json["hint"], json!(check.hint));
    }
}

#[tokio::test]
async fn an_error_stops_a_script() {
    let (_, verification) = broken().await;
    let failed = names(&verification, CheckStatus::Fail);
    let error = verification.clone().into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification);
    assert!(!error.is_retryable() && !error.is_permission_denied());
    let chain = error.chain();
    for name in failed {
        let check = verification.get(name).unwrap();
        assert!(chain.contains(&check.to_string()), "{check} is not in {chain}");
    }
    assert_eq!(chain.lines().count(), 4, "{chain}");
    let Error::Verification(report) = error else { panic!("{error}") };
    assert_eq!(*report, verification);

    let healthy = applied(Release::V2026_5).await.verify().await;
    assert_eq!(healthy.clone().into_result().unwrap(), healthy);
}
