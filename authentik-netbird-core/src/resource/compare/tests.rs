use serde_json::json;

use super::*;

fn different(wanted: &Value, found: &Value) -> Vec<String> {
    let normalize = [
        ("validity", Normalize::Duration),
        ("url", Normalize::Url),
        ("grants", Normalize::IfKnown),
    ];
    let Value::Object(wanted) = wanted else { panic!("not an object") };
    differing(&normalize, wanted, found).into_iter().map(str::to_owned).collect()
}

#[test]
fn lists_compare_in_any_order_and_by_their_length() {
    let sent = json!({"l": [{"url": "a"}, {"url": "b"}]});
    let same = json!({"l": [{"url": "b", "type": "authorization"}, {"url": "a"}], "more": 1});
    assert!(different(&sent, &same).is_empty());
    assert_eq!(different(&sent, &json!({"l": [{"url": "a"}]})), ["l"]);
    let longer = json!({"l": [{"url": "a"}, {"url": "b"}, {"url": "c"}]});
    assert_eq!(different(&sent, &longer), ["l"]);
}

#[test]
fn other_texts_of_the_same_meaning_are_equal_where_the_field_says_so() {
    let wanted = json!({"validity": "minutes=10", "url": "https://h", "grants": ["x"]});
    let found = json!({"validity": "seconds=600", "url": "https://h/"});
    assert!(different(&wanted, &found).is_empty());
    let found = json!({"validity": "minutes=1", "url": "https://h/p", "grants": []});
    assert_eq!(different(&wanted, &found), ["grants", "url", "validity"]);
}

#[test]
fn a_missing_field_equals_null() {
    assert!(different(&json!({"key": null}), &json!({})).is_empty());
    assert_eq!(different(&json!({"key": null}), &json!({"key": "k"})), ["key"]);
}
