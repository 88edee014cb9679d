//! What NetBird itself asks authentik.

pub(crate) mod netbird;
