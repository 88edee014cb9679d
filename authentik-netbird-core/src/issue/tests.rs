use super::*;

#[test]
fn a_url_is_shown_without_what_may_be_a_password() {
    for (text, shown) in [
        ("https://host:1/a", "https://host:1/a"),
        ("https://jane:p@ss@host:99999", "https://***@host:99999"),
        ("jane:pass@host", "***@host"),
        ("https://host/?token=t#f", "https://host/"),
        ("https://jane:p?s#s@host/#f", "https://***@host/"),
    ] {
        assert_eq!(excerpt_of_url(text, 80), shown);
    }
}
