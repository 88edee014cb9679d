//! `authentik_netbird._native`: authentik-netbird-core for Python.
//!
//! Bindings only convert; every decision is the core's. What Python users see is gathered by
//! `python/authentik_netbird/__init__.py`; the signatures are in `_native.pyi`.

use pyo3::prelude::*;

mod secret;

/// The API in Rust. Import from `authentik_netbird` and `authentik_netbird.testing` instead.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use super::secret::Secret;
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
