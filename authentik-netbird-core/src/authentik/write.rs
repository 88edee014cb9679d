//! [`Write`]: one write to authentik as a value.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::RESOURCES;
use super::api::{Action, Api, LookUp, SecretField};
use super::compare::{Body, ReadBack, differing};
use crate::error::{Error, Result};
use crate::http::Request;
use crate::ids::{ClientId, OperationId, Resource, ResourceKind};
use crate::secret::Secret;

/// What an operation does to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verb {
    /// Creates it.
    Create,
    /// Changes the named fields of it.
    Update,
    /// Leaves it unchanged.
    NoChange,
    /// Deletes it.
    Delete,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no change",
            Self::Delete => "delete",
        })
    }
}

/// One write to authentik, so specific that sending it takes no decision.
///
/// In a plan's JSON `{"kind": "group", "action": "create", "key": null, "body": {…}}`. An id that an
/// earlier operation creates is `{"pending": OPERATION}`. A secret is never in it: one that we generate
/// is made when the write is sent.
#[derive(Clone, Debug)]
pub struct Write {
    pub(crate) api: &'static Api,
    pub(crate) action: &'static Action,
    /// The object's key in its path; a primary key or a slug.
    pub(crate) key: Option<Value>,
    pub(crate) body: Body,
}

impl PartialEq for Write {
    fn eq(&self, other: &Self) -> bool {
        self.api.kind == other.api.kind
            && self.action.name == other.action.name
            && self.key == other.key
            && self.body == other.body
    }
}

impl Eq for Write {}

impl Serialize for Write {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Write", 4)?;
        fields.serialize_field("kind", &self.api.kind)?;
        fields.serialize_field("action", self.action.name)?;
        fields.serialize_field("key", &self.key)?;
        fields.serialize_field("body", &self.body)?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Write {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            kind: ResourceKind,
            action: String,
            key: Option<Value>,
            body: Map<String, Value>,
        }
        let Fields { kind, action, key, body } = Fields::deserialize(deserializer)?;
        let api = RESOURCES.iter().find(|api| api.kind == kind);
        let api = api.ok_or_else(|| D::Error::custom(format!("unknown kind \"{kind}\"")))?;
        let action = api
            .action(&action)
            .ok_or_else(|| D::Error::custom(format!("unknown action for a {kind}")))?;
        Ok(Self { api, action, key, body })
    }
}

impl Write {
    /// What it does to the resource.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.action.verb
    }

    /// Name of the action, such as `create` or `add_user`.
    #[must_use]
    pub fn action(&self) -> &str {
        self.action.name
    }

    /// Kind of the resource that it is sent to.
    #[must_use]
    pub fn kind(&self) -> &ResourceKind {
        &self.api.kind
    }

    /// Key of the object in its path; `None` for a new one.
    #[must_use]
    pub fn key(&self) -> Option<&Value> {
        self.key.as_ref()
    }

    /// What is sent.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// The identifier of the token whose value comes with it, if that has to be read.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field).and_then(Value::as_str)
    }

    /// The permissions that it needs.
    pub(crate) fn permissions(&self) -> Vec<String> {
        let full =
            |code: &&str| format!("{}.{}", self.api.app, code.replace("{model}", self.api.model));
        self.action.permissions.iter().map(full).collect()
    }

    /// The request of a write whose references are resolved.
    #[must_use]
    pub fn request(&self, resource: &Resource) -> Request {
        let path = self.action.path.replace("{key}", &super::api::segment(&self.key_text()));
        Request {
            method: self.action.method,
            body: (!self.body.is_empty()).then(|| Value::Object(self.body.clone())),
            idempotent: self.action.idempotent,
            sensitive: self.action.sensitive,
            action: match self.verb() {
                Verb::Create => "create",
                Verb::Delete => "delete",
                Verb::Update | Verb::NoChange => "update",
            },
            permissions: self.permissions(),
            ..Request::get(resource.clone(), Vec::new(), format!("{}{path}", self.api.path))
        }
    }

    /// The request that reads what the write was about.
    pub(crate) fn look_up(&self, resource: &Resource) -> Request {
        let view = vec![self.api.permission("view")];
        let by = |field| self.body.get(field).map(text).unwrap_or_default();
        match self.action.look_up {
            LookUp::Item => Request::get(resource.clone(), view, self.api.item(&self.key_text())),
            LookUp::ItemBy(field) => {
                Request::get(resource.clone(), view, self.api.item(&by(field)))
            }
            LookUp::Entry { filter, of, .. } => {
                Request::list(resource.clone(), view, self.api.path, &[(filter, &by(of))])
            }
            LookUp::List { path, filter, field } => {
                let value = field.map_or_else(|| self.key_text(), by);
                Request::list(resource.clone(), view, path, &[(filter, &value)])
            }
            LookUp::Secret => super::token::view_key(&self.key_text().as_str().into()),
        }
    }

    /// Picks what the write was about out of a list, where it is looked up in one.
    pub(crate) fn select(&self, mut list: Vec<Value>) -> Option<Value> {
        match self.action.look_up {
            LookUp::Entry { field, of, .. } => {
                let at = list.iter().position(|found| found.get(field) == self.body.get(of))?;
                Some(list.swap_remove(at))
            }
            LookUp::List { .. } => Some(Value::Array(list)),
            LookUp::Item | LookUp::ItemBy(_) | LookUp::Secret => list.pop(),
        }
    }

    /// Whether the response to it is a new object.
    #[cfg(feature = "client")]
    pub(crate) fn creates_object(&self) -> bool {
        self.action.name == Action::CREATE.name
    }

    /// Whether it is looked up in a list.
    pub(crate) fn is_listed(&self) -> bool {
        matches!(self.action.look_up, LookUp::Entry { .. } | LookUp::List { .. })
    }

    /// Whether `found`, what the server has now, shows that the write was applied. The write must be
    /// resolved. Lists compare in any order, and fields that were not sent do not count.
    #[must_use]
    pub(crate) fn read_back(&self, found: Option<&Value>) -> ReadBack {
        (self.action.judge)(self, found)
    }

    /// Judges a new object: it has what was sent.
    pub(crate) fn is_created(&self, found: Option<&Value>) -> ReadBack {
        self.has(&self.body, found)
    }

    /// Judges a new object: it has these fields.
    pub(crate) fn has(&self, wanted: &Body, found: Option<&Value>) -> ReadBack {
        let Some(found) = found else { return ReadBack::NotApplied };
        let different = differing(self.api.normalize, wanted, found);
        if !different.is_empty() {
            return ReadBack::Conflict(different.into_iter().map(str::to_owned).collect());
        }
        match Created::of(found) {
            Some(created) => ReadBack::Applied(created),
            None => ReadBack::Conflict(vec!["pk".to_owned()]),
        }
    }

    /// Judges a change. One that is not there yet may be sent again: it sets fields to values.
    pub(crate) fn is_updated(&self, found: Option<&Value>) -> ReadBack {
        let is_same = |found| differing(self.api.normalize, &self.body, found).is_empty();
        ReadBack::applied_if(found.is_some_and(is_same))
    }

    /// Judges a deletion.
    pub(crate) fn is_deleted(&self, found: Option<&Value>) -> ReadBack {
        ReadBack::applied_if(found.is_none())
    }

    /// The same write, with what earlier operations created in the place of references.
    ///
    /// # Errors
    /// [`Error::InvalidPlan`] when a reference is still open: the plan is offline, or an operation
    /// returned no id.
    pub fn resolve(&self, created: &CreatedBy) -> Result<Self> {
        let mut write = self.clone();
        write
            .key
            .iter_mut()
            .chain(write.body.values_mut())
            .try_for_each(|one| fill(one, created))?;
        Ok(write)
    }

    /// The operations that create the ids in it, each once.
    pub(crate) fn depends_on(&self) -> Vec<OperationId> {
        let mut ids = Vec::new();
        self.key.iter().chain(self.body.values()).for_each(|one| collect(one, &mut ids));
        ids
    }

    fn key_text(&self) -> String {
        self.key.as_ref().map(text).unwrap_or_default()
    }
}

/// A key as it stands in a path.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Collects references, at any depth.
fn collect(value: &Value, ids: &mut Vec<OperationId>) {
    match value {
        Value::Object(fields) => match fields.get("pending").and_then(Value::as_str) {
            Some(id) if !ids.iter().any(|known| known.as_str() == id) => ids.push(id.into()),
            Some(_) => {}
            None => fields.values().for_each(|one| collect(one, ids)),
        },
        Value::Array(entries) => entries.iter().for_each(|one| collect(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Replaces references, at any depth.
fn fill(value: &mut Value, created: &CreatedBy) -> Result<()> {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(operation)) = fields.get("pending") {
                let operation = OperationId::from(operation.as_str());
                *value = created.get(&operation).and_then(|one| one.id.clone()).ok_or_else(|| {
                    Error::invalid_plan(
                        format!(
                            "operation \"{operation}\" returned no id, but other operations depend \
                             on it"
                        ),
                        "create a new plan",
                    )
                })?;
            } else if let Some(Value::String(named)) = fields.get("named") {
                return Err(Error::invalid_plan(
                    format!("it was made offline, so the id of \"{named}\" is unknown"),
                    "create a plan with a client",
                ));
            } else {
                fields.values_mut().try_for_each(|one| fill(one, created))?;
            }
            Ok(())
        }
        Value::Array(entries) => entries.iter_mut().try_for_each(|one| fill(one, created)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

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
    fn of(found: &Value) -> Option<Self> {
        let client_id = found.get("client_id").and_then(Value::as_str).map(ClientId::from);
        let id = found.get("pk").filter(|pk| pk.is_string() || pk.is_number())?;
        Some(Self { id: Some(id.clone()), client_id, password: None })
    }
}

/// The response to a write that creates something.
#[cfg(feature = "client")]
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

#[cfg(feature = "client")]
impl From<CreateResponse> for Created {
    fn from(response: CreateResponse) -> Self {
        let CreateResponse { pk, client_id, token } = response;
        Self { id: Some(pk), client_id, password: token }
    }
}

impl SecretField {
    /// Name of the field that a generated secret is sent in.
    pub(crate) fn generated(self) -> Option<&'static str> {
        match self {
            Self::Generated(field) => Some(field),
            Self::None | Self::Response(_) | Self::Read => None,
        }
    }
}
