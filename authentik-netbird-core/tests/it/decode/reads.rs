//! Everything that the OpenAPI documents allow authentik to send can be read.

use super::documents::documents;
use super::further::FURTHER;
use super::instances::{VARIANTS, instance};
use super::shapes::{SHAPES, Shape};

#[test]
fn every_shape_that_the_documents_allow_decodes() {
    for document in documents() {
        let mut count = 0;
        let mut failures = Vec::new();
        let mut lists = 0;
        // From 2025.12 on users themselves have no permissions.
        let is_there = |shape: &&Shape| {
            shape.component != "ExtraUserObjectPermission"
                || document.name.starts_with("authentik-2025.10")
        };
        let shapes: Vec<&Shape> = SHAPES.iter().chain(&FURTHER).filter(is_there).collect();
        for shape in &shapes {
            let list = format!("Paginated{}List", shape.component);
            let has_list = document.component(&list).is_some();
            lists += usize::from(has_list);
            for variant in VARIANTS {
                let mut check = |component: &str, decode: super::shapes::Decode| {
                    let value = instance(&document, component, variant);
                    let value = value.unwrap_or_else(|| panic!("no {component}"));
                    count += 1;
                    match decode(&value) {
                        Ok(objects) => assert_eq!(objects, 1, "{component}: {value}"),
                        Err(error) => failures.push(format!("{component} {variant:?}: {error}")),
                    }
                };
                check(shape.component, shape.one);
                if has_list {
                    check(&list, shape.list);
                }
            }
        }
        assert!(failures.is_empty(), "{}:\n{}", document.name, failures.join("\n"));
        assert_eq!(count, VARIANTS.len() * (shapes.len() + lists), "{}", document.name);
        // All are listed but the version, the token's user, and what uses something.
        assert_eq!(lists, shapes.len() - 3, "{}", document.name);
        println!("{}: {count} instances decode", document.name);
    }
}
