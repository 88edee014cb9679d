//! What all value objects have in common.

/// The methods of a frozen class around a value of the core's that has a form in JSON: conversion,
/// pickling by way of JSON, and those given. With `repr` in front also a `repr` of all fields.
macro_rules! value_object {
    (repr $name:ident { $($own:tt)* }) => {
        value_object! { $name {
            $($own)*

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                $crate::convert::repr(py, stringify!($name), &self.0)
            }
        } }
    };
    ($name:ident { $($own:tt)* }) => {
        #[pymethods]
        impl $name {
            $($own)*

            /// As plain dicts, lists, texts and numbers: what `to_json` writes.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                $crate::convert::to_python(py, &self.0)
            }

            /// As JSON. It holds no secret.
            fn to_json(&self) -> PyResult<String> {
                $crate::convert::to_json(&self.0)
            }

            /// From what `to_dict` gives. Raises `ValueError` for anything else.
            #[staticmethod]
            fn from_dict(fields: &Bound<'_, PyAny>) -> PyResult<Self> {
                $crate::convert::from_mapping(stringify!($name), fields).map(Self)
            }

            /// From what `to_json` gives. Raises `ValueError` for anything else.
            #[staticmethod]
            fn from_json(text: $crate::argument::Arg<&str>) -> PyResult<Self> {
                $crate::convert::from_json(stringify!($name), &text).map(Self)
            }

            /// For pickle: class and JSON.
            fn __reduce__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<$crate::value_object::Reduced<'py>> {
                $crate::value_object::reduced(py.get_type::<Self>(), self.to_json()?)
            }
        }
    };
}
pub(crate) use value_object;

use pyo3::prelude::*;
use pyo3::types::PyType;

/// A function, and what it is to be called with.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, (Bound<'py, PyType>, String));

pub(crate) fn reduced(class: Bound<'_, PyType>, json: String) -> PyResult<Reduced<'_>> {
    let function = class.py().import("authentik_netbird._native")?.getattr("_unpickle")?;
    Ok((function, (class, json)))
}

/// Makes again what was pickled.
#[pyfunction]
#[pyo3(name = "_unpickle")]
pub(crate) fn unpickle<'py>(kind: &Bound<'py, PyType>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    kind.call_method1("from_json", (json,))
}

/// Raises `TypeError`: what holds a secret is not pickled.
pub(crate) fn not_pickled(what: &str) -> PyResult<()> {
    Err(pyo3::exceptions::PyTypeError::new_err(format!(
        "{what} can't be pickled: it may hold a secret"
    )))
}
