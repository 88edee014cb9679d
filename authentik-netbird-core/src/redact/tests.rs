use super::*;

#[test]
fn a_secret_in_a_url_is_one_too() {
    let secret = Secret::from("pass word/ä");
    for text in ["pass word/ä", "a/pass+word%2F%C3%A4/b", "https://h/pass%20word%2F%C3%A4"] {
        assert!(!without(text, &[&secret]).contains("word"), "{text}");
    }
    assert_eq!(without("a", &[&Secret::from("")]), "a");
}

#[test]
fn an_encoded_secret_is_one_too() {
    let secret = Secret::from("ak-\"c\u{e4}n\\ary-t/k?n!");
    let url = "ak-%22c%c3%a4n%5cary-t%2fk%3fn%21";
    let json = r#"ak-\"cän\\ary-t/k?n!"#;
    for text in [url, json, &url.to_uppercase().replace("AK-", "ak-")] {
        let text = text.replace("ARY-T", "ary-t").replace("%22C", "%22c");
        let text = text.replace("%A4N", "%A4n").replace("FK%", "Fk%").replace("FN%", "Fn%");
        assert_eq!(without(&format!("<{text}>"), &[&secret]), "<***>", "{text}");
    }
    for before in ["", "a", "ab", "Bearer ", "user:"] {
        for after in ["", "x", "xy"] {
            let whole = format!("{before}{}{after}", secret.expose());
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let said = without(&engine.encode(&whole), &[&secret]);
                assert!(said.contains("***") && said.len() < 24, "{whole}: {said}");
            }
        }
    }
}

#[test]
fn no_part_of_a_secret_outlives_cleaning() {
    let token = Secret::from("ak-my-token");
    let text = format!("{}ak-my-token", "word ".repeat(11));
    assert_eq!(cleaned(&text, &[&token], 60), format!("{}***", "word ".repeat(11)));
    let key = "x1Y2z".repeat(12);
    assert_eq!(cleaned(&format!("key={key}, "), &[&token], 20), "key=***,");
    assert_eq!(cleaned(&format!("é{key}é"), &[&token], 20), "é***é");
    // Words, slugs and UUIDs stay.
    let plain = "Key (identifier)=(service-account-netbird-with-a-long-name-password) \
                 0192f0c4-7f2b-4b5e-9c39-0f0a8e2c1d11 exists.";
    assert_eq!(cleaned(plain, &[&token], 300), plain);
    assert_eq!(cleaned("a\u{1b}[31m\nb", &[&token], 300), "a[31m b");
}
