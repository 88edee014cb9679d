//! `/events/events/`: what was changed, by whom, and when.
//!
//! Only what the API itself changes is noted, and of each object what names it.

use serde_json::{Value, json};

use super::request::ApiRequest;
use super::resource::Resource;
use crate::authentik::State;
use crate::authentik::listing::Listing;
use crate::authentik::responses::Reply;
use crate::authentik::time;

/// The events that the simulator records.
const ACTIONS: [&str; 3] = ["model_created", "model_updated", "model_deleted"];

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
            "http_request": {
                "args": {},
                "path": request.http.path,
                "method": request.http.method.as_str(),
                "user_agent": request.http.header("user-agent").unwrap_or_default(),
            },
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
    let asked = |name: &str| request.http.parameter(name);
    let action = asked("action");
    let model_pk = asked("context_model_pk").map(|pk| pk.replace('-', ""));
    let is = |parameter: &str, value: &Value| asked(parameter).is_none_or(|text| value == text);
    Listing::new(state, request.http, state.events.iter().cloned())
        .choice_of("actions", "action", &ACTIONS)
        .only(|row| action.is_none_or(|part| row["action"].as_str().unwrap_or("").contains(part)))
        .only(|row| is("client_ip", &row["client_ip"]))
        .only(|row| is("username", &row["user"]["username"]))
        .only(|row| is("context_model_app", &row["context"]["model"]["app"]))
        .only(|row| is("context_model_name", &row["context"]["model"]["model_name"]))
        .only(|row| {
            let pk = &row["context"]["model"]["pk"];
            let pk = pk.as_str().map_or_else(|| pk.to_string(), str::to_owned);
            model_pk.as_ref().is_none_or(|wanted| *wanted == pk)
        })
        .page("-created")
}
