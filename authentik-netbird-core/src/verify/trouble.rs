//! [`Trouble`]: what came where something else was due.

use crate::error::TransportError;
use crate::redact::{cleaned, location, title};
use crate::request::netbird::NetbirdAnswer;
use crate::secret::Secret;

/// What came where something else was due. Texts are the server's own: they are cleaned for messages.
#[cfg_attr(test, derive(Debug))]
pub(super) enum Trouble {
    /// No answer.
    Lost(Box<TransportError>),
    /// A redirect, which is not followed; where it leads.
    Redirect { status: u16, location: String },
    /// A web page, and its title.
    Page { status: u16, title: String },
    /// Not found, and no word of authentik's about it.
    NotFound,
    /// Another status.
    Status(u16),
    /// Something that is no JSON, or not the JSON that was due.
    Unreadable { status: u16 },
}

/// The answer itself if there is one, of whatever status, that may be authentik's.
pub(super) fn answered(
    reply: Result<NetbirdAnswer, TransportError>,
) -> Result<NetbirdAnswer, Trouble> {
    reply.map_err(|error| Trouble::Lost(Box::new(error)))
}

/// Why an answer with this status and body is not what was due.
pub(super) fn trouble(answer: &NetbirdAnswer) -> Trouble {
    let status = answer.status;
    if (300..400).contains(&status) {
        return Trouble::Redirect { status, location: answer.location.clone() };
    }
    if status == 404 {
        return Trouble::NotFound;
    }
    let page = String::from_utf8_lossy(&answer.body);
    if answer.content_type.starts_with("text/html") || page.trim_start().starts_with('<') {
        return Trouble::Page { status, title: title(&page).to_owned() };
    }
    if (200..300).contains(&status) {
        Trouble::Unreadable { status }
    } else {
        Trouble::Status(status)
    }
}

impl Trouble {
    /// What came, in a sentence about `what`, such as `discovery document`, without these secrets.
    pub(super) fn message(&self, what: &str, secrets: &[&Secret]) -> String {
        match self {
            Self::Lost(error) => error.to_string(),
            Self::Redirect { status, location: to } => {
                let location = cleaned(&location(to), secrets, 200);
                format!("in place of the {what} comes a redirect to {location} ({status})")
            }
            Self::Page { status, title } if title.is_empty() => {
                format!("in place of the {what} comes a web page ({status})")
            }
            Self::Page { status, title } => {
                let title = cleaned(title, secrets, 80);
                format!("in place of the {what} comes the web page \"{title}\" ({status})")
            }
            Self::NotFound => format!("there is no {what} at its address (404)"),
            Self::Status(status) => format!("authentik answers {status} for the {what}"),
            Self::Unreadable { status } => {
                format!("what comes as the {what} can't be read ({status})")
            }
        }
    }

    /// What to do; `path` is what has to be let through to authentik, such as `/application/o/`.
    pub(super) fn remedy(&self, path: &str) -> String {
        match self {
            Self::Lost(error) => error.hint(),
            Self::Redirect { .. } => format!(
                "use the address that authentik itself answers at, and let {path} pass whatever is \
                 in front of it: NetBird does not log in there"
            ),
            Self::Page { status: 502..=504, .. } | Self::Status(502..=504) => {
                "a proxy answers, authentik behind it does not: wait until it has started"
                    .to_owned()
            }
            Self::Page { .. } | Self::Unreadable { .. } => format!(
                "let {path} pass whatever is in front of authentik, perhaps its login page, or use \
                 authentik's own address"
            ),
            Self::NotFound => {
                format!("check the address, and that a proxy leads {path} to authentik")
            }
            Self::Status(500..) => "look for the cause in authentik's log".to_owned(),
            Self::Status(429) => "too many requests: wait a little, then verify again".to_owned(),
            Self::Status(_) => {
                "look for the cause in authentik's log and in front of it".to_owned()
            }
        }
    }
}
