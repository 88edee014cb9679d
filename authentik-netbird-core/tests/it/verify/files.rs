//! Files that are not what they should be: said once, and not line by line.

use authentik_netbird_core::verify::NetbirdSettings;

fn issues(text: &str) -> Vec<String> {
    let settings = NetbirdSettings::parse(text);
    settings.issues().iter().map(|one| format!("{}: {}", one.field, one.message)).collect()
}

#[test]
fn another_file() {
    let other = ["the file: sets none of NetBird's variables, such as NETBIRD_DOMAIN"];
    for text in ["", "\n# NETBIRD_DOMAIN\n", "services:\n  dashboard:\n    image: x\n", "A=b\n"] {
        assert_eq!(issues(text), other, "{text}");
    }
    // One of NetBird's with a mistake in each line is no other file.
    assert_ne!(issues("NETBIRD_DOMAIN = 'netbird.company'\n"), other);
    assert_ne!(issues("if true; then\nNETBIRD_DOMAIN=a\nfi\n"), other);
}

#[test]
fn a_management_json_with_a_comment() {
    let text = "// by hand\n{\"HttpConfig\": {}}\n";
    assert_eq!(issues(text), ["management.json: not valid JSON (line 1, column 1)"]);
}

#[test]
fn a_variable_that_a_later_line_empties() {
    let text = "NETBIRD_DOMAIN='netbird.company'\nNETBIRD_DOMAIN=''\n";
    assert_eq!(issues(text)[0], "NETBIRD_DOMAIN: empty, by its last assignment");
    assert!(issues("NETBIRD_AUTH_AUDIENCE=a")[0].ends_with("NETBIRD_DOMAIN: missing"));
}
