//! Responses in NetBird's words.

use serde_json::{Value, json};

use crate::host::Response;

/// A response; an `Err` is one that ends the work early.
pub(super) type Reply = Result<Response, Response>;

const JSON: &str = "application/json; charset=UTF-8";

/// A success.
pub(super) fn ok(body: &Value) -> Response {
    Response::new(200, JSON, body.to_string()).with("vary", "Origin")
}

/// An error. NetBird writes all of them in lower case, names and URLs included.
pub(super) fn error(status: u16, message: &str) -> Response {
    let body = json!({ "message": message.to_lowercase(), "code": status });
    Response::new(status, JSON, body.to_string()).with("vary", "Origin")
}

/// An error whose text was not made of values: it keeps its capital letters.
pub(super) fn verbatim(status: u16, message: &str) -> Response {
    let body = json!({ "message": message, "code": status });
    Response::new(status, JSON, body.to_string()).with("vary", "Origin")
}

/// A body that cannot be read.
pub(super) fn unreadable() -> Response {
    verbatim(400, "couldn't parse JSON request")
}

pub(super) fn denied() -> Response {
    error(403, "permission denied")
}

/// An unknown path, or a method that it does not have.
pub(super) fn no_page() -> Response {
    Response::new(404, "text/plain; charset=utf-8", "404 page not found\n".to_owned())
        .with("x-content-type-options", "nosniff")
}
