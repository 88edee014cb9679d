//! `/api/accounts`: NetBird's account and its settings.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::Method;
use crate::ids::text_id;
use crate::resource::{Action, Api, Body, LookUp, Object};

text_id!(/** Id of an account. */ AccountId);

impl Object for Account {
    const API: &'static Api = &Api {
        kind: "account_settings",
        path: "accounts",
        // There is no `GET /api/accounts/{id}`, and the settings are replaced as a whole.
        actions: &[Action {
            method: Method::Put,
            path: "/{key}",
            permissions: &[],
            replaces: &["settings"],
            look_up: LookUp::Keyed { field: "id" },
            ..Action::UPDATE
        }],
        ..Api::NETBIRD
    };
}

/// An account, as NetBird has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its domain. An account without one is not the account of the people who log in: each of them gets a
    /// separate account.
    #[serde(default)]
    pub domain: String,
    /// Its settings, those that this crate does not know included.
    #[serde(default)]
    pub settings: Body,
}

impl Account {
    /// A setting, `extra.user_approval_required` for one in a group.
    #[must_use]
    pub fn setting(&self, path: &str) -> Option<&Value> {
        let mut names = path.split('.');
        let first = self.settings.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    }

    /// Whether a setting is on.
    pub(crate) fn is_on(&self, path: &str) -> bool {
        self.setting(path).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The groups whose members alone may use NetBird, which it compares where it takes groups over.
    pub(crate) fn allowed_groups(&self) -> Vec<&str> {
        let all = self.setting("jwt_allow_groups").and_then(Value::as_array);
        all.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether people log in through NetBird's embedded identity provider.
    #[must_use]
    pub fn has_embedded_provider(&self) -> bool {
        self.is_on("embedded_idp_enabled")
    }
}
