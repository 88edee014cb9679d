//! Checks on the fields of a provider.

use serde_json::{Map, Value, json};

use crate::authentik::form::{
    Errors, Form, NOT_BLANK, NOT_NULL, REQUIRED, Rule, not_a_choice, not_a_list, python_type,
};
use crate::authentik::objects::{Provider, RedirectUri};
use crate::authentik::oidc::authorize::compiles;
use crate::authentik::{Release, State};

const CLIENT_TYPES: [&str; 2] = ["confidential", "public"];
const SUB_MODES: [&str; 6] =
    ["hashed_user_id", "user_id", "user_uuid", "user_username", "user_email", "user_upn"];
const ISSUER_MODES: [&str; 2] = ["global", "per_provider"];
const GRANT_TYPES: [&str; 7] = [
    "authorization_code",
    "implicit",
    "hybrid",
    "refresh_token",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
];

pub(super) fn read(
    state: &State,
    fields: &Map<String, Value>,
    partial: bool,
    mut provider: Provider,
) -> Result<Provider, Errors> {
    let mut form = Form::new(fields, partial);
    identity(state, &mut form, &mut provider);
    references(state, &mut form, &mut provider);
    settings(&mut form, &mut provider);
    let default_type = state.release() >= Release::V2026_5 && !partial;
    if let Some(mut uris) = redirect_uris(&mut form, state.release()) {
        if default_type {
            // A PATCH fills in no defaults.
            for uri in &mut uris {
                uri.redirect_uri_type.get_or_insert_with(|| "authorization".to_owned());
            }
        }
        provider.redirect_uris = uris;
    }
    if state.release() >= Release::V2026_5
        && let Some(types) = grant_types(&mut form)
    {
        provider.grant_types = types;
    }
    if state.release() >= Release::V2025_10 {
        newer(&mut form, &mut provider);
    }
    form.finish().map(|()| provider)
}

fn identity(state: &State, form: &mut Form<'_>, provider: &mut Provider) {
    let others = || state.providers.iter().filter(|other| other.pk != provider.pk);
    if let Some(name) = form.text("name", Rule::REQUIRED) {
        if others().any(|other| other.name == name) {
            form.error("name", "provider with this name already exists.");
        }
        provider.name = name;
    }
    let others = || state.providers.iter().filter(|other| other.pk != provider.pk);
    if let Some(id) = form.text("client_id", Rule::OPTIONAL.max(255)) {
        if others().any(|other| other.client_id == id) {
            let text = "OAuth2/OpenID Provider with this Client ID already exists.";
            form.error("client_id", text);
        }
        provider.client_id = id;
    }
    if let Some(secret) = form.text("client_secret", Rule::OPTIONAL.or_blank().max(255)) {
        provider.client_secret = secret.into();
    }
}

fn references(state: &State, form: &mut Form<'_>, provider: &mut Provider) {
    let is_flow = |key: &str| state.flows.iter().any(|flow| flow.pk == key);
    form.key_or_null("authentication_flow", &mut provider.authentication_flow, is_flow);
    if let Some(flow) = form.key("authorization_flow", true, is_flow) {
        provider.authorization_flow = flow;
    }
    if let Some(flow) = form.key("invalidation_flow", true, is_flow) {
        provider.invalidation_flow = flow;
    }
    let is_mapping = |key: &str| state.scope_mappings.iter().any(|mapping| mapping.pk == key);
    if let Some(mappings) = form.keys("property_mappings", is_mapping) {
        provider.property_mappings = mappings;
    }
    let is_pair = |key: &str| state.certificates.iter().any(|pair| pair.pk == key);
    form.key_or_null("signing_key", &mut provider.signing_key, is_pair);
    form.key_or_null("encryption_key", &mut provider.encryption_key, is_pair);
    if let Some(sources) = form.keys("jwt_federation_sources", |_| false) {
        provider.jwt_federation_sources = sources;
    }
    let is_provider = |pk| state.providers.iter().any(|provider| provider.pk == pk);
    if let Some(providers) = form.numbers("jwt_federation_providers", is_provider) {
        provider.jwt_federation_providers = providers;
    }
}

fn settings(form: &mut Form<'_>, provider: &mut Provider) {
    for (field, choices, place) in [
        ("client_type", &CLIENT_TYPES[..], &mut provider.client_type),
        ("sub_mode", &SUB_MODES[..], &mut provider.sub_mode),
        ("issuer_mode", &ISSUER_MODES[..], &mut provider.issuer_mode),
    ] {
        if let Some(word) = form.choice(field, false, choices) {
            *place = word;
        }
    }
    for (field, place) in [
        ("access_code_validity", &mut provider.access_code_validity),
        ("access_token_validity", &mut provider.access_token_validity),
        ("refresh_token_validity", &mut provider.refresh_token_validity),
    ] {
        if let Some(duration) = form.duration(field) {
            *place = duration;
        }
    }
    if let Some(flag) = form.flag("include_claims_in_id_token") {
        provider.include_claims_in_id_token = flag;
    }
}

/// The fields that 2024.12 ignores.
fn newer(form: &mut Form<'_>, provider: &mut Provider) {
    if let Some(duration) = form.duration("refresh_token_threshold") {
        provider.refresh_token_threshold = duration;
    }
    if let Some(uri) = form.text("logout_uri", Rule::OPTIONAL.or_blank()) {
        provider.logout_uri = uri;
    }
    if let Some(word) = form.choice("logout_method", false, &["backchannel", "frontchannel"]) {
        provider.logout_method = word;
    }
}

fn grant_types(form: &mut Form<'_>) -> Option<Vec<String>> {
    let items = form.list("grant_types", false)?;
    if items.is_empty() {
        form.error("grant_types", "This list may not be empty.");
        return None;
    }
    let wrong: Errors = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !item.as_str().is_some_and(|word| GRANT_TYPES.contains(&word)))
        .map(|(at, item)| {
            let text = if item.is_null() { NOT_NULL.to_owned() } else { not_a_choice(item) };
            (at.to_string(), json!([text]))
        })
        .collect();
    if !wrong.is_empty() {
        form.errors("grant_types", Value::Object(wrong));
        return None;
    }
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn redirect_uris(form: &mut Form<'_>, release: Release) -> Option<Vec<RedirectUri>> {
    let value = form.value("redirect_uris", true)?;
    let Value::Array(items) = value else {
        form.errors("redirect_uris", json!({ "non_field_errors": [not_a_list(value)] }));
        return None;
    };
    let read: Vec<Result<RedirectUri, Value>> =
        items.iter().map(|item| redirect_uri(item, release)).collect();
    if read.iter().any(Result::is_err) {
        let errors = read.into_iter().map(|uri| uri.err().unwrap_or_else(|| json!({})));
        form.errors("redirect_uris", errors.collect());
        return None;
    }
    let uris: Vec<RedirectUri> = read.into_iter().filter_map(Result::ok).collect();
    if let Some(bad) = uris.iter().find(|uri| uri.matching_mode == "regex" && !compiles(&uri.url)) {
        form.error("redirect_uris", &format!("Invalid Regex Pattern: {}", bad.url));
        return None;
    }
    Some(uris)
}

fn redirect_uri(item: &Value, release: Release) -> Result<RedirectUri, Value> {
    let Value::Object(fields) = item else {
        let text = format!("Invalid data. Expected a dictionary, but got {}.", python_type(item));
        return Err(json!({ "non_field_errors": [text] }));
    };
    let mut errors = Errors::new();
    let mut word = |field: &str, choices: &[&str]| match fields.get(field) {
        None => {
            errors.insert(field.to_owned(), json!([REQUIRED]));
            String::new()
        }
        Some(Value::Null) => {
            errors.insert(field.to_owned(), json!([NOT_NULL]));
            String::new()
        }
        Some(value) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !choices.is_empty() && !choices.contains(&text.as_str()) {
                errors.insert(field.to_owned(), json!([not_a_choice(value)]));
            } else if text.trim().is_empty() {
                errors.insert(field.to_owned(), json!([NOT_BLANK]));
            }
            text.trim().to_owned()
        }
    };
    let mut uri = RedirectUri::new(&word("matching_mode", &["strict", "regex"]), &word("url", &[]));
    if release >= Release::V2026_5 && fields.contains_key("redirect_uri_type") {
        uri.redirect_uri_type = Some(word("redirect_uri_type", &["authorization", "logout"]));
    }
    if errors.is_empty() { Ok(uri) } else { Err(Value::Object(errors)) }
}
