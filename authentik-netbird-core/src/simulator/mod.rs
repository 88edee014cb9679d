//! An authentik in memory.
