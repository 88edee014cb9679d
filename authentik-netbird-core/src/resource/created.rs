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
    pk: Value,
    #[serde(default)]
    client_id: Option<ClientId>,
}

/// The response to a write that creates a service account.
#[derive(Deserialize)]
pub(crate) struct AccountResponse {
    user_pk: i64,
    /// Value of the app password that comes with it.
    token: Secret,
}

impl From<CreateResponse> for Created {
    fn from(response: CreateResponse) -> Self {
        let CreateResponse { pk, client_id } = response;
        Self { id: Some(pk), client_id, password: None }
    }
}

impl From<AccountResponse> for Created {
    fn from(AccountResponse { user_pk, token }: AccountResponse) -> Self {
        Self { id: Some(user_pk.into()), client_id: None, password: Some(token) }
    }
}

#[cfg(test)]
mod tests;
