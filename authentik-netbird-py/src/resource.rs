//! `Resource`.

use authentik_netbird_core::ids;
use pyo3::prelude::*;

use crate::argument::Arg;
use crate::convert;
use crate::value_object::value_object;

/// One thing on the server, by kind and identity key, never by primary key.
///
/// >>> from authentik_netbird import Resource, ResourceKind
/// >>> resource = Resource(ResourceKind.PROVIDER, "NetBird")
/// >>> print(resource)
/// provider "NetBird"
#[pyclass(frozen, eq, hash, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Resource(pub(crate) ids::Resource);

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { repr Resource {
    #[new]
    fn new(kind: Arg<&str>, name: Arg<String>) -> PyResult<Self> {
        let kind = serde_json::Value::from(*kind);
        convert::from_json("Resource", &serde_json::json!({"kind": kind, "name": *name}).to_string())
            .map(Self)
    }

    /// What it is.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "ResourceKind", &self.0.kind)
    }

    /// Its identity key: slug, name or user name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }
} }
