use super::*;

#[test]
fn debug_hides_the_text_and_equality_compares_it() {
    let secret = Secret::from("canary");
    assert!(!format!("{secret:?} {secret:#?}").contains("canary"));
    assert_eq!(secret, Secret::from("canary"));
    assert_ne!(secret, Secret::from("canarx"));
    assert_ne!(secret, Secret::from("canary!"));
}
