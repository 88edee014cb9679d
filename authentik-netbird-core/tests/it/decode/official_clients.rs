//! Everything that the official clients of authentik's releases can read, we can: answers made by
//! their models, written down by `releases/run`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use authentik_netbird_core::authentik::{Brand, PolicyBinding, Token, User};
use serde_json::{Value, json};

use super::further::FURTHER;
use super::shapes::{Decode, SHAPES, Shape};

/// Responses that no public type reads, each with what becomes of it.
const NOT_READ: [&str; 4] = [
    "CurrentBrand",               // verification reads one field of it
    "PermissionAssignResult",     // that it came is enough
    "TokenView",                  // a secret: a unit test of authentik/token.rs reads it
    "UserServiceAccountResponse", // has a secret: a unit test of authentik/created.rs reads it
];

/// One of the answers' types, as the official client writes it: the component, and how it comes.
fn component(written: &str) -> (&str, fn(&Shape) -> Decode) {
    let inside = |start, end| written.strip_prefix(start)?.strip_suffix(end);
    if let Some(component) = inside("Paginated", "List") {
        (component, |shape| shape.list)
    } else if let Some(component) = inside("List[", "]") {
        (component, |shape| shape.array)
    } else {
        (written, |shape| shape.one)
    }
}

#[test]
fn null_is_what_a_missing_field_is() {
    fn same<T: serde::de::DeserializeOwned + std::fmt::Debug>(object: &Value, nullable: &[&str]) {
        let missing = T::deserialize(object).unwrap();
        let mut nulls = object.clone();
        for field in nullable {
            nulls[*field] = Value::Null;
        }
        let nulls = T::deserialize(&nulls).unwrap();
        assert_eq!(format!("{nulls:?}"), format!("{missing:?}"));
    }
    same::<User>(&json!({"pk": 5, "username": "NetBird"}), &["is_active", "type", "groups"]);
    same::<Token>(&json!({"identifier": "t"}), &["expiring", "expires", "intent", "user"]);
    same::<Brand>(&json!({"brand_uuid": "b", "domain": "d"}), &["default", "flow_device_code"]);
    let binding = json!({"pk": "b", "target": "a"});
    same::<PolicyBinding>(&binding, &["enabled", "negate", "order", "expiring", "group"]);
    let user: User = serde_json::from_value(json!({"pk": 5, "username": "NetBird"})).unwrap();
    assert!(user.is_active);
}

#[test]
fn every_answer_of_the_official_clients_models_decodes() {
    let Some(path) = std::env::var_os("AUTHENTIK_NETBIRD_ANSWERS") else {
        println!("NOT RUN: releases/run makes the answers of the official clients' models");
        return;
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut components = BTreeSet::new();
    let mut failures = Vec::new();
    for line in BufReader::new(File::open(path).unwrap()).lines() {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = |field: &str| answer[field].as_str().unwrap();
        let (component, way) = component(text("type"));
        if NOT_READ.contains(&component) {
            continue;
        }
        let is_it = |shape: &&Shape| shape.component == component;
        let shapes: Vec<&Shape> = SHAPES.iter().chain(&FURTHER).filter(is_it).collect();
        assert!(!shapes.is_empty(), "no type of the model reads a {component}");
        for shape in shapes {
            components.insert(shape.component);
            *counts.entry(text("release").to_owned()).or_default() += 1;
            if let Err(error) = way(shape)(&answer["body"]) {
                let (release, style) = (text("release"), text("style"));
                failures.push(format!("{release}: {} {style}: {error}", shape.component));
            }
        }
    }
    let shown = failures.len().min(40);
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures[..shown].join("\n"));
    for (release, count) in &counts {
        assert!(*count > 400, "{release}: {count}");
        println!("authentik {release}: {count} answers decode");
    }
    assert!(counts.len() >= 10, "{counts:?}");
    let unread = SHAPES.iter().chain(&FURTHER).filter(|one| !components.contains(one.component));
    assert_eq!(unread.map(|one| one.component).collect::<Vec<_>>(), [] as [&str; 0]);
}
