//! Every write of every resource: in JSON, as a request, looked up and read back.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Application, ENDING_LENGTH, Flow, Group, Provider, RESOURCES, Role, ServiceAccountCreate,
    Token, User, UserId, add_user, assign, create_unnamed, default_identifier, is_unnamed,
    name_with_group, never_expires, remove_user, set_key, unassign, with_ending,
};
use crate::http::Request;
use crate::ids::{ClientId, Reference, Resource, ResourceKind, Server};
use crate::resource::{Api, Body, Created, Object, ReadBack, Write, WriteFields, value};

fn api(kind: &str) -> &'static Api {
    RESOURCES.iter().find(|api| api.kind == kind).unwrap()
}

/// Each way to write each resource, as a write of an object with the key `k`.
fn all_writes() -> Vec<Write> {
    let resources = RESOURCES.iter().filter(|api| api.server == Server::Authentik);
    let writes = resources.flat_map(|api| {
        api.actions.iter().map(|action| {
            let key = action.path.contains("{key}").then(|| json!("k"));
            let body = [("name".to_owned(), json!("n"))].into_iter().collect();
            Write { api, action, key, body, secret: None }
        })
    });
    writes.collect()
}

/// A write from a plan's JSON.
fn read(json: Value) -> Result<Write, String> {
    let fields = WriteFields::deserialize(json).map_err(|error| error.to_string())?;
    fields.find(RESOURCES)
}

fn resource() -> Resource {
    Resource::new(ResourceKind::new("thing"), "n")
}

#[test]
fn the_table_is_what_is_held_against_each_release() {
    let mut names: Vec<String> =
        all_writes().iter().map(|one| format!("{} {}", one.kind(), one.action())).collect();
    names.sort();
    let listed: Vec<&str> = include_str!("../../tests/it/releases/writes.txt").lines().collect();
    assert_eq!(names, listed, "each once, and none is missing");
    let mut kinds: Vec<&str> = RESOURCES.iter().map(|api| api.kind).collect();
    kinds.sort_unstable();
    let unique = kinds.windows(2).all(|pair| pair[0] != pair[1]);
    assert!(unique, "a plan finds a resource by its kind: {kinds:?}");
}

#[test]
fn each_action_that_is_asked_for_by_name_is_in_the_table() {
    let (group, user) = (Reference::Known("g".into()), Reference::Known(UserId(5)));
    let (role, permission) =
        (Reference::Known("r".into()), ["authentik_core.view_user".to_owned()]);
    let token = "t".into();
    for (write, name) in [
        (add_user(&group, &user), "add_user"),
        (remove_user(&"g".into(), &user), "remove_user"),
        (assign(&role, &permission), "assign"),
        (unassign(&"r".into(), &permission), "unassign"),
        (set_key(&token), "set_key"),
        (never_expires(&token, UserId(5)), "update"),
        (name_with_group(&user, "n", &group), "name"),
        (Flow::API.create(&json!({})), "create"),
        (Flow::API.update(&"f", Body::new()), "update"),
        (Flow::API.delete(&"f"), "delete"),
    ] {
        assert_eq!(write.action(), name);
    }
}

#[test]
fn every_write_survives_json_and_waits_for_what_it_refers_to() {
    for mut write in all_writes() {
        write.body.insert("one".to_owned(), json!({"pending": "a"}));
        write.body.insert("list".to_owned(), json!([{"pending": "b"}, {"in": {"pending": "a"}}]));
        if let Some(key) = &mut write.key {
            *key = json!({"pending": "c"});
        }
        let json = value(&write);
        let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["action", "body", "key", "kind"]);
        assert_eq!(json["kind"], write.kind());
        assert_eq!(json["action"], write.action());
        assert_eq!(read(json).unwrap(), write);
        let mut ids: Vec<String> = write.depends_on().iter().map(ToString::to_string).collect();
        ids.sort();
        assert_eq!(ids, if write.key.is_some() { &["a", "b", "c"][..] } else { &["a", "b"] });
    }
}

#[test]
fn writes_that_are_not_in_the_table_are_refused() {
    let refused = |kind: &str, action: &str, more: Option<&str>| {
        let mut json = json!({"kind": kind, "action": action, "key": "k", "body": {}});
        if let Some(field) = more {
            json[field] = json!(1);
        }
        read(json).unwrap_err()
    };
    assert_eq!(refused("certificate", "delete", None), "unknown kind \"certificate\"");
    assert_eq!(refused("brand", "delete", None), "unknown action for a brand");
    assert_eq!(refused("provider", "set_key", None), "unknown action for a provider");
    let more = refused("provider", "update", Some("method"));
    assert!(more.starts_with("unknown field `method`"), "{more}");
}

#[test]
fn writes_are_equal_if_they_send_the_same() {
    let write = Flow::API.update(&"f", Body::new());
    assert_eq!(write, Flow::API.update(&"f", Body::new()));
    assert_ne!(write, Flow::API.update(&"g", Body::new()));
    assert_ne!(write, Flow::API.delete(&"f"));
    assert_ne!(write, Application::API.update(&"f", Body::new()));
    let body = [("title".to_owned(), json!("x"))].into_iter().collect();
    assert_ne!(write, Flow::API.update(&"f", body));
}

/// Method, path and permissions of each write, and the path that it is read back by. `?` marks
/// responses with secrets.
#[test]
fn requests_and_their_look_ups_are_these() {
    let lines: Vec<String> = all_writes()
        .iter()
        .map(|write| {
            let (request, look_up) = (write.request(&resource()), write.look_up(&resource()));
            let mark = |request: &Request| if request.sensitive { "?" } else { "" };
            assert_eq!(request.idempotent, write.key.is_some(), "{request:?}");
            let path = look_up.path.replace("&page_size=1000", "");
            format!(
                "{:?}{} {} {:?} <- {}{}",
                request.method,
                mark(&request),
                request.path,
                request.permissions,
                mark(&look_up),
                path
            )
        })
        .collect();
    let expected = [
        r#"Post rbac/permissions/assigned_by_roles/k/assign/ ["authentik_rbac.assign_role_permissions"] <- rbac/permissions/?role=k"#,
        r#"Patch rbac/permissions/assigned_by_roles/k/unassign/ ["authentik_rbac.unassign_role_permissions"] <- rbac/permissions/?role=k"#,
        r#"Post core/tokens/ ["authentik_core.add_token"] <- core/tokens/?identifier="#,
        r#"Patch core/tokens/k/ ["authentik_core.change_token"] <- core/tokens/k/"#,
        r#"Delete core/tokens/k/ ["authentik_core.delete_token"] <- core/tokens/k/"#,
        r#"Post core/tokens/k/set_key/ ["authentik_core.set_token_key"] <- ?core/tokens/k/view_key/"#,
        r#"Post core/applications/ ["authentik_core.add_application"] <- core/applications//"#,
        r#"Patch core/applications/k/ ["authentik_core.change_application"] <- core/applications/k/"#,
        r#"Delete core/applications/k/ ["authentik_core.delete_application"] <- core/applications/k/"#,
        r#"Patch core/brands/k/ ["authentik_brands.change_brand"] <- core/brands/k/"#,
        r#"Post flows/instances/ ["authentik_flows.add_flow"] <- flows/instances//"#,
        r#"Patch flows/instances/k/ ["authentik_flows.change_flow"] <- flows/instances/k/"#,
        r#"Delete flows/instances/k/ ["authentik_flows.delete_flow"] <- flows/instances/k/"#,
        r#"Post core/groups/ ["authentik_core.add_group"] <- core/groups/?name=n"#,
        r#"Patch core/groups/k/ ["authentik_core.change_group"] <- core/groups/k/"#,
        r#"Delete core/groups/k/ ["authentik_core.delete_group"] <- core/groups/k/"#,
        r#"Post core/groups/k/add_user/ ["authentik_core.add_user_to_group"] <- core/groups/k/"#,
        r#"Post core/groups/k/remove_user/ ["authentik_core.remove_user_from_group"] <- core/groups/k/"#,
        r#"Post policies/bindings/ ["authentik_policies.add_policybinding"] <- policies/bindings/?target="#,
        r#"Delete policies/bindings/k/ ["authentik_policies.delete_policybinding"] <- policies/bindings/k/"#,
        r#"Post? providers/oauth2/ ["authentik_providers_oauth2.add_oauth2provider"] <- ?providers/oauth2/?name=n"#,
        r#"Patch? providers/oauth2/k/ ["authentik_providers_oauth2.change_oauth2provider"] <- ?providers/oauth2/k/"#,
        r#"Patch? providers/oauth2/k/ ["authentik_providers_oauth2.change_oauth2provider"] <- ?providers/oauth2/k/"#,
        r#"Get? providers/oauth2/k/ ["authentik_providers_oauth2.view_oauth2provider"] <- ?providers/oauth2/k/"#,
        r#"Delete providers/oauth2/k/ ["authentik_providers_oauth2.delete_oauth2provider"] <- providers/oauth2/k/"#,
        r#"Post rbac/roles/ ["authentik_rbac.add_role"] <- rbac/roles/?search=n"#,
        r#"Delete rbac/roles/k/ ["authentik_rbac.delete_role"] <- rbac/roles/k/"#,
        r#"Post propertymappings/provider/scope/ ["authentik_providers_oauth2.add_scopemapping"] <- propertymappings/provider/scope/?name=n"#,
        r#"Patch propertymappings/provider/scope/k/ ["authentik_providers_oauth2.change_scopemapping"] <- propertymappings/provider/scope/k/"#,
        r#"Delete propertymappings/provider/scope/k/ ["authentik_providers_oauth2.delete_scopemapping"] <- propertymappings/provider/scope/k/"#,
        r#"Post? core/users/service_account/ ["authentik_core.add_user", "authentik_core.add_token"] <- ?core/users/?username=n"#,
        r#"Post? core/users/service_account/ ["authentik_core.add_user", "authentik_core.add_token"] <- ?core/users/?username=n"#,
        r#"Patch core/users/k/ ["authentik_core.change_user"] <- core/users/k/"#,
        r#"Patch core/users/k/ ["authentik_core.change_user"] <- core/users/k/"#,
        r#"Delete core/users/k/ ["authentik_core.delete_user"] <- core/users/k/"#,
    ];
    assert_eq!(lines, expected);
}

#[test]
fn keys_stay_one_segment_of_the_path() {
    let request = Token::API.update(&"a/b?c#d e", Body::new()).request(&resource());
    assert_eq!(request.path, "core/tokens/a%2Fb%3Fc%23d%20e/");
    let path = Application::API.create(&json!({"slug": "a/b"})).look_up(&resource()).path;
    assert_eq!(path, "core/applications/a%2Fb/");
}

fn applied(id: Value) -> ReadBack {
    ReadBack::Applied(Created { id: Some(id), ..Created::default() })
}

fn changed() -> ReadBack {
    ReadBack::Applied(Created::default())
}

fn conflict(fields: &[&str]) -> ReadBack {
    ReadBack::Conflict(fields.iter().map(|&field| field.to_owned()).collect())
}

/// `object` with these fields.
fn with(object: &Value, fields: Value) -> Value {
    let mut object = object.clone();
    let Value::Object(fields) = fields else { panic!("not an object") };
    object.as_object_mut().unwrap().extend(fields);
    object
}

#[test]
fn a_new_object_is_applied_absent_or_another_one() {
    for (api, body) in [
        (Application::API, json!({"name": "n", "slug": "s", "provider": 7})),
        (Flow::API, json!({"name": "n", "slug": "s", "title": "t"})),
        (Role::API, json!({"name": "n"})),
    ] {
        let write = api.create(&body);
        let found = with(&body, json!({"pk": "1-2", "of_the_server": [1]}));
        assert_eq!(write.read_back(Some(&found)), applied(json!("1-2")));
        assert_eq!(write.read_back(None), ReadBack::NotApplied);
        assert_eq!(write.read_back(Some(&body)), conflict(&["pk"]), "not an object of authentik's");
        let other = with(&found, json!({"name": "another"}));
        assert_eq!(write.read_back(Some(&other)), conflict(&["name"]));
    }
    let sent = json!({"slug": "s", "meta_launch_url": "https://netbird.company"});
    let found = json!({"pk": "1", "slug": "s", "meta_launch_url": "https://netbird.company/"});
    assert_eq!(Application::API.create(&sent).read_back(Some(&found)), applied(json!("1")));
}

#[test]
fn a_new_provider_is_compared_by_meaning_and_has_its_client_id() {
    let sent = json!({"name": "NetBird", "access_code_validity": "minutes=10",
        "redirect_uris": [{"matching_mode": "strict", "url": "a"},
            {"matching_mode": "strict", "url": "b"}],
        "property_mappings": ["x", "y"], "grant_types": ["authorization_code"]});
    let write = Provider::API.create(&sent);
    let found = with(
        &sent,
        json!({"pk": 7, "client_id": "c", "access_code_validity": "seconds=600",
            "property_mappings": ["y", "x"],
            "redirect_uris": [
                {"matching_mode": "strict", "url": "b", "redirect_uri_type": "authorization"},
                {"matching_mode": "strict", "url": "a", "redirect_uri_type": "authorization"}]}),
    );
    let client_id = Some(ClientId::from("c"));
    let done = ReadBack::Applied(Created { id: Some(json!(7)), client_id, ..Created::default() });
    assert_eq!(write.read_back(Some(&found)), done);
    // A server that does not have grant types ignores them; one that has none in them is dead.
    let mut without = found.clone();
    without.as_object_mut().unwrap().remove("grant_types");
    assert_eq!(write.read_back(Some(&without)), done);
    let dead = with(&found, json!({"grant_types": []}));
    assert_eq!(write.read_back(Some(&dead)), conflict(&["grant_types"]));
    let other = with(&found, json!({"property_mappings": ["x"], "redirect_uris": []}));
    assert_eq!(
        write.read_back(Some(&other)),
        conflict(&["property_mappings", "redirect_uris"]),
        "lists compare by their length"
    );
}

#[test]
fn a_new_account_is_ours_if_nobody_else_can_have_created_it() {
    let account = ServiceAccountCreate {
        name: "NetBird".to_owned(),
        create_group: false,
        expiring: false,
        expires: None,
    };
    let write = create_unnamed(&account);
    let found = json!({"pk": 5, "username": "NetBird", "type": "service_account",
        "is_active": true});
    assert_eq!(write.read_back(Some(&found)), applied(json!(5)));
    let person = with(&found, json!({"type": "internal"}));
    assert_eq!(write.read_back(Some(&person)), conflict(&["type"]));
    let off = with(&found, json!({"is_active": false}));
    assert_eq!(write.read_back(Some(&off)), conflict(&["is_active"]));
    let named = User::API.create(&account);
    assert_eq!(named.read_back(Some(&found)), ReadBack::Unproven, "its name proves nothing");
    assert_eq!(named.read_back(None), ReadBack::NotApplied);
}

#[test]
fn an_unguessable_ending_leaves_the_identifier_as_it_is_and_is_recognised() {
    for name in ["NetBird", "net bird", "a".repeat(128).as_str()] {
        let unnamed = with_ending(name, [7; ENDING_LENGTH]);
        assert_ne!(unnamed, with_ending(name, [8; ENDING_LENGTH]));
        assert!(unnamed.chars().count() <= 150, "authentik takes no longer ones");
        assert!(is_unnamed(&unnamed, name) && !is_unnamed(name, name), "{unnamed}");
        assert_eq!(default_identifier(&unnamed), default_identifier(name));
        assert!(!is_unnamed(&unnamed, "Other") && !is_unnamed(&format!("{unnamed}x"), name));
    }
}

#[test]
fn name_and_group_are_read_back_together() {
    let (user, group) = (Reference::Known(UserId(5)), Reference::Known("g".into()));
    let write = name_with_group(&user, "NetBird", &group);
    let found = json!({"pk": 5, "username": "NetBird", "name": "NetBird", "groups": ["g"]});
    assert_eq!(write.read_back(Some(&found)), changed());
    for other in [json!({"username": "Other"}), json!({"groups": []})] {
        assert_eq!(write.read_back(Some(&with(&found, other))), ReadBack::NotApplied);
    }
}

#[test]
fn the_app_password_that_came_with_an_account_is_as_good_as_ours() {
    let write = Token::API.create(&json!({"identifier": "service-account-netbird-password",
        "intent": "app_password", "user": 4, "description": "ours", "expiring": false}));
    let found = json!({"pk": "1-2", "identifier": "service-account-netbird-password",
        "intent": "app_password", "user": 4, "description": "", "expiring": false});
    assert_eq!(write.read_back(Some(&found)), applied(json!("1-2")));
    let anothers = with(&found, json!({"user": 5}));
    assert_eq!(write.read_back(Some(&anothers)), conflict(&["user"]));
    let short = with(&found, json!({"expiring": true}));
    assert_eq!(write.read_back(Some(&short)), conflict(&["expiring"]));
}

#[test]
fn a_group_that_another_run_has_gone_on_with_is_the_one_that_was_wanted() {
    let write = Group::API.create(&json!({"name": "g", "users": [4], "roles": []}));
    let found = json!({"pk": "1-2", "name": "g", "is_superuser": false, "users": [4],
        "roles": ["3-4"]});
    assert_eq!(write.read_back(Some(&found)), applied(json!("1-2")));
    let powerful = with(&found, json!({"is_superuser": true}));
    assert_eq!(write.read_back(Some(&powerful)), conflict(&["is_superuser"]));
    let others = with(&found, json!({"users": [4, 9]}));
    assert_eq!(write.read_back(Some(&others)), conflict(&["users"]));
    let empty = Group::API.create(&json!({"name": "g", "users": [], "roles": []}));
    assert_eq!(empty.read_back(Some(&found)), conflict(&["users"]), "somebody is in it");
}

#[test]
fn a_binding_is_found_in_a_list_anywhere_in_the_order() {
    let write = api("policy_binding").create(&json!({"target": "a", "group": "g", "order": 0}));
    let found = |group: &str, enabled| {
        json!({"pk": "b", "target": "a", "group": group, "user": null, "policy": null,
            "order": 4, "enabled": enabled, "negate": false})
    };
    let among = |list: &[Value]| write.read_back(Some(&json!(list)));
    assert_eq!(among(&[]), ReadBack::NotApplied);
    assert_eq!(among(&[found("h", true)]), ReadBack::NotApplied);
    assert_eq!(among(&[found("g", false)]), conflict(&["enabled"]));
    assert_eq!(among(&[found("g", false), found("g", true)]), changed());
    let denying = with(&found("g", true), json!({"negate": true}));
    assert_eq!(among(&[denying]), conflict(&["negate"]));
    // A server that ignores the filter lists those of every application.
    let elsewhere = with(&found("g", true), json!({"target": "b"}));
    assert_eq!(among(&[elsewhere]), ReadBack::NotApplied);
}

#[test]
fn a_change_that_is_not_there_may_be_sent_again() {
    let fields = |fields: Value| match fields {
        Value::Object(fields) => fields,
        _ => panic!("not an object"),
    };
    for (write, is, is_not) in [
        (
            api("brand").update(&"b", fields(json!({"flow_device_code": "f"}))),
            json!({"flow_device_code": "f", "domain": "d"}),
            json!({"flow_device_code": null}),
        ),
        (
            api("brand").update(&"b", fields(json!({"flow_device_code": null}))),
            json!({"flow_device_code": null}),
            json!({"flow_device_code": "f"}),
        ),
        (
            never_expires(&"t".into(), UserId(5)),
            json!({"user": 5, "intent": "app_password", "expiring": false, "expires": "x"}),
            json!({"user": 5, "intent": "app_password", "expiring": true}),
        ),
        (
            Provider::API.update(&7, fields(json!({"access_code_validity": "minutes=10"}))),
            json!({"access_code_validity": "minutes=10"}),
            json!({"access_code_validity": "minutes=1"}),
        ),
        (
            Group::API.update(&"g", fields(json!({"roles": ["r"]}))),
            json!({"roles": ["r"], "users": [1]}),
            json!({"roles": []}),
        ),
    ] {
        assert_eq!(write.read_back(Some(&is)), changed(), "{write:?}");
        assert_eq!(write.read_back(Some(&is_not)), ReadBack::NotApplied, "{write:?}");
        assert_eq!(write.read_back(None), ReadBack::NotApplied, "{write:?}");
    }
}

#[test]
fn what_is_deleted_is_gone() {
    for write in all_writes().iter().filter(|write| write.action() == "delete") {
        assert_eq!(write.read_back(None), changed(), "{write:?}");
        assert_eq!(write.read_back(Some(&json!({"pk": "k"}))), ReadBack::NotApplied, "{write:?}");
    }
}

#[test]
fn membership_is_looked_up_among_the_members() {
    let user = Reference::Known(UserId(5));
    let (add, remove) =
        (add_user(&Reference::Known("g".into()), &user), remove_user(&"g".into(), &user));
    let (inside, outside) = (json!({"users": [3, 5]}), json!({"users": [3]}));
    for (write, found, expected) in [
        (&add, Some(&inside), changed()),
        (&add, Some(&outside), ReadBack::NotApplied),
        (&add, None, ReadBack::NotApplied),
        (&remove, Some(&inside), ReadBack::NotApplied),
        (&remove, Some(&outside), changed()),
        (&remove, None, changed()),
    ] {
        assert_eq!(write.read_back(found), expected, "{write:?} {found:?}");
    }
}

#[test]
fn permissions_are_looked_up_in_the_roles_list() {
    let names = ["authentik_core.view_user".to_owned(), "authentik_core.delete_user".to_owned()];
    let (give, take) =
        (assign(&Reference::Known("r".into()), &names), unassign(&"r".into(), &names));
    let one = |app: &str, codename: &str| json!({"app_label": app, "codename": codename});
    let (view, delete) = (one("authentik_core", "view_user"), one("authentik_core", "delete_user"));
    let other = one("authentik_rbac", "view_user");
    for (list, given, taken) in [
        (json!([view, delete, other]), true, false),
        (json!([view]), false, false),
        (json!([other]), false, true),
        (json!([]), false, true),
    ] {
        assert_eq!(give.read_back(Some(&list)), ReadBack::applied_if(given), "{list}");
        assert_eq!(take.read_back(Some(&list)), ReadBack::applied_if(taken), "{list}");
    }
}

#[test]
fn an_object_is_picked_out_of_a_list_by_its_identity_key() {
    let role = Role::API.create(&json!({"name": "reader"}));
    let list =
        || vec![json!({"name": "reader 2"}), json!({"name": "reader"}), json!({"name": "x"})];
    assert!(role.is_listed());
    assert_eq!(role.select(list()), Some(json!({"name": "reader"})));
    assert_eq!(role.select(vec![json!({"name": "Reader"})]), None);
    let account = User::API.create(&json!({"name": "NetBird"}));
    assert_eq!(
        account.select(vec![json!({"username": "netbird"}), json!({"username": "NetBird"})]),
        Some(json!({"username": "NetBird"}))
    );
    let binding = api("policy_binding").create(&json!({"target": "a"}));
    assert!(binding.is_listed());
    assert_eq!(binding.select(vec![json!({"pk": "b"})]), Some(json!([{"pk": "b"}])), "all of it");
}

/// Without user and intent authentik hands a token to the caller and makes it an API token.
#[test]
fn a_token_is_updated_with_its_user_and_intent() {
    let body = value(&never_expires(&"t".into(), UserId(5)).body);
    assert_eq!(body, json!({"user": 5, "intent": "app_password", "expiring": false}));
}
