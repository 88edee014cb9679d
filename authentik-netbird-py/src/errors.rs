//! The core's errors as exceptions: the one place that knows which is which.

use authentik_netbird_core::{Error, ErrorKind};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::issue::{Blocker, Issue};
use crate::report::ApplyReport;
use crate::resource::Resource;
use crate::verification::Verification;

/// The exception for an error of the core's, with its chain as message.
pub(crate) fn to_python(error: Error) -> PyErr {
    Python::attach(|py| exception(py, error).unwrap_or_else(|failure| failure))
}

/// An exception that only Python has, such as `ClientClosedError`.
pub(crate) fn raise(class: &str, message: &str) -> PyErr {
    Python::attach(|py| match self::class(py, class) {
        Ok(class) => PyErr::from_type(class, (message.to_owned(),)),
        Err(_) => PyRuntimeError::new_err(message.to_owned()),
    })
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import("authentik_netbird.errors")?.getattr(name)?.cast_into::<PyType>()?)
}

fn exception(py: Python<'_>, error: Error) -> PyResult<PyErr> {
    // A class is called as its kind, except for the one that Python has itself.
    let name = match error.kind() {
        ErrorKind::Timeout => "AuthentikTimeoutError".to_owned(),
        kind => format!("{kind:?}Error"),
    };
    let class = class(py, &name).or_else(|_| class(py, "AuthentikNetbirdError"))?;
    let exception = class.call1((error.chain(),))?;
    exception.setattr("action", error.action())?;
    exception.setattr("server", error.server())?;
    exception.setattr("resource", error.resource().cloned().map(Resource))?;
    exception.setattr("status", error.status())?;
    exception.setattr("hint", error.hint())?;
    let issues = error.issues().iter().cloned().map(Issue);
    exception.setattr("issues", PyTuple::new(py, issues)?)?;
    let blockers = error.blockers().iter().cloned().map(Blocker);
    exception.setattr("blockers", PyTuple::new(py, blockers)?)?;
    exception.setattr("is_permission_denied", error.is_permission_denied())?;
    exception.setattr("is_retryable", error.is_retryable())?;
    match error {
        Error::MissingPermissions { permissions, .. } => {
            exception.setattr("missing_permissions", PyTuple::new(py, permissions)?)?;
        }
        Error::Verification(verification) => {
            let verification = Verification::from(*verification);
            exception.setattr("verification", Bound::new(py, verification)?)?;
        }
        Error::StalePlan { differences, .. } => {
            exception.setattr("differences", PyTuple::new(py, differences)?)?;
        }
        Error::File { path, source, .. } => {
            exception.setattr("filename", path.into_os_string())?;
            exception.setattr("errno", source.raw_os_error())?;
        }
        Error::PartialApply { report, source, .. } => {
            exception.setattr("report", Bound::new(py, ApplyReport(*report))?)?;
            exception.setattr("__cause__", self::exception(py, *source)?.into_value(py))?;
        }
        _ => {}
    }
    Ok(PyErr::from_value(exception))
}
