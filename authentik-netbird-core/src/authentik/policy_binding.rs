//! `/policies/bindings/`

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApplicationId, GroupId, UserId};
use crate::ids::{Reference, text_id};
use crate::resource::{
    Action, Api, Created, LookUp, Object, ReadBack, Write, default_true, differing,
    null_as_default, null_as_true, object,
};

text_id!(/** Primary key of a policy binding, a UUID. */ PolicyBindingId);

impl Object for PolicyBinding {
    const API: &'static Api = &Api {
        kind: "policy_binding",
        app: "authentik_policies",
        model: "policybinding",
        path: "policies/bindings/",
        actions: &[
            Action {
                lacks_unique_key: true,
                look_up: LookUp::List {
                    path: "policies/bindings/",
                    filter: "target",
                    field: Some("target"),
                },
                judge: is_bound,
                ..Action::CREATE
            },
            Action::DELETE,
        ],
        ..Api::AUTHENTIK
    };
}

/// A binding of a group, a user or a policy to an application, as the server has it. It has no
/// identity key: authentik accepts a second, equal one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PolicyBinding {
    /// Primary key.
    pub pk: PolicyBindingId,
    /// The object that it guards.
    pub target: ApplicationId,
    /// Group that it allows.
    pub group: Option<GroupId>,
    /// User that it allows.
    pub user: Option<UserId>,
    /// Policy that it evaluates.
    pub policy: Option<String>,
    /// Whether it counts; where a server does not say, it does.
    #[serde(default = "default_true", deserialize_with = "null_as_true")]
    pub enabled: bool,
    /// Whether it denies instead of allowing.
    #[serde(default, deserialize_with = "null_as_default")]
    pub negate: bool,
    /// Place among the bindings of its target.
    #[serde(default, deserialize_with = "null_as_default")]
    pub order: i64,
    /// Whether it is removed some day: temporary access, on servers from 2026.8 on.
    #[serde(default, deserialize_with = "null_as_default")]
    pub expiring: bool,
}

impl PolicyBinding {
    /// Whether it allows its group or user for good, as a binding that we create does.
    pub(crate) fn allows(&self) -> bool {
        self.enabled && !self.negate && self.policy.is_none() && !self.expiring
    }
}

/// `POST /policies/bindings/`, with a group or a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PolicyBindingCreate {
    pub(crate) target: Reference<ApplicationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<Reference<GroupId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<Reference<UserId>>,
    pub(crate) order: i64,
}

/// Looks for one that allows the same in a list. Its place in the order does not matter.
fn is_bound(write: &Write, list: Option<&Value>) -> ReadBack {
    let mut same = write.body.clone();
    same.remove("order");
    let allows = object(&json!({"enabled": true, "negate": false, "policy": null}));
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let bound = list.filter(|found| differing(write.api.normalize, &same, found).is_empty());
    let in_the_way = bound.map(|found| differing(write.api.normalize, &allows, found));
    match in_the_way.min_by_key(Vec::len) {
        None => ReadBack::NotApplied,
        Some(fields) if fields.is_empty() => ReadBack::Applied(Created::default()),
        Some(fields) => ReadBack::Conflict(fields.into_iter().map(str::to_owned).collect()),
    }
}
