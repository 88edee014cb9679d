//! The changes of a file, variable by variable, without secrets.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::text_enum;

use super::script::Script;
use super::variables::{self, Variable};
use super::words::Values;
use crate::issue::{excerpt, printable};
use crate::secret::Secret;

/// The change of a file, such as by [`NetbirdEnv::write`](super::NetbirdEnv::write). Its `Display` is a
/// line for each variable that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileChange {
    /// The change of the file itself.
    pub kind: FileChangeKind,
    /// Variables that bash now reads with another value from a `setup.env`; none for other forms.
    pub variables: Vec<VariableChange>,
}

text_enum! {
    /// The change of a file itself.
    FileChangeKind {
        /// It did not exist.
        Created = "created",
        /// Its content changed, or its mode did: only its owner may read it now.
        Changed = "changed",
        /// It was up to date, and was not touched.
        Unchanged = "unchanged",
    }
}

impl FileChange {
    /// Whether the file's content or mode changed.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.kind != FileChangeKind::Unchanged
    }
}

impl fmt::Display for FileChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.variables.iter().try_for_each(|change| writeln!(f, "{change}"))
    }
}

/// A variable with another value, as bash reads it from the file. It does not hold values that may
/// be secret: such a value is `set` or `changed`, one that bash works out is `computed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VariableChange {
    /// The variable's name.
    pub name: String,
    /// Its value before; `None` if it was not set.
    pub before: Option<String>,
    /// Its value now; `None` if it is no longer set.
    pub after: Option<String>,
}

impl fmt::Display for VariableChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = printable(&self.name);
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(f, "+ {name}: {after}"),
            (Some(before), Some(after)) => write!(f, "~ {name}: {before} -> {after}"),
            (Some(before), None) => write!(f, "- {name}: {before}"),
            (None, None) => f.write_str(&name),
        }
    }
}

/// Every variable whose value in bash differs between `new` and `old`, ours first and in their order.
pub(super) fn between(ours: &[Variable], old: &str, new: &str) -> Vec<VariableChange> {
    let values = |text| Script::parse(text).map_or_else(|_| Values::new(), |script| script.values);
    let (old, new): (Values, Values) = (values(old), values(new));
    let names = ours.iter().map(|variable| variable.name);
    let is_other = |name: &&str| !ours.iter().any(|variable| variable.name == *name);
    let rest = old.iter().chain(new.iter().filter(|(name, _)| !old.contains_key(*name)));
    let rest = rest.map(|(name, _)| name.as_str()).filter(is_other);
    let change = |name: &str| {
        let (before, after) = (old.get(name), new.get(name));
        let ours = ours.iter().find(|variable| variable.name == name);
        let is_public = ours.is_some_and(|variable| !variable.value.is_secret());
        let was_public = variables::is_known(name) && !variables::may_have_been_secret(name);
        let shown = |value: &Option<Secret>, is_public: bool, hidden: &str| match value {
            None => "computed".to_owned(),
            Some(value) if is_public => format!("{:?}", excerpt(value.expose(), 120)),
            Some(_) => hidden.to_owned(),
        };
        let hidden = if before.is_some() { "changed" } else { "set" };
        (before != after).then(|| VariableChange {
            name: name.to_owned(),
            before: before.map(|value| shown(value, was_public, "set")),
            after: after.map(|value| shown(value, is_public, hidden)),
        })
    };
    names.chain(rest).filter_map(change).collect()
}
