//! A plan as calls of the servers' APIs, one after another, with names for what the calls return.

use serde_json::{Value, json};

use super::reference::{Reference, Target};
use crate::error::{Error, Result};
use crate::ids::Server;
use crate::plan::{Operation, Plan};
use crate::report::Verb;
use crate::resource::{Body, Proof, SecretField, Write, segment};

/// An object that the server has and that a call refers to.
pub(super) struct Find {
    pub(super) variable: String,
    pub(super) target: &'static Target,
    pub(super) name: String,
}

pub(super) struct Call<'a> {
    pub(super) operation: &'a Operation,
    pub(super) write: &'a Write,
    /// The name of its response.
    pub(super) variable: String,
    /// The objects that have to be found first.
    pub(super) finds: Vec<Find>,
    pub(super) server: Server,
    pub(super) method: &'static str,
    /// Before and after the object's key.
    path: (String, String),
    pub(super) body: Body,
}

/// How a language writes what a value refers to.
pub(super) trait Language {
    /// Nothing.
    fn null(&self) -> &'static str;

    /// A text.
    fn text(&self, text: &str) -> String {
        json!(text).to_string()
    }

    /// A field of the response of a call.
    fn response(&self, variable: &str, field: &str) -> String;

    /// The primary key of an object that was found.
    fn found(&self, variable: &str) -> String;

    /// A new secret.
    fn generated(&self) -> String;

    /// A text with an ending that nobody can guess, as an apply gives it to a new account's name.
    fn unguessable(&self, text: &str) -> String;
}

/// The calls of a plan.
///
/// # Errors
/// [`Error::InvalidPlan`] for a change that first has to read what the server has.
pub(super) fn calls(plan: &Plan) -> Result<(Vec<Call<'_>>, Finds)> {
    let mut known = Finds(Vec::new());
    let calls = plan.writes().map(|(operation, write)| call(operation, write, &mut known));
    Ok((calls.collect::<Result<_>>()?, known))
}

fn call<'a>(operation: &'a Operation, write: &'a Write, known: &mut Finds) -> Result<Call<'a>> {
    if !write.action.replaces.is_empty() && write.verb() == Verb::Update {
        let what =
            format!("{} {} has to read the server first", operation.verb(), operation.resource);
        return Err(Error::invalid_plan(what, "Use `apply` for this plan."));
    }
    let kind = write.kind();
    let mut finds = Vec::new();
    let key = write.key().map(|key| ("key", key));
    for (field, value) in key.into_iter().chain(write.body().iter().map(|(k, v)| (k.as_str(), v))) {
        each(value, &mut |one| {
            if let (Some(Reference::Named(name)), Some(target)) =
                (Reference::of(one), Target::of(kind, field))
                && known.variable(target, name).is_none()
            {
                known.0.push((target.api.path, name.to_owned()));
                let variable = format!("found_{}", known.0.len());
                finds.push(Find { variable, target, name: name.to_owned() });
            }
        });
    }
    let (before, after) = write.action.path.split_once("{key}").unwrap_or((write.action.path, ""));
    Ok(Call {
        operation,
        write,
        variable: format!("op_{}", operation.id.as_str().replace('-', "_")),
        finds,
        server: operation.server,
        method: write.action.method.as_str(),
        path: (format!("{}{before}", write.api.path), after.to_owned()),
        body: write.body().clone(),
    })
}

/// Each value that may be a reference.
fn each<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|one| each(one, visit)),
        one => visit(one),
    }
}

impl Call<'_> {
    /// Its path, by parts: texts, and the expression of a key that is not known before.
    pub(super) fn path(
        &self,
        finds: &Finds,
        language: &impl Language,
    ) -> (String, Option<String>, String) {
        let (before, after) = &self.path;
        let Some(key) = self.write.key() else {
            return (format!("{before}{after}"), None, String::new());
        };
        if Reference::of(key).is_some() {
            let expression = self.value(("key", key), finds, language);
            return (before.clone(), Some(expression), after.clone());
        }
        let text = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
        (format!("{before}{}{after}", segment(&text)), None, String::new())
    }

    /// Its body as an expression of the language, which is JSON with expressions in it.
    pub(super) fn body(&self, finds: &Finds, language: &impl Language) -> Option<String> {
        let mut fields: Vec<String> = Vec::new();
        for (field, value) in &self.body {
            let value = match (self.write.action.proof, value.as_str()) {
                (Proof::UnguessableName, Some(name)) if field == "name" => {
                    language.unguessable(name)
                }
                _ => self.value((field, value), finds, language),
            };
            fields.push(format!("{}: {value}", json!(field)));
        }
        if let SecretField::Generated(field) = self.write.action.secret {
            fields.push(format!("{}: {}", json!(field), language.generated()));
        }
        (!fields.is_empty()).then(|| format!("{{{}}}", fields.join(", ")))
    }

    fn value(
        &self,
        (field, value): (&str, &Value),
        finds: &Finds,
        language: &impl Language,
    ) -> String {
        match (Reference::of(value), value) {
            (Some(Reference::Pending { operation, field }), _) => {
                let field =
                    field.unwrap_or(if operation == "app-password" { "user_pk" } else { "pk" });
                language.response(&format!("op_{}", operation.replace('-', "_")), field)
            }
            (Some(Reference::SecretOf(operation)), _) => {
                language.response(&format!("op_{}", operation.replace('-', "_")), "client_secret")
            }
            (Some(Reference::Named(name)), _) => Target::of(self.write.kind(), field)
                .and_then(|target| finds.variable(target, name))
                .map_or_else(|| language.text(name), |variable| language.found(&variable)),
            (None, Value::Array(entries)) => {
                let all: Vec<String> =
                    entries.iter().map(|one| self.value((field, one), finds, language)).collect();
                format!("[{}]", all.join(", "))
            }
            (None, Value::Null) => language.null().to_owned(),
            (None, Value::Object(fields)) => {
                let one = |(name, value): (&String, &Value)| {
                    format!("{}: {}", json!(name), self.value((name, value), finds, language))
                };
                format!("{{{}}}", fields.iter().map(one).collect::<Vec<_>>().join(", "))
            }
            (None, Value::String(text)) => language.text(text),
            (None, other) => other.to_string(),
        }
    }
}

/// The objects that all calls find, by path and identity key. Variables are numbered.
pub(super) struct Finds(Vec<(&'static str, String)>);

impl Finds {
    fn variable(&self, target: &Target, name: &str) -> Option<String> {
        let at =
            self.0.iter().position(|(path, other)| *path == target.api.path && other == name)?;
        Some(format!("found_{}", at + 1))
    }
}
