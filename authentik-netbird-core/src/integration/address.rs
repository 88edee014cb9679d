//! URLs and host names that an integration may have.

use url::{Host, Url};

use crate::http::is_local_name;
use crate::issue::excerpt_of_url;

/// Checks a server's base URL; its path then ends in a slash. Plain `http` is for loopback, unless it is
/// allowed for others.
pub(crate) fn base_url(text: &str, allow_http: bool) -> Result<Url, (String, String)> {
    let shown = excerpt_of_url(text, 80);
    let example = "Use a URL such as https://server.company.".to_owned();
    let Ok(mut url) = Url::parse(text.trim()) else {
        return Err((format!("\"{shown}\" is not a URL"), example));
    };
    if !url.username().is_empty() || url.password().is_some() {
        // Not shown: it may hold a password.
        return Err(("contains a user name or password".to_owned(), "Remove them.".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err((format!("\"{shown}\" is not an https URL"), example));
    }
    if is_plain_http(&url) && !allow_http {
        let message = format!("\"{shown}\" would send the token in the clear");
        let hint = "Use https. Set `allow_http` only where nobody can be in between.";
        return Err((message, hint.to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        let hint = "Remove everything from the ? or # onwards.".to_owned();
        return Err((format!("\"{shown}\" contains a query or fragment"), hint));
    }
    if ["/api", "/api/v3", "/if/admin", "/if/user"]
        .iter()
        .any(|page| url.path().trim_end_matches('/').ends_with(page))
    {
        let hint = "Use the base URL, without /api or /if.".to_owned();
        return Err((format!("\"{shown}\" is not a base URL"), hint));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether what is sent to a URL can be read on the way.
pub(crate) fn is_plain_http(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// Whether a URL stays on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local_name(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
