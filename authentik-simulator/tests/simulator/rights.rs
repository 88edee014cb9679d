//! Who may do what, as measured on real servers (2024.12.5, 2025.10.4, 2025.12.4 and 2026.5.0-rc1).

use std::time::Duration;

use authentik_simulator::{Release, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{api, oauth, start, user_with};

const SERVICE_ACCOUNT: &str = "core/users/service_account/";

async fn post(simulator: &Simulator, token: &str, path: &str, body: Value) -> (u16, Value) {
    api(simulator, token, Method::POST, path, body).await
}

async fn get(simulator: &Simulator, token: &str, path: &str) -> (u16, Value) {
    api(simulator, token, Method::GET, path, Value::Null).await
}

#[tokio::test]
async fn a_service_account_takes_two_permissions() {
    for release in Release::ALL {
        let simulator = start(release);
        let (user, token) = ("authentik_core.add_user", "authentik_core.add_token");
        for (name, permissions, status) in
            [("one", vec![user], 403), ("two", vec![token], 403), ("both", vec![user, token], 200)]
        {
            let key = user_with(&simulator, name, &permissions);
            let (has, _) = post(&simulator, &key, SERVICE_ACCOUNT, json!({ "name": "NB" })).await;
            assert_eq!(has, status, "{release} {name}");
        }
    }
}

#[tokio::test]
async fn a_group_may_have_any_members_but_is_not_of_administrators() {
    for release in Release::ALL {
        let simulator = start(release);
        let key = user_with(&simulator, "jane", &["authentik_core.add_group"]);
        let body = json!({ "name": "a", "users": [any_user(&simulator)] });
        assert_eq!(post(&simulator, &key, "core/groups/", body).await.0, 201, "{release}");
        let body = json!({ "name": "b", "is_superuser": true });
        let (status, answer) = post(&simulator, &key, "core/groups/", body).await;
        let text = "User does not have permission to set superuser status to True.";
        assert_eq!((status, &answer), (400, &json!({ "is_superuser": [text] })), "{release}");
        assert!(simulator.edit(|state| state.groups.iter().all(|group| group.name != "b")));
    }
}

/// The key of some user.
fn any_user(simulator: &Simulator) -> u64 {
    simulator.edit(|state| state.users[0].pk)
}

#[tokio::test]
async fn an_account_and_its_memberships_are_made_in_one_write() {
    for release in Release::ALL {
        let simulator = start(release);
        let (group, role) = simulator.edit(|state| {
            (state.add_group("readers").pk.clone(), state.add_role("reader").pk.clone())
        });
        let key = user_with(&simulator, "jane", &["authentik_core.add_user"]);
        let body = |name: &str, group: &str| {
            json!({
                "username": name, "name": name, "type": "service_account", "path": "p",
                "attributes": { "made-by": "run-1" }, "groups": [group], "roles": [role],
            })
        };
        let nowhere = "00000000-0000-4000-8000-000000000000";
        let (status, answer) =
            post(&simulator, &key, "core/users/", body("NetBird", nowhere)).await;
        assert_eq!(status, 400, "{release} {answer}");
        let (status, made) = post(&simulator, &key, "core/users/", body("NetBird", &group)).await;
        assert_eq!(status, 201, "{release} {made}");
        let user = made["pk"].as_u64().unwrap();
        let (members, holders) = simulator.edit(|state| {
            let group = state.groups.iter().find(|one| one.pk == group).unwrap();
            let role = state.roles.iter().find(|one| one.pk == role).unwrap();
            (group.users.clone(), role.users.clone())
        });
        assert_eq!(members, [user], "{release}");
        // Before 2025.12 users have no roles, and the field is ignored.
        let expected: &[u64] = if release >= Release::V2025_12 { &[user] } else { &[] };
        assert_eq!(holders, expected, "{release}");
        assert_eq!(
            simulator.edit(|state| state.users.len()),
            4,
            "{release}: the bad one left none"
        );
    }
}

#[tokio::test]
async fn users_are_found_by_their_attributes() {
    let simulator = start(Release::V2026_5);
    simulator.edit(|state| {
        let user = state.add_user("NetBird");
        user.attributes.insert("made-by".to_owned(), json!({ "run": "1" }));
    });
    let count = async |filter: &str| {
        let path = format!("core/users/?attributes={filter}");
        let (status, answer) = get(&simulator, simulator.token(), &path).await;
        (status, answer["pagination"]["count"].as_u64())
    };
    assert_eq!(count("%7B%22made-by__run%22:%221%22%7D").await, (200, Some(1)));
    assert_eq!(count("%7B%22made-by__run%22:%222%22%7D").await, (200, Some(0)));
    assert_eq!(count("run").await, (400, None));
}

#[tokio::test]
async fn a_token_of_anybody_but_an_administrator_is_the_callers_and_expires() {
    for release in Release::ALL {
        let simulator = start(release);
        let key = user_with(&simulator, "jane", &[]);
        let (jane, other) = simulator.edit(|state| {
            let jane = state.users.iter().find(|user| user.username == "jane").unwrap().pk;
            (jane, state.add_user("NetBird").pk)
        });
        let body = json!({
            "identifier": "t", "intent": "app_password", "user": other, "expiring": false,
        });
        let (status, made) = post(&simulator, &key, "core/tokens/", body).await;
        assert_eq!(status, 201, "{release} {made}");
        assert_eq!((&made["user"], &made["expiring"]), (&json!(jane), &json!(true)), "{release}");
        let token = simulator.edit(|state| state.tokens.last().unwrap().clone());
        let left = token.expires.unwrap().duration_since(simulator.edit(|state| state.now()));
        let left = left.unwrap();
        assert!(left <= Duration::from_secs(1800) && left > Duration::from_secs(1700), "{left:?}");
    }
}

#[tokio::test]
async fn others_tokens_are_hidden_from_all_but_administrators_until_2026_5() {
    for release in Release::ALL {
        let simulator = start(release);
        let permissions = ["view_token", "view_token_key", "set_token_key"];
        let permissions = permissions.map(|one| format!("authentik_core.{one}"));
        let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
        let key = user_with(&simulator, "jane", &permissions);
        simulator.edit(|state| {
            let user = state.add_user("NetBird").pk;
            state.add_token("theirs", user);
        });
        let list = get(&simulator, &key, "core/tokens/?identifier=theirs").await;
        let seen = get(&simulator, &key, "core/tokens/theirs/view_key/").await.0;
        let set =
            post(&simulator, &key, "core/tokens/theirs/set_key/", json!({ "key": "x" })).await.0;
        let has = (list.1["pagination"]["count"].as_u64().unwrap(), seen, set);
        let expected = if release >= Release::V2026_5 { (1, 200, 204) } else { (0, 404, 404) };
        assert_eq!(has, expected, "{release}");
    }
}

#[tokio::test]
async fn what_uses_a_user_is_an_error_on_2026_5_for_all_but_administrators() {
    for release in Release::ALL {
        let simulator = start(release);
        let key = user_with(&simulator, "jane", &["authentik_core.view_user"]);
        let path = format!("core/users/{}/used_by/", any_user(&simulator));
        let expected = if release == Release::V2026_5 { 500 } else { 200 };
        assert_eq!(get(&simulator, &key, &path).await.0, expected, "{release}");
        assert_eq!(get(&simulator, simulator.token(), &path).await.0, 200, "{release}");
    }
}

#[tokio::test]
async fn permissions_on_single_objects_are_listed_for_those_who_may_see_them() {
    let simulator = start(Release::V2025_10);
    for (path, permission) in [
        ("rbac/permissions/roles/", "guardian.view_roleobjectpermission"),
        ("rbac/permissions/users/", "guardian.view_userobjectpermission"),
    ] {
        let without = user_with(&simulator, path, &["authentik_rbac.view_role"]);
        assert_eq!(get(&simulator, &without, path).await.0, 403);
        let with = user_with(&simulator, permission, &[permission]);
        assert_eq!(get(&simulator, &with, path).await.0, 200);
    }
}

#[tokio::test]
async fn the_event_log_says_who_changed_what_and_is_filtered() {
    let simulator = start(Release::V2026_5);
    let jane = user_with(&simulator, "jane", &["authentik_core.add_group"]);
    let events = async |key: &str, query: &str| {
        let (status, answer) = get(&simulator, key, &format!("events/events/?{query}")).await;
        (status, answer["results"].as_array().cloned().unwrap_or_default())
    };
    assert_eq!(events(&jane, "").await.0, 403);
    let (_, group) = post(&simulator, &jane, "core/groups/", json!({ "name": "g" })).await;
    let admin = simulator.token();
    post(&simulator, admin, "core/groups/", json!({ "name": "h" })).await;

    let pk = group["pk"].as_str().unwrap();
    let (_, found) = events(admin, &format!("context_model_pk={pk}")).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["user"]["username"], "jane");
    assert_eq!(found[0]["context"]["model"]["pk"], pk.replace('-', ""));
    assert_eq!(found[0]["context"]["http_request"]["method"], "POST");
    for (query, count) in [
        ("username=jane", 1),
        ("username=nobody", 0),
        ("action=model_created", 2),
        ("actions=model_deleted", 0),
        ("actions=model_created&actions=model_deleted", 2),
        ("context_model_app=authentik_core", 2),
        ("context_model_name=group", 2),
        ("context_model_name=user", 0),
        ("client_ip=127.0.0.1", 2),
        ("no_such_filter=x", 2),
    ] {
        assert_eq!(events(admin, query).await.1.len(), count, "{query}");
    }
}

/// A provider "NetBird" with its application, and the secret of its client.
fn provider(simulator: &Simulator) -> (String, String) {
    simulator.edit(|state| {
        let mappings = state.scope_mappings.iter().map(|one| one.pk.clone()).collect();
        let provider = state.add_provider("NetBird");
        provider.property_mappings = mappings;
        provider.client_type = "public".to_owned();
        provider.grant_types = vec!["client_credentials".to_owned()];
        let (pk, id) = (provider.pk, provider.client_id.clone());
        let secret = provider.client_secret.to_string();
        state.add_application("NetBird", "netbird", Some(pk));
        (id, secret)
    })
}

#[tokio::test]
async fn an_empty_client_secret_lets_everyone_in() {
    let simulator = start(Release::V2026_5);
    let (id, secret) = provider(&simulator);
    let ask = async |secret: &str| {
        let form = [("grant_type", "client_credentials"), ("client_id", &id)];
        let with = [&form[..], &[("client_secret", secret)]].concat();
        oauth(&simulator, "token", if secret.is_empty() { &form } else { &with }).await.0
    };
    assert_eq!((ask(&secret).await, ask("").await, ask("other").await), (200, 400, 400));
    let patch = async |value: Value| {
        let pk = simulator.edit(|state| state.providers[0].pk);
        let (path, body) = (format!("providers/oauth2/{pk}/"), json!({ "client_secret": value }));
        api(&simulator, simulator.token(), Method::PATCH, &path, body).await.0
    };
    assert_eq!(patch(Value::Null).await, 400);
    assert_eq!(patch(json!("")).await, 200);
    assert_eq!((ask(&secret).await, ask("").await), (400, 200));
}

#[tokio::test]
async fn an_account_that_was_switched_off_gets_new_tokens_but_not_its_old_ones() {
    let simulator = start(Release::V2026_5);
    let (id, _) = provider(&simulator);
    let user = simulator.edit(|state| {
        let user = state.add_user("NetBird").pk;
        let token = state.add_token("app-password", user);
        token.intent = "app_password".to_owned();
        token.key = "key".into();
        user
    });
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("username", "NetBird"),
        ("password", "key"),
        ("scope", "goauthentik.io/api"),
    ];
    let ask = async || oauth(&simulator, "token", &form).await;
    let (status, answer) = ask().await;
    assert_eq!(status, 200, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    let me = async || get(&simulator, token, "core/users/me/").await.0;
    let switch = async |is_active: bool| {
        let (path, body) = (format!("core/users/{user}/"), json!({ "is_active": is_active }));
        api(&simulator, simulator.token(), Method::PATCH, &path, body).await.0
    };
    assert_eq!(me().await, 200);
    assert_eq!((switch(false).await, me().await, ask().await.0), (200, 403, 400));
    assert_eq!((switch(true).await, me().await, ask().await.0), (200, 403, 200));
}
