//! Instances of an OpenAPI schema.

use serde_json::{Map, Value, json};

use super::documents::Document;

/// Which instance of a schema is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Variant {
    /// All fields, with the n-th value of each enum.
    All(usize),
    /// Only fields that the schema requires.
    Required,
    /// All fields, those that may be null as `null`.
    Nulls,
    /// All fields, and one that no release has, in every object.
    Extra,
    /// All fields, with a value that no release has for every enum.
    UnknownEnum,
}

pub(crate) const VARIANTS: [Variant; 12] = [
    Variant::All(0),
    Variant::All(1),
    Variant::All(2),
    Variant::All(3),
    Variant::All(4),
    Variant::All(5),
    Variant::All(6),
    Variant::All(7),
    Variant::Required,
    Variant::Nulls,
    Variant::Extra,
    Variant::UnknownEnum,
];

/// How deep objects may be in one another: groups have groups have groups.
const DEEPEST: u32 = 5;

/// Fields that the schema does not require since a default exists, that every release sends in
/// every answer nevertheless, and without which an object is of no use: they are always there.
const ALWAYS_SENT: [(&str, &str); 1] = [("OAuth2Provider", "client_id")];

/// An instance of a component.
pub(crate) fn instance(document: &Document, component: &str, variant: Variant) -> Option<Value> {
    let schema = document.component(component)?;
    Some(make(document, component, schema, variant, 0))
}

fn make(document: &Document, name: &str, schema: &Value, variant: Variant, depth: u32) -> Value {
    if matches!(variant, Variant::Nulls) && schema["nullable"] == true {
        return Value::Null;
    }
    let component = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let component = component.unwrap_or(name);
    let schema = document.resolve(schema);
    if let Some(values) = schema["enum"].as_array() {
        return match variant {
            Variant::UnknownEnum => json!("of a later release"),
            Variant::All(nth) => values[nth % values.len()].clone(),
            _ => values[0].clone(),
        };
    }
    match schema["type"].as_str() {
        Some("string") => string(name, schema),
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        Some("array") if depth >= DEEPEST => json!([]),
        Some("array") => {
            let items = &schema["items"];
            json!([make(document, component, items, variant, depth + 1)])
        }
        _ => object(document, component, schema, variant, depth),
    }
}

fn object(
    document: &Document,
    component: &str,
    schema: &Value,
    variant: Variant,
    depth: u32,
) -> Value {
    let required = schema["required"].as_array();
    let is_required = |field: &str| {
        required.is_some_and(|names| names.iter().any(|name| name == field))
            || ALWAYS_SENT.contains(&(component, field))
    };
    let only_required = matches!(variant, Variant::Required) || depth >= DEEPEST;
    let mut object = Map::new();
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        if only_required && !is_required(field) {
            continue;
        }
        object.insert(field.clone(), make(document, field, schema, variant, depth + 1));
    }
    if matches!(variant, Variant::Extra) {
        object.insert("of_a_later_release".to_owned(), json!({"deep": [1, null]}));
    }
    Value::Object(object)
}

fn string(name: &str, schema: &Value) -> Value {
    if name.starts_with("version_") {
        return json!("2027.2.1-rc1");
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("0191e4d2-7c0e-7a55-9d5e-3f6d1c5b2a10"),
        Some("date-time") => json!("2027-02-01T12:00:00.123456Z"),
        Some("uri") => json!("https://netbird.company/x"),
        _ => json!(format!("a {name}")),
    }
}
