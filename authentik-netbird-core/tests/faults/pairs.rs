//! Pairs of faults.
