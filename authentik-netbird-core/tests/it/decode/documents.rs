//! authentik's OpenAPI documents, which are not part of the repository.

use std::fs;

use serde_json::Value;
use yaml_rust2::{Yaml, YamlLoader};

use super::shared;

/// A document's schemas.
pub(crate) struct Document {
    pub(crate) name: String,
    schemas: Value,
}

/// All documents of authentik that are there.
pub(crate) fn documents() -> Vec<Document> {
    let Some(folder) = shared("schema") else { return Vec::new() };
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("authentik-") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut document = if path.extension().is_some_and(|extension| extension == "json") {
            serde_json::from_str(&text).unwrap()
        } else {
            to_json(&YamlLoader::load_from_str(schemas_of(&text)).unwrap()[0])
        };
        let schemas = document["components"]["schemas"].take();
        assert!(schemas.is_object(), "{name} has no schemas");
        documents.push(Document { name, schemas });
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    documents
}

/// The part of the YAML that matters: the paths before it are most of the text, and slow to read.
fn schemas_of(text: &str) -> &str {
    text.find("\ncomponents:\n").map_or(text, |start| &text[start + 1..])
}

fn to_json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => text.as_str().into(),
        Yaml::Integer(number) => (*number).into(),
        Yaml::Real(number) => number.parse::<f64>().unwrap().into(),
        Yaml::Boolean(value) => (*value).into(),
        Yaml::Array(items) => items.iter().map(to_json).collect(),
        Yaml::Hash(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), to_json(value)))
                .collect(),
        ),
        Yaml::Null => Value::Null,
        other => panic!("{other:?} in an OpenAPI document"),
    }
}

impl Document {
    /// A component, where this release has it.
    pub(crate) fn component(&self, name: &str) -> Option<&Value> {
        self.schemas.get(name)
    }

    /// The schema itself, behind `$ref` and a lone `allOf`.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let target = self.component(name);
            return self.resolve(target.unwrap_or_else(|| panic!("no {reference}")));
        }
        match schema["allOf"].as_array().or(schema["oneOf"].as_array()) {
            Some(parts) => self.resolve(parts.first().unwrap_or(&Value::Null)),
            None => schema,
        }
    }
}
