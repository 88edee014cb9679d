//! A plan as JSON.

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
    let newer = json.replacen("\"format_version\": 2", "\"format_version\": 3", 1);
    for (bad, what) in [
        (&json[..json.len() / 2], "not a complete JSON document"),
        (&json.replace("netbird.company", "evil.example"), "edited or damaged"),
        (&newer, "format_version is 3"),
        ("{}", "format_version is missing"),
    ] {
        let error = Plan::from_json(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPlan);
        assert!(error.to_string().contains(what), "{error}");
    }
}
