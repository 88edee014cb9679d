//! From a call to its answer.

use hyper::Method;

use super::answer::Answer;
use super::call::Call;
use super::{State, api, oidc};

pub(super) fn answer(state: &mut State, call: &Call) -> Answer {
    let path = call.path.trim_start_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let get = call.method == Method::GET || call.method == Method::HEAD;
    match *segments.as_slice() {
        ["api", "v3", ref rest @ ..] => api::answer(state, call, rest),
        ["application", "o", ref rest @ ..] => oidc::answer(state, call, rest),
        ["device"] if get => oidc::device_page(state, call),
        ["-", "health", "live" | "ready", ""] if get => Answer::blank_html(200),
        _ => Answer::not_found(&call.method),
    }
}
