//! `/events/events/`: what was changed, by whom, and when.
//!
//! Only what the API itself changes is noted, and of each object what names it.

use serde_json::{Value, json};

use super::{ApiRequest, Resource};
use crate::authentik::State;
use crate::authentik::listing::Listing;
use crate::authentik::responses::Reply;
use crate::authentik::time;

/// Notes that an object was made, changed or removed: `model_created` and so on.
pub(super) fn note<T: Resource>(
    state: &mut State,
    request: &ApiRequest<'_>,
    action: &str,
    rendered: &Value,
) {
    let caller = state.users.iter().find(|user| user.pk == request.caller.user);
    let user =
        caller.map(|user| json!({ "pk": user.pk, "email": user.email, "username": user.username }));
    let pk = match &rendered["pk"] {
        Value::Null => rendered["brand_uuid"].clone(),
        pk => pk.clone(),
    };
    // UUIDs are noted without their dashes.
    let pk = pk.as_str().map_or(pk.clone(), |text| text.replace('-', "").into());
    let name = ["name", "username", "domain", "identifier"]
        .into_iter()
        .find_map(|field| rendered[field].as_str())
        .unwrap_or_default();
    let event = json!({
        "pk": state.new_uuid(),
        "user": user,
        "action": action,
        "app": "authentik.events.middleware",
        "context": {
            "model": { "app": T::APP, "model_name": T::MODEL, "pk": pk, "name": name },
        },
        "client_ip": "127.0.0.1",
        "created": time::rfc3339(state.now()),
        "expires": null,
        "brand": {},
    });
    state.events.push(event);
}

/// `GET /events/events/`
pub(super) fn list(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_events.view_event")?;
    let asked = |name: &str| request.http.parameter(name).map(str::to_owned);
    let (action, app) = (asked("action"), asked("context_model_app"));
    let model = asked("context_model_name");
    let is = |wanted: &Option<String>, value: &Value| {
        wanted.as_ref().is_none_or(|wanted| value == wanted.as_str())
    };
    let contains = |row: &Value| {
        let found = row["action"].as_str().unwrap_or_default();
        action.as_ref().is_none_or(|wanted| found.contains(wanted.as_str()))
    };
    Listing::new(request.http, state.events.iter().cloned())
        .only(contains)
        .only(|row| is(&app, &row["context"]["model"]["app"]))
        .only(|row| is(&model, &row["context"]["model"]["model_name"]))
        .page("-created")
}
