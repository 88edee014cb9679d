//! Files that are not merged into: the line is named, and nothing is written.

use authentik_netbird_core::ErrorKind;

use super::{CANARY, env, env_without_password};

/// The error about an existing text that is refused.
fn refused(existing: &str) -> String {
    let error = env().merge_into(existing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutputs);
    assert!(!error.to_string().contains(CANARY));
    error.to_string()
}

#[test]
fn a_line_after_which_our_variables_might_not_have_their_values_is_named() {
    for (existing, line) in [
        ("A=1\nB='never closed\n", 2),
        ("A=$(never closed\n", 1),
        ("cat <<E\nNETBIRD_DOMAIN=x\nE\n", 1),
        ("readonly NETBIRD_DOMAIN=x\n", 1),
        ("declare -rx NETBIRD_DOMAIN=x\n", 1),
        ("A=1\ntypeset -r NETBIRD_DOMAIN\n", 2),
        ("A=1\nexit\n", 2),
        ("return 0\nNETBIRD_DOMAIN=x\n", 1),
        ("A=1\0\n", 1),
        ("NETBIRD_DOMAIN=x\nOTHER = v\n", 2),
        ("\u{a0}NETBIRD_DOMAIN=x\n", 1),
    ] {
        let refused = refused(existing);
        assert!(refused.contains(&format!("setup.env line {line}:")), "{existing}{refused}");
    }
}

#[test]
fn everything_that_is_wrong_with_a_file_is_reported_at_once() {
    let refused = refused("readonly NETBIRD_DOMAIN=x\nOTHER = v\nexit\n");
    assert_eq!(refused.matches("setup.env line ").count(), 3, "{refused}");
}

#[test]
fn a_command_that_ends_the_file_may_be_behind_the_block() {
    let complete = env().to_setup_env().unwrap();
    let after = format!("{}exit\n", complete.expose());
    assert_eq!(env().merge_into(&after).unwrap().expose(), after);
    assert!(refused(&format!("exit\n{}", complete.expose())).contains("setup.env line 1:"));
}

#[test]
fn a_password_that_is_neither_known_nor_in_the_file_is_missing() {
    let name = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";
    for existing in
        ["", &format!("{name}=\"\"\n"), &format!("#{name}=x\n"), &format!("{name}=x\n{name}=\n")]
    {
        let error = env_without_password().merge_into(existing).unwrap_err();
        assert_eq!(error.issues()[0].field, name, "{existing}");
    }
    for existing in [format!("{name} = old\n"), format!("A=1; {name}=x\n")] {
        let error = env_without_password().merge_into(&existing).unwrap_err();
        assert!(error.to_string().contains("setup.env line 1:"), "{error}");
    }
}
