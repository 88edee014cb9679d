//! `NetbirdEnv` and its variables, and reading a `setup.env`.

use std::path::PathBuf;

use authentik_netbird_core::outputs::{self, VariableValue, Written};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::{Arg, SecretText};
use crate::convert;
use crate::errors::to_python;
use crate::secret::Secret;
use crate::value_object::{Tuple, methods};

/// The variables of NetBird's `setup.env`, in the order in which they are written.
///
/// `str(env)` is that file with stars for the password, fit for a screen; `write` is the usual way
/// to a file.
///
/// >>> from authentik_netbird import AccountOutputs, Outputs
/// >>> account = AccountOutputs("NetBird", app_password="cd34")
/// >>> env = Outputs(
/// ...     "https://authentik.company", "netbird.company", "netbird", "5JXuw0qD", account=account
/// ... ).netbird_env()
/// >>> env.get("NETBIRD_USE_AUTH0"), env.get("NETBIRD_IDP_MGMT_EXTRA_PASSWORD")
/// (False, Secret(***))
/// >>> "cd34" in str(env), "cd34" in env.to_setup_env().expose()
/// (False, True)
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdEnv(pub(crate) outputs::NetbirdEnv);

methods! { [str secret] NetbirdEnv(it, py) {
    get {
        /// The variables, in the order in which they are written.
        variables: Tuple<'py> = PyTuple::new(py, it.variables().iter().cloned().map(Variable));
    }

    /// The value of a variable; `None` where there is no such variable, or its value is a secret
    /// that this run did not read.
    fn get<'py>(&self, py: Python<'py>, name: Arg<&str>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.get(&name).map(|found| value(py, found)).transpose().map(Option::flatten)
    }

    /// Checks that NetBird can carry every value: what a file is checked for before it is written.
    ///
    /// Raises:
    ///     InvalidOutputsError: Every issue at once.
    fn check(&self) -> PyResult<()> {
        self.0.check().map_err(to_python)
    }

    /// A whole `setup.env`, the password in it.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird can't carry, or a password that is not known.
    fn to_setup_env(&self) -> PyResult<Secret> {
        self.0.to_setup_env().map(Secret).map_err(to_python)
    }

    /// An existing `setup.env`, as text, with these variables in it. Other lines, comments and
    /// order stay.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird can't carry, a password that is neither known
    ///         nor in the file, or a file that can't be corrected safely.
    fn merge_into(&self, existing: Arg<SecretText>) -> PyResult<Secret> {
        self.0.merge_into(existing.0.expose()).map(Secret).map_err(to_python)
    }

    /// The variables for docker compose's `env_file`.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that can't be carried, or a password that is not known.
    fn to_compose_env(&self) -> PyResult<Secret> {
        self.0.to_compose_env().map(Secret).map_err(to_python)
    }

    /// The variables as one JSON object, in order.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that can't be carried, or a password that is not known.
    fn to_json(&self) -> PyResult<Secret> {
        self.0.to_json().map(Secret).map_err(to_python)
    }

    /// Merges into the `setup.env` at `path`, or makes it. The file is only its owner's to read
    /// (mode 0600 on Unix), and is replaced in one step. Nothing is written when nothing differs.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `merge_into`. Nothing was written.
    ///     FileError: The file can't be read or written. Nothing was written.
    fn write<'py>(&self, py: Python<'py>, path: Arg<PathBuf>) -> PyResult<Bound<'py, PyAny>> {
        written(py, py.detach(|| self.0.write(&*path)))
    }

    /// Writes `to_compose_env` as `write` does, but as the whole file.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `to_compose_env`. Nothing was written.
    ///     FileError: The file can't be read or written. Nothing was written.
    fn write_compose_env<'py>(
        &self,
        py: Python<'py>,
        path: Arg<PathBuf>,
    ) -> PyResult<Bound<'py, PyAny>> {
        written(py, py.detach(|| self.0.write_compose_env(&*path)))
    }

    /// Writes `to_json` as `write` does, but as the whole file.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `to_json`. Nothing was written.
    ///     FileError: The file can't be read or written. Nothing was written.
    fn write_json<'py>(&self, py: Python<'py>, path: Arg<PathBuf>) -> PyResult<Bound<'py, PyAny>> {
        written(py, py.detach(|| self.0.write_json(&*path)))
    }

    fn __repr__(&self) -> String {
        format!("<NetbirdEnv of {} variables>", self.0.variables().len())
    }
} }

fn written(
    py: Python<'_>,
    result: authentik_netbird_core::error::Result<Written>,
) -> PyResult<Bound<'_, PyAny>> {
    let written = match result.map_err(to_python)? {
        Written::Created => "created",
        Written::Unchanged => "unchanged",
        _ => "changed",
    };
    convert::named_member(py, "Written", written)
}

fn value<'py>(py: Python<'py>, value: &VariableValue) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(match value {
        VariableValue::Text(text) => Some(text.into_pyobject(py)?.into_any()),
        VariableValue::Boolean(value) => Some(value.into_pyobject(py)?.to_owned().into_any()),
        VariableValue::Number(number) => Some(number.into_pyobject(py)?.into_any()),
        VariableValue::Secret(secret) => Some(Bound::new(py, Secret(secret.clone()))?.into_any()),
        _ => None,
    })
}

/// One variable of `setup.env`.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Variable(outputs::Variable);

methods! { [secret] Variable(it, py) {
    get {
        /// Its name, such as `NETBIRD_AUTH_CLIENT_ID`.
        name: &str = it.name;
        /// Its value: a text, truth value, number or `Secret`; `None`: a secret that this run did not
        /// read, so that the line of an existing file is kept.
        value: PyResult<Option<Bound<'py, PyAny>>> = value(py, &it.value);
        /// Where the value comes from and what NetBird does with it, in a sentence.
        source: &str = it.source;
        /// Where the guide has it; `None`: it does not, but NetBird needs it.
        guide: PyResult<Option<Bound<'py, PyAny>>> =
            it.guide.map(|step| convert::member(py, "GuideStep", &step)).transpose();
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let value = match self.value(py)? {
            Some(value) => value.repr()?.to_string(),
            None => "None".to_owned(),
        };
        Ok(format!("<Variable {}={value}>", self.0.name))
    }
} }

/// A line of a `setup.env` that sets a variable.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Assignment(outputs::Assignment);

methods! { [secret] Assignment(it, py) {
    get {
        /// Number of its first line in the file, from 1.
        line: usize = it.line;
        /// The variable's name.
        name: &str = &it.name;
        /// Whether `export` stands before it.
        exported: bool = it.exported;
        /// Its value, quotes taken off; `None` where bash would have to work it out. Any value may be
        /// a password, so all are secrets.
        value: Option<Secret> = it.value.clone().map(Secret);
    }

    fn __repr__(&self) -> String {
        format!("<Assignment of {} in line {}>", self.0.name, self.0.line)
    }
} }

/// The variables that a `setup.env` sets, in the file's order; for bash the last one of a name wins.
///
/// Raises:
///     InvalidOutputsError: A quote that is never closed, or a here-document.
///
/// >>> from authentik_netbird import parse_setup_env
/// >>> [one] = parse_setup_env('export NETBIRD_DOMAIN="netbird.company" # ours\n')
/// >>> one.name, one.value.expose()
/// ('NETBIRD_DOMAIN', 'netbird.company')
#[pyfunction]
pub(crate) fn parse_setup_env(
    py: Python<'_>,
    text: Arg<SecretText>,
) -> PyResult<Bound<'_, PyTuple>> {
    let assignments = outputs::parse_setup_env(text.0.expose()).map_err(to_python)?;
    PyTuple::new(py, assignments.into_iter().map(Assignment))
}
