//! authentik's address and NetBird's, whatever is given for them.

use authentik_netbird_core::NetbirdIntegration;
use authentik_netbird_core::outputs::Outputs;

use super::{is_fit_to_show, is_harmless};

/// Takes the first line for authentik's URL, and the second for NetBird's domain.
pub fn url(bytes: &[u8]) -> Option<NetbirdIntegration> {
    let text = String::from_utf8_lossy(bytes);
    let (url, domain) = text.split_once('\n').unwrap_or((&text, "netbird.company"));
    let integration = match NetbirdIntegration::builder(url, domain).build() {
        Ok(integration) => integration,
        Err(error) => {
            is_fit_to_show(&error);
            assert!(error.issues().iter().all(|issue| !issue.field.is_empty()), "{error}");
            return None;
        }
    };
    let taken = integration.authentik_url();
    let here = ["localhost", "127.", "[::1]"];
    let host = taken.host_str().expect("a host");
    let local = here.iter().any(|one| host.starts_with(one)) || host.ends_with(".localhost");
    assert!(taken.scheme() == "https" || taken.scheme() == "http" && local, "{taken}");
    assert!(taken.username().is_empty() && taken.password().is_none(), "{taken}");
    assert!(taken.query().is_none() && taken.fragment().is_none(), "{taken}");
    assert!(taken.path().ends_with('/'), "{taken}");
    // Taken once, taken always, and as the same.
    let again =
        NetbirdIntegration::builder(taken.as_str(), integration.domain()).build().expect("again");
    assert_eq!(again, integration);
    let outputs = Outputs::new(taken.clone(), integration.domain(), "netbird".into(), "id".into());
    let issuer: ::url::Url = outputs.issuer().parse().expect("an issuer is a URL");
    assert_eq!(issuer.origin(), taken.origin(), "{issuer}");
    outputs.netbird_env().to_setup_env().expect("NetBird can carry it");
    is_harmless(&integration.preview().to_string());
    for uri in integration.all_redirect_uris() {
        is_harmless(&format!("{uri:?}"));
    }
    Some(integration)
}
