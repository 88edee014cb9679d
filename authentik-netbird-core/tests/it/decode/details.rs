//! What a teardown reads of flows, users and their uses, in recorded responses.

use authentik_netbird_core::authentik::{Flow, Page, UsedBy, User};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::shared;

fn decoded<T: DeserializeOwned>(value: &Value) -> T {
    T::deserialize(value).unwrap_or_else(|error| panic!("{error}: {value}"))
}

#[test]
fn recorded_details_decode() {
    let Some(folder) = shared("recordings") else { return };
    for release in ["authentik-2025.10", "authentik-2026.5"] {
        let body = |name: &str| {
            let text = std::fs::read_to_string(folder.join(release).join(name)).unwrap();
            let recording: Value = serde_json::from_str(&text).unwrap();
            recording["response"]["body"].clone()
        };
        let used_by: Vec<UsedBy> = decoded(&body("722-used-by-group.json"));
        let (app, model) = (&used_by[0].app, &used_by[0].model_name);
        assert_eq!((app.as_str(), model.as_str()), ("authentik_core", "user"));
        assert_eq!((used_by[0].pk.as_str(), used_by[0].name.as_str()), ("3", "akadmin"));

        let flows: Page<Flow> = decoded(&body("001-flows-slug-explicit.json"));
        let [flow] = &flows.results[..] else { panic!("{flows:?}") };
        assert_eq!((flow.stages.len(), flow.policies.len()), (1, 0));
        assert_eq!(flow.layout.as_deref(), Some("stacked"));
        assert_eq!(flow.denied_action.as_deref(), Some("message_continue"));
        assert_eq!(flow.policy_engine_mode.as_deref(), Some("any"));

        let users: Page<User> = decoded(&body("305-users-by-username.json"));
        assert_eq!(users.results[0].username, "NetBird");
        assert!(users.results[0].groups.is_empty());
    }
    let text = folder.join("authentik-2025.10/925-admin-users.json");
    let recording: Value = serde_json::from_str(&std::fs::read_to_string(text).unwrap()).unwrap();
    let users: Page<User> = decoded(&recording["response"]["body"]);
    let account = users.results.iter().find(|user| user.username == "NetBird").unwrap();
    assert_eq!(account.named_groups[0].name, "NetBird user readers");
    assert_eq!(account.named_groups[0].pk, account.groups[0]);
}
