//! Between Rust's values and Python's.

use std::collections::BTreeMap;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::redirect::RedirectUri;

/// The text of an enum's value: what serde writes for it.
pub(crate) fn text(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// The member of an enum of `authentik_netbird.enums` that stands for a value of the core's.
pub(crate) fn member<'py>(
    py: Python<'py>,
    class: &str,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    named_member(py, class, &text(value))
}

/// The member of an enum of `authentik_netbird.enums` that has this text.
pub(crate) fn named_member<'py>(
    py: Python<'py>,
    class: &str,
    text: &str,
) -> PyResult<Bound<'py, PyAny>> {
    static ENUMS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let enums = ENUMS
        .get_or_try_init(py, || py.import("authentik_netbird.enums").map(Bound::unbind))?
        .bind(py);
    enums.getattr(class)?.call1((text,))
}

/// A value as plain dicts, lists, texts and numbers.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (to_json(value)?,))
}

/// A value as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The fields of a mapping, as JSON has them.
///
/// Raises `TypeError` that names the field for what JSON has no form for, bytes for instance.
pub(crate) fn fields(mapping: &Bound<'_, PyAny>) -> PyResult<BTreeMap<String, Value>> {
    let py = mapping.py();
    let dumps = py.import(intern!(py, "json"))?.getattr(intern!(py, "dumps"))?;
    let items = mapping.call_method0(intern!(py, "items")).map_err(|_| {
        let given = class_name(mapping);
        PyTypeError::new_err(format!("argument 'fields' must be a mapping, not {given}"))
    })?;
    let mut fields = BTreeMap::new();
    for item in items.try_iter()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
        let Ok(name) = key.extract::<String>() else {
            let given = class_name(&key);
            return Err(PyTypeError::new_err(format!(
                "the name of a field must be str, not {given}"
            )));
        };
        let value = if let Ok(uris) = value.extract::<Vec<PyRef<'_, RedirectUri>>>() {
            redirect_uris(&uris)
        } else if let Some(text) = time_text(&value)? {
            text.into()
        } else {
            let json: String = dumps
                .call1((&value,))
                .map_err(|_| {
                    let given = class_name(&value);
                    PyTypeError::new_err(format!(
                        "field '{name}' must be a JSON value, not {given}"
                    ))
                })?
                .extract()?;
            serde_json::from_str(&json)
                .map_err(|error| PyValueError::new_err(format!("field '{name}': {error}")))?
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

/// Redirect URIs as the core's field takes them.
pub(crate) fn redirect_uris(uris: &[PyRef<'_, RedirectUri>]) -> Value {
    uris.iter().map(|uri| serde_json::to_value(&uri.0).unwrap_or_default()).collect()
}

/// A value from a mapping of its fields.
pub(crate) fn from_mapping<T: DeserializeOwned>(
    what: &str,
    mapping: &Bound<'_, PyAny>,
) -> PyResult<T> {
    let value = Value::Object(fields(mapping)?.into_iter().collect());
    serde_json::from_value(value)
        .map_err(|error| PyValueError::new_err(format!("invalid fields of {what}: {error}")))
}

/// A value from its JSON.
pub(crate) fn from_json<T: DeserializeOwned>(what: &str, text: &str) -> PyResult<T> {
    serde_json::from_str(text)
        .map_err(|error| PyValueError::new_err(format!("invalid JSON of {what}: {error}")))
}

/// `Class(field=value, …)`.
pub(crate) fn repr(py: Python<'_>, class: &str, value: &impl Serialize) -> PyResult<String> {
    let mut parts = Vec::new();
    for item in to_python(py, value)?.call_method0(intern!(py, "items"))?.try_iter()? {
        let (name, value): (String, Bound<'_, PyAny>) = item?.extract()?;
        parts.push(format!("{name}={}", value.repr()?));
    }
    Ok(format!("{class}({})", parts.join(", ")))
}

/// `Class(attribute=value, …)`, of these attributes.
pub(crate) fn repr_of<T>(object: &Bound<'_, T>, attributes: &[&str]) -> PyResult<String> {
    let object = object.as_any();
    let mut parts = Vec::new();
    for name in attributes {
        parts.push(format!("{name}={}", object.getattr(*name)?.repr()?));
    }
    Ok(format!("{}({})", class_name(object), parts.join(", ")))
}

/// One of the values of an enum of the core's, by its text; `name` is the argument's.
pub(crate) fn choice<T: DeserializeOwned>(name: &str, text: &str) -> PyResult<T> {
    serde_json::from_value(Value::from(text))
        .map_err(|error| PyValueError::new_err(format!("argument '{name}': {error}")))
}

/// A number of seconds as a duration; `name` is the argument's.
pub(crate) fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    // A century is as good as for ever, and no sum of times overflows.
    const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;
    if seconds.is_nan() || seconds < 0.0 {
        let problem = format!("argument '{name}' must be a non-negative number, not {seconds}");
        return Err(PyValueError::new_err(problem));
    }
    Ok(Duration::from_secs_f64(seconds.min(LONGEST)))
}

/// A `datetime` as RFC 3339 in UTC; `None` for anything else.
pub(crate) fn time_text(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    let datetime = py.import(intern!(py, "datetime"))?;
    if !value.is_instance(&datetime.getattr(intern!(py, "datetime"))?)? {
        return Ok(None);
    }
    if value.getattr(intern!(py, "tzinfo"))?.is_none() {
        return Err(PyValueError::new_err("a datetime must have a time zone"));
    }
    let utc = datetime.getattr(intern!(py, "timezone"))?.getattr(intern!(py, "utc"))?;
    let value = value.call_method1(intern!(py, "astimezone"), (utc,))?;
    value.call_method1(intern!(py, "strftime"), ("%Y-%m-%dT%H:%M:%SZ",))?.extract().map(Some)
}

/// RFC 3339 as a `datetime` in UTC; `None` for a text that is not one.
pub(crate) fn datetime<'py>(py: Python<'py>, text: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let datetime = py.import(intern!(py, "datetime"))?;
    let utc = datetime.getattr(intern!(py, "timezone"))?.getattr(intern!(py, "utc"))?;
    let text = text
        .strip_suffix(['Z', 'z'])
        .map_or_else(|| text.to_owned(), |time| format!("{time}+00:00"));
    // Python 3.10 reads 3 or 6 digits of a second's fraction.
    let text = match text.split_once('.') {
        Some((whole, rest)) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            format!("{whole}.{:0<6.6}{}", &rest[..end], &rest[end..])
        }
        None => text,
    };
    let class = datetime.getattr(intern!(py, "datetime"))?;
    let Ok(time) = class.call_method1(intern!(py, "fromisoformat"), (text,)) else {
        return Ok(None);
    };
    time.call_method1(intern!(py, "astimezone"), (utc,)).map(Some)
}

/// Name of a value's class, for messages: the value itself may be a secret.
pub(crate) fn class_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string())
}
