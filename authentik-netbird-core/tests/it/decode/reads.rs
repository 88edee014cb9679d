//! Everything that the OpenAPI documents allow authentik to send can be read.

use super::documents::documents;
use super::instances::{VARIANTS, instance};
use super::shapes::SHAPES;

#[test]
fn every_shape_that_the_documents_allow_decodes() {
    for document in documents() {
        let mut count = 0;
        let mut failures = Vec::new();
        for shape in &SHAPES {
            let list = format!("Paginated{}List", shape.component);
            let has_list = document.component(&list).is_some();
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
        assert_eq!(count, VARIANTS.len() * (SHAPES.len() + 10), "{}", document.name);
        println!("{}: {count} instances decode", document.name);
    }
}
