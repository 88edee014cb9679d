//! Lists without an end, for [`Effect::EndlessPages`](crate::Effect::EndlessPages).

use serde_json::{Value, json};

use crate::host::Request;

/// The same request for the first page, and which page it asked for.
pub(super) fn first_page(request: &Request) -> (Request, u64) {
    let page = request.parameter("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let mut first = request.clone();
    first.query.retain(|(name, _)| name != "page");
    (first, page)
}

/// Makes a list's response say that there is a page after this one.
pub(super) fn promise_another(body: &mut String, page: u64) {
    let Ok(mut list) = serde_json::from_str::<Value>(body) else { return };
    if let Some(pagination) = list.get_mut("pagination") {
        pagination["current"] = json!(page);
        pagination["next"] = json!(page + 1);
        pagination["total_pages"] = json!(page + 1);
        *body = list.to_string();
    }
}
