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

#[test]
fn a_secret_with_something_in_between_is_one_too() {
    let key = "x1Y2z".repeat(12);
    let token = Secret::from(key.as_str());
    let (start, end) = key.split_at(31);
    for hidden in [
        "\u{1}",
        "\u{7f}",
        "\u{9c}",
        "\t",
        "\r\n",
        " ",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{200d}",
        "\u{202e}",
        "\u{2060}",
        "\u{feff}",
        "\u{fe0f}",
        "\u{e0041}",
        "-",
        "\u{1}\u{200b} \u{1}",
    ] {
        let split = format!("{start}{hidden}{end}");
        assert_eq!(cleaned(&format!("got {split}."), &[&token], 300), "got ***.", "{hidden:?}");
        assert_eq!(without(&format!("got {split}."), &[&token]), "got ***.", "{hidden:?}");
        // Of another's key nothing may be left either, as far as it can be known.
        if !hidden.contains(char::is_whitespace) && hidden != "-" {
            assert_eq!(cleaned(&format!("got {split}."), &[], 300), "got ***.", "{hidden:?}");
        }
    }
    let encoded = URL_SAFE_NO_PAD.encode(&key);
    let lines = format!("{}\n{}", &encoded[..76], &encoded[76..]);
    assert_eq!(cleaned(&lines, &[&token], 300), "***");
    assert_eq!(cleaned("ak-my-token-2", &[&Secret::from("ak-m")], 300), "***y-token-2");
    assert_eq!(cleaned("a k m", &[&Secret::from("ak-m")], 300), "a k m", "too short to say");
}

#[test]
fn a_long_text_is_cut_without_a_part_of_a_secret() {
    let token = Secret::from("ak-my-token-of-some-length");
    let text = format!("{}ak-my-token-of-some-length", "a ".repeat(MAX_TEXT / 2 - 5));
    let said = cleaned(&text, &[&token], usize::MAX);
    assert!(said.ends_with(" a") && said.len() < MAX_TEXT, "{}", &said[said.len() - 20..]);
    assert_eq!(cleaned(&"\u{1}".repeat(1 << 24), &[&token], 300), "");
}

#[test]
fn a_body_that_holds_a_secret_is_found_out() {
    let token = [Secret::from("ak-my-own-token-1234")];
    for body in [
        "ak-my-own-token-1234",
        r#"{"name": "the ak-my-own-token-1234"}"#,
        r#"{"name": "ak-my-own\u0001-token\u200b-1234"}"#,
        "{\"name\": \"ak-my-own\u{200b}-token-1234\"}",
        r#"{"\u0061k-my-own-token-1234": "\u00"}"#,
        r#"{"name": "ak\u002dmy\u002Down-token-1234\n"}"#,
        "\u{fffd}ak-my-own-token-1234",
    ] {
        assert!(holds(body.as_bytes(), &token), "{body}");
    }
    assert!(holds(STANDARD_NO_PAD.encode("Bearer ak-my-own-token-1234").as_bytes(), &token));
    assert!(holds(b"\xffak-my-own-token-1234", &token));
    for body in ["", "\\", "\\u00", "{\"name\": \"ak-my-own-token-123\"}", "ak-my-own-token 1234"] {
        assert!(!holds(body.as_bytes(), &token), "{body}");
    }
    assert!(!holds(b"{\"name\": \"admin\"}", &[Secret::from("admin")]), "a word");
}
