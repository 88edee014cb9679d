//! The common part of the classes around values of the core.

/// The methods of a frozen class around a value of the core's. `get` has its attributes, one expression
/// each, in which `it` is the value; below are its methods. In front is what else it has:
///
/// - `json`: a form in JSON, and pickling by way of it;
/// - `repr`: a `repr` of all fields of that form;
/// - `str`: the core's text for people;
/// - `secret`: no pickling, as it may hold a secret.
macro_rules! methods {
    ([str $($more:ident)*] $Class:ident($it:ident, $py:ident) { $($own:tt)* }) => {
        $crate::value_object::methods! { [$($more)*] $Class($it, $py) {
            $($own)*

            fn __str__(&self) -> String {
                self.0.to_string()
            }
        } }
    };
    ([repr $($more:ident)*] $Class:ident($it:ident, $py:ident) { $($own:tt)* }) => {
        $crate::value_object::methods! { [$($more)*] $Class($it, $py) {
            $($own)*

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                $crate::convert::repr(py, stringify!($Class), &self.0)
            }
        } }
    };
    ([secret $($more:ident)*] $Class:ident($it:ident, $py:ident) { $($own:tt)* }) => {
        $crate::value_object::methods! { [$($more)*] $Class($it, $py) {
            $($own)*

            /// Raises `TypeError`: it may hold a secret.
            fn __reduce__(&self) -> PyResult<()> {
                $crate::value_object::not_pickled(stringify!($Class))
            }
        } }
    };
    ([json $($more:ident)*] $Class:ident($it:ident, $py:ident) { $($own:tt)* }) => {
        $crate::value_object::methods! { [$($more)*] $Class($it, $py) {
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
            #[classmethod]
            fn from_dict(
                _class: &Bound<'_, pyo3::types::PyType>,
                fields: &Bound<'_, PyAny>,
            ) -> PyResult<Self> {
                $crate::convert::from_mapping(stringify!($Class), fields).map(Self)
            }

            /// From what `to_json` gives. Raises `ValueError` for anything else.
            #[classmethod]
            fn from_json(
                _class: &Bound<'_, pyo3::types::PyType>,
                text: $crate::argument::Arg<&str>,
            ) -> PyResult<Self> {
                $crate::convert::from_json(stringify!($Class), &text).map(Self)
            }

            /// For pickle: class and JSON.
            fn __reduce__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<$crate::value_object::Reduced<'py>> {
                $crate::value_object::reduced(py.get_type::<Self>(), self.to_json()?)
            }
        } }
    };
    ([] $Class:ident($it:ident, $py:ident) {
        get { $( $(#[doc = $doc:literal])+ $name:ident: $Type:ty = $value:expr; )* }
        $($own:tt)*
    }) => {
        #[allow(clippy::elidable_lifetime_names, reason = "the types of some attributes name it")]
        #[pymethods]
        impl $Class {
            $(
                $(#[doc = $doc])+
                #[getter]
                fn $name<'py>(&self, $py: Python<'py>) -> $Type {
                    let ($it, _) = (&self.0, $py);
                    $value
                }
            )*

            $($own)*
        }
    };
}
pub(crate) use methods;

use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// The value of an attribute that Python made.
pub(crate) type Object<'py> = PyResult<Bound<'py, PyAny>>;
pub(crate) type Tuple<'py> = PyResult<Bound<'py, PyTuple>>;

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
        "{what} cannot be pickled: it may hold a secret"
    )))
}
