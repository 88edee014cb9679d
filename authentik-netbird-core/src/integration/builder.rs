//! Builder of [`NetbirdIntegration`]. The methods that set options come from the table.

use std::fmt;

use super::options::{Common, Connector, ModeKind, Standalone};
use crate::issue::{Issue, excerpt_of_url};

/// Collects what the user asks for; [`build`](Self::build) checks it, all at once.
#[derive(Clone)]
#[must_use]
pub struct NetbirdIntegrationBuilder {
    pub(super) authentik_url: String,
    pub(super) domain: String,
    pub(super) mode: ModeKind,
    pub(super) common: Common,
    pub(super) standalone: Standalone,
    pub(super) connector: Connector,
    /// Problems of a file that no method can have, such as an unknown option.
    pub(super) issues: Vec<Issue>,
}

impl NetbirdIntegrationBuilder {
    pub(super) fn new(authentik_url: String, domain: String) -> Self {
        Self {
            authentik_url,
            domain,
            mode: ModeKind::default(),
            common: Common::default(),
            standalone: Standalone::default(),
            connector: Connector::default(),
            issues: Vec::new(),
        }
    }

    /// How NetBird and authentik are connected. Default: [`ModeKind::Standalone`], the guide's way.
    pub fn mode(mut self, mode: ModeKind) -> Self {
        self.mode = mode;
        self
    }
}

// An address may have a password in it until it is checked.
impl fmt::Debug for NetbirdIntegrationBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetbirdIntegrationBuilder")
            .field("authentik_url", &excerpt_of_url(&self.authentik_url, 80))
            .field("domain", &excerpt_of_url(&self.domain, 80))
            .finish_non_exhaustive()
    }
}
