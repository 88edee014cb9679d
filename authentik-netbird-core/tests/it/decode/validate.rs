//! Whether a value is one that an OpenAPI schema allows.

use serde_json::Value;

use super::documents::Document;

/// Everything that is wrong with a value, by its path. Empty: nothing is.
pub(crate) fn problems(document: &Document, schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(document, schema, value, "", &mut problems);
    problems
}

fn check(
    document: &Document,
    schema: &Value,
    value: &Value,
    path: &str,
    problems: &mut Vec<String>,
) {
    if value.is_null() {
        if schema["nullable"] != true {
            problems.push(format!("{path}: may not be null"));
        }
        return;
    }
    let schema = document.resolve(schema);
    if let Some(values) = schema["enum"].as_array() {
        if !values.contains(value) {
            problems.push(format!("{path}: {value} is none of {values:?}"));
        }
        return;
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer" | "number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        _ => value.is_object(),
    };
    if !fits {
        problems.push(format!("{path}: {value} is no {}", schema["type"]));
    }
    for item in value.as_array().into_iter().flatten() {
        check(document, &schema["items"], item, &format!("{path}[]"), problems);
    }
    let Some(fields) = value.as_object() else { return };
    for (name, field) in fields {
        match schema["properties"].get(name) {
            Some(schema) => check(document, schema, field, &format!("{path}.{name}"), problems),
            None => problems.push(format!("{path}.{name}: there is no such field")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            problems.push(format!("{path}.{name}: is required"));
        }
    }
}
