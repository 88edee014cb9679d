//! `Resource`.

use authentik_netbird_core::ids;
use pyo3::prelude::*;

use crate::argument::Arg;
use crate::convert;
use crate::value_object::methods;

/// One thing on the server, by kind and identity key, never by primary key.
///
/// >>> from authentik_netbird import Resource
/// >>> print(Resource("provider", "NetBird"))
/// provider "NetBird"
#[pyclass(frozen, eq, hash, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Resource(pub(crate) ids::Resource);

methods! { [json repr str] Resource(it, py) {
    get {
        /// The kind of resource, such as `provider` or `app_password`.
        kind: &str = it.kind.as_str();
        /// Its identity key: slug, name or user name.
        name: &str = &it.name;
    }

    #[new]
    fn new(kind: Arg<&str>, name: Arg<&str>) -> PyResult<Self> {
        let fields = serde_json::json!({"kind": *kind, "name": *name});
        convert::from_json("Resource", &fields.to_string()).map(Self)
    }
} }
