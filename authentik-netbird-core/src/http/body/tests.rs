use serde_json::json;

use super::*;

#[test]
fn a_secret_is_one_more_field_of_the_body() {
    for key in ["plain", "a\"b\\c\n\0\u{1f}\u{7f}ä漢😀 /", ""] {
        let secret = ("key", Secret::from(key));
        for object in [None, Some(json!({})), Some(json!({"a": [1, "}"], "b": null}))] {
            let mut expected = object.clone().unwrap_or_else(|| json!({}));
            expected["key"] = key.into();
            let body = super::json(object.as_ref(), Some(&secret));
            assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);
        }
    }
    assert_eq!(super::json(Some(&json!({"a": 1})), None), r#"{"a":1}"#);
}

#[test]
fn a_header_hides_its_token() {
    let header = bearer(&"t0ken".into()).unwrap();
    assert_eq!(header, "Bearer t0ken");
    assert!(header.is_sensitive() && !format!("{header:?}").contains("t0ken"));
    assert!(bearer(&"a\nb".into()).is_err());
}
