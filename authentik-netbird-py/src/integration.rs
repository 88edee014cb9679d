//! `NetbirdIntegration`. Its arguments, attributes and documentation come from the core's table of options:
//! the checks are here, what people see is put together by `_options.py`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use authentik_netbird_core as core;
use core::authentik::{ParseVersionError, Version};
use core::integration::OptionKind;
use core::outputs::export::{self, SecretSource};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use serde_json::Value;

use crate::argument::{Arg, Time, named};
use crate::plan::Plan;
use crate::redirect::RedirectUri;
use crate::{convert, errors, value_object};

/// The integration that is asked for: one NetBird on one authentik.
///
/// All options are keyword-only. An integration is immutable;
/// `replace` returns another one.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdIntegration(pub(crate) core::NetbirdIntegration);

/// An integration as an argument.
pub(crate) type Integration<'py> = Arg<PyRef<'py, NetbirdIntegration>>;

/// A release of authentik; by default the newest that was tested.
fn version(text: Option<Arg<&str>>) -> PyResult<Version> {
    let Some(text) = text else { return Ok(Version::MAX_TESTED) };
    let error = |error: ParseVersionError| PyValueError::new_err(error.to_string());
    text.parse().map_err(error)
}

/// The table of options, for `_options.py`.
#[pyfunction]
pub(crate) fn _options(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    convert::to_python(py, &core::integration::options().collect::<Vec<_>>())
}

/// Options as the core's fields. Raises `TypeError` for one that does not exist or has another type.
fn fields(
    function: &str,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<BTreeMap<String, Value>> {
    let mut fields = BTreeMap::new();
    for (name, value) in options.into_iter().flatten() {
        let name: String = name.extract()?;
        let Some(option) = core::integration::options().find(|option| option.name == name) else {
            return Err(pyo3::exceptions::PyTypeError::new_err(format!(
                "{function}() got an unexpected keyword argument '{name}'"
            )));
        };
        let value = field(option.kind, &value).map_err(|error| named(value.py(), &name, error))?;
        fields.insert(name, value);
    }
    Ok(fields)
}

fn field(kind: OptionKind, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    Ok(match kind {
        OptionKind::Bool => value.extract::<Arg<bool>>()?.into(),
        OptionKind::Texts => value.extract::<Arg<Vec<String>>>()?.into(),
        OptionKind::RedirectUris => {
            convert::redirect_uris(&value.extract::<Arg<Vec<PyRef<'_, RedirectUri>>>>()?)
        }
        OptionKind::OptionalText | OptionKind::OptionalTime if value.is_none() => Value::Null,
        OptionKind::OptionalTime => value.extract::<Arg<Time>>()?.into_inner().0.into(),
        _ => value.extract::<Arg<String>>()?.into(),
    })
}

impl NetbirdIntegration {
    fn build(builder: core::NetbirdIntegrationBuilder) -> PyResult<Self> {
        builder.build().map(Self).map_err(errors::to_python)
    }

    fn read_json(text: &str) -> PyResult<Self> {
        let fields: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|error| {
            errors::to_python(core::Error::invalid_integration(vec![core::Issue::new(
                "integration",
                format!("is not a JSON object ({error})"),
                "Use {\"authentik_url\": …, \"domain\": …}.",
            )]))
        })?;
        Self::build(core::NetbirdIntegrationBuilder::from_fields(fields))
    }
}

#[pymethods]
impl NetbirdIntegration {
    #[new]
    #[pyo3(signature = (authentik_url, domain, **options))]
    fn new(
        authentik_url: Arg<String>,
        domain: Arg<String>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let mut fields = fields("NetbirdIntegration", options)?;
        fields.insert("authentik_url".to_owned(), authentik_url.into());
        fields.insert("domain".to_owned(), domain.into());
        Self::build(core::NetbirdIntegrationBuilder::from_fields(fields))
    }

    /// The value of an option: what the attribute of that name is.
    fn _option<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let value = self.0.option(name).unwrap_or_default();
        let option = core::integration::options().find(|option| option.name == name);
        match option.map(|option| option.kind) {
            Some(OptionKind::Choice { class, .. }) => convert::member(py, class, &value),
            Some(OptionKind::RedirectUris) => {
                let uris = self.0.extra_redirect_uris().iter().cloned().map(RedirectUri);
                Ok(PyTuple::new(py, uris)?.into_any())
            }
            Some(OptionKind::Texts) => {
                let texts: Vec<String> = serde_json::from_value(value).unwrap_or_default();
                Ok(PyTuple::new(py, texts)?.into_any())
            }
            Some(OptionKind::OptionalTime) => match value.as_str() {
                Some(text) => Ok(convert::datetime(py, text)?.into_pyobject(py)?.into_any()),
                None => Ok(py.None().into_bound(py)),
            },
            _ => convert::to_python(py, &value),
        }
    }

    /// All redirect URIs that the provider is to have, in the order of the guide.
    fn all_redirect_uris<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.all_redirect_uris().into_iter().map(RedirectUri))
    }

    /// The plan against a fresh installation of the newest release that was tested. Offline: nothing is
    /// read or sent.
    ///
    /// >>> from authentik_netbird import NetbirdIntegration
    /// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    /// >>> print(integration.preview().operations[0].resource)
    /// provider "NetBird"
    fn preview(&self) -> Plan {
        Plan::from(self.0.preview())
    }

    /// The desired state as an authentik blueprint, in YAML. It holds no secret.
    ///
    /// Args:
    ///     release: The release of authentik, such as `2026.5`. By default the newest that was tested.
    ///     secret_files: Folder of authentik's worker with the files `netbird_app_password` and
    ///         `netbird_client_secret`. By default they are environment variables.
    ///
    /// Raises:
    ///     InvalidIntegrationError: The app password is to expire, which a blueprint cannot set.
    ///     ValueError: The release is not one.
    ///
    /// >>> from authentik_netbird import NetbirdIntegration
    /// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    /// >>> "key: !Env NETBIRD_APP_PASSWORD" in integration.export_blueprint("2026.5")
    /// True
    #[pyo3(signature = (release = None, *, secret_files = None))]
    fn export_blueprint(
        &self,
        release: Option<Arg<&str>>,
        secret_files: Option<Arg<&str>>,
    ) -> PyResult<String> {
        let secrets = secret_files
            .map_or(SecretSource::Environment, |folder| SecretSource::Files((*folder).to_owned()));
        export::blueprint(&self.0, version(release)?, &secrets).map_err(errors::to_python)
    }

    /// The desired state in Terraform's HCL, for a server that has none of it yet. It holds no secret.
    ///
    /// Args:
    ///     release: The release of authentik, such as `2026.5`. By default the newest that was tested.
    ///
    /// Raises:
    ///     InvalidIntegrationError: The app password is to expire, which Terraform's provider cannot set.
    ///     ValueError: The release is not one.
    #[pyo3(signature = (release = None))]
    fn export_terraform(&self, release: Option<Arg<&str>>) -> PyResult<String> {
        export::terraform(&self.0, version(release)?, None).map_err(errors::to_python)
    }

    /// The same, with these changes.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once.
    ///     TypeError: An option that does not exist, or a value of another type.
    ///
    /// >>> from authentik_netbird import NetbirdIntegration
    /// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    /// >>> integration.replace(domain="vpn.company").domain
    /// 'vpn.company'
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Self::build(self.0.with_fields(fields("NetbirdIntegration.replace", changes)?))
    }

    /// For `copy.replace`, Python 3.13 and later.
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.replace(changes)
    }

    /// From a JSON file. For TOML: `NetbirdIntegration.from_dict(tomllib.load(file))`.
    ///
    /// Raises:
    ///     FileError: The file cannot be read.
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[staticmethod]
    fn from_file(path: Arg<PathBuf>) -> PyResult<Self> {
        let path = path.into_inner();
        let text = fs::read_to_string(&path).map_err(|source| {
            errors::to_python(core::Error::File { action: "read", path, source })
        })?;
        Self::read_json(&text)
    }

    /// The options that were set, as plain dicts, lists, texts and numbers.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0)
    }

    /// The options that were set, as JSON. It holds no secret.
    fn to_json(&self) -> PyResult<String> {
        convert::to_json(&self.0)
    }

    /// From a mapping of fields, named as the arguments; all but `authentik_url` and `domain` may
    /// be left out.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[classmethod]
    fn from_dict(_class: &Bound<'_, PyType>, fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::build(core::NetbirdIntegrationBuilder::from_fields(convert::fields(fields)?))
    }

    /// From a JSON object of fields.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, text: Arg<&str>) -> PyResult<Self> {
        Self::read_json(&text)
    }

    fn __hash__(&self) -> PyResult<u64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.to_json()?.hash(&mut hasher);
        Ok(hasher.finish())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        convert::repr(py, "NetbirdIntegration", &self.0)
    }

    /// For pickle: class and JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<value_object::Reduced<'py>> {
        value_object::reduced(py.get_type::<Self>(), self.to_json()?)
    }
}
