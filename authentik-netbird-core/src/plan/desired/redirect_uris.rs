//! Where logins may lead back to, by mode.

use crate::authentik::RedirectUri;
use crate::integration::{Mode, NetbirdIntegration, RedirectUris};
use crate::requirements::CALLBACK;

/// Where NetBird's client listens on the user's machine. No slash: strict means exactly.
const CLIENT: &str = "http://localhost:53000";

/// The provider's redirect URIs, in the order of the guide, then the extra ones; none twice.
fn all_redirect_uris(domain: &str, which: RedirectUris, extra: &[RedirectUri]) -> Vec<RedirectUri> {
    let regex = match which {
        RedirectUris::Recommended => format!("https://{}(/.*)?", domain.replace('.', r"\.")),
        RedirectUris::AsInGuide => format!("https://{domain}.*"),
    };
    let mut uris = vec![
        RedirectUri::strict(CLIENT),
        RedirectUri::strict(format!("https://{domain}")),
        RedirectUri::regex(regex),
    ];
    for uri in extra {
        if !uris.contains(uri) {
            uris.push(uri.clone());
        }
    }
    uris
}

impl NetbirdIntegration {
    /// All redirect URIs that the provider is to have, in the order of the guide.
    #[must_use]
    pub fn all_redirect_uris(&self) -> Vec<RedirectUri> {
        let extra = self.extra_redirect_uris();
        match self.mode() {
            Mode::Standalone(standalone) => {
                all_redirect_uris(&self.domain, standalone.redirects(), extra)
            }
            Mode::Connector(_) => {
                let callback = RedirectUri::strict(format!("https://{}{CALLBACK}", self.domain));
                let extra = extra.iter().filter(|uri| **uri != callback).cloned();
                [callback.clone()].into_iter().chain(extra).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests;
