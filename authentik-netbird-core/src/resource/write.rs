//! [`Write`]: one write to a server as a value.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::api::{Action, Api, LookUp, SecretField};
use super::compare::{Body, ReadBack, differing};
use super::created::Created;
use crate::http::Request;
use crate::ids::{Resource, ResourceKind, Server};
use crate::report::Verb;
use crate::secret::Secret;

/// One write to a server, so specific that sending it takes no decision.
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
    /// An output of another operation that is sent with it; only once its references are resolved.
    pub(crate) secret: Option<Secret>,
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
        fields.serialize_field("kind", self.api.kind)?;
        fields.serialize_field("action", self.action.name)?;
        fields.serialize_field("key", &self.key)?;
        fields.serialize_field("body", &self.body)?;
        fields.end()
    }
}

/// The JSON form of a write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteFields {
    kind: ResourceKind,
    action: String,
    key: Option<Value>,
    body: Body,
}

impl WriteFields {
    /// The write, if one of these resources has it.
    ///
    /// # Errors
    /// A text that names what is unknown.
    pub(crate) fn find(self, resources: &[&'static Api]) -> Result<Write, String> {
        let Self { kind, action, key, body } = self;
        let api = resources.iter().find(|api| api.kind == kind.as_str());
        let api = api.ok_or_else(|| format!("unknown kind \"{kind}\""))?;
        let action = api.action(&action).ok_or_else(|| format!("unknown action for a {kind}"))?;
        Ok(Write { api, action, key, body, secret: None })
    }
}

impl Write {
    /// The kind of change.
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
    pub fn kind(&self) -> &'static str {
        self.api.kind
    }

    /// Key of the object in its path; `None` for a new one.
    #[must_use]
    pub fn key(&self) -> Option<&Value> {
        self.key.as_ref()
    }

    /// The body that is sent.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// The identifier of the token whose value comes with it, if that has to be read.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field).and_then(Value::as_str)
    }

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
            secret: self.action.secret.output().zip(self.secret.clone()),
            action: match self.verb() {
                Verb::Create => "create",
                Verb::Delete => "delete",
                Verb::Update => "update",
                Verb::NoChange | Verb::Read => "read",
            },
            permissions: self.permissions(),
            ..Request::get(resource.clone(), Vec::new(), format!("{}{path}", self.api.path))
        }
        .to(self.api.server)
    }

    /// The request that reads what the write was about.
    pub(crate) fn look_up(&self, resource: &Resource) -> Request {
        let view = self.api.view();
        let by = |field| self.body.get(field).map(text).unwrap_or_default();
        let request = match self.action.look_up {
            LookUp::Item => Request::get(resource.clone(), view, self.api.item(&self.key_text())),
            LookUp::ItemBy(field) => {
                Request::get(resource.clone(), view, self.api.item(&by(field)))
            }
            LookUp::Entry { .. } | LookUp::Keyed { .. } if self.api.server == Server::Netbird => {
                Request::get(resource.clone(), view, self.api.path.to_owned())
            }
            LookUp::Keyed { .. } => Request::list(resource.clone(), view, self.api.path, &[]),
            LookUp::Entry { filter, of, .. } => {
                Request::list(resource.clone(), view, self.api.path, &[(filter, &by(of))])
            }
            LookUp::List { path, filter, field } => {
                let value = field.map_or_else(|| self.key_text(), by);
                Request::list(resource.clone(), view, path, &[(filter, &value)])
            }
            LookUp::Secret => {
                let view = vec![format!("{}.view_{}_key", self.api.app, self.api.model)];
                let path = format!("{}view_key/", self.api.item(&self.key_text()));
                Request { sensitive: true, ..Request::get(resource.clone(), view, path) }
            }
        };
        Request { sensitive: request.sensitive || self.action.sensitive, ..request }
            .to(self.api.server)
    }

    /// Picks what the write was about out of a list, where it is looked up in one.
    pub(crate) fn select(&self, mut list: Vec<Value>) -> Option<Value> {
        match self.action.look_up {
            LookUp::Entry { field, of, .. } => {
                let at = list.iter().position(|found| found.get(field) == self.body.get(of))?;
                Some(list.swap_remove(at))
            }
            LookUp::Keyed { field } => {
                let at = list.iter().position(|found| found.get(field) == self.key.as_ref())?;
                Some(list.swap_remove(at))
            }
            LookUp::List { .. } => Some(Value::Array(list)),
            LookUp::Item | LookUp::ItemBy(_) | LookUp::Secret => list.pop(),
        }
    }

    /// Whether the response to it is a new object.
    pub(crate) fn creates_object(&self) -> bool {
        self.verb() == Verb::Create && self.key.is_none()
    }

    pub(crate) fn is_listed(&self) -> bool {
        matches!(
            self.action.look_up,
            LookUp::Entry { .. } | LookUp::Keyed { .. } | LookUp::List { .. }
        )
    }

    /// The fields that the server replaces, as it has them, with the changes of this write: objects at any
    /// depth keep what is not named.
    pub(crate) fn whole(&self, found: &Value) -> Value {
        let has = |field: &&str| Some(((*field).to_owned(), found.get(*field)?.clone()));
        let mut whole = Value::Object(self.action.replaces.iter().filter_map(has).collect());
        merge(&mut whole, &Value::Object(self.body.clone()));
        whole
    }

    /// Whether `found`, what the server has now, shows that the write was applied. The write must be
    /// resolved. Lists compare in any order, and fields that were not sent do not count.
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

    /// Judges a new object that is given rights: only the response to the write proves whose it is.
    pub(crate) fn is_unproven(_: &Self, found: Option<&Value>) -> ReadBack {
        if found.is_some() { ReadBack::Unproven } else { ReadBack::NotApplied }
    }

    /// Judges a change. One that is not there yet may be sent again: it sets fields to values.
    pub(crate) fn is_updated(&self, found: Option<&Value>) -> ReadBack {
        let is_same = |found| differing(self.api.normalize, &self.body, found).is_empty();
        ReadBack::applied_if(found.is_some_and(is_same))
    }

    pub(crate) fn is_deleted(_: &Self, found: Option<&Value>) -> ReadBack {
        ReadBack::applied_if(found.is_none())
    }

    fn key_text(&self) -> String {
        self.key.as_ref().map(text).unwrap_or_default()
    }
}

/// Puts changes into an object.
fn merge(whole: &mut Value, changes: &Value) {
    match (whole, changes) {
        (Value::Object(whole), Value::Object(changes)) => {
            for (field, change) in changes {
                merge(whole.entry(field).or_insert(Value::Null), change);
            }
        }
        (whole, change) => *whole = change.clone(),
    }
}

/// A key as it stands in a path.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl SecretField {
    /// Name of the field that a generated secret is sent in.
    pub(crate) fn generated(self) -> Option<&'static str> {
        match self {
            Self::Generated(field) => Some(field),
            Self::None | Self::Response(_) | Self::Read | Self::Output(_) => None,
        }
    }

    /// Name of the field that another operation's output is sent in.
    fn output(self) -> Option<&'static str> {
        match self {
            Self::Output(field) => Some(field),
            Self::None | Self::Response(_) | Self::Read | Self::Generated(_) => None,
        }
    }
}
