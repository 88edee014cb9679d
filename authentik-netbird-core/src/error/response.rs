//! The server responded, but not as expected.

use std::collections::BTreeMap;
use std::fmt;

use super::RequestContext;
use crate::ids::{ResourceKind, Server};

/// The server refused, and said why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// Which request.
    pub request: RequestContext,
    /// HTTP status.
    pub status: u16,
    /// authentik's `detail`, if it sent one.
    pub detail: Option<String>,
    /// authentik's messages by field.
    pub fields: BTreeMap<String, Vec<String>>,
    /// The permissions that the request needs, such as `authentik_core.view_user`.
    pub permissions: Vec<String>,
}

impl ApiError {
    /// Whether the token is invalid or is missing permissions: authentik returns 403 for both.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// A remedy, if one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let detail = self.detail.as_deref().unwrap_or_default();
        if self.request.peer == Server::Netbird {
            return netbird_hint(self.status, detail);
        }
        if self.is_permission_denied() {
            return Some(if detail.contains("Token invalid") || detail.contains("credentials") {
                "The token is invalid, has expired, or is not an API token: create one in authentik \
                 under Directory > Tokens and App passwords with intent \"API Token\"."
                    .to_owned()
            } else if !self.request.path.contains("/api/") {
                let path = self.request.prefix();
                format!("Let {path} through whatever is in front of authentik: it needs no login.")
            } else if self.permissions.is_empty() {
                "Use the token of a member of \"authentik Admins\".".to_owned()
            } else {
                format!(
                    "Use the token of a member of \"authentik Admins\", or grant its user the \
                     permission {}.",
                    self.permissions.join(" and ")
                )
            });
        }
        match self.status {
            404 if self.request.resource.kind == ResourceKind::SERVER => {
                Some(self.request.not_found_hint())
            }
            status => by_status(status, Server::Authentik),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, status, detail, fields, .. } = self;
        write!(f, "cannot {request}: {} returned {status}", request.server)?;
        let fields =
            fields.iter().map(|(field, messages)| format!("{field}: {}", messages.join(" ")));
        let messages: Vec<String> = detail.iter().cloned().chain(fields).collect();
        if messages.is_empty() { Ok(()) } else { write!(f, " ({})", messages.join("; ")) }
    }
}

impl std::error::Error for ApiError {}

/// A response that authentik's API does not send.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnexpectedResponse {
    /// Which request.
    pub request: RequestContext,
    /// HTTP status.
    pub status: u16,
    /// The way in which it is unexpected.
    pub kind: UnexpectedResponseKind,
}

/// The ways in which a response is unexpected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnexpectedResponseKind {
    /// A redirect. It was not followed: the token goes to one server.
    Redirect {
        /// Where it leads, without a query.
        location: String,
    },
    /// A web page.
    Html {
        /// Its title.
        title: String,
    },
    /// Something else that is not JSON.
    NotJson {
        /// Its content type.
        content_type: String,
    },
    /// An empty 405: what authentik sends if a write met a server error or an unknown URL.
    EmptyMethodNotAllowed,
    /// The server accepted the write, but the object is not as it was sent.
    NotApplied,
    /// Another run changed the object at the same time.
    Overtaken {
        /// The change, and its consequence.
        detail: String,
    },
    /// More bytes than any response of authentik has.
    TooLarge {
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// A secret that the client knows, such as the token, where it does not belong.
    EchoedSecret,
    /// A list without an end, or one that takes too long.
    Endless {
        /// Pages read.
        pages: u32,
    },
}

impl UnexpectedResponse {
    /// A remedy.
    #[must_use]
    pub fn hint(&self) -> String {
        use UnexpectedResponseKind as Kind;
        let (path, peer) = (self.request.prefix(), self.request.peer);
        match &self.kind {
            Kind::Html { .. } | Kind::NotJson { .. } if by_status(self.status, peer).is_some() => {
                by_status(self.status, peer).unwrap_or_default()
            }
            Kind::Redirect { location } if self.request.is_at(location) => format!(
                "The address redirects to itself, perhaps by another scheme: a proxy reaches {peer} by \
                 http, and something sends it back to https. Let the proxy reach {peer} by https (at \
                 Cloudflare: SSL mode Full), or send X-Forwarded-Proto: https."
            ),
            Kind::Redirect { location } => format!(
                "Use the URL that {peer} itself answers at. {} may be it, or the login page of a proxy that \
                 must let {path} through.",
                self.request.base_of(location)
            ),
            Kind::Html { .. } if self.status == 404 => self.request.not_found_hint(),
            Kind::Html { .. } => format!(
                "Let {path} through whatever is in front of {peer}, perhaps its login page, or \
                 use {peer}'s own address."
            ),
            Kind::EmptyMethodNotAllowed | Kind::NotApplied => log(peer),
            Kind::Overtaken { .. } => "Create a new plan.".to_owned(),
            Kind::EchoedSecret => format!(
                "Check what is in front of {peer}, and the names of {peer}'s objects. Then replace the \
                 token or password: others can see it."
            ),
            Kind::NotJson { .. }
                if self.status == 400 && self.request.server.starts_with("http://") =>
            {
                format!(
                    "If the port speaks https, use an https URL, else check that the URL is {peer}'s."
                )
            }
            Kind::NotJson { .. } | Kind::TooLarge { .. } | Kind::Endless { .. } => {
                format!("Check that the URL is {peer}'s, and what is in front of it.")
            }
        }
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use UnexpectedResponseKind as Kind;
        let Self { request, status, kind } = self;
        let server = &request.server;
        write!(f, "cannot {request}: ")?;
        match kind {
            Kind::Redirect { location } => {
                write!(f, "{server} redirected to {location} ({status})")
            }
            Kind::Html { title } if title.is_empty() => {
                write!(f, "{server} returned a web page ({status})")
            }
            Kind::Html { title } => {
                write!(f, "{server} returned the web page \"{title}\" ({status})")
            }
            Kind::NotJson { content_type } if content_type.is_empty() => {
                write!(f, "{server} did not return JSON ({status})")
            }
            Kind::NotJson { content_type } => {
                write!(f, "{server} returned {content_type} instead of JSON ({status})")
            }
            Kind::EmptyMethodNotAllowed => {
                write!(f, "internal error of {} at {server} (an empty {status})", request.peer)
            }
            Kind::NotApplied => {
                write!(f, "{server} accepted the request ({status}) but did not change the object")
            }
            Kind::Overtaken { detail } => f.write_str(detail),
            Kind::TooLarge { limit } => write!(
                f,
                "the response of {server} is larger than {} MB ({status})",
                limit / 1_000_000
            ),
            Kind::EchoedSecret => {
                write!(f, "the response of {server} contains the token or a password ({status})")
            }
            Kind::Endless { pages } => {
                write!(f, "the list that {server} returned does not end ({pages} pages were read)")
            }
        }
    }
}

impl std::error::Error for UnexpectedResponse {}

/// JSON that this crate cannot read.
#[derive(Debug, thiserror::Error)]
#[error("cannot {request}: unexpected JSON from {} at {path}", request.server)]
#[non_exhaustive]
pub struct DecodeError {
    /// Which request.
    pub request: RequestContext,
    /// Place in the JSON, such as `results[0].pk`.
    pub path: String,
    /// The decoder's message.
    pub source: serde_json::Error,
}

fn log(peer: Server) -> String {
    format!("Look for the cause in {peer}'s log. Running again is safe.")
}

/// The remedy for an error of NetBird's API.
fn netbird_hint(status: u16, detail: &str) -> Option<String> {
    let hint = match status {
        401 => {
            "The token is invalid or has expired: create an access token in NetBird under Team > Users \
             (or Service Users)."
        }
        403 => "Use the token of an owner or administrator of NetBird's account.",
        422 if detail.contains("issuer is unreachable") => {
            "NetBird's server itself must reach authentik at this address and trust its certificate: try \
             it from its container."
        }
        422 if detail.contains("issuer does not match") => {
            "NetBird reaches authentik at another address than the one that authentik uses: set \
             `public_url` to the address that NetBird and browsers use."
        }
        _ => return by_status(status, Server::Netbird),
    };
    Some(hint.to_owned())
}

/// The remedy for a status, regardless of the body.
fn by_status(status: u16, peer: Server) -> Option<String> {
    match status {
        429 => Some("Too many requests: wait a little, then run again.".to_owned()),
        502..=504 => {
            Some(format!("The proxy answered but {peer} did not: wait until {peer} has started."))
        }
        500.. => Some(log(peer)),
        _ => None,
    }
}
