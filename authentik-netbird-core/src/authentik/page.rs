//! Lists come in pages.

use serde::Deserialize;

/// One page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    /// Where this page stands.
    pub pagination: Pagination,
    /// Its entries.
    pub results: Vec<T>,
}

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Pagination {
    /// Number of the next page; 0 on the last one.
    #[serde(default)]
    pub next: u32,
    /// Entries in the whole list.
    #[serde(default)]
    pub count: u64,
}
