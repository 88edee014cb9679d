//! What NetBird needs.
