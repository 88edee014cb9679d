//! Each failure says whether a plan for the same options fixes it: so it does when it is applied, and
//! no other plan does.

use authentik_netbird_core::verify::CheckName;
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_simulator::{Effect, Fault, FaultAnswer, KeyType, Release, Simulator, State};

use crate::support::applied::{Applied, applied, apply, names};
use authentik_netbird_core::verify::CheckStatus::Fail;

/// Verifies what authentik has, applies the plan if there is one, and verifies again.
async fn before_and_after(applied: &Applied) -> (Vec<(CheckName, Option<bool>)>, Vec<CheckName>) {
    let (client, wanted) = (&applied.running.client, &applied.running.wanted);
    let settings = client.netbird_settings(wanted).await.unwrap();
    let before = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    let said = before.with(Fail).map(|check| (check.name, check.fixed_by_plan)).collect();
    for check in before.with(Fail) {
        let advises = check.hint.as_ref().is_some_and(|hint| hint.contains("pply a plan"));
        assert!(!advises || check.fixed_by_plan == Some(true), "{check}\n{before}");
    }
    let planned = client.plan(wanted).await;
    // The overview says the same, from one reading.
    let status = client.status(wanted).await.unwrap();
    assert_eq!(status.verification.checks, before.checks, "{before}");
    assert_eq!(status.plan.as_ref(), planned.as_ref().ok());
    if let Ok(plan) = planned {
        client.apply(&plan).await.unwrap();
    }
    let settings = client.netbird_settings(wanted).await.unwrap();
    let after = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    (said, names(&after, Fail))
}

fn elliptic(state: &mut State) {
    let key = state.add_certificate("elliptic", KeyType::Ec).pk.clone();
    state.providers[0].signing_key = Some(key);
}

fn bound(state: &mut State) {
    let application = state.applications[0].pk.clone();
    let group = state.add_group("VPN users").pk.clone();
    state.add_policy_binding(&application).group = Some(group);
}

#[tokio::test]
async fn what_a_plan_fixes_is_what_it_says() {
    let breaks: [fn(&mut State); 13] = [
        |state| state.providers[0].client_secret = "".into(),
        |state| state.providers[0].signing_key = None,
        elliptic,
        |state| state.providers[0].encryption_key = Some(state.certificates[0].pk.clone()),
        |state| "hashed_user_id".clone_into(&mut state.providers[0].sub_mode),
        |state| state.providers[0].property_mappings.clear(),
        |state| state.providers[0].grant_types.clear(),
        |state| state.providers[0].redirect_uris.clear(),
        |state| "global".clone_into(&mut state.providers[0].issuer_mode),
        |state| state.brands[0].flow_device_code = None,
        |state| state.tokens.retain(|token| token.intent != "app_password"),
        |state| state.applications[0].provider = None,
        bound,
    ];
    for (number, change) in breaks.into_iter().enumerate() {
        let applied = applied(Release::V2026_5).await.edit(change);
        let (said, after) = before_and_after(&applied).await;
        assert!(!said.is_empty(), "{number}");
        for (name, is_fixed) in said {
            let was_fixed = !after.contains(&name);
            assert_eq!(is_fixed, Some(was_fixed), "{number}: {name}, then {after:?}");
        }
    }
}

/// A plan creates what is missing, and an authentik that is not reached stays so.
#[tokio::test]
async fn what_is_in_front_of_authentik_is_fixed_by_no_plan() {
    let applied = applied(Release::V2026_5).await.edit(|state| state.applications.clear());
    let away = Effect::Answer(FaultAnswer::html(502, "<title>502 Bad Gateway</title>"));
    let discovery = ".well-known/openid-configuration";
    applied.simulator().add_fault(Fault::new(away).on_path(discovery));
    let (said, _) = before_and_after(&applied).await;
    assert!(said.contains(&(CheckName::Discovery, Some(false))), "{said:?}");
}

#[tokio::test]
async fn what_blocks_a_plan_is_one_line_of_the_report() {
    let simulator = Simulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let named = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let other = named.clone().provider_name("Provider for NetBird").build().unwrap();
    apply(&client, &other).await;
    simulator.edit(|state| state.providers[0].redirect_uris.clear());
    let wanted = named.build().unwrap();
    let settings = client.netbird_settings(&wanted).await.unwrap();
    // The client id is that of the application's provider, whatever its name is.
    let verification = client.verify_settings(&settings, Some(&wanted)).await.unwrap();
    assert_eq!(names(&verification, Fail), [CheckName::RedirectUris], "{verification}");
    let text = verification.to_string();
    if client.plan(&wanted).await.is_err() {
        assert!(
            text.contains("A plan fixes nothing: there is no plan for these options"),
            "{text}"
        );
        assert_eq!(verification.get(CheckName::RedirectUris).unwrap().fixed_by_plan, Some(false));
    }
    // Never set up: everything is there with a plan.
    let fresh = Simulator::start().unwrap();
    let client = Client::builder(fresh.url()).token(fresh.token()).build().unwrap();
    let wanted = NetbirdIntegration::builder(fresh.url(), "netbird.company").build().unwrap();
    let settings = client.netbird_settings(&wanted).await.unwrap();
    let verification = client.verify_settings(&settings, Some(&wanted)).await.unwrap();
    assert!(!verification.is_success() && verification.blocked.is_none(), "{verification}");
    for check in verification.with(Fail) {
        assert_eq!(check.fixed_by_plan, Some(true), "{check}\n{verification}");
    }
    let text = verification.to_string();
    assert!(text.contains("A plan for these options fixes: discovery"), "{text}");
}
