//! `/rbac/roles/`

use serde::{Deserialize, Serialize};

use crate::ids::text_id;
use crate::resource::{Action, Api, LookUp, Object, Proof};

text_id!(/** Primary key of a role, a UUID. */ RoleId);

impl Object for Role {
    const API: &'static Api = &Api {
        kind: "role",
        app: "authentik_rbac",
        model: "role",
        path: "rbac/roles/",
        actions: &[
            // authentik has no filter for the names of roles that all releases know: search, then match.
            Action {
                proof: Proof::NoRejection,
                look_up: LookUp::Entry { filter: "search", field: "name", of: "name" },
                ..Action::CREATE
            },
            Action::DELETE,
        ],
        ..Api::AUTHENTIK
    };
}

/// A role, as the server has it. Identity key: name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Role {
    /// Primary key.
    pub pk: RoleId,
    /// Identity key.
    pub name: String,
}

/// `POST /rbac/roles/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RoleCreate {
    pub(crate) name: String,
}
