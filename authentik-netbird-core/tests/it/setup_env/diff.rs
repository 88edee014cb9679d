//! What a merge changes for bash, without secrets.

use std::fs;

use super::{CANARY, account, env, env_without_password, outputs};

/// The changes as lines.
fn diff(existing: &str) -> Vec<String> {
    env().diff(existing).unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn a_new_file_sets_every_variable() {
    let lines = diff("");
    assert_eq!(lines.len(), env().variables().len());
    assert_eq!(lines[0], "+ NETBIRD_DOMAIN: \"netbird.company\"");
    assert!(lines.contains(&"+ NETBIRD_IDP_MGMT_EXTRA_PASSWORD: set".to_owned()), "{lines:?}");
}

#[test]
fn only_what_bash_reads_otherwise_is_a_change() {
    let complete = env().to_setup_env().unwrap();
    let by_hand = complete
        .expose()
        .replace("# BEGIN", "#")
        .replace("# END", "#")
        .replace("='netbird.company'", "=\"netbird.company\" # ours");
    assert_eq!(diff(&by_hand), Vec::<String>::new());
    let edited = complete
        .expose()
        .replace("='netbird.company'", "=old.company\nURL=https://$NETBIRD_DOMAIN\nOTHER=x")
        .replace("NETBIRD_USE_AUTH0=false", "")
        .replace("AUDIENCE='5JXuw0qD'", "AUDIENCE='the client secret'")
        .replace("SCOPE='openid profile email offline_access'", "SCOPE=$(cat scopes)")
        .replace(CANARY, "another secret");
    assert_eq!(
        diff(&edited),
        [
            "~ NETBIRD_DOMAIN: \"old.company\" -> \"netbird.company\"",
            "+ NETBIRD_USE_AUTH0: \"false\"",
            "~ NETBIRD_AUTH_AUDIENCE: set -> \"5JXuw0qD\"",
            "~ NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE: set -> \"5JXuw0qD\"",
            "~ NETBIRD_AUTH_DEVICE_AUTH_SCOPE: computed -> \"openid profile email offline_access\"",
            "~ NETBIRD_IDP_MGMT_EXTRA_PASSWORD: set -> changed",
            "~ URL: set -> changed",
        ]
    );
}

#[test]
fn what_is_no_longer_set_is_a_change_too() {
    let mut before = outputs();
    before.reverse_proxy = true;
    let mut now = outputs();
    now.account = None;
    let existing = before.netbird_env().to_setup_env().unwrap();
    let changes = now.netbird_env().diff(existing.expose()).unwrap();
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "~ NETBIRD_MGMT_IDP: \"authentik\" -> \"none\"",
            "- NETBIRD_DISABLE_LETSENCRYPT: \"true\"",
            "- NETBIRD_IDP_MGMT_CLIENT_ID: \"5JXuw0qD\"",
            "- NETBIRD_IDP_MGMT_EXTRA_PASSWORD: set",
            "- NETBIRD_IDP_MGMT_EXTRA_USERNAME: \"NetBird\"",
            "- NETBIRD_MGMT_API_PORT: \"443\"",
            "- NETBIRD_RELAY_PORT: \"443\"",
            "- NETBIRD_SIGNAL_PORT: \"443\"",
        ]
    );
}

#[test]
fn a_kept_password_is_no_change_and_a_line_that_could_draw_is_escaped() {
    let existing = env().to_setup_env().unwrap();
    assert_eq!(env_without_password().diff(existing.expose()).unwrap(), []);
    let hostile = existing.expose().replace("'netbird.company'", "$'a'\u{1b}\nA='\u{1b}[2J'");
    for change in env().diff(&hostile).unwrap() {
        assert!(!change.to_string().contains('\u{1b}'), "{change}");
    }
    let mut other = outputs();
    other.account = Some(account("NetBird", Some("rotated")));
    let [change] = &other.netbird_env().diff(existing.expose()).unwrap()[..] else { panic!() };
    assert_eq!(change.to_string(), "~ NETBIRD_IDP_MGMT_EXTRA_PASSWORD: set -> changed");
}

#[test]
fn writing_returns_what_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    fs::write(&path, env().to_setup_env().unwrap().expose().replace("company'", "org'")).unwrap();
    let change = env().write(&path).unwrap();
    assert_eq!(change.to_string(), "~ NETBIRD_DOMAIN: \"netbird.org\" -> \"netbird.company\"\n");
    assert!(!format!("{change:?}").contains(CANARY));
    assert_eq!(env().write(&path).unwrap().to_string(), "");
}
