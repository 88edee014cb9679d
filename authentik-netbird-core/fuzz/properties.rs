//! The properties of `tests/arbitrary.rs`, for the fuzz targets.

#[path = "../tests/properties/mod.rs"]
mod properties;

pub use properties::*;
