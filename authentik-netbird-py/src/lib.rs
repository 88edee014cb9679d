//! `authentik_netbird._native`: authentik-netbird-core for Python.
//!
//! Bindings only convert; every decision is the core's. What Python users see is gathered by
//! `python/authentik_netbird/__init__.py`; the signatures are in `_native.pyi`.
#![expect(clippy::needless_pass_by_value, reason = "arguments come from Python by value")]
#![expect(clippy::doc_link_with_quotes, reason = "examples in docstrings are Python")]
#![expect(clippy::unused_self, reason = "Python calls methods on objects")]

mod argument;
mod asyncio;
mod client;
mod connection;
mod connection_options;
mod convert;
mod env;
mod environment;
mod errors;
mod fault;
mod first_start;
mod instance;
mod integration;
mod issue;
mod log;
mod news;
mod operation;
mod outputs;
mod plan;
mod redirect;
mod report;
mod resource;
mod runtime;
mod secret;
mod simulator;
mod value_object;
mod verification;

/// The API in Rust. Import from `authentik_netbird` and `authentik_netbird.testing` instead.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::{Bound, PyModule, PyModuleMethods, PyResult, Python, pyfunction};

    #[pymodule_export]
    use super::{
        client::Client,
        connection_options::ConnectionOptions,
        env::{FileChange, NetbirdEnv, Variable, VariableChange, parse_setup_env},
        fault::{Effect, Fault, FaultAnswer},
        first_start::first_start,
        instance::{NetbirdInstance, netbird_instance},
        integration::{_options, NetbirdIntegration},
        issue::{Blocker, Issue},
        operation::{ChangedBy, FieldChange, FieldValue, Operation},
        outputs::{AccountOutputs, ConnectorOutputs, Outputs},
        plan::{Existing, Plan, PlanWarning},
        redirect::RedirectUri,
        report::{ApplyEvent, ApplyReport, Outcome, Provisioned, ReportEntry},
        resource::Resource,
        secret::Secret,
        simulator::{AuthentikSimulator, LoggedRequest, NetbirdSimulator, Simulator, round_trips},
        value_object::unpickle,
        verification::{Check, Expiry, NetbirdSettings, Status, Verification, verify},
    };
    use super::{convert, env, runtime};

    /// The heading of a step of the guide.
    #[pyfunction]
    fn guide_heading(step: &str) -> PyResult<&'static str> {
        let step = serde_json::Value::from(step).to_string();
        convert::from_json::<authentik_netbird_core::integration::GuideStep>("step", &step)
            .map(authentik_netbird_core::integration::GuideStep::heading)
    }

    /// Panics: for the test that a mistake in Rust ends no interpreter.
    #[pyfunction(name = "_panic")]
    #[expect(clippy::panic, reason = "its purpose")]
    fn panic(py: Python<'_>, in_call: bool) -> PyResult<()> {
        if in_call {
            return runtime::wait(py, async { panic!("asked for, in a call") }, runtime::news().1);
        }
        panic!("asked for")
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        env::register(module)?;
        module.add("CONFIGURE_COMMANDS", authentik_netbird_core::outputs::CONFIGURE_COMMANDS)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
