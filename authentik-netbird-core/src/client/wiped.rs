//! Secrets in the forms that the HTTP library takes, in memory that is wiped when it lets go of it. What
//! it copies for sending it does not wipe.

use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::http::Request;
use crate::secret::Secret;

/// A text as the HTTP library takes one.
pub(super) fn bytes(text: Secret) -> Bytes {
    struct Wiped(Secret);
    impl AsRef<[u8]> for Wiped {
        fn as_ref(&self) -> &[u8] {
            self.0.expose().as_bytes()
        }
    }
    Bytes::from_owner(Wiped(text))
}

/// The value of an `Authorization` header.
///
/// # Errors
/// A token with characters that no header can have.
pub(super) fn bearer(token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut header = HeaderValue::from_maybe_shared(bytes(format!("Bearer {token}").into()))?;
    header.set_sensitive(true);
    Ok(header)
}

/// A request's body as it is sent, the secret in it.
pub(super) fn body(request: &Request) -> Option<Bytes> {
    let Some((field, secret)) = &request.secret else {
        return request.body.as_ref().map(|body| body.to_string().into());
    };
    // Written by hand and into memory that is large enough: JSON values and buffers that grow would
    // leave copies behind.
    let others = match &request.body {
        Some(Value::Object(fields)) if !fields.is_empty() => request.body.as_ref(),
        _ => None,
    };
    let others = others.map(Value::to_string).unwrap_or_default();
    let others = others.strip_suffix('}').map_or("{".to_owned(), |fields| format!("{fields},"));
    let length = others.len() + field.len() + 6 * secret.expose().len() + 8;
    let mut text = Zeroizing::new(String::with_capacity(length));
    for part in [others.as_str(), "\"", field, "\":\""] {
        text.push_str(part);
    }
    for character in secret.expose().chars() {
        match character {
            '"' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            '\0'..='\u{1f}' => {
                // A control character is one byte, as two hexadecimal digits.
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                text.push_str("\\u00");
                text.push(digit(u32::from(character) >> 4));
                text.push(digit(u32::from(character) & 15));
            }
            other => text.push(other),
        }
    }
    text.push_str("\"}");
    Some(bytes(Secret::new(std::mem::take(&mut *text))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::Resource;

    #[test]
    fn a_secret_is_in_the_body_as_json_has_it() {
        for key in ["plain", "a\"b\\c\n\0\u{1f}\u{7f}ä漢😀 /", ""] {
            let mut request = Request {
                secret: Some(("key", key.into())),
                ..Request::get(Resource::server("test"), Vec::new(), String::new())
            };
            for others in [None, Some(json!({})), Some(json!({"a": [1, "}"], "b": null}))] {
                let mut wanted = others.clone().unwrap_or_else(|| json!({}));
                wanted["key"] = key.into();
                request.body = others;
                let body = body(&request).unwrap();
                assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), wanted);
            }
        }
    }

    #[test]
    fn a_header_hides_its_token() {
        let header = bearer("t0ken").unwrap();
        assert_eq!(header, "Bearer t0ken");
        assert!(header.is_sensitive() && !format!("{header:?}").contains("t0ken"));
        assert!(bearer("a\nb").is_err());
    }
}
