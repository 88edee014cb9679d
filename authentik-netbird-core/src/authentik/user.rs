//! `/core/users/` and `/core/users/service_account/`

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{GroupId, Role, RoleId};
use crate::ids::{Reference, number_id, text_enum};
use crate::report::Verb;
use crate::resource::{
    Action, Api, LookUp, Object, Open, Proof, ReadBack, SecretField, Write, default_true,
    null_as_default, null_as_true, object, value,
};

number_id!(/** Primary key of a user; with subject mode `user_id` also the token's `sub`. */ UserId);

impl Object for User {
    const API: &'static Api = &Api {
        kind: "service_account",
        app: "authentik_core",
        model: "user",
        path: "core/users/",
        actions: &[
            Action { judge: Write::is_unproven, ..ACCOUNT },
            // Nobody else can have created an account of that name.
            Action { name: "create_unnamed", proof: Proof::UnguessableName, ..ACCOUNT },
            Action { name: "name", verb: Verb::Create, ..Action::UPDATE },
            Action::UPDATE,
            Action::DELETE,
        ],
        ..Api::AUTHENTIK
    };
}

/// An account with its app password.
const ACCOUNT: Action = Action {
    path: "service_account/",
    permissions: &["add_user", "add_token"],
    sensitive: true,
    secret: SecretField::Response("token"),
    look_up: LookUp::Entry { filter: "username", field: "username", of: "name" },
    judge: is_created,
    ..Action::CREATE
};

text_enum! {
    /// The type of a user.
    UserType {
        /// A person.
        Internal = "internal",
        /// A person from another directory.
        External = "external",
        /// A program.
        ServiceAccount = "service_account",
        /// A program of authentik's own.
        InternalServiceAccount = "internal_service_account",
    }
}

/// A user, as the server has it. Identity key: user name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// Primary key.
    pub pk: UserId,
    /// Identity key; case matters.
    pub username: String,
    /// Whether it may be used.
    #[serde(default = "default_true", deserialize_with = "null_as_true")]
    pub is_active: bool,
    /// Its type, as far as the server has one.
    #[serde(default, rename = "type")]
    pub user_type: Option<Open<UserType>>,
    /// Whether it may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Groups that it is a member of.
    #[serde(default, deserialize_with = "null_as_default")]
    pub groups: Vec<GroupId>,
    /// The same with their names, as far as the server says.
    #[serde(
        default,
        rename = "groups_obj",
        deserialize_with = "null_as_default",
        skip_serializing
    )]
    pub named_groups: Vec<UserGroup>,
    /// Roles that it has itself, and not through a group; before 2025.12 there are none.
    #[serde(default, deserialize_with = "null_as_default")]
    pub roles: Vec<RoleId>,
    /// The same with their names, as far as the server says.
    #[serde(default, rename = "roles_obj", deserialize_with = "null_as_default", skip_serializing)]
    pub named_roles: Vec<Role>,
}

impl User {
    pub(crate) fn is_service_account(&self) -> bool {
        self.user_type.as_ref().is_some_and(|kind| *kind == UserType::ServiceAccount)
    }

    /// Whether it is known to be of another type than service accounts, perhaps a person.
    pub(crate) fn is_of_another_type(&self) -> bool {
        self.user_type.is_some() && !self.is_service_account()
    }

    /// Whether it has no group and no role.
    pub(crate) fn has_no_rights(&self) -> bool {
        !self.is_superuser && self.groups.is_empty() && self.roles.is_empty()
    }

    /// The group of this name that it is a member of.
    pub(crate) fn group(&self, name: &str) -> Option<&UserGroup> {
        self.named_groups.iter().find(|group| group.name == name)
    }

    /// Its type, for people.
    pub(crate) fn type_name(&self) -> String {
        self.user_type.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string)
    }
}

/// A group, as it is shown inside a [`User`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserGroup {
    /// Primary key.
    pub pk: GroupId,
    /// Identity key.
    pub name: String,
    /// Whether its members may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
}

impl UserGroup {
    /// From an object, or from a bare primary key.
    pub(super) fn of(entry: &Value) -> Option<Self> {
        let name = entry.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_superuser = entry.get("is_superuser").and_then(Value::as_bool).unwrap_or_default();
        Some(Self { pk: super::caller::key(entry)?.into(), name, is_superuser })
    }
}

/// `POST /core/users/service_account/`: an account and its app password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ServiceAccountCreate {
    /// User name, unique.
    pub(crate) name: String,
    /// Whether authentik creates a group of the same name.
    pub(crate) create_group: bool,
    /// Whether its app password expires; authentik's default is after 360 days.
    pub(crate) expiring: bool,
    /// When it expires, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<String>,
}

/// A write that creates an account and its app password under a name that nobody can guess. It gets its
/// name by [`name_with_group`].
pub(crate) fn create_unnamed(account: &ServiceAccountCreate) -> Write {
    User::API.write("create_unnamed", None, object(account))
}

/// A write that gives an account its name and its group at once: no account of the name is ever without
/// its rights, and none that somebody else created gets any.
pub(crate) fn name_with_group(
    account: &Reference<UserId>,
    username: &str,
    group: &Reference<GroupId>,
) -> Write {
    let fields = json!({"username": username, "name": username, "groups": [group]});
    User::API.write("name", Some(value(account)), object(&fields))
}

/// The letters of an unguessable ending: 64, which authentik leaves out of identifiers, so that the app
/// password's is the same as with the name alone.
pub(crate) const ENDING: std::ops::RangeInclusive<char> = '\u{2840}'..='\u{287f}';
/// How many an ending has; each is worth 6 bits.
pub(crate) const ENDING_LENGTH: usize = 22;

/// A name with an ending that is made of these random bytes.
pub(crate) fn with_ending(name: &str, random: [u8; ENDING_LENGTH]) -> String {
    let letters = random.iter().filter_map(|byte| ENDING.clone().nth(usize::from(byte % 64)));
    name.chars().chain(letters).collect()
}

/// Whether a user name is this name with such an ending: a run was cut off before it gave the account
/// its name.
pub(crate) fn is_unnamed(username: &str, name: &str) -> bool {
    let ending = username.strip_prefix(name).unwrap_or_default();
    ending.chars().count() == ENDING_LENGTH && ending.chars().all(|c| ENDING.contains(&c))
}

fn is_created(write: &Write, found: Option<&Value>) -> ReadBack {
    write.has(&object(&json!({"type": "service_account", "is_active": true})), found)
}
