//! NetBird's own requests as values, to the letter, and what answers them.
//!
//! Read from NetBird 0.77: `management/server/idp/authentik.go` (token, users), `shared/auth/jwt`
//! (keys), `infrastructure_files/configure.sh` (discovery document), `client/internal/auth`
//! (device code). Forms are encoded as Go does it, with the fields in alphabetical order.

use std::fmt::Write;
use std::time::SystemTime;

use url::Url;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// One request that NetBird, its client or a browser makes, not yet sent. It never carries the token
/// of an administrator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NetbirdRequest {
    /// Where to.
    pub(crate) url: Url,
    /// Body of a POST, form-encoded; `None`: a GET.
    pub(crate) form: Option<Secret>,
    /// `Accept` header.
    pub(crate) accept: Option<&'static str>,
    /// Token of the `Authorization: Bearer` header.
    pub(crate) bearer: Option<Secret>,
    /// What it asks for, for messages: "can't read the server's …".
    pub(crate) asks_for: &'static str,
}

/// What answers a request, whatever its status.
pub(crate) struct NetbirdAnswer {
    /// HTTP status.
    pub(crate) status: u16,
    /// `Content-Type` header; empty when there is none.
    pub(crate) content_type: String,
    /// `Location` header; empty when there is none.
    pub(crate) location: String,
    /// `Date` header; empty when there is none.
    pub(crate) date: String,
    /// Wiped when dropped: a token may be in it.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// When the request was sent, by this machine's clock.
    pub(crate) sent: SystemTime,
    /// When the answer's head was there, by this machine's clock.
    pub(crate) received: SystemTime,
}

fn get(url: Url, asks_for: &'static str) -> NetbirdRequest {
    NetbirdRequest { url, form: None, accept: None, bearer: None, asks_for }
}

/// The discovery document, as `configure.sh` reads it with curl.
pub(crate) fn discovery(url: Url) -> NetbirdRequest {
    get(url, "discovery document")
}

/// The key set, as management reads it.
pub(crate) fn keys(url: Url) -> NetbirdRequest {
    get(url, "key set")
}

/// The page where a person types a device code.
pub(crate) fn device_page(url: Url) -> NetbirdRequest {
    NetbirdRequest { accept: Some("text/html"), ..get(url, "device page") }
}

/// The brand of the host that is asked, as authentik tells it to every browser, without a login.
pub(crate) fn current_brand(url: Url) -> NetbirdRequest {
    NetbirdRequest { accept: Some("application/json"), ..get(url, "brand") }
}

/// Management's token request for reading users.
pub(crate) fn token(
    url: Url,
    client_id: &str,
    username: &str,
    password: &Secret,
) -> NetbirdRequest {
    let form = form(&[
        ("client_id", client_id),
        ("grant_type", "client_credentials"),
        ("password", password.expose()),
        ("scope", "goauthentik.io/api"),
        ("username", username),
    ]);
    NetbirdRequest { form: Some(form), ..get(url, "token endpoint") }
}

/// The client's request for a device code.
pub(crate) fn device_code(
    url: Url,
    client_id: &str,
    audience: &str,
    scope: &str,
) -> NetbirdRequest {
    let form = form(&[("audience", audience), ("client_id", client_id), ("scope", scope)]);
    NetbirdRequest { form: Some(form), ..get(url, "device authorization endpoint") }
}

/// Management's listing of users, a page of it. `url` is `https://HOST/api/v3/core/users/`: it asks
/// the host of the issuer, whatever path authentik is under.
pub(crate) fn users(mut url: Url, page: u32, token: &Secret) -> NetbirdRequest {
    url.set_query(Some(&format!("page={page}")));
    let request = get(url, "users");
    NetbirdRequest { accept: Some("application/json"), bearer: Some(token.clone()), ..request }
}

/// Management's look at one user. `url` is that of the list.
pub(crate) fn user(mut url: Url, id: &str, token: &Secret) -> NetbirdRequest {
    url.set_path(&format!("{}{id}/", url.path()));
    let request = get(url, "user");
    NetbirdRequest { accept: Some("application/json"), bearer: Some(token.clone()), ..request }
}

/// Go's `url.Values.Encode`; the fields come sorted.
fn form(fields: &[(&str, &str)]) -> Secret {
    // Three bytes for each byte at most: it never grows, so that no copy of it is left behind.
    let length = fields.iter().map(|(name, value)| 2 + name.len() + 3 * value.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte));
                }
                b' ' => text.push('+'),
                // Writing to a String does not fail.
                _ => drop(write!(text, "%{byte:02X}")),
            }
        }
    }
    Secret::new(std::mem::take(&mut *text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn the_token_request_is_netbirds_to_the_letter() {
        let endpoint = url("https://authentik.company/application/o/token/");
        let request = token(endpoint.clone(), "5JXuw0qD", "Net Bird", &"p&=+%~*ü".into());
        assert_eq!(request.url, endpoint);
        assert_eq!((request.accept, &request.bearer), (None, &None));
        assert_eq!(
            request.form.unwrap().expose(),
            "client_id=5JXuw0qD&grant_type=client_credentials&password=p%26%3D%2B%25~%2A%C3%BC\
             &scope=goauthentik.io%2Fapi&username=Net+Bird"
        );
    }

    #[test]
    fn users_are_listed_at_the_host_with_the_token_and_nothing_else() {
        let request = users(url("https://authentik.company/api/v3/core/users/"), 2, &"t".into());
        assert_eq!(request.url.as_str(), "https://authentik.company/api/v3/core/users/?page=2");
        assert_eq!(request.bearer, Some("t".into()));
        assert_eq!((request.accept, request.form), (Some("application/json"), None));
    }

    #[test]
    fn a_device_code_is_asked_for_with_the_audience() {
        let request = device_code(url("https://a/d/"), "id", "aud", "openid profile");
        let form = request.form.unwrap();
        assert_eq!(form.expose(), "audience=aud&client_id=id&scope=openid+profile");
    }

    #[test]
    fn requests_do_not_show_what_they_carry() {
        let requests = [
            token(url("https://a/t/"), "id", "name", &"canary".into()),
            users(url("https://a/u/"), 1, &"canary".into()),
        ];
        assert!(!format!("{requests:?} {requests:#?}").contains("canary"));
    }

    proptest! {
        #[test]
        fn a_form_reads_back_as_it_was_written(values in prop::collection::vec(".*", 3)) {
            let fields: Vec<(&str, &str)> =
                ["a", "b", "c"].into_iter().zip(values.iter().map(String::as_str)).collect();
            let text = form(&fields);
            let read: Vec<_> =
                url::form_urlencoded::parse(text.expose().as_bytes()).into_owned().collect();
            let read: Vec<(&str, &str)> =
                read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            prop_assert_eq!(read, fields);
        }
    }
}
