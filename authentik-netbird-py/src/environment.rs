//! Which servers the environment names. The core reads no environment.

use authentik_netbird_core::{Error, Issue};
use pyo3::intern;
use pyo3::prelude::*;

use crate::argument::SecretText;
use crate::errors;

const URL: &str = "AUTHENTIK_URL";
const TOKEN: &str = "AUTHENTIK_TOKEN";
const NETBIRD_URL: &str = "NETBIRD_URL";
const NETBIRD_TOKEN: &str = "NETBIRD_TOKEN";

/// A server's URL and token.
pub(crate) type Server = (String, SecretText);

/// authentik's URL and token, and NetBird's if both are set, from `os.environ`. Raises `InvalidClientError`
/// that names each variable that is not set.
pub(crate) fn servers(py: Python<'_>) -> PyResult<(Server, Option<Server>)> {
    let environ = py.import(intern!(py, "os"))?.getattr(intern!(py, "environ"))?;
    let read = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
        let value = environ.call_method1(intern!(py, "get"), (name,))?;
        Ok(if value.is_truthy()? { Some(value) } else { None })
    };
    let netbird = match (read(NETBIRD_URL)?, read(NETBIRD_TOKEN)?) {
        (Some(url), Some(token)) => Some((url.extract()?, token.extract()?)),
        _ => None,
    };
    match (read(URL)?, read(TOKEN)?) {
        (Some(url), Some(token)) => Ok(((url.extract()?, token.extract()?), netbird)),
        (url, token) => {
            let url = url.is_none().then(|| unset(URL, "authentik_url", "authentik's URL"));
            let token =
                token.is_none().then(|| unset(TOKEN, "token", "an administrator's API token"));
            let issues = url.into_iter().chain(token).collect();
            Err(errors::to_python(Error::invalid_client(issues)))
        }
    }
}

fn unset(name: &str, field: &str, what: &str) -> Issue {
    Issue::new(field, format!("{name} is not set"), format!("Set {name} to {what}."))
}
