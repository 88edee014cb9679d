use super::*;

#[test]
fn names_display_as_written_and_cannot_control_a_terminal() {
    let shown = |name: &str| Resource::new(ResourceKind::new("group"), name).to_string();
    assert_eq!(shown("Köln's VPN"), "group \"Köln's VPN\"");
    assert_eq!(shown("a \"b\"\u{1b}[31m"), "group \"a \\\"b\\\"\\u{1b}[31m\"");
}
