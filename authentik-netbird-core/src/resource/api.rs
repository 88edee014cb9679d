//! [`Api`]: what a server calls a resource, and [`Action`]: one way to write it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use super::compare::{Body, Normalize, ReadBack};
use super::write::Write;
use crate::http::Method;
use crate::ids::{Resource, ResourceKind, Server};
use crate::report::Verb;

/// A resource of a server's API: everything that depends on which one it is.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) server: Server,
    /// Its kind, as plans call it: see [`ResourceKind`].
    pub(crate) kind: &'static str,
    /// Its Django app, such as `authentik_core`; NetBird's have none.
    pub(crate) app: &'static str,
    /// Its Django model, such as `group`.
    pub(crate) model: &'static str,
    /// Path of the collection below the root of the API; authentik's end in a slash.
    pub(crate) path: &'static str,
    pub(crate) actions: &'static [Action],
    /// Fields in which different texts mean the same.
    pub(crate) normalize: &'static [(&'static str, Normalize)],
}

impl Api {
    /// What resources of authentik have in common.
    pub(crate) const AUTHENTIK: Self = Self {
        server: Server::Authentik,
        kind: "",
        app: "",
        model: "",
        path: "",
        actions: &[],
        normalize: &[],
    };

    /// What NetBird's have in common: no permissions, and so neither app nor model.
    pub(crate) const NETBIRD: Self = Self { server: Server::Netbird, ..Self::AUTHENTIK };

    /// Full name of a permission on this resource: `authentik_core.view_group` for `view`.
    pub(crate) fn permission(&self, action: &str) -> String {
        format!("{}.{action}_{}", self.app, self.model)
    }

    /// The permission to read it, where the server has such permissions.
    pub(crate) fn view(&self) -> Vec<String> {
        match self.server {
            Server::Authentik => vec![self.permission("view")],
            Server::Netbird => Vec::new(),
        }
    }

    /// The object of this identity key, for messages.
    pub(crate) fn resource(&self, name: impl Into<String>) -> Resource {
        Resource::new(ResourceKind::new(self.kind), name)
    }

    pub(crate) fn item(&self, key: &str) -> String {
        match self.server {
            Server::Authentik => format!("{}{}/", self.path, segment(key)),
            Server::Netbird => format!("{}/{}", self.path, segment(key)),
        }
    }

    pub(crate) fn create(&'static self, body: &impl Serialize) -> Write {
        self.write("create", None, object(body))
    }

    /// A write that changes these fields of one object and no other.
    pub(crate) fn update(&'static self, key: &impl Serialize, fields: Body) -> Write {
        self.write("update", Some(value(key)), fields)
    }

    pub(crate) fn delete(&'static self, key: &impl Serialize) -> Write {
        self.write("delete", Some(value(key)), Body::new())
    }

    pub(crate) fn write(&'static self, action: &str, key: Option<Value>, body: Body) -> Write {
        // Every name that this crate uses is in the table; a test goes through all of them.
        let action = self.action(action).unwrap_or(&Action::CREATE);
        Write { api: self, action, key, body, secret: None }
    }

    pub(crate) fn action(&'static self, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.name == name)
    }
}

/// One way to write a resource: the request, and how its outcome is read back.
#[derive(Debug)]
pub(crate) struct Action {
    /// Its name among the resource's actions.
    pub(crate) name: &'static str,
    /// The verb, for people.
    pub(crate) verb: Verb,
    pub(crate) method: Method,
    /// The path below that of the collection; `{key}` is the object's key.
    pub(crate) path: &'static str,
    /// Permissions that it needs: code names in the resource's app; `{model}` is its model.
    pub(crate) permissions: &'static [&'static str],
    /// Whether sending it twice does no more than sending it once.
    pub(crate) idempotent: bool,
    /// Whether the server accepts a second, equal object.
    pub(crate) lacks_unique_key: bool,
    /// Whether one that exists already may be taken for a new object.
    pub(crate) proof: Proof,
    /// The fields that it replaces as a whole, with a `PUT`: they are read first, and sent with the
    /// changes of the write's body. Empty: the server changes the fields that are sent, and no others.
    pub(crate) replaces: &'static [&'static str],
    /// Whether the response may contain a secret.
    pub(crate) sensitive: bool,
    pub(crate) secret: SecretField,
    /// The read that shows whether it was applied.
    pub(crate) look_up: LookUp,
    /// Judges what was read; `None`: there is no such object.
    pub(crate) judge: fn(&Write, Option<&Value>) -> ReadBack,
}

impl Action {
    /// `POST` to the collection. The object is found again by the key `name`.
    pub(crate) const CREATE: Self = Self {
        name: "create",
        verb: Verb::Create,
        method: Method::Post,
        path: "",
        permissions: &["add_{model}"],
        idempotent: false,
        lacks_unique_key: false,
        proof: Proof::Key,
        replaces: &[],
        sensitive: false,
        secret: SecretField::None,
        look_up: LookUp::Entry { filter: "name", field: "name", of: "name" },
        judge: Write::is_created,
    };

    /// `PATCH` of the named fields of one object.
    pub(crate) const UPDATE: Self = Self {
        name: "update",
        verb: Verb::Update,
        method: Method::Patch,
        path: "{key}/",
        permissions: &["change_{model}"],
        idempotent: true,
        look_up: LookUp::Item,
        judge: Write::is_updated,
        ..Self::CREATE
    };

    /// `DELETE` of one object.
    pub(crate) const DELETE: Self = Self {
        name: "delete",
        verb: Verb::Delete,
        method: Method::Delete,
        permissions: &["delete_{model}"],
        judge: Write::is_deleted,
        ..Self::UPDATE
    };
}

/// The proof that an object is the one that a write creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Its key: the object is the expected one, no matter who created it.
    Key,
    /// Its name, which gets an ending that nobody can guess.
    UnguessableName,
    /// The server did not reject the write. A plan gives rights by the object, and somebody else may
    /// have created it to get them.
    NoRejection,
}

/// A secret that comes with a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretField {
    None,
    /// The response to the write has it, in this field.
    Response(&'static str),
    /// authentik makes it, and it is read afterwards.
    Read,
    /// We generate it and send it in this field.
    Generated(&'static str),
    /// It is an output of another operation, and sent in this field: in a plan
    /// `{"secret_of": OPERATION}`.
    Output(&'static str),
}

/// Where the outcome of a write is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LookUp {
    /// The object, by the write's key.
    Item,
    /// The object, by this field of the body.
    ItemBy(&'static str),
    /// The entry of the collection whose `field` equals the body's field `of`. `filter` narrows the
    /// list down; authentik ignores filters that it does not know.
    Entry { filter: &'static str, field: &'static str, of: &'static str },
    /// The entry of the collection whose field equals the write's key.
    Keyed { field: &'static str },
    /// A whole list: path, filter, and the field of the body with its value (`None`: the key).
    List { path: &'static str, filter: &'static str, field: Option<&'static str> },
    /// The value of the token with the write's key.
    Secret,
}

/// The reads of a resource.
pub(crate) trait Object: DeserializeOwned + PartialEq + 'static {
    const API: &'static Api;
}

/// One path segment; what the server gave us cannot leave its place in the path.
pub(crate) fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A value as JSON. Bodies are structs with text keys, which always serialise.
pub(crate) fn value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

pub(crate) fn object(body: &impl Serialize) -> Body {
    match value(body) {
        Value::Object(fields) => fields,
        _ => Body::new(),
    }
}
