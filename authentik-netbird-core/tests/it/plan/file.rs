//! A plan as JSON, and what makes it stale.

use crate::support::snapshots::{configured, fresh, integration, plan};
use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::plan::Plan;

use super::drifted;

#[test]
fn same_inputs_same_bytes_and_json_brings_the_plan_back() {
    for server in [fresh(&integration()), configured()] {
        let one = plan(&integration(), &server).unwrap();
        let two = plan(&integration(), &server).unwrap();
        assert_eq!(one.to_json(), two.to_json());
        assert_eq!(Plan::from_json(&one.to_json()).unwrap(), one);
    }
    let drifted = drifted(|server| {
        server.providers[0].encryption_key = Some("x".into());
        server.applications[0].provider = None;
    });
    assert_eq!(Plan::from_json(&drifted.to_json()).unwrap(), drifted);
}

#[test]
fn a_plan_that_was_cut_edited_or_is_newer_is_refused() {
    let json = plan(&integration(), &fresh(&integration())).unwrap().to_json();
    let newer = json.replacen("\"format_version\": 1", "\"format_version\": 2", 1);
    for (bad, what) in [
        (&json[..json.len() / 2], "no whole JSON document"),
        (&json.replace("netbird.company", "evil.example"), "edited or damaged"),
        (&newer, "format_version is 2"),
        ("{}", "format_version is missing"),
    ] {
        let error = Plan::from_json(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPlan);
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn the_fingerprint_names_what_changed() {
    let before = plan(&integration(), &configured()).unwrap().fingerprint;
    let changed = drifted(|server| {
        server.providers[0].sub_mode = None;
        server.applications.clear();
        server.brands[0].flow_device_code = None;
        server.users[0].is_superuser = false;
        server.groups[0].users.push(authentik_netbird_core::ids::UserId(77));
    });
    assert_eq!(
        before.differences(&changed.fingerprint),
        [
            "application \"netbird\" is gone",
            "brand \"default\" is not as it was",
            "provider \"NetBird\" is not as it was",
        ],
        "other members of the group are none of our business"
    );
}
