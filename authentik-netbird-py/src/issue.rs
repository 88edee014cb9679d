//! `Issue` and `Blocker`: what is wrong with what was given, and with what the server has.

use authentik_netbird_core as core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::Arg;
use crate::convert;
use crate::resource::Resource;
use crate::value_object::{Object, Tuple, methods};

/// One thing that is wrong with what was given, and what to do about it.
///
/// >>> from authentik_netbird import InvalidIntegrationError, NetbirdIntegration
/// >>> try:
/// ...     NetbirdIntegration("https://authentik.company", "netbird company")
/// ... except InvalidIntegrationError as error:
/// ...     print(error.issues[0].field)
/// domain
#[pyclass(frozen, eq, hash, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Issue(pub(crate) core::Issue);

methods! { [json repr str] Issue(it, py) {
    get {
        /// The field, such as `authentik_url`.
        field: &str = &it.field;
        /// The problem, with the value where it is not secret.
        message: &str = &it.message;
        /// A remedy.
        hint: &str = &it.hint;
    }

    #[new]
    fn new(field: Arg<String>, message: Arg<String>, hint: Arg<String>) -> Self {
        Self(core::Issue::new(field.into_inner(), message.into_inner(), hint.into_inner()))
    }
} }

/// One reason why the server cannot be changed safely. `str(blocker)` is a sentence.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Blocker(pub(crate) core::error::Blocker);

methods! { [json repr str] Blocker(it, py) {
    get {
        /// Why there is no plan: something is missing, ambiguous, in conflict, or the server too old.
        kind: Object<'py> = convert::member(py, "BlockerKind", &it.kind);
        /// The resource concerned.
        resource: Resource = Resource(it.resource.clone());
        /// Why it blocks a plan.
        message: &str = &it.message;
        /// A remedy.
        hint: &str = &it.hint;
        /// Each match of something ambiguous, by what distinguishes it.
        matches: Tuple<'py> = PyTuple::new(py, &it.matches);
    }
} }
