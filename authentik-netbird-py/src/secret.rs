//! `Secret`: text that must not be seen.

use authentik_netbird_core as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::argument::Arg;

/// A token, password or key.
///
/// Its `repr` and `str` are stars, and it cannot be pickled or turned into JSON. The one way to the
/// text is `expose()`. Python strings cannot be wiped from memory: what goes in or comes out as `str`
/// stays until Python uses its memory again.
///
/// >>> from authentik_netbird import Secret
/// >>> token = Secret("ak-1234")
/// >>> token
/// Secret(***)
/// >>> token.expose()
/// 'ak-1234'
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) core::Secret);

#[pymethods]
impl Secret {
    #[new]
    fn new(text: Arg<String>) -> Self {
        Self(core::Secret::new(text.into_inner()))
    }

    /// The text itself. Do not print, log or store it.
    fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether the text is empty.
    #[getter]
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    /// Itself: it cannot be changed.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// Itself: it cannot be changed.
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// Raises `TypeError`: secrets are not pickled.
    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a Secret cannot be pickled; pass its text on purpose, by expose()",
        ))
    }
}
