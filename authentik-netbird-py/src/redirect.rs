//! `RedirectUri`.

use authentik_netbird_core::authentik;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::argument::{Arg, arg};
use crate::convert;
use crate::value_object::{Object, methods};

/// A redirect URI as it is asked for.
///
/// Args:
///     url: The URI, or the regular expression.
///     matching_mode: How authentik compares it, `strict` (the default) or `regex`.
///
/// >>> from authentik_netbird import RedirectUri
/// >>> RedirectUri.strict("https://netbird.company/auth")
/// RedirectUri(matching_mode='strict', url='https://netbird.company/auth')
/// >>> str(RedirectUri.regex(r"https://netbird\.company/.*"))
/// 'regex https://netbird\\.company/.*'
#[pyclass(frozen, eq, hash, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RedirectUri(pub(crate) authentik::RedirectUri);

methods! { [json repr str] RedirectUri(it, py) {
    get {
        /// The URI, or the regular expression.
        url: &str = &it.url;
        /// How authentik compares it.
        matching_mode: Object<'py> = convert::member(py, "MatchingMode", &it.matching_mode);
    }

    #[new]
    #[pyo3(
        signature = (url, *, matching_mode = arg("strict")),
        text_signature = "(url, *, matching_mode='strict')"
    )]
    fn new(url: Arg<String>, matching_mode: Arg<&str>) -> PyResult<Self> {
        match *matching_mode {
            "strict" => Ok(Self::strict(url)),
            "regex" => Ok(Self::regex(url)),
            _ => Err(PyValueError::new_err(
                "argument 'matching_mode': expected 'strict' or 'regex'",
            )),
        }
    }

    /// One that must be exactly equal; a trailing slash matters.
    #[staticmethod]
    fn strict(url: Arg<String>) -> Self {
        Self(authentik::RedirectUri::strict(url.into_inner()))
    }

    /// A regular expression that must match the whole URI.
    #[staticmethod]
    fn regex(url: Arg<String>) -> Self {
        Self(authentik::RedirectUri::regex(url.into_inner()))
    }

    /// The same, with these changes.
    ///
    /// >>> from authentik_netbird import RedirectUri
    /// >>> RedirectUri.strict("https://a.company").replace(url="https://b.company").url
    /// 'https://b.company'
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let mut fields = std::collections::BTreeMap::from([
            ("url".to_owned(), self.0.url.clone().into()),
            ("matching_mode".to_owned(), self.0.matching_mode.as_str().into()),
        ]);
        if let Some(changes) = changes {
            fields.extend(convert::fields(changes)?);
        }
        convert::from_json("RedirectUri", &convert::to_json(&fields)?).map(Self)
    }

    /// For `copy.replace`, Python 3.13 and later.
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        self.replace(changes)
    }
} }
