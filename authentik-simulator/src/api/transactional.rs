//! `/core/transactional/applications/`: a provider and an application in one request.

use serde_json::{Map, Value, json};

use super::{Request, Resource, bindings};
use crate::State;
use crate::answer::{Answer, Reply};
use crate::form::{Errors, Form, not_a_choice};
use crate::objects::{Application, PolicyBinding, Provider};

const MODEL: &str = "authentik_providers_oauth2.oauth2provider";

pub(super) fn put(state: &mut State, request: &Request<'_>) -> Reply {
    request.caller.must("authentik_core.add_application")?;
    request.caller.must("authentik_providers_oauth2.add_oauth2provider")?;
    let fields = request.call.fields()?;
    let (application, bindings) = outer(state, &fields)?;
    let provider = provider(state, request, &fields)?;

    // The request is tried out in a transaction that is rolled back, then done: two keys are used.
    state.next_provider();
    let mut provider = provider;
    provider.number(state);
    let mut application = application;
    application.provider = Some(provider.pk);
    for mut binding in bindings {
        binding.target.clone_from(&application.pk);
        state.policy_bindings.push(binding);
    }
    state.providers.push(provider);
    state.applications.push(application);
    Ok(Answer::ok(&json!({ "applied": true, "logs": [] })))
}

/// Everything but the provider. It is looked at only if all of this is right.
fn outer(
    state: &mut State,
    fields: &Map<String, Value>,
) -> Result<(Application, Vec<PolicyBinding>), Answer> {
    let mut form = Form::new(fields, false);
    let mut application = Application::blank(state);
    let empty = Map::new();
    if let Some(app) = form.value("app", true) {
        let app = app.as_object().unwrap_or(&empty);
        match Application::read(state, app, false, application.clone()) {
            Ok(read) => application = read,
            Err(errors) => form.errors("app", Value::Object(errors)),
        }
    }
    if let Some(model) = form.value("provider_model", true).filter(|model| *model != MODEL) {
        form.error("provider_model", &not_a_choice(model));
    }
    form.value("provider", true);
    let mut made = Vec::new();
    if form.has("policy_bindings") {
        let items = form.list("policy_bindings", false).cloned().unwrap_or_default();
        let mut errors = Vec::new();
        for item in &items {
            let blank = PolicyBinding::blank(state);
            let item = item.as_object().unwrap_or(&empty);
            match bindings::read(state, item, false, false, blank) {
                Ok(binding) => {
                    made.push(binding);
                    errors.push(json!({}));
                }
                Err(problem) => errors.push(Value::Object(problem)),
            }
        }
        if made.len() < items.len() {
            form.errors("policy_bindings", Value::Array(errors));
        }
    }
    form.check()?;
    Ok((application, made))
}

fn provider(
    state: &mut State,
    request: &Request<'_>,
    fields: &Map<String, Value>,
) -> Result<Provider, Answer> {
    let fail = |errors: Errors| Answer::json(400, &json!({ "provider": errors }));
    let wanted = fields.get("provider").and_then(Value::as_object);
    // The name is what an existing one is recognised by; without it the server stumbles.
    let Some(name) = wanted.and_then(|wanted| wanted.get("name")) else {
        return Err(Answer::crash(&request.call.method));
    };
    if state.providers.iter().any(|provider| name == provider.name.as_str()) {
        let text = "State is set to must_created and object exists already";
        return Err(fail(Errors::from_iter([("name".to_owned(), json!([text]))])));
    }
    let blank = Provider::blank(state);
    let empty = Map::new();
    Provider::read(state, wanted.unwrap_or(&empty), false, blank).map_err(fail)
}
