//! Which pages of other hosts may read an answer.

use crate::authentik::objects::Provider;
use crate::host::{Request, Response};

/// Lets the page that asks read the response, if its origin is that of a redirect URI. A pattern is taken
/// for a URI, so one with escaped dots has no host that a browser could name.
pub(super) fn allow(request: &Request, provider: &Provider, response: Response) -> Response {
    let Some(origin) = request.header("origin") else { return response };
    let is_allowed = provider.redirect_uris.iter().any(|uri| same_origin(&uri.url, &origin));
    if !is_allowed {
        return response;
    }
    response
        .with("access-control-allow-origin", origin)
        .with("access-control-allow-credentials", "true")
}

/// Scheme, host and port are the same, written as they are: a default port is not added.
fn same_origin(uri: &str, origin: &str) -> bool {
    let parts = |text: &str| {
        let (scheme, rest) = text.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        Some((scheme.to_lowercase(), host.to_lowercase()))
    };
    parts(uri).is_some_and(|uri| Some(uri) == parts(origin))
}

#[cfg(test)]
mod tests {
    use super::same_origin;

    #[test]
    fn a_pattern_counts_as_the_uri_that_it_looks_like() {
        let origin = "https://netbird.company";
        assert!(same_origin("https://netbird.company", origin));
        assert!(same_origin("https://NetBird.company/.*", origin));
        assert!(!same_origin(r"https://netbird\.company/.*", origin));
        assert!(!same_origin("https://netbird.company:443", origin));
        assert!(!same_origin("http://netbird.company", origin));
        assert!(!same_origin("https://netbird.company.evil.com", origin));
        assert!(!same_origin("netbird.company", origin));
    }
}
