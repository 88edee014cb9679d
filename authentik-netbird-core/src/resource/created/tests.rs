use std::fs::read_to_string;

use super::*;
use crate::authentik::TokenKey;

/// The body of a recorded response.
fn recorded(release: &str, name: &str) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/decode");
    let text = read_to_string(format!("{folder}/{release}/{name}.json")).unwrap();
    let recording: Value = serde_json::from_str(&text).unwrap();
    recording["response"]["body"].clone()
}

fn created(body: &Value) -> Created {
    CreateResponse::deserialize(body).unwrap().into()
}

fn account(body: &Value) -> Created {
    AccountResponse::deserialize(body).unwrap().into()
}

#[test]
fn recorded_responses_have_what_later_operations_and_outputs_need() {
    for release in ["2025.10", "2026.5"] {
        let body = recorded(release, "302-sa-create-NetBird");
        let account = account(&body);
        assert_eq!(account.id.as_ref(), Some(&body["user_pk"]));
        assert_eq!(account.password.unwrap().expose(), body["token"]);

        let body = recorded(release, "109-provider-full");
        let provider = created(&body);
        assert_eq!(provider.id.as_ref(), Some(&body["pk"]));
        assert_eq!(provider.client_id.as_ref().unwrap().as_str(), body["client_id"]);
        assert_eq!(Created::of(&body), Some(provider), "read back it is the same");

        for name in ["156-app-create", "366-flow-create", "807-bind-app-to-group"] {
            let body = recorded(release, name);
            let id = created(&body).id;
            assert!(id.is_some() && id.as_ref() == Some(&body["pk"]), "{name}");
        }
        let body = recorded(release, "312-token-view-key");
        let TokenKey { key } = TokenKey::deserialize(&body).unwrap();
        assert_eq!(key.expose(), body["key"]);
    }
}

/// Responses made by the models of authentik's official clients; `releases/run` writes them down.
#[test]
fn responses_of_the_official_clients_models_decode() {
    let Some(path) = std::env::var_os("AUTHENTIK_NETBIRD_ANSWERS") else { return };
    let mut types = std::collections::BTreeMap::new();
    for line in read_to_string(path).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let (written, body) = (answer["type"].as_str().unwrap(), &answer["body"]);
        match written {
            "TokenView" => {
                let TokenKey { key } = TokenKey::deserialize(body).unwrap();
                assert_eq!(key.expose(), body["key"]);
            }
            "UserServiceAccountResponse" => {
                let account = account(body);
                assert_eq!(account.id.as_ref(), Some(&body["user_pk"]));
                assert_eq!(account.password.unwrap().expose(), body["token"]);
            }
            _ => match body.get("pk") {
                Some(pk) => assert_eq!(created(body).id.as_ref(), Some(pk), "{written}"),
                None => continue,
            },
        }
        *types.entry(written.to_owned()).or_insert(0) += 1;
    }
    assert!(types.len() >= 9, "{types:?}");
}

#[test]
fn a_response_without_a_key_created_nothing() {
    for body in ["{}", r#"{"client_id": "x"}"#, r#"{"pk": null}"#] {
        assert!(serde_json::from_str::<CreateResponse>(body).is_err(), "{body}");
    }
    let of_netbird: CreateResponse = serde_json::from_str(r#"{"id": "authentik-dc4g"}"#).unwrap();
    assert_eq!(Created::from(of_netbird).id, Some("authentik-dc4g".into()));
}
