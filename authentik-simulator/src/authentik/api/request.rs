//! [`ApiRequest`]: a request to the API, as views are given it.

use serde_json::{Map, Value, json};

use crate::authentik::Release;
use crate::authentik::form::python_type;
use crate::authentik::rights::Caller;
use crate::host::{Request, Response};

/// The context of a view: the request, its user, and the key in the path, if there is one.
pub(super) struct ApiRequest<'a> {
    pub(super) release: Release,
    pub(super) http: &'a Request,
    pub(super) caller: &'a Caller,
    pub(super) key: &'a str,
}

impl ApiRequest<'_> {
    /// The fields of a JSON body.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, Response> {
        let request = self.http;
        if request.body.is_empty() {
            return Ok(Map::new());
        }
        let kind = request.header("content-type").unwrap_or_default();
        let media_type = kind.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            let text = format!("Unsupported media type \"{kind}\" in request.");
            return Err(Response::detail(415, &text));
        }
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(other) => {
                let kind = python_type(&other);
                let text = format!("Invalid data. Expected a dictionary, but got {kind}.");
                Err(Response::json(400, &json!({ "non_field_errors": [text] })))
            }
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let character = column.saturating_sub(1);
                // 2026.5 does not say it.
                let expected = if self.release < Release::V2026_5
                    && error.to_string().starts_with("key must be a string")
                {
                    ", expected a string key"
                } else {
                    ""
                };
                let text = format!(
                    "JSON parse error - unexpected character{expected}: line {line} column {column} (char {character})"
                );
                Err(Response::detail(400, &text))
            }
        }
    }
}
