//! `NetbirdEnv` and its variables, and reading a `setup.env`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use authentik_netbird_core::outputs::{self, VariableValue};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};

use crate::argument::{Arg, SecretText};
use crate::convert;
use crate::errors::to_python;
use crate::secret::Secret;
use crate::value_object::{Object, Tuple, methods};

/// The variables of NetBird's `setup.env`, in the order in which they are written.
///
/// `str(env)` is that file with stars for the password, fit for a screen; `write` is the usual way
/// to a file.
///
/// It is a `Mapping` of names to values: texts, truth values, numbers, and a `Secret` for the password.
/// `None` stands for a password that this run did not read, so that the line of an existing file is kept.
///
/// >>> from authentik_netbird import AccountOutputs, Outputs
/// >>> account = AccountOutputs("NetBird", app_password="cd34")
/// >>> env = Outputs(
/// ...     "https://authentik.company", "netbird.company", "netbird", "5JXuw0qD", account=account
/// ... ).netbird_env()
/// >>> env["NETBIRD_USE_AUTH0"], env["NETBIRD_IDP_MGMT_EXTRA_PASSWORD"]
/// (False, Secret(***))
/// >>> next(iter(env.items()))
/// ('NETBIRD_DOMAIN', 'netbird.company')
/// >>> "NETBIRD_DOMAIN" in env, len(env) == len(dict(env))
/// (True, True)
/// >>> "cd34" in str(env), "cd34" in env.to_setup_env().expose()
/// (False, True)
#[pyclass(frozen, eq, mapping, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdEnv(pub(crate) outputs::NetbirdEnv);

methods! { [str secret] NetbirdEnv(it, py) {
    get {
        /// The variables, in the order in which they are written.
        variables: Tuple<'py> = PyTuple::new(py, it.variables().iter().cloned().map(Variable));
    }

    fn __len__(&self) -> usize {
        self.0.variables().len()
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        name.extract::<&str>().is_ok_and(|name| self.0.get(name).is_some())
    }

    fn __getitem__<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match name.extract::<&str>().ok().and_then(|name| self.0.get(name)) {
            Some(found) => value(name.py(), found),
            None => Err(PyKeyError::new_err(name.clone().unbind())),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        let names = self.0.variables().iter().map(|variable| variable.name);
        PyTuple::new(py, names.collect::<Vec<_>>())?.try_iter()
    }

    /// The value of a variable, or `default` if there is no such variable.
    #[pyo3(signature = (name, default = None))]
    fn get<'py>(
        &self,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match name.extract::<&str>().ok().and_then(|name| self.0.get(name)) {
            Some(found) => value(name.py(), found),
            None => Ok(default),
        }
    }

    /// The names, in the order in which they are written.
    fn keys<'py>(slf: &Bound<'py, Self>) -> Object<'py> {
        view(slf, "KeysView")
    }

    /// The values, in the order in which they are written.
    fn values<'py>(slf: &Bound<'py, Self>) -> Object<'py> {
        view(slf, "ValuesView")
    }

    /// The names with their values, in the order in which they are written.
    fn items<'py>(slf: &Bound<'py, Self>) -> Object<'py> {
        view(slf, "ItemsView")
    }

    /// Checks that NetBird reads every value as it is: done before a file is written.
    ///
    /// Raises:
    ///     InvalidOutputsError: Every issue at once.
    fn check(&self) -> PyResult<()> {
        self.0.check().map_err(to_python)
    }

    /// A whole `setup.env`, with the password.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird cannot read, or a password that is not known.
    fn to_setup_env(&self) -> PyResult<Secret> {
        self.0.to_setup_env().map(Secret).map_err(to_python)
    }

    /// An existing `setup.env`, as text, with these variables in it: in one marked block at its end,
    /// earlier plain assignments of them as comments. Other lines stay.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird cannot read, a password that is neither known nor
    ///         in the file, or a line of the file that bash cannot read.
    fn merge_into(&self, existing: Arg<SecretText>) -> PyResult<Secret> {
        self.0.merge_into(existing.0.expose()).map(Secret).map_err(to_python)
    }

    /// The changes of `merge_into` for bash, variable by variable, without secrets.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `merge_into`.
    fn diff<'py>(
        &self,
        py: Python<'py>,
        existing: Arg<SecretText>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let changes = self.0.diff(existing.0.expose()).map_err(to_python)?;
        PyTuple::new(py, changes.into_iter().map(VariableChange))
    }

    /// The variables for docker compose's `env_file`.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird or docker compose cannot read, or a password that
    ///         is not known.
    fn to_compose_env(&self) -> PyResult<Secret> {
        self.0.to_compose_env().map(Secret).map_err(to_python)
    }

    /// The variables as one JSON object, in order.
    ///
    /// Raises:
    ///     InvalidOutputsError: A value that NetBird or docker compose cannot read, or a password that
    ///         is not known.
    fn to_json(&self) -> PyResult<Secret> {
        self.0.to_json().map(Secret).map_err(to_python)
    }

    /// Merges into the `setup.env` at `path`, or creates it. Only its owner may read the file (mode
    /// 0600 on Unix), and it is replaced in one step. Nothing is written when nothing differs.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `merge_into`. Nothing was written.
    ///     FileError: The file cannot be read or written. Nothing was written.
    fn write(&self, py: Python<'_>, path: Arg<PathBuf>) -> PyResult<FileChange> {
        py.detach(|| self.0.write(&*path)).map(FileChange).map_err(to_python)
    }

    /// Writes `to_compose_env` as `write` does, but as the whole file.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `to_compose_env`. Nothing was written.
    ///     FileError: The file cannot be read or written. Nothing was written.
    fn write_compose_env(&self, py: Python<'_>, path: Arg<PathBuf>) -> PyResult<FileChange> {
        py.detach(|| self.0.write_compose_env(&*path)).map(FileChange).map_err(to_python)
    }

    /// Writes `to_json` as `write` does, but as the whole file.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `to_json`. Nothing was written.
    ///     FileError: The file cannot be read or written. Nothing was written.
    fn write_json(&self, py: Python<'_>, path: Arg<PathBuf>) -> PyResult<FileChange> {
        py.detach(|| self.0.write_json(&*path)).map(FileChange).map_err(to_python)
    }

    fn __repr__(&self) -> String {
        format!("<NetbirdEnv of {} variables>", self.0.variables().len())
    }
} }

/// A view of a mapping, as `dict` has it.
fn view<'py>(env: &Bound<'py, NetbirdEnv>, kind: &str) -> Object<'py> {
    env.py().import("collections.abc")?.getattr(kind)?.call1((env,))
}

/// Makes `NetbirdEnv` a `collections.abc.Mapping`.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let mapping = module.py().import("collections.abc")?.getattr("Mapping")?;
    mapping.call_method1("register", (module.py().get_type::<NetbirdEnv>(),)).map(drop)
}

/// The change of a file. `str(change)` is a line for each variable that changed, without secrets.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FileChange(pub(crate) outputs::FileChange);

methods! { [str json] FileChange(it, py) {
    get {
        /// The change of the file itself.
        kind: Object<'py> = convert::member(py, "FileChangeKind", &it.kind);
        /// Variables that bash now reads with another value from a `setup.env`; none for other forms.
        variables: Tuple<'py> = PyTuple::new(py, it.variables.iter().cloned().map(VariableChange));
        /// Whether the file's content or mode changed.
        is_change: bool = it.is_change();
    }

    fn __repr__(&self) -> String {
        format!("<FileChange {:?}, {} variables>", self.0.kind, self.0.variables.len())
    }
} }

/// A variable with another value, as bash reads it from the file. A value that may be a secret is
/// `set` or `changed`, one that bash works out is `computed`.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct VariableChange(outputs::VariableChange);

methods! { [str repr json] VariableChange(it, py) {
    get {
        /// The variable's name.
        name: &str = &it.name;
        /// Its value before; `None` if it was not set.
        before: Option<&str> = it.before.as_deref();
        /// Its value now; `None` if it is no longer set.
        after: Option<&str> = it.after.as_deref();
    }
} }

pub(crate) fn value<'py>(
    py: Python<'py>,
    value: &VariableValue,
) -> PyResult<Option<Bound<'py, PyAny>>> {
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

/// The variables that bash has after `source setup.env`, by name; `None` for a value that bash would
/// have to work out. Any value may be a password, so all are secrets.
///
/// Raises:
///     InvalidOutputsError: A line that bash cannot read, or that is not followed here (an `if`, a loop,
///         a function, a here-document).
///
/// >>> from authentik_netbird import parse_setup_env
/// >>> for name, value in parse_setup_env('export A="b c" # ours\n').items():
/// ...     print(name, value.expose())
/// A b c
#[pyfunction]
pub(crate) fn parse_setup_env(text: Arg<SecretText>) -> PyResult<BTreeMap<String, Option<Secret>>> {
    let values = outputs::parse_setup_env(text.0.expose()).map_err(to_python)?;
    Ok(values.into_iter().map(|(name, value)| (name, value.map(Secret))).collect())
}
