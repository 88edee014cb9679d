//! [`Application`].

use serde::Serialize;

use crate::authentik::counters::Counters;

/// An application.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Application {
    /// Primary key, a UUID; policy bindings point at it.
    pub pk: String,
    /// Name, not unique.
    pub name: String,
    /// Slug, unique, case-sensitive; applications are retrieved by it.
    pub slug: String,
    /// Provider key; one provider serves one application.
    pub provider: Option<u64>,
    /// Provider keys.
    pub backchannel_providers: Vec<u64>,
    /// Whether it opens in a new tab.
    pub open_in_new_tab: bool,
    /// Launch URL; without one it is guessed from the first redirect URI.
    pub meta_launch_url: String,
    /// Icon.
    pub meta_icon: String,
    /// Description.
    pub meta_description: String,
    /// Publisher.
    pub meta_publisher: String,
    /// Whether it is hidden (2026.5).
    pub meta_hide: bool,
    /// `any` or `all`.
    pub policy_engine_mode: String,
    /// The word that applications are grouped by.
    pub group: String,
}

impl Application {
    pub(crate) fn new(
        counters: &mut Counters,
        name: &str,
        slug: &str,
        provider: Option<u64>,
    ) -> Self {
        Self {
            pk: counters.new_uuid(),
            name: name.to_owned(),
            slug: slug.to_owned(),
            provider,
            backchannel_providers: Vec::new(),
            open_in_new_tab: false,
            meta_launch_url: String::new(),
            meta_icon: String::new(),
            meta_description: String::new(),
            meta_publisher: String::new(),
            meta_hide: false,
            policy_engine_mode: "any".to_owned(),
            group: String::new(),
        }
    }
}
