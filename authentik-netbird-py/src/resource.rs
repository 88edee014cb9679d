//! `Resource`.

use authentik_netbird_core::ids;
use pyo3::prelude::*;

use crate::argument::Arg;
use crate::convert;
use crate::value_object::{Object, methods};

/// One thing on the server, by kind and identity key, never by primary key.
///
/// >>> from authentik_netbird import Resource, ResourceKind
/// >>> resource = Resource(ResourceKind.PROVIDER, "NetBird")
/// >>> print(resource)
/// provider "NetBird"
#[pyclass(frozen, eq, hash, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Resource(pub(crate) ids::Resource);

methods! { [json repr str] Resource(it, py) {
    get {
        /// What it is.
        kind: Object<'py> = convert::member(py, "ResourceKind", &it.kind);
        /// Its identity key: slug, name or user name.
        name: &str = &it.name;
    }

    #[new]
    fn new(kind: Arg<&str>, name: Arg<String>) -> PyResult<Self> {
        let kind = serde_json::Value::from(*kind);
        convert::from_json("Resource", &serde_json::json!({"kind": kind, "name": *name}).to_string())
            .map(Self)
    }
} }
