//! The server answered, but not as hoped.

use std::collections::BTreeMap;
use std::fmt;

use crate::ids::{Resource, ResourceKind};

const BASE_URL: &str = "check that the URL is authentik's base URL, with its path if it has one";
const LOG: &str = "look for the cause in authentik's log; running again is safe";
const STARTING: &str = "a proxy answered, authentik behind it did not: wait until it has started";
const TOO_MANY: &str = "too many requests: wait a little, then run again";

/// The server refused, and said why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What was being done, such as `read` or `create`.
    pub action: &'static str,
    /// To what.
    pub resource: Resource,
    /// HTTP status.
    pub status: u16,
    /// authentik's `detail`, where it gave one.
    pub detail: Option<String>,
    /// authentik's messages by field.
    pub fields: BTreeMap<String, Vec<String>>,
    /// The permissions that this call needs, such as `authentik_core.view_user`.
    pub permissions: Vec<String>,
}

impl ApiError {
    /// Whether the token is wrong or may not do this. authentik says 403 for both.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// What to do, where it is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let detail = self.detail.as_deref().unwrap_or_default();
        if self.is_permission_denied() {
            return Some(if detail.contains("Token invalid") || detail.contains("credentials") {
                "the token is wrong, expired, or no API token: make one in authentik under \
                 Directory > Tokens and App passwords with intent \"API Token\""
                    .to_owned()
            } else if self.permissions.is_empty() {
                "use the token of a member of \"authentik Admins\"".to_owned()
            } else {
                let permissions = self.permissions.join(" and ");
                format!(
                    "the token's user lacks the permission {permissions}: use the token of a \
                     member of \"authentik Admins\", or grant it"
                )
            });
        }
        match self.status {
            404 if self.resource.kind == ResourceKind::SERVER => Some(BASE_URL.to_owned()),
            429 => Some(TOO_MANY.to_owned()),
            502..=504 => Some(STARTING.to_owned()),
            500.. => Some(LOG.to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, resource, status, detail, fields, .. } = self;
        write!(f, "can't {action} the {resource}: authentik said {status}")?;
        if let Some(detail) = detail {
            write!(f, ", {detail}")?;
        }
        for (field, messages) in fields {
            write!(f, ", {field}: {}", messages.join(" "))?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

/// An answer that is not authentik's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnexpectedAnswer {
    /// What was being done, such as `read` or `create`.
    pub action: &'static str,
    /// To what.
    pub resource: Resource,
    /// HTTP status.
    pub status: u16,
    /// What came instead.
    pub what: Unexpected,
}

/// What came instead of an answer of authentik's API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unexpected {
    /// A redirect. It was not followed: the token goes to no other place.
    Redirect {
        /// Where it leads, without query.
        location: String,
    },
    /// A web page.
    Html {
        /// Its title.
        title: String,
    },
    /// Something else that is no JSON.
    NotJson {
        /// Its content type.
        content_type: String,
    },
    /// An empty 405: authentik's way to say that a write met a server error or an unknown URL.
    EmptyMethodNotAllowed,
    /// An object that is not as the write was to make it.
    NotTaken,
    /// More bytes than any answer of authentik has.
    TooLarge {
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// A list whose pages do not end.
    Endless {
        /// Pages read.
        pages: u32,
    },
}

impl UnexpectedAnswer {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.what {
            Unexpected::Redirect { location } => format!(
                "give the URL that authentik itself answers at; {location} may be it, or the \
                 login page of something in front of authentik that must let /api/ through"
            ),
            Unexpected::Html { .. } | Unexpected::NotJson { .. }
                if matches!(self.status, 502..=504) =>
            {
                STARTING.to_owned()
            }
            Unexpected::Html { .. } | Unexpected::NotJson { .. } if self.status == 429 => {
                TOO_MANY.to_owned()
            }
            Unexpected::Html { .. } if self.status == 404 => BASE_URL.to_owned(),
            Unexpected::Html { .. } => {
                "something in front of authentik answered, perhaps its login page: let /api/ \
                 through, or give authentik's own address"
                    .to_owned()
            }
            Unexpected::EmptyMethodNotAllowed | Unexpected::NotTaken => LOG.to_owned(),
            Unexpected::NotJson { .. }
            | Unexpected::TooLarge { .. }
            | Unexpected::Endless { .. } => {
                "check that the URL is authentik's, and what is in front of it".to_owned()
            }
        }
    }
}

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, resource, status, what } = self;
        write!(f, "can't {action} the {resource}: ")?;
        match what {
            Unexpected::Redirect { location } => {
                write!(f, "the server redirects to {location} ({status})")
            }
            Unexpected::Html { title } if title.is_empty() => {
                write!(f, "a web page came instead of authentik's answer ({status})")
            }
            Unexpected::Html { title } => {
                write!(f, "the web page \"{title}\" came instead of authentik's answer ({status})")
            }
            Unexpected::NotJson { content_type } => {
                write!(f, "{content_type} came instead of authentik's answer ({status})")
            }
            Unexpected::EmptyMethodNotAllowed => {
                write!(f, "authentik met an error of its own (an empty {status})")
            }
            Unexpected::NotTaken => {
                write!(f, "authentik took it ({status}), and left the object as it was")
            }
            Unexpected::TooLarge { limit } => {
                write!(f, "the answer is larger than {} MB ({status})", limit / 1_000_000)
            }
            Unexpected::Endless { pages } => {
                write!(f, "the list does not end, after {pages} pages there is still another one")
            }
        }
    }
}

impl std::error::Error for UnexpectedAnswer {}
