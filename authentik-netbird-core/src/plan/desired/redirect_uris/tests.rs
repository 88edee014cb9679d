use super::*;
use crate::authentik::MatchingMode;

/// authentik asks whether the whole URI matches.
fn matches(pattern: &str, uri: &str) -> bool {
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).unwrap().is_match(uri)
}

#[test]
fn the_recommended_list_lets_netbird_in_and_nobody_else() {
    let uris = all_redirect_uris("netbird.company", RedirectUris::Recommended, &[]);
    let accepted = |uri: &str| {
        uris.iter().any(|allowed| match allowed.matching_mode {
            MatchingMode::Strict => allowed.url == uri,
            MatchingMode::Regex => matches(&allowed.url, uri),
        })
    };
    for uri in [
        "http://localhost:53000",
        "https://netbird.company",
        "https://netbird.company/",
        "https://netbird.company/auth",
        "https://netbird.company/silent-auth",
        "https://netbird.company/#callback",
    ] {
        assert!(accepted(uri), "{uri}");
    }
    for uri in [
        "https://netbird.company.evil.com/",
        "https://netbird.company@evil.com",
        "https://netbirdXcompany/",
        "https://netbird.companyevil.com/auth",
        "http://netbird.company/auth",
        "http://localhost:53000/",
        "https://x/?https://netbird.company/",
        "javascript:alert(1)",
    ] {
        assert!(!accepted(uri), "{uri}");
    }
}
