//! `…/used_by/`

use serde::Deserialize;

/// Something that uses an object, as `…/used_by/` lists it: what authentik's own pages show before
/// they delete. Only what the token's user may see is in it, and one that uses an object in several
/// fields is in it for each of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[non_exhaustive]
pub struct UsedBy {
    /// App of its model, such as `authentik_policies`.
    pub app: String,
    /// Its model, such as `policybinding`.
    pub model_name: String,
    /// Its primary key, as text.
    pub pk: String,
    /// authentik's name for it.
    pub name: String,
}

impl UsedBy {
    pub(crate) fn is(&self, app: &str, model_name: &str) -> bool {
        self.app == app && self.model_name == model_name
    }
}
