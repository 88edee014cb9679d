//! Merging into what is there already.

use super::{CANARY, assert_sourced, env, env_without_password, outputs, parsed, sourced};

const PASSWORD: &str = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";

/// The block with all variables.
fn block() -> String {
    env().to_setup_env().unwrap().expose().to_owned()
}

/// Merges, and asserts that bash gets everything from it and that merging again changes nothing.
fn merged(existing: &str) -> String {
    let merged = env().merge_into(existing).unwrap_or_else(|error| panic!("{error}\n{existing}"));
    assert_sourced(merged.expose(), &env());
    assert_eq!(env().merge_into(merged.expose()).unwrap().expose(), merged.expose());
    merged.expose().to_owned()
}

#[test]
fn the_block_is_marked_and_at_the_end_and_other_lines_stay_byte_for_byte() {
    let existing = "# NetBird's\n\n#NETBIRD_MGMT_IDP=\"none\"\nTURN_PASSWORD=\"a b\"\t\nX=$Y#z\n";
    assert_eq!(merged(existing), format!("{existing}\n{}", block()));
    assert_eq!(merged(""), block());
    let lines: Vec<String> = block().lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "# BEGIN authentik-netbird (changes up to END are overwritten)");
    assert_eq!(lines.last().unwrap(), "# END authentik-netbird");
    assert_eq!(lines.len(), env().variables().len() + 2);
}

#[test]
fn earlier_assignments_become_comments() {
    assert_eq!(
        merged("NETBIRD_DOMAIN=\"old\"  # ours: don't\nA=1\n  export NETBIRD_USE_AUTH0='x\ny'\n"),
        format!(
            "# replaced by authentik-netbird: NETBIRD_DOMAIN=\"old\"  # ours: don't\nA=1\n\
             # replaced by authentik-netbird: export NETBIRD_USE_AUTH0='x\n# y'\n\n{}",
            block().replace("NETBIRD_USE_AUTH0", "export NETBIRD_USE_AUTH0")
        )
    );
    for line in [
        "NETBIRD_DOMAIN = old",
        "NETBIRD_DOMAIN= old",
        "NETBIRD_DOMAIN =old # why",
        "export NETBIRD_DOMAIN=two words",
        "NETBIRD_DOMAIN+=.more",
        "NETBIRD_DOMAIN=old\\",
        "NETBIRD_DOMAIN=old;",
    ] {
        let expected = format!("A=1\n# replaced by authentik-netbird: {line}\n\n");
        assert!(merged(&format!("A=1\n{line}")).starts_with(&expected), "{line}");
    }
}

#[test]
fn a_client_secret_of_another_identity_provider_goes() {
    let name = "NETBIRD_AUTH_CLIENT_SECRET";
    let merged = merged(&format!("{name}='canary secret'\n"));
    assert!(
        merged.starts_with(&format!("# replaced by authentik-netbird: {name}\n\n")),
        "{merged}"
    );
    let changes = env().diff(&format!("{name}='canary secret'\n"));
    assert!(changes.unwrap().iter().any(|one| one.to_string() == format!("- {name}: set")));
}

#[test]
fn no_old_password_stays_in_a_comment() {
    let merged = merged(&format!("export {PASSWORD}=\"old secret\" # old note\n"));
    assert!(merged.starts_with(&format!("# replaced by authentik-netbird: {PASSWORD}\n\n")));
    assert!(merged.contains(&format!("\nexport {PASSWORD}='{CANARY}'\n")), "{merged}");
}

#[test]
fn a_line_that_another_line_uses_gets_the_new_value() {
    let uses = "URL=https://$NETBIRD_DOMAIN\n[ -n \"${NETBIRD_AUTH_CLIENT_ID}\" ]\n";
    let existing = format!(
        "export NETBIRD_DOMAIN=a # why\nNETBIRD_AUTH_CLIENT_ID+=b\n{uses}NETBIRD_USE_AUTH0=x\n"
    );
    let merged = merged(&existing);
    let expected = format!(
        "export NETBIRD_DOMAIN='netbird.company' # why\nNETBIRD_AUTH_CLIENT_ID='5JXuw0qD'\n{uses}\
         # replaced by authentik-netbird: NETBIRD_USE_AUTH0=x\n\n"
    );
    assert!(merged.starts_with(&expected), "{merged}");
    assert_eq!(sourced(&merged, &["URL"]).unwrap(), [Some("https://netbird.company".to_owned())]);
    // Ours that use ours are written whole.
    let ours =
        self::merged("NETBIRD_AUTH_CLIENT_ID=a\nNETBIRD_AUTH_AUDIENCE=$NETBIRD_AUTH_CLIENT_ID\n");
    assert!(ours.starts_with("# replaced by authentik-netbird: NETBIRD_AUTH_CLIENT_ID=a\n# repl"));
}

#[test]
fn a_block_in_the_middle_stays_there_if_nothing_behind_it_sets_our_variables() {
    let existing = format!("A=1\n\n{}B=https://$NETBIRD_DOMAIN\nexport NETBIRD_DOMAIN\n", block());
    assert_eq!(merged(&existing), existing);
    let changed = existing.replace("'netbird.company'", "'edited'");
    assert_eq!(merged(&changed), existing);
    // A plain assignment behind it becomes a comment.
    let overridden = format!("{existing}NETBIRD_DOMAIN=mine\n");
    assert_eq!(
        merged(&overridden),
        format!("{existing}# replaced by authentik-netbird: NETBIRD_DOMAIN=mine\n")
    );
}

#[test]
fn a_block_before_a_command_that_sets_our_variables_moves_to_the_end() {
    for command in ["A=1; NETBIRD_DOMAIN=x", "unset NETBIRD_DOMAIN"] {
        let merged = merged(&format!("{}B=$NETBIRD_DOMAIN\n{command}\n", block()));
        // What used it still has it.
        let before = format!("NETBIRD_DOMAIN='netbird.company'\nB=$NETBIRD_DOMAIN\n{command}\n\n");
        assert_eq!(merged, format!("{before}{}", block()));
    }
}

#[test]
fn a_block_that_was_edited_is_written_again_and_what_was_added_goes_behind_it() {
    let edited = block()
        .replace("NETBIRD_USE_AUTH0=false\n", "")
        .replace("'netbird.company'", "'edited'\n# mine\n\nMINE=https://$NETBIRD_DOMAIN");
    let merged = merged(&edited);
    assert_eq!(merged, format!("{}# mine\nMINE=https://$NETBIRD_DOMAIN\n", block()));
    let mine = sourced(&merged, &["MINE"]).unwrap();
    assert_eq!(mine, [Some("https://netbird.company".to_owned())]);
}

#[test]
fn of_two_blocks_the_last_stays() {
    assert_eq!(
        merged(&format!("A=1\n{}B=2\n{}C=3\n", block(), block())),
        format!("A=1\nB=2\n{}C=3\n", block())
    );
}

#[test]
fn a_block_without_its_end_goes_as_far_as_our_variables() {
    let begun = block().replace("# END authentik-netbird\n", "");
    assert_eq!(
        merged(&format!("{begun}A=1\nNETBIRD_DOMAIN=x\n")),
        format!("{}A=1\n# replaced by authentik-netbird: NETBIRD_DOMAIN=x\n", block())
    );
    assert_eq!(merged(&format!("{begun}A=1\n{}", block())), format!("A=1\n{}", block()));
    // Without its beginning our variables are lines like any others.
    let ended = block().split_once('\n').unwrap().1.to_owned();
    assert!(merged(&ended).ends_with(&format!("\n{}", block())));
    assert_eq!(merged("A=1\n# END authentik-netbird\nB=2\n"), format!("A=1\n{}B=2\n", block()));
}

#[test]
fn a_file_from_before_there_was_a_block_is_updated() {
    let heading = "# authentik as NetBird's identity provider\n";
    let lines =
        block().lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let old = lines.replace("NETBIRD_DOMAIN='netbird.company'\n", "");
    let existing = format!("NETBIRD_DOMAIN='old' # mine\nA=1\n\n{heading}{old}\nB=2\n");
    assert_eq!(
        merged(&existing),
        format!(
            "# replaced by authentik-netbird: NETBIRD_DOMAIN='old' # mine\nA=1\n\n{}B=2\n",
            block()
        )
    );
    // With the password of a run that read it.
    let kept = env_without_password().merge_into(&existing).unwrap();
    assert_sourced(kept.expose(), &env());
}

#[test]
fn windows_line_ends_and_the_byte_order_mark_go() {
    let merged = merged("\u{feff}# NetBird\r\nNETBIRD_DOMAIN=\"old\"\r\nOTHER='x'\r\n");
    assert!(!merged.contains('\r') && !merged.contains('\u{feff}'));
    assert!(merged.starts_with(
        "# NetBird\n# replaced by authentik-netbird: NETBIRD_DOMAIN=\"old\"\nOTHER='x'\n"
    ));
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
    let behind = format!("{}OTHER=1\\", block());
    assert_eq!(merged(&behind), behind);
}

#[test]
fn in_a_file_with_conditions_and_the_like_lines_get_the_new_value_where_they_are() {
    for existing in [
        "if [ -z \"$A\" ]; then\n  NETBIRD_DOMAIN=x\nfi\nNETBIRD_DOMAIN=x\n",
        "function f() {\n NETBIRD_DOMAIN=x\n}\nfunction g {\n A=2\n}\nNETBIRD_DOMAIN=x\n",
        "case a in\n a) A=1;;\nesac\nfor i in 1 2; do A=$i; done\nNETBIRD_DOMAIN=x\n",
        "(\nNETBIRD_DOMAIN=x\n)\n",
        "false &&\nNETBIRD_DOMAIN=x\n[ -n \"$A\" ] || true\nURL=https://$NETBIRD_DOMAIN\n",
    ] {
        let corrected = existing.replace("=x", "='netbird.company'");
        assert_eq!(merged(existing), format!("{corrected}\n{}", block()));
    }
    for existing in ["A=(a b)\nB=(\n if\n)\n", "A=$((1 << 2))\nread -r A <<< 'x y'\n", "set -a\n"] {
        let merged = merged(&format!("{existing}NETBIRD_DOMAIN=x\n"));
        assert!(merged.starts_with(&format!("{existing}# replaced")), "{merged}");
    }
    // A block there may be a part of a condition.
    let wrapped = format!("if true; then\n{}fi\n", block());
    let lines: String =
        block().lines().filter(|it| !it.starts_with('#')).map(|it| format!("{it}\n")).collect();
    assert_eq!(merged(&wrapped), format!("if true; then\n{lines}fi\n\n{}", block()));
}

#[test]
fn a_password_that_is_not_known_is_kept_from_the_file() {
    let with = |existing: &str| {
        let merged = env_without_password().merge_into(existing).unwrap();
        let again = env_without_password().merge_into(merged.expose()).unwrap();
        assert_eq!(again.expose(), merged.expose());
        merged.expose().to_owned()
    };
    // A value moves into the block, from wherever it is.
    let kept = |value: &str| block().replace(CANARY, value);
    assert_eq!(with(&kept("kept")), kept("kept"));
    for line in [format!("{PASSWORD}=kept"), format!("{PASSWORD}='old'\n{PASSWORD}=\"kept\"")] {
        let merged = with(&format!("{line}\n"));
        assert!(merged.ends_with(&kept("kept")) && !merged.contains("old"), "{merged}");
    }
    // What bash works out stays where it is, and as it is.
    for line in ["=$(cat password)", "=$SECRET", "=\"${SECRET}x\" # of NetBird's"] {
        let line = format!("SECRET=s\nexport {PASSWORD}{line}\n");
        let merged = with(&line);
        assert!(merged.starts_with(&format!("{line}\n# BEGIN")), "{merged}");
        assert_eq!(merged.matches(PASSWORD).count(), 1, "{merged}");
        // From the block it goes behind it.
        let in_block = block().replace(&format!("'{CANARY}'"), "$(cat password)");
        let line = format!("{PASSWORD}=$(cat password)\n");
        assert_eq!(with(&in_block), format!("{}{line}", in_block.replace(&line, "")));
    }
    // In a condition it might not be set.
    let condition = format!("if true; then\n{PASSWORD}=kept\nfi\n");
    assert_eq!(parsed_password(&with(&condition)), "kept");
}

/// What bash has.
fn parsed_password(setup_env: &str) -> String {
    sourced(setup_env, &[PASSWORD]).unwrap().remove(0).unwrap()
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
    assert!(merged.expose().contains("\nNETBIRD_AUTH_DEVICE_AUTH_PROVIDER=\"none\"\n"));
    // Without a proxy again its ports are gone.
    let without = env().merge_into(merged.expose()).unwrap();
    assert!(!parsed(without.expose()).contains_key("NETBIRD_SIGNAL_PORT"));
}

#[test]
fn without_an_account_nothing_of_an_earlier_one_stays() {
    let mut outputs = outputs();
    outputs.account = None;
    let env = outputs.netbird_env();
    for existing in
        [block(), block().replace("# BEGIN", "#"), format!("export {PASSWORD}={CANARY}\n")]
    {
        let merged = env.merge_into(&existing).unwrap();
        assert!(!merged.expose().contains(CANARY), "{merged:?}");
        let values = parsed(merged.expose());
        assert!(!values.keys().any(|name| name.starts_with("NETBIRD_IDP_MGMT_")), "{values:?}");
        assert_sourced(merged.expose(), &env);
        assert_eq!(env.merge_into(merged.expose()).unwrap(), merged);
    }
    // A line that must stay is emptied.
    let condition = format!("if true; then\n{PASSWORD}={CANARY}\nfi\n");
    assert_eq!(parsed_password(env.merge_into(&condition).unwrap().expose()), "");
}
