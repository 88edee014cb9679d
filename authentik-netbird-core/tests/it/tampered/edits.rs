//! Every change of one value in a JSON document.

use serde_json::{Value, json};

use crate::support::is_soak;

/// Each with its place and what was done to it. Lists in another order are among them.
///
/// Of each place two changes and its removal, by turns, so that all kinds of change are met; with
/// `AUTHENTIK_NETBIRD_SOAK` set all of each place.
pub(crate) fn of(document: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    walk(document, &mut String::new(), &mut places);
    let mut all = Vec::new();
    for (turn, place) in places.into_iter().enumerate() {
        let mut others = others(document.pointer(&place).unwrap());
        if !is_soak() {
            let turn = turn % others.len();
            others.rotate_left(turn);
            others.truncate(2);
        }
        for (what, other) in others {
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = other;
            all.push((format!("{place} {what}"), changed));
        }
        if let Some(without) = without(document, &place) {
            all.push((format!("{place} taken out"), without));
        }
    }
    all.retain(|(_, changed)| changed != document);
    all
}

fn walk(value: &Value, place: &mut String, places: &mut Vec<String>) {
    places.push(place.clone());
    let mut inner = |part: &str, value| {
        let length = place.len();
        place.push('/');
        place.push_str(&part.replace('~', "~0").replace('/', "~1"));
        walk(value, place, places);
        place.truncate(length);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| inner(&index.to_string(), value));
        }
        _ => {}
    }
}

/// Other values in the place of this one.
fn others(value: &Value) -> Vec<(&'static str, Value)> {
    let mut others = vec![("null", Value::Null)];
    match value {
        Value::Null => {
            others.push(("a text", json!("janes")));
            others.push(("a number", json!(1)));
            others.push(("an object", json!({})));
        }
        Value::Bool(value) => {
            others.push(("negated", json!(!value)));
            others.push(("a text", json!(value.to_string())));
        }
        Value::Number(value) => {
            others.push(("one more", json!(value.as_i64().unwrap_or_default() + 1)));
            others.push(("zero", json!(0)));
            others.push(("huge", json!(u64::MAX)));
            others.push(("a fraction", json!(0.5)));
            others.push(("a text", json!(value.to_string())));
        }
        Value::String(text) => {
            others.push(("empty", json!("")));
            others.push(("with one letter more", json!(format!("{text}x"))));
            others.push(("somebody's", json!("janes")));
            others.push(("a number", json!(5)));
            others.push(("a list", json!([text])));
        }
        Value::Array(values) => {
            others.push(("emptied", json!([])));
            others.push(("a text", json!("x")));
            let reversed: Vec<&Value> = values.iter().rev().collect();
            others.push(("in another order", json!(reversed)));
            if let Some(first) = values.first() {
                let again: Vec<&Value> = values.iter().chain([first]).collect();
                others.push(("with one entry twice", json!(again)));
            }
        }
        Value::Object(fields) => {
            others.push(("emptied", json!({})));
            others.push(("a list", json!([])));
            let mut more = fields.clone();
            more.insert("more".to_owned(), json!(true));
            others.push(("with one field more", more.into()));
        }
    }
    others
}

/// The document without what is in one place.
fn without(document: &Value, place: &str) -> Option<Value> {
    let (parent, part) = place.rsplit_once('/')?;
    let mut changed = document.clone();
    match changed.pointer_mut(parent)? {
        Value::Object(fields) => {
            fields.remove(&part.replace("~1", "/").replace("~0", "~"))?;
        }
        Value::Array(values) => {
            values.remove(part.parse().ok()?);
        }
        _ => return None,
    }
    Some(changed)
}
