//! `/application/o/authorize/`: which redirect URIs are allowed. The login itself is not simulated.

use regex_lite::Regex;
use url::Url;

use super::{MALFORMED, allows, application_of};
use crate::authentik::api::brand_for;
use crate::authentik::objects::{Provider, RedirectUri};
use crate::authentik::rights::may_launch;
use crate::authentik::{Release, State};
use crate::host::Request;
use crate::host::Response;

/// Schemes that a browser would run.
const FORBIDDEN: [&str; 3] = ["javascript", "data", "vbscript"];

/// Whether a pattern would be stored. Look-around and back-references, which Python has and this
/// engine has not, are stored and match nothing.
pub(crate) fn compiles(pattern: &str) -> bool {
    Regex::new(pattern).is_ok()
        || ["(?=", "(?!", "(?<", "\\1", "(?P="].iter().any(|p| pattern.contains(p))
}

fn matches(allowed: &RedirectUri, uri: &str) -> bool {
    if allowed.matching_mode == "strict" {
        return allowed.url == uri;
    }
    // The whole URI must match.
    Regex::new(&format!("^(?:{})$", allowed.url)).is_ok_and(|pattern| pattern.is_match(uri))
}

pub(super) fn get(state: &mut State, request: &Request) -> Response {
    match check(state, request) {
        Ok(()) => Response::redirect(login(state, request)),
        Err(response) => response,
    }
}

/// The answer to a request that leads to no login.
fn check(state: &mut State, request: &Request) -> Result<(), Response> {
    let client = request.parameter("client_id").unwrap_or_default();
    let Some(at) = state.providers.iter().position(|provider| provider.client_id == client) else {
        return Err(Response::html(400, "Client ID Error"));
    };
    let uri = request.parameter("redirect_uri").unwrap_or_default();
    if !is_allowed(state, at, uri) {
        return Err(Response::html(400, "Redirect URI Error"));
    }
    let provider = &state.providers[at];
    if let Some((error, description)) = refusal(state, provider, request) {
        let state = request.parameter("state").unwrap_or_default();
        let separator = if uri.contains('?') { '&' } else { '?' };
        return Err(Response::redirect(format!(
            "{uri}{separator}error={error}&error_description={}&state={}",
            quote(description, ""),
            quote(state, ""),
        )));
    }
    if !state.applications.iter().any(|application| application.provider == Some(provider.pk)) {
        return Err(Response::not_found(&request.method));
    }
    Ok(())
}

impl State {
    /// A person opens a URL of the authorization endpoint and logs in: where the browser is sent
    /// afterwards. An error is the title of the page on which it ends.
    ///
    /// # Errors
    ///
    /// The client or the redirect URI is not allowed, or the user may not use the application.
    pub fn authorize(&mut self, url: &Url, username: &str) -> Result<String, String> {
        let request = Request::visit(url);
        if let Err(response) = check(self, &request) {
            let to = response.headers.iter().find(|(name, _)| *name == "location");
            return to.map(|(_, to)| to.clone()).ok_or_else(|| title(&response.body));
        }
        let field = |name: &str| request.parameter(name).unwrap_or_default();
        let provider = self.providers.iter().find(|one| one.client_id == field("client_id"));
        let application = provider.and_then(|provider| application_of(self, provider));
        let user = self.users.iter().find(|user| user.username == username);
        let may = user.filter(|user| user.is_active).zip(application);
        if !may.is_some_and(|(user, application)| may_launch(self, application, user.pk)) {
            return Err("Permission denied".to_owned());
        }
        let scopes: Vec<&str> = field("scope").split_whitespace().collect();
        let uri = field("redirect_uri");
        let code = self.log_in(field("client_id"), username, &scopes, uri);
        let code = code.ok_or("Server Error")?;
        code.code_challenge = request.parameter("code_challenge").map(str::to_owned);
        code.login.nonce = request.parameter("nonce").map(str::to_owned);
        let separator = if uri.contains('?') { '&' } else { '?' };
        Ok(format!("{uri}{separator}code={}&state={}", code.code, quote(field("state"), "")))
    }
}

/// The text of an error page.
fn title(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, rest)| rest);
    body.split("</body>").next().unwrap_or_default().to_owned()
}

fn is_allowed(state: &mut State, at: usize, uri: &str) -> bool {
    let is_2026 = state.release() >= Release::V2026_5;
    if uri.is_empty() {
        return false;
    }
    let provider = &mut state.providers[at];
    if provider.redirect_uris.is_empty() && !is_2026 {
        // The first request decides what is allowed from now on.
        provider.redirect_uris.push(RedirectUri::new("strict", uri));
    }
    let scheme = uri.split(':').next().unwrap_or_default().to_lowercase();
    is_listed(state, &state.providers[at], uri) && !FORBIDDEN.contains(&scheme.as_str())
}

/// Whether a provider lists a redirect URI for logins. The token endpoint checks that, too.
pub(super) fn is_listed(state: &State, provider: &Provider, uri: &str) -> bool {
    let has_types = state.release() >= Release::V2026_5;
    let for_logins = |allowed: &&RedirectUri| {
        !has_types || allowed.redirect_uri_type.as_deref() != Some("logout")
    };
    provider.redirect_uris.iter().filter(for_logins).any(|allowed| matches(allowed, uri))
}

/// The error of a request whose redirect URI is right.
fn refusal(
    state: &State,
    provider: &Provider,
    request: &Request,
) -> Option<(&'static str, &'static str)> {
    let grant_type = match request.parameter("response_type").unwrap_or_default() {
        "code" => "authorization_code",
        "id_token" | "id_token token" => "implicit",
        "code token" | "code id_token" | "code id_token token" => "hybrid",
        _ => {
            let text = "The authorization server does not support obtaining an authorization code using this method";
            return Some(("unsupported_response_type", text));
        }
    };
    if !allows(state, provider, grant_type) {
        return Some(("invalid_request", MALFORMED));
    }
    if request.parameter("prompt") == Some("none") {
        return Some((
            "login_required",
            "The Authorization Server requires End-User authentication",
        ));
    }
    None
}

/// Where a visitor without a session is sent.
fn login(state: &State, request: &Request) -> String {
    let root = &request.root;
    let here = format!("{root}{}?{}", request.path, request.raw_query);
    if state.release() < Release::V2025_12 {
        return format!("{root}/flows/-/default/authentication/?next={}", quote(&here, "/"));
    }
    let flow = brand_for(state, request).and_then(|brand| brand.flow_authentication.as_ref());
    let flow = flow.and_then(|pk| state.flows.iter().find(|flow| flow.pk == *pk));
    let slug = flow.map_or("default-authentication-flow", |flow| &flow.slug);
    format!("{root}/if/flow/{slug}/?{}&next={}", request.raw_query, quote(&here, ""))
}

/// Percent-encodes all but letters, digits, `-._~` and what is called safe, as Python does.
fn quote(text: &str, safe: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut quoted, byte| {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && safe.contains(c)) {
            quoted.push(c);
        } else {
            let _ = write!(quoted, "%{byte:02X}");
        }
        quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_as_python_does_it() {
        assert_eq!(quote("/a b?c=d~*", "/"), "/a%20b%3Fc%3Dd~%2A");
        assert_eq!(quote("/a+b", ""), "%2Fa%2Bb");
    }

    #[test]
    fn the_whole_uri_must_match() {
        let open = RedirectUri::new("regex", "https://netbird.company.*");
        assert!(matches(&open, "https://netbird.company.evil.com/"));
        let closed = RedirectUri::new("regex", r"https://netbird\.company|https://x");
        assert!(!matches(&closed, "https://netbird.company/"));
        assert!(!compiles("https://(["));
    }
}
