//! Arguments of Python calls. A wrong type is a `TypeError` that names the argument.

use std::ops::Deref;
use std::path::PathBuf;

use authentik_netbird_core as core;
use pyo3::PyClass;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCFunction, PyDict, PyList, PyString, PyTuple, PyType};

use crate::convert::{self, class_name};
use crate::secret::Secret;

/// An argument of a call. Of a wrong type it is a `TypeError` that does not show the value, which may
/// be a secret.
pub(crate) struct Arg<T> {
    value: T,
}

/// The default of an argument.
pub(crate) const fn arg<T>(value: T) -> Arg<T> {
    Arg { value }
}

impl<T> Arg<T> {
    pub(crate) fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Arg<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Into<serde_json::Value>> From<Arg<T>> for serde_json::Value {
    fn from(argument: Arg<T>) -> Self {
        argument.value.into()
    }
}

impl<'a, 'py, T: Expected + FromPyObject<'a, 'py>> FromPyObject<'a, 'py> for Arg<T> {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        // Python's own message may show the value, and that may be a secret.
        given.extract().map(|value| Self { value }).map_err(|_| wrong(&given, &T::expected()))
    }
}

/// The same error, with the name of the argument that it is about, as `PyO3` adds it.
pub(crate) fn named(py: Python<'_>, name: &str, error: PyErr) -> PyErr {
    // Without a note it is the same error, with less in it.
    let _ = error.value(py).call_method1("add_note", (format!("while processing '{name}'"),));
    error
}

/// `PyO3` adds the argument's name as a note, which is not part of the message, and is lost on Python
/// 3.10. So this error takes it into its message.
fn wrong(given: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    let given_text = if given.is_none() {
        "None".to_owned()
    } else if given.is_instance_of::<PyString>() && expected.starts_with("str") {
        "a str with a lone surrogate".to_owned()
    } else if let Some(item) = other_item(given, expected) {
        format!("{} that contains {}", class_name(given), class_name(&item))
    } else {
        class_name(given)
    };
    let py = given.py();
    let message = format!("must be {expected}, not {given_text}");
    let error = PyTypeError::new_err(message.clone());
    let value = error.value(py).clone().unbind();
    let take_name = move |notes: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        let value = value.bind(notes.py());
        let note: String = notes.get_item(0)?.extract()?;
        let argument = note.trim_start_matches("while processing ");
        value.setattr("args", (format!("argument {argument} {message}"),))?;
        value.delattr("add_note")
    };
    // Without it the error is the same, except for the name.
    let _ = PyCFunction::new_closure(py, None, None, take_name)
        .and_then(|take_name| error.value(py).setattr("add_note", take_name));
    error
}

/// The first item of a sequence of texts that is not a text.
fn other_item<'py>(given: &Bound<'py, PyAny>, expected: &str) -> Option<Bound<'py, PyAny>> {
    // Not an iterator: it may have no end.
    let items = given.cast::<PyList>().ok().filter(|_| expected == Vec::<String>::expected())?;
    items.iter().find(|item| !item.is_instance_of::<PyString>())
}

/// The expected type of an argument, for messages.
pub(crate) trait Expected {
    fn expected() -> String;
}

macro_rules! expected {
    ($($type:ty: $text:literal),* $(,)?) => {
        $(impl Expected for $type {
            fn expected() -> String {
                $text.to_owned()
            }
        })*
    };
}

expected! {
    String: "str",
    &str: "str",
    bool: "bool",
    f64: "float",
    u16: "int from 0 to 65535",
    u64: "non-negative int",
    i64: "int of at most 64 bits",
    PathBuf: "str or os.PathLike",
    SecretText: "str or Secret",
    Time: "str or datetime with a time zone",
    Pem: "str or bytes",
    Listener: "callable",
    Bound<'_, PyType>: "type",
    Vec<String>: "a sequence of str",
    Vec<(String, String)>: "a sequence of pairs of str",
}

impl<T: PyClass> Expected for PyRef<'_, T> {
    fn expected() -> String {
        T::NAME.to_owned()
    }
}

impl<T: PyClass> Expected for Vec<PyRef<'_, T>> {
    fn expected() -> String {
        format!("a sequence of {}", T::NAME)
    }
}

/// A secret given as a `Secret` or as text.
#[derive(Clone)]
pub(crate) struct SecretText(pub(crate) core::Secret);

impl<'a, 'py> FromPyObject<'a, 'py> for SecretText {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<Secret>() {
            Ok(secret) => Ok(Self(secret.get().0.clone())),
            Err(_) => Ok(Self(core::Secret::new(given.extract::<String>()?))),
        }
    }
}

/// A time given as text, or as a `datetime` with a time zone.
pub(crate) struct Time(pub(crate) String);

impl<'a, 'py> FromPyObject<'a, 'py> for Time {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match convert::time_text(&given)? {
            Some(text) => Ok(Self(text)),
            None => given.extract().map(Self),
        }
    }
}

/// Certificates, as text or bytes.
pub(crate) struct Pem(pub(crate) Vec<u8>);

impl<'a, 'py> FromPyObject<'a, 'py> for Pem {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<PyBytes>() {
            Ok(bytes) => Ok(Self(bytes.as_bytes().to_vec())),
            Err(_) => Ok(Self(given.extract::<String>()?.into_bytes())),
        }
    }
}

/// The listener, which is called with each event.
pub(crate) struct Listener(pub(crate) Py<PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for Listener {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if given.is_callable() {
            return Ok(Self(given.to_owned().unbind()));
        }
        Err(wrong(&given, &Self::expected()))
    }
}
