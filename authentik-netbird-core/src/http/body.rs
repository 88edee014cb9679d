//! Bodies and headers that hold secrets, in memory that is zeroized when the HTTP library drops it. What
//! it copies for sending is not.

use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Room for the usual body. One that grows leaves copies behind.
const CAPACITY: usize = 4096;

/// The value of an `Authorization` header.
///
/// # Errors
/// A token with characters that a header cannot have.
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    authorization("Bearer", token)
}

/// The value of an `Authorization` header with a token of NetBird's API.
///
/// # Errors
/// A token with characters that a header cannot have.
pub(crate) fn access_token(token: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    // A person's own token is a JWT; access tokens have a prefix.
    let scheme = if token.expose().starts_with("nbp_") { "Token" } else { "Bearer" };
    authorization(scheme, token)
}

fn authorization(scheme: &str, token: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    let text = Zeroizing::new(format!("{scheme} {}", token.expose()));
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text))?;
    header.set_sensitive(true);
    Ok(header)
}

/// A JSON object, and one more field whose value is a secret.
pub(crate) fn json(object: Option<&Value>, secret: Option<&(&'static str, Secret)>) -> Bytes {
    struct Body<'a>(Option<&'a Value>, Option<&'a (&'static str, Secret)>);
    impl Serialize for Body<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            for (field, value) in self.0.and_then(Value::as_object).into_iter().flatten() {
                map.serialize_entry(field, value)?;
            }
            if let Some((field, secret)) = self.1 {
                map.serialize_entry(field, secret.expose())?;
            }
            map.end()
        }
    }
    let mut text = Zeroizing::new(Vec::with_capacity(CAPACITY));
    // JSON values and texts always serialise, and a vector takes everything.
    let _ = serde_json::to_writer(&mut *text, &Body(object, secret));
    Bytes::from_owner(text)
}

/// A form, as `application/x-www-form-urlencoded`.
pub(crate) fn form(fields: &[(&str, &str)]) -> Bytes {
    let mut text = Zeroizing::new(String::with_capacity(CAPACITY));
    form_urlencoded::Serializer::new(&mut *text).extend_pairs(fields);
    Bytes::from_owner(text)
}

#[cfg(test)]
mod tests;
