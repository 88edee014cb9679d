//! The effects themselves.
