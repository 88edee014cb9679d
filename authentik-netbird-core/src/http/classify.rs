//! Judging responses: is it what authentik's API sends, and if not, what is it?

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

use super::{Message, Method, Response};
use crate::error::{
    ApiError, DecodeError, Error, Result, UnexpectedResponse, UnexpectedResponseKind as Kind,
};
use crate::ids::Server;
use crate::redact::{cleaned, holds, location, title};
use crate::secret::Secret;

/// Why a body could not be decoded, and where in it.
pub(crate) type BodyError = serde_path_to_error::Error<serde_json::Error>;

/// The most characters that are kept of one of the server's messages.
const MAX_MESSAGE: usize = 300;
/// The most fields whose messages are kept.
const MAX_FIELDS: usize = 12;

impl Response {
    /// Passes it on if it is what was asked for: JSON, or nothing.
    ///
    /// # Errors
    /// [`Error::Api`] and [`Error::UnexpectedResponse`].
    pub(crate) fn check(&self) -> Result<&Self> {
        if !self.is_success() || !(self.is_json() || self.is_empty()) {
            return Err(self.error());
        }
        let unexpected = self.message.secrets.get(self.message.echoed..).unwrap_or_default();
        if holds(&self.body, unexpected) {
            return Err(self.message.unexpected(self.status, Kind::EchoedSecret));
        }
        Ok(self)
    }

    /// Decodes its body.
    ///
    /// # Errors
    /// [`Error::Decode`].
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        let decoder = &mut serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(decoder).map_err(|error| self.decode_error(error))
    }

    /// An error for its body, which cannot be decoded.
    pub(crate) fn decode_error(&self, error: BodyError) -> Error {
        let message = &self.message;
        let path = message.clean(&error.path().to_string(), 200);
        // The decoder's message may quote the value, which may be a secret.
        let source = if message.sensitive {
            "not as expected".to_owned()
        } else {
            message.clean(&error.into_inner().to_string(), MAX_MESSAGE)
        };
        let source = serde_json::Error::custom(source);
        let request = message.context.clone();
        Error::Decode(Box::new(DecodeError { request, path, source }))
    }

    /// An error for what is not what was asked for.
    pub(crate) fn error(&self) -> Error {
        let message = &self.message;
        let unexpected = |kind| message.unexpected(self.status, kind);
        if self.is_redirect() {
            let location = message.clean(&location(&self.location), 200);
            return unexpected(Kind::Redirect { location });
        }
        if self.is_empty() {
            return if self.status == 405 && message.method != Method::Get {
                unexpected(Kind::EmptyMethodNotAllowed)
            } else {
                message.api_error(self.status, &Value::Null)
            };
        }
        if self.is_json()
            && let Ok(value) = serde_json::from_slice(&self.body)
        {
            return message.api_error(self.status, &value);
        }
        let page = String::from_utf8_lossy(&self.body);
        if self.content_type.starts_with("text/html") || page.trim_start().starts_with('<') {
            return unexpected(Kind::Html { title: message.clean(title(&page), 80) });
        }
        unexpected(Kind::NotJson { content_type: message.clean(&self.content_type, 80) })
    }
}

impl Message {
    pub(crate) fn unexpected(&self, status: u16, kind: Kind) -> Error {
        let request = self.context.clone();
        Error::UnexpectedResponse(Box::new(UnexpectedResponse { request, status, kind }))
    }

    pub(crate) fn api_error(&self, status: u16, body: &Value) -> Error {
        let mut detail = None;
        let mut fields = BTreeMap::new();
        let is_netbird = self.context.peer == Server::Netbird;
        match body {
            Value::Object(object) => {
                for (field, value) in object.iter().take(MAX_FIELDS) {
                    let messages = self.messages(value);
                    // authentik's and NetBird's names for it.
                    if field == "detail" || (field == "message" && is_netbird) {
                        detail = Some(self.clean(&messages.join(" "), MAX_MESSAGE));
                    } else if field != "code" {
                        fields.insert(self.clean(field, 60), messages);
                    }
                }
            }
            Value::Null => {}
            other => detail = Some(self.clean(&self.messages(other).join(" "), MAX_MESSAGE)),
        }
        Error::Api(Box::new(ApiError {
            request: self.context.clone(),
            status,
            detail,
            fields,
            permissions: self.permissions.clone(),
        }))
    }

    /// The texts in a message, however deep: authentik nests those of lists.
    fn messages(&self, value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => vec![self.clean(text, MAX_MESSAGE)],
            Value::Array(values) => {
                let all = values.iter().take(MAX_FIELDS).flat_map(|value| self.messages(value));
                let all: Vec<String> = all.take(MAX_FIELDS).collect();
                // They are shown in a row, in which a secret could be.
                let row = all.join(" ");
                let clean = self.clean(&row, row.len());
                if clean == row { all } else { vec![clean] }
            }
            Value::Object(fields) => fields
                .iter()
                .take(MAX_FIELDS)
                .map(|(field, value)| {
                    let text = format!("{field}: {}", self.messages(value).join(" "));
                    self.clean(&text, MAX_MESSAGE)
                })
                .collect(),
            Value::Null => Vec::new(),
            other => vec![other.to_string()],
        }
    }

    /// A text that the server sent, fit to be shown.
    fn clean(&self, text: &str, limit: usize) -> String {
        let secrets: Vec<&Secret> = self.secrets.iter().collect();
        cleaned(text, &secrets, limit)
    }
}
