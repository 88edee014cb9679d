//! Merging into what is there already.

use authentik_netbird_core::ErrorKind;

use super::{CANARY, assert_sourced, env, env_without_password, outputs, parsed, sourced};

/// Merges, and asserts that bash gets everything from it and that merging again changes nothing.
fn merged(existing: &str) -> String {
    let merged = env().merge_into(existing).unwrap_or_else(|error| panic!("{error}\n{existing}"));
    assert_sourced(merged.expose(), &env());
    assert_eq!(env().merge_into(merged.expose()).unwrap().expose(), merged.expose());
    merged.expose().to_owned()
}

/// The issue about an existing text that is refused.
fn refused(existing: &str) -> String {
    let error = env().merge_into(existing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutputs);
    assert!(!error.to_string().contains(CANARY));
    error.to_string()
}

#[test]
fn other_lines_stay_byte_for_byte_and_ours_are_corrected_in_place() {
    let existing = "# NetBird's\n\n  export NETBIRD_DOMAIN=\"old\"  # ours: don't\n\n\
                    #NETBIRD_MGMT_IDP=\"none\"\nTURN_PASSWORD=\"a b\"\t\nNETBIRD_X=$Y#z\n";
    let merged = merged(existing);
    let expected = existing.replace("\"old\"", "'netbird.company'");
    assert!(merged.starts_with(&expected), "{merged}");
    assert!(merged[expected.len()..].starts_with("\n# authentik as NetBird's identity provider\n"));
    assert_eq!(merged.matches("NETBIRD_DOMAIN=").count(), 1);
}

#[test]
fn a_value_that_is_right_keeps_its_own_form() {
    let complete = env().to_setup_env().unwrap();
    let other_form = complete
        .expose()
        .replace("NETBIRD_USE_AUTH0=false", "export NETBIRD_USE_AUTH0=\"false\" # no")
        .replace("='netbird.company'", "=netbird.'comp'\"any\"");
    // Without a final newline, too: nothing is to be added, so nothing is.
    let other_form = other_form.trim_end();
    assert_eq!(env().merge_into(other_form).unwrap().expose(), other_form);
}

#[test]
fn all_lines_of_a_variable_that_is_set_twice_are_corrected() {
    let merged = merged("NETBIRD_DOMAIN=a\nURL=https://$NETBIRD_DOMAIN\nNETBIRD_DOMAIN=b\n");
    let url = sourced(&merged, &["URL"]).unwrap();
    assert_eq!(url, [Some("https://netbird.company".to_owned())]);
    assert_eq!(merged.matches("NETBIRD_DOMAIN='netbird.company'").count(), 2);
}

#[test]
fn what_bash_could_not_read_is_made_right_where_it_is_ours() {
    for line in [
        "NETBIRD_DOMAIN = old",
        "NETBIRD_DOMAIN= old",
        "NETBIRD_DOMAIN =old # why",
        "export NETBIRD_DOMAIN=two words",
        "NETBIRD_DOMAIN+=.more",
        "NETBIRD_DOMAIN='old'\r",
    ] {
        let merged = merged(&format!("A=1\n{line}\nB=2\n"));
        assert!(merged.contains("NETBIRD_DOMAIN='netbird.company'"), "{merged}");
        assert!(merged.starts_with("A=1\n") && merged.contains("\nB=2\n"), "{merged}");
        assert_eq!(merged.contains("# why"), line.contains("# why"));
        assert_eq!(merged.contains("export "), line.contains("export "));
    }
    let others = env().merge_into("OTHER = v\nNETBIRD_DOMAIN=x\n").unwrap();
    assert!(others.expose().starts_with("OTHER = v\nNETBIRD_DOMAIN='netbird.company'\n"));
}

#[test]
fn values_over_several_lines_are_understood() {
    let merged = merged(
        "A='one\nNETBIRD_DOMAIN=x\n'\nNETBIRD_DOMAIN=\"a\nb\"\nB=\"$(printf '%s' \"NETBIRD_DOMAIN=y\n\")\"\n",
    );
    assert!(
        merged.starts_with("A='one\nNETBIRD_DOMAIN=x\n'\nNETBIRD_DOMAIN='netbird.company'\nB=")
    );
}

#[test]
fn windows_line_ends_and_the_byte_order_mark_go() {
    let merged = merged("\u{feff}# NetBird\r\nNETBIRD_DOMAIN=\"old\"\r\nOTHER='x'\r\n");
    assert!(!merged.contains('\r') && !merged.contains('\u{feff}'));
    assert!(merged.starts_with("# NetBird\nNETBIRD_DOMAIN='netbird.company'\nOTHER='x'\n"));
}

#[test]
fn a_last_line_without_an_end_or_with_a_backslash_keeps_its_value_and_swallows_nothing() {
    for existing in [
        "OTHER=1",
        "OTHER=1\\",
        "OTHER=1\\\\",
        "OTHER=1\\\\\\",
        "OTHER=\\",
        "OTHER='1'\\",
        "OTHER=1 \\\n",
        "# comment\\",
        "",
        "\n",
        "OTHER=1 # c\\",
    ] {
        let merged = merged(existing);
        assert!(merged.starts_with(existing), "{merged}");
        let other = |text: &str| sourced(text, &["OTHER"]).unwrap();
        assert_eq!(other(&merged), other(existing), "{existing}");
    }
    // Of a value that is replaced the backslash goes, too; where nothing is added, nothing changes.
    let ours = merged("OTHER=1\nNETBIRD_DOMAIN=1\\");
    assert!(ours.starts_with("OTHER=1\nNETBIRD_DOMAIN='netbird.company'\n\n"), "{ours}");
    let complete = format!("{}OTHER=1\\", env().to_setup_env().unwrap().expose());
    assert_eq!(merged(&complete), complete);
}

#[test]
fn a_line_that_no_correction_can_be_trusted_after_is_refused_by_its_number() {
    for (existing, line) in [
        ("A=1\nB='never closed\n", 2),
        ("A=1\n\nB=\"never closed\n", 3),
        ("A=$(never closed\n", 1),
        ("cat <<E\nNETBIRD_DOMAIN=x\nE\n", 1),
        ("readonly NETBIRD_DOMAIN=x\n", 1),
        ("unset NETBIRD_DOMAIN\n", 1),
        ("A=1; NETBIRD_DOMAIN=x\n", 1),
        ("NETBIRD_DOMAIN=x OTHER=y\n", 1),
        ("NETBIRD_DOMAIN=x; rm -rf y\n", 1),
        ("if true\nthen\n  NETBIRD_DOMAIN=x\nfi\n", 3),
        ("f() {\nNETBIRD_DOMAIN=x\n}\n", 2),
        ("function g {\nNETBIRD_DOMAIN=x\n}\n", 2),
        ("(\nNETBIRD_DOMAIN=x\n)\n", 2),
        ("case x in\na) NETBIRD_DOMAIN=y;;\nesac\n", 2),
        ("A=1\nexit\n", 2),
        ("return 0\nNETBIRD_DOMAIN=x\n", 1),
        ("A=1\0\n", 1),
        ("while true; do\n", 1),
    ] {
        let refused = refused(existing);
        assert!(refused.contains(&format!("setup.env line {line}:")), "{existing}{refused}");
    }
}

#[test]
fn blocks_that_are_closed_and_arrays_do_not_stand_in_the_way() {
    for existing in [
        "if [ -z \"$A\" ]; then\n  A=1\nfi\nNETBIRD_DOMAIN=x\n",
        "function f() {\n A=1\n}\nfunction g {\n A=2\n}\nNETBIRD_DOMAIN=x\n",
        "A=(a b)\nNETBIRD_DOMAIN=x\nB=(\n if\n)\nNETBIRD_USE_AUTH0=x\n",
        "case a in\n a) A=1;;\nesac\nfor i in 1 2; do A=$i; done\nNETBIRD_DOMAIN=x\n",
        "[ -n \"$A\" ] || A=1\nNETBIRD_DOMAIN=x\nexport NETBIRD_DOMAIN A\n",
        "A=\"${B:-'}'}\"\nNETBIRD_DOMAIN=x\n",
        "A=$((1 << 2))\nNETBIRD_DOMAIN=x\n",
        "read -r A <<< 'x y'\nNETBIRD_DOMAIN=x\n",
    ] {
        let merged = merged(existing);
        assert!(merged.starts_with(&existing[..existing.find("NETBIRD_DOMAIN=x").unwrap()]));
    }
}

#[test]
fn all_that_is_wrong_with_a_file_is_said_at_once() {
    let refused = refused("readonly NETBIRD_DOMAIN=x\nunset NETBIRD_MGMT_IDP\n");
    assert_eq!(refused.matches("setup.env line ").count(), 2, "{refused}");
}

#[test]
fn a_file_whose_reading_ends_before_our_variables_is_refused_once() {
    let complete = env().to_setup_env().unwrap();
    let cut = refused(&format!("A=1\nexit\n{}", complete.expose()));
    assert_eq!(cut.matches("setup.env line 2:").count(), 1, "{cut}");
    assert_eq!(refused("exit\nNETBIRD_DOMAIN=x\n").matches("setup.env line 1:").count(), 1);
    let after = format!("{}exit\n", complete.expose());
    assert_eq!(env().merge_into(&after).unwrap().expose(), after);
}

#[test]
fn nesting_without_end_is_refused_and_does_not_overflow() {
    let refused = refused(&format!("A={}", "$(".repeat(100_000)));
    assert!(refused.contains("too deep"), "{refused}");
}

#[test]
fn a_password_that_is_not_known_is_kept_from_the_file() {
    let name = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";
    for line in ["='kept'", "=\"kept\" # 2026", "=$(cat password)", "=$PASSWORD"] {
        let existing = format!("export {name}{line}\n");
        let merged = env_without_password().merge_into(&existing).unwrap();
        assert!(merged.expose().starts_with(&existing), "{line}");
        assert_eq!(merged.expose().matches(name).count(), 1, "{line}");
    }
    for existing in
        ["", "NETBIRD_IDP_MGMT_EXTRA_PASSWORD=\"\"\n", "#NETBIRD_IDP_MGMT_EXTRA_PASSWORD=x\n"]
    {
        let error = env_without_password().merge_into(existing).unwrap_err();
        assert_eq!(error.issues()[0].field, name);
    }
    let malformed = format!("{name} = old\n{name}=kept\n");
    let error = env_without_password().merge_into(&malformed).unwrap_err();
    assert!(error.to_string().contains("setup.env line 1:"), "{error}");
    let last_is_empty = format!("{name}=kept\n{name}=\n");
    assert!(env_without_password().merge_into(&last_is_empty).is_err());
}

#[test]
fn a_known_password_replaces_the_one_in_the_file() {
    let merged = merged("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='old' # rotated\n");
    let password = &parsed(&merged)[0];
    assert_eq!(password.1, CANARY);
    assert!(merged.starts_with(&format!("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='{CANARY}' # rotated\n")));
}

#[test]
fn netbirds_own_example_file_becomes_a_complete_one() {
    // The lines of NetBird's example that have to do with identity providers, in their order.
    let existing = "## example file\nNETBIRD_DOMAIN=\"\"\nNETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT=\"\"\n\
        NETBIRD_AUTH_AUDIENCE=\"\"\nNETBIRD_AUTH_CLIENT_ID=\"\"\nNETBIRD_AUTH_SUPPORTED_SCOPES=\"\"\n\
        # NETBIRD_AUTH_USER_ID_CLAIM=\"\"\nNETBIRD_USE_AUTH0=\"false\"\n\
        NETBIRD_AUTH_DEVICE_AUTH_PROVIDER=\"none\"\nNETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID=\"\"\n\
        NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE=$NETBIRD_AUTH_AUDIENCE\n\
        NETBIRD_MGMT_IDP=\"none\"\nNETBIRD_IDP_MGMT_CLIENT_ID=$NETBIRD_AUTH_CLIENT_ID\n\
        NETBIRD_DISABLE_LETSENCRYPT=false\nNETBIRD_SIGNAL_PORT=\"\"\n";
    let mut outputs = outputs();
    outputs.reverse_proxy = true;
    let merged = outputs.netbird_env().merge_into(existing).unwrap();
    assert_sourced(merged.expose(), &outputs.netbird_env());
    assert!(merged.expose().contains("\nNETBIRD_USE_AUTH0=\"false\"\n"));
    assert!(merged.expose().contains("\nNETBIRD_DISABLE_LETSENCRYPT=true\n"));
}

#[test]
fn without_an_account_no_password_of_an_earlier_one_stays() {
    let mut outputs = outputs();
    outputs.account = None;
    let env = outputs.netbird_env();
    let merged = env.merge_into(self::env().to_setup_env().unwrap().expose()).unwrap();
    let merged = merged.expose();
    assert!(!merged.contains(CANARY), "{merged}");
    for empty in ["CLIENT_ID", "EXTRA_USERNAME", "EXTRA_PASSWORD"] {
        assert!(merged.contains(&format!("\nNETBIRD_IDP_MGMT_{empty}=''\n")), "{merged}");
    }
    assert!(merged.contains("NETBIRD_MGMT_IDP='none'"), "{merged}");
    assert_sourced(merged, &env);
    assert_eq!(env.merge_into(merged).unwrap().expose(), merged);
    // Where they never were, they are not added.
    assert!(!env.to_setup_env().unwrap().expose().contains("NETBIRD_IDP_MGMT_"));
}
