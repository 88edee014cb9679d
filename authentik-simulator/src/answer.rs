//! An answer, before it is put on the wire.

use hyper::Method;
use serde_json::{Value, json};

/// An answer. An `Err(Answer)` is one that ends the work early.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

pub(super) type Reply = Result<Answer, Answer>;

const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string(),
        }
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    pub(super) fn created(body: &Value) -> Self {
        Self::json(201, body)
    }

    pub(super) fn detail(status: u16, text: &str) -> Self {
        Self::json(status, &json!({ "detail": text }))
    }

    /// An empty answer without a content type.
    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn missing(model: &str) -> Self {
        Self::detail(404, &format!("No {model} matches the given query."))
    }

    pub(super) fn forbidden() -> Self {
        Self::detail(403, "You do not have permission to perform this action.")
    }

    pub(super) fn html(status: u16, title: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type", HTML.to_owned())],
            body: format!(
                "<!DOCTYPE html>\n<html>\n<head><title>authentik</title></head>\n<body>{title}</body>\n</html>\n"
            ),
        }
    }

    pub(super) fn blank_html(status: u16) -> Self {
        Self { status, headers: vec![("content-type", HTML.to_owned())], body: String::new() }
    }

    /// Outside of the path that authentik is under: its router, written in Go, answers.
    pub(super) fn elsewhere() -> Self {
        Self {
            status: 404,
            headers: vec![("content-type", "text/plain; charset=utf-8".to_owned())],
            body: "404 page not found\n".to_owned(),
        }
    }

    pub(super) fn redirect(to: String) -> Self {
        Self::blank_html(302).with("location", to)
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// No such URL, or a server error. The pages that authentik shows for both only take GET, so any
    /// other method ends as an empty 405.
    pub(super) fn error_page(method: &Method, status: u16, title: &str) -> Self {
        if method == Method::GET || method == Method::HEAD {
            Self::html(status, title)
        } else {
            Self::blank_html(405).with("allow", "GET, HEAD, OPTIONS".to_owned())
        }
    }

    pub(super) fn not_found(method: &Method) -> Self {
        Self::error_page(method, 404, "Not Found")
    }

    pub(super) fn crash(method: &Method) -> Self {
        Self::error_page(method, 500, "Server Error")
    }
}
