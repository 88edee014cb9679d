//! [`Created`]: what an operation created.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::ids::{ClientId, OperationId};
use crate::secret::Secret;

/// The object that an operation created, as far as later operations and the outputs need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// Primary key.
    pub id: Option<Value>,
    /// A provider's client id.
    pub client_id: Option<ClientId>,
    /// An app password's value.
    pub password: Option<Secret>,
    /// A provider's client secret.
    pub client_secret: Option<Secret>,
}

/// The objects that operations created so far.
pub type CreatedBy = BTreeMap<OperationId, Created>;

impl Created {
    /// The id of an existing object; `None` where it has no primary key.
    pub(crate) fn of(found: &Value) -> Option<Self> {
        let text = |field: &str| found.get(field).and_then(Value::as_str);
        let client_id = text("client_id").map(ClientId::from);
        let client_secret = text("client_secret").filter(|text| !text.is_empty()).map(Secret::from);
        let id = found.get("pk").or_else(|| found.get("id"))?;
        let id = Some(id.clone()).filter(|id| id.is_string() || id.is_number())?;
        Some(Self { id: Some(id), client_id, client_secret, password: None })
    }
}

/// The response to a write that creates something. Without a key it is not one.
#[derive(Deserialize)]
#[serde(try_from = "Fields")]
pub(crate) struct CreateResponse {
    id: Value,
    client_id: Option<ClientId>,
    client_secret: Option<Secret>,
}

#[derive(Deserialize)]
struct Fields {
    /// authentik's objects have one, NetBird's an `id`.
    pk: Option<Value>,
    id: Option<Value>,
    client_id: Option<ClientId>,
    client_secret: Option<Secret>,
}

/// The response to a write that creates a service account.
#[derive(Deserialize)]
pub(crate) struct AccountResponse {
    user_pk: i64,
    /// Value of the app password that comes with it.
    token: Secret,
}

/// The response to a read of a provider with its client secret.
#[derive(Deserialize)]
pub(crate) struct SecretResponse {
    client_secret: Secret,
}

impl TryFrom<Fields> for CreateResponse {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, &'static str> {
        let Fields { pk, id, client_id, client_secret } = fields;
        let id = pk.or(id).ok_or("missing field `pk`")?;
        Ok(Self { id, client_id, client_secret })
    }
}

impl From<CreateResponse> for Created {
    fn from(response: CreateResponse) -> Self {
        let CreateResponse { id, client_id, client_secret } = response;
        Self { id: Some(id), client_id, client_secret, password: None }
    }
}

impl From<AccountResponse> for Created {
    fn from(AccountResponse { user_pk, token }: AccountResponse) -> Self {
        Self { id: Some(user_pk.into()), password: Some(token), ..Self::default() }
    }
}

impl From<SecretResponse> for Created {
    fn from(SecretResponse { client_secret }: SecretResponse) -> Self {
        Self { client_secret: Some(client_secret), ..Self::default() }
    }
}

#[cfg(test)]
mod tests;
