//! [`Created`]: what an operation created.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::ids::{ClientId, OperationId};
use crate::secret::Secret;

/// What an operation created, as far as later operations and the outputs need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// Primary key.
    pub id: Option<Value>,
    /// A provider's client id.
    pub client_id: Option<ClientId>,
    /// An app password's value.
    pub password: Option<Secret>,
}

/// What each operation created so far.
pub type CreatedBy = BTreeMap<OperationId, Created>;

impl Created {
    /// What an object that the server has says; `None` where it has no primary key.
    pub(crate) fn of(found: &Value) -> Option<Self> {
        let client_id = found.get("client_id").and_then(Value::as_str).map(ClientId::from);
        let id = found.get("pk").filter(|pk| pk.is_string() || pk.is_number())?;
        Some(Self { id: Some(id.clone()), client_id, password: None })
    }
}

/// The response to a write that creates something.
#[derive(Deserialize)]
pub(crate) struct CreateResponse {
    #[serde(alias = "user_pk")]
    pk: Value,
    #[serde(default)]
    client_id: Option<ClientId>,
    /// Value of the app password that comes with a service account.
    #[serde(default)]
    token: Option<Secret>,
}

impl From<CreateResponse> for Created {
    fn from(response: CreateResponse) -> Self {
        let CreateResponse { pk, client_id, token } = response;
        Self { id: Some(pk), client_id, password: token }
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn recorded_responses_have_what_later_operations_and_outputs_need() {
        for release in ["2025.10", "2026.5"] {
            let body = recorded(release, "302-sa-create-NetBird");
            let account = created(&body);
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
                    let account = created(body);
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
}
