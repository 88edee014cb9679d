//! From a call to its answer.

use super::{Release, State, api, oidc};
use crate::host::Request;
use crate::host::Response;

pub(super) fn answer(state: &mut State, request: &Request) -> Response {
    let path = request.path.trim_start_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let get = request.is_read();
    let response = match *segments.as_slice() {
        ["api", "v3", ref rest @ ..] => api::answer(state, request, rest),
        ["application", "o", ref rest @ ..] => oidc::answer(state, request, rest),
        ["device"] if get => oidc::device_page(state, request),
        ["-", "health", "live" | "ready", ""] if get => Response::blank_html(200),
        _ => Response::not_found(&request.method),
    };
    let vary = if state.release < Release::V2025_10 { "Cookie" } else { "Accept-Language, Cookie" };
    response.with("vary", vary)
}
