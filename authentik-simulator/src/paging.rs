//! Lists without an end, for [`Effect::EndlessPages`](super::Effect::EndlessPages).

use hyper::Uri;
use serde_json::{Value, json};
use url::form_urlencoded::{Serializer, parse};

/// Takes the page out of a query, so that the first one is answered; returns which it was.
pub(super) fn take_page(uri: &mut Uri) -> u64 {
    let mut page = 1;
    let mut rest = Serializer::new(String::new());
    for (name, value) in parse(uri.query().unwrap_or_default().as_bytes()) {
        if name == "page" {
            page = value.parse().unwrap_or(1);
        } else {
            rest.append_pair(&name, &value);
        }
    }
    if let Ok(first) = format!("{}?{}", uri.path(), rest.finish()).parse() {
        *uri = first;
    }
    page
}

/// Makes a list's answer say that there is a page after this one.
pub(super) fn promise_another(body: &mut String, page: u64) {
    let Ok(mut list) = serde_json::from_str::<Value>(body) else { return };
    if let Some(pagination) = list.get_mut("pagination") {
        pagination["current"] = json!(page);
        pagination["next"] = json!(page + 1);
        pagination["total_pages"] = json!(page + 1);
        *body = list.to_string();
    }
}
