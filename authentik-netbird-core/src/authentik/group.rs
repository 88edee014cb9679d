//! `/core/groups/`

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{RoleId, UserId};
use crate::ids::{Reference, ResourceKind, text_id};
use crate::report::Verb;
use crate::resource::{
    Action, Api, Body, Object, Proof, ReadBack, Write, null_as_default, object, value,
};

text_id!(/** Primary key of a group, a UUID. */ GroupId);

/// Adds or removes one member, and touches no other.
const MEMBER: Action =
    Action { verb: Verb::Create, method: crate::http::Method::Post, ..Action::UPDATE };

impl Object for Group {
    const API: &'static Api = &Api {
        kind: "group",
        app: "authentik_core",
        model: "group",
        path: "core/groups/",
        actions: &[
            Action { proof: Proof::NoRejection, judge: is_created, ..Action::CREATE },
            Action::UPDATE,
            Action::DELETE,
            Action {
                name: "add_user",
                path: "{key}/add_user/",
                permissions: &["add_user_to_group"],
                judge: has_member,
                ..MEMBER
            },
            Action {
                name: "remove_user",
                verb: Verb::Delete,
                path: "{key}/remove_user/",
                permissions: &["remove_user_from_group"],
                judge: has_no_member,
                ..MEMBER
            },
        ],
        ..Api::AUTHENTIK
    };
}

/// Kind of one user's membership in one group.
pub(crate) const MEMBERSHIP: ResourceKind = ResourceKind::new("group_membership");

/// A group, as the server has it. Identity key: name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Group {
    /// Primary key.
    pub pk: GroupId,
    /// Identity key.
    pub name: String,
    /// Whether its members may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Its members.
    #[serde(default, deserialize_with = "null_as_default")]
    pub users: Vec<UserId>,
    /// Roles that it gives its members.
    #[serde(default, deserialize_with = "null_as_default")]
    pub roles: Vec<RoleId>,
    /// The group that it inherits from, on servers until 2025.10.
    pub parent: Option<GroupId>,
    /// The groups that it inherits from, on later ones.
    #[serde(default, deserialize_with = "null_as_default")]
    pub parents: Vec<GroupId>,
}

impl Group {
    pub(crate) fn inherits(&self) -> bool {
        self.parent.is_some() || !self.parents.is_empty()
    }
}

/// `POST /core/groups/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct GroupCreate {
    pub(crate) name: String,
    pub(crate) users: Vec<Reference<UserId>>,
    pub(crate) roles: Vec<Reference<RoleId>>,
}

pub(crate) fn add_user(group: &Reference<GroupId>, user: &Reference<UserId>) -> Write {
    Group::API.write("add_user", Some(value(group)), object(&json!({"pk": user})))
}

pub(crate) fn remove_user(group: &GroupId, user: &Reference<UserId>) -> Write {
    Group::API.write("remove_user", Some(value(group)), object(&json!({"pk": user})))
}

/// The role, which a later operation adds, may be there already, when another run was faster. Nobody is a
/// member who was not sent.
fn is_created(write: &Write, found: Option<&Value>) -> ReadBack {
    let mut wanted: Body = write.body.clone();
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    wanted.retain(|field, value| field == "users" || !is_empty(value));
    wanted.insert("is_superuser".to_owned(), Value::Bool(false));
    write.has(&wanted, found)
}

fn has_member(write: &Write, found: Option<&Value>) -> ReadBack {
    ReadBack::applied_if(found.is_some_and(|group| is_member(write, group)))
}

fn has_no_member(write: &Write, found: Option<&Value>) -> ReadBack {
    ReadBack::applied_if(found.is_none_or(|group| !is_member(write, group)))
}

fn is_member(write: &Write, group: &Value) -> bool {
    let members = group.get("users").and_then(Value::as_array);
    members.is_some_and(|members| write.body.get("pk").is_some_and(|user| members.contains(user)))
}
