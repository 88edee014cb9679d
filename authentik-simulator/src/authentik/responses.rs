//! Responses in authentik's words.

use hyper::Method;
use serde_json::{Value, json};

use super::{Release, State};
use crate::host::Response;

/// A response; an `Err` is one that ends the work early.
pub(super) type Reply = Result<Response, Response>;

const HTML: &str = "text/html; charset=utf-8";

impl Response {
    pub(super) fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    pub(super) fn created(body: &Value) -> Self {
        Self::json(201, body)
    }

    pub(super) fn detail(status: u16, text: &str) -> Self {
        Self::json(status, &json!({ "detail": text }))
    }

    pub(super) fn missing(state: &State, model: &str) -> Self {
        if state.release < Release::V2025_10 {
            return Self::detail(404, "Not found.");
        }
        Self::detail(404, &format!("No {model} matches the given query."))
    }

    pub(super) fn forbidden() -> Self {
        Self::detail(403, "You do not have permission to perform this action.")
    }

    pub(super) fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>authentik</title></head>\n<body>{title}</body>\n</html>\n"
        );
        Self::new(status, HTML, page)
    }

    pub(super) fn blank_html(status: u16) -> Self {
        Self::new(status, HTML, String::new())
    }

    pub(super) fn redirect(to: String) -> Self {
        Self::blank_html(302).with("location", to)
    }

    /// An unknown URL, or a server error. The pages that authentik shows for both only take GET, so any
    /// other method ends as an empty 405.
    pub(super) fn error_page(method: &Method, status: u16, title: &str) -> Self {
        if method == Method::GET || method == Method::HEAD {
            Self::html(status, title)
        } else {
            Self::blank_html(405).with("allow", "GET, HEAD, OPTIONS")
        }
    }

    pub(super) fn not_found(method: &Method) -> Self {
        Self::error_page(method, 404, "Not Found")
    }

    pub(super) fn crash(method: &Method) -> Self {
        Self::error_page(method, 500, "Server Error")
    }
}
