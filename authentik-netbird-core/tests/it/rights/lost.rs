//! A role that authentik has forgotten who has: until 2025.12 it does when any group with that role is
//! deleted. The API shows the account in the group and the role on it all the same.

use authentik_netbird_core::integration::ServiceAccount;
use authentik_simulator::Release;
use serde_json::{Value, json};

use super::account::READER;
use super::{RELEASES, may, start, with_rights};
use crate::support::story::{Server, converge};

#[tokio::test]
async fn a_role_is_lost_with_another_group_and_verify_says_how_to_get_it_back() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        let (_, outputs) = converge(&client, &wanted).await;
        let (group, account, other) = simulator.edit(|state| {
            let reader = state.groups.iter().find(|one| one.name == READER).unwrap().clone();
            let other = state.add_group("another with the role");
            other.roles.clone_from(&reader.roles);
            (reader.pk, reader.users[0], other.pk.clone())
        });
        let server = Server::new(simulator.url(), simulator.token());
        server.send("DELETE", &format!("core/groups/{other}/"), &Value::Null).await;

        assert!(!client.plan(&wanted).await.unwrap().has_changes(), "it cannot be seen");
        let is_old = release < Release::V2025_12;
        let status = if is_old { 403 } else { 200 };
        assert_eq!(may(&simulator, &outputs).await.0, status, "{release}");
        let report = client.verify(&wanted, &outputs).await.unwrap();
        let advice = "remove the account from its group and add it again";
        assert_eq!(report.to_string().contains(advice), is_old, "{report}");

        for change in ["remove_user", "add_user"] {
            let path = format!("core/groups/{group}/{change}/");
            server.send("POST", &path, &json!({ "pk": account })).await;
        }
        let report = client.verify(&wanted, &outputs).await.unwrap();
        assert!(report.is_success(), "{report}");
    }
}

#[tokio::test]
async fn a_role_of_another_group_is_refused_and_half_a_group_is_left() {
    for release in RELEASES {
        let (simulator, _) = start(release);
        let role = simulator.edit(|state| {
            let role = state.add_role("of one group").pk.clone();
            state.add_group("first").roles.push(role.clone());
            role
        });
        let server = Server::new(simulator.url(), simulator.token());
        let body = json!({"name": "second", "roles": [role]});
        let (status, answer) = server.send("POST", "core/groups/", &body).await;
        let left = simulator.edit(|state| {
            let second = state.groups.iter().find(|one| one.name == "second").unwrap();
            second.roles.len()
        });
        if release >= Release::V2025_12 {
            assert_eq!((status, left), (201, 1), "{answer}");
        } else {
            assert_eq!((status, left), (400, 0), "{answer}");
            assert_eq!(answer, json!(["Roles can only be used with a single group."]));
        }
    }
}
