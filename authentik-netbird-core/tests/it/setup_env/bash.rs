//! bash is the judge: whatever is written, it gets as it was meant, and what we read it has.

use authentik_netbird_core::outputs::{NetbirdEnv, Outputs, parse_setup_env};
use proptest::prelude::*;

use super::{account, assert_sourced, pairs, parsed, sourced};

/// Any outputs that NetBird can read; names and passwords with everything that bash, envsubst and
/// docker compose would like to interpret.
fn any_outputs() -> impl Strategy<Value = NetbirdEnv> {
    // Labels begin with a letter: one of digits alone would be read as an IPv4 address.
    let host = "[a-z][a-z0-9]{0,8}(\\.[a-z][a-z0-9]{0,6}){0,2}";
    let path = "(/[a-z0-9._-]{1,5}){0,2}/?";
    let word = "[A-Za-z0-9._:/-]{0,12}[A-Za-z0-9]";
    let anything = prop_oneof![
        "[ -~äößéЖ漢😀]{1,24}",
        "['\"\\\\$`!#~*?{}()<>|&; ]{1,10}",
        proptest::char::range('\u{a0}', '\u{ffff}').prop_map(String::from),
    ];
    let anything = anything.prop_filter("no Go template", |text| !text.contains("{{"));
    let names = proptest::option::of((anything.clone(), anything));
    (host, path, word, names, any::<bool>()).prop_map(|(host, path, id, names, proxy)| {
        let url = format!("https://{host}{path}").parse().unwrap();
        let mut outputs = Outputs::new(url, host, "net-bird_1".into(), id.into());
        outputs.account = names.map(|(name, password)| account(&name, Some(&password)));
        outputs.reverse_proxy = proxy;
        outputs.netbird_env()
    })
}

/// Lines that real files have, ours among them, in any order; the last with or without an end.
fn any_file() -> impl Strategy<Value = String> {
    let lines = vec![
        "# a comment with NETBIRD_DOMAIN='x' and it's fine",
        "#NETBIRD_DOMAIN=\"commented out\"",
        "",
        "   ",
        "NETBIRD_DOMAIN=\"\"",
        "NETBIRD_DOMAIN=old.example # why",
        "export NETBIRD_DOMAIN='old'",
        "  NETBIRD_AUTH_CLIENT_ID=\t",
        "NETBIRD_AUTH_CLIENT_ID=a'b'\"c\"\\ d",
        "NETBIRD_AUTH_AUDIENCE=$NETBIRD_AUTH_CLIENT_ID",
        "NETBIRD_AUTH_SUPPORTED_SCOPES=\"openid\n profile\"",
        "NETBIRD_IDP_MGMT_EXTRA_PASSWORD='it'\\''s # no comment'",
        "NETBIRD_IDP_MGMT_EXTRA_PASSWORD=$OTHER",
        "NETBIRD_MGMT_IDP=\"none\"",
        "NETBIRD_USE_AUTH0=\"false\"",
        "export NETBIRD_USE_AUTH0",
        "NETBIRD_SIGNAL_PORT=\\\n10000",
        "NETBIRD_DOMAIN+=more",
        MALFORMED,
        "[ -n \"$NETBIRD_DOMAIN\" ] || NETBIRD_DOMAIN=x",
        "A=1; NETBIRD_DOMAIN=y",
        "OTHER='two\nlines with NETBIRD_DOMAIN=x'",
        "OTHER=\"$(echo \"a b\" | tr a-z A-Z)\"",
        "OTHER=$'a\\'b'",
        "OTHER=a#b",
        "TURN_PASSWORD=",
        "if true; then TURN_PASSWORD=x; fi",
        "if false; then\nNETBIRD_DOMAIN=z\nfi",
        "f() {\nNETBIRD_DOMAIN=z\n}",
        "TURN_PASSWORD=${TURN_PASSWORD:-'}'}",
        "# BEGIN authentik-netbird (edited by hand)",
        "# END authentik-netbird",
        "# authentik as NetBird's identity provider",
    ];
    let line = proptest::sample::select(lines);
    (proptest::collection::vec(line, 0..8), any::<bool>()).prop_map(|(lines, end)| {
        lines.join("\n") + if end && !lines.is_empty() { "\n" } else { "" }
    })
}

/// What bash cannot read becomes a comment, but not in a file with conditions or functions.
const MALFORMED: &str = "NETBIRD_DOMAIN = malformed";

fn is_refused(existing: &str) -> bool {
    existing.contains(MALFORMED) && (existing.contains("if ") || existing.contains("f()"))
}

/// Assignments as people write them, over names that they refer to.
fn any_assignments() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z0-9._/:@%+,=#{}*?!^-]{0,5}",
        "'[ -&(-~é]{0,5}'",
        "\"[ !#%-Z^-_a-~é']{0,5}\"",
        "\\\\[ -~é]",
        "\\\\\n",
        "\\$[A-D][./,-]",
        "\\$\\{[A-D]\\}",
        "\"\\$[A-D]-\\$\\{[A-D]\\}\"",
        "\"\\\\[$\"\\\\ a]\"",
        "\\$[.,/%+]",
    ];
    let value = proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    let value = value.prop_filter("a comment", |value| !value.starts_with('#'));
    let assignment =
        ("(|export |  |export \t)[A-D](=|=|=|\\+=)", value, "( # [a-z' \"$]{0,4}|;| |)");
    let line = prop_oneof![
        8 => assignment.prop_map(|(name, value, end)| format!("{name}{value}{end}")),
        1 => "#[ -~]{0,8}|[ \t]{0,3}|export [A-D]( [A-D])?",
    ];
    // All are set: what a variable has that the file does not set cannot be known.
    let lines = proptest::collection::vec(line, 0..6).prop_map(|lines| lines.join("\n"));
    (lines, "\n?").prop_map(|(lines, end)| format!("A=1\nB='2 2'\nC=\"3\"\nD=\n{lines}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn bash_gets_every_allowed_value_and_so_do_we(env in any_outputs()) {
        let text = env.to_setup_env().unwrap();
        assert_sourced(text.expose(), &env);
        prop_assert_eq!(parsed(text.expose()), pairs(&env).into_iter().collect());
    }

    #[test]
    fn any_merge_is_right_for_bash_and_merging_again_changes_nothing(
        env in any_outputs(),
        existing in any_file(),
    ) {
        let Ok(merged) = env.merge_into(&existing) else {
            prop_assert!(is_refused(&existing));
            return Ok(());
        };
        assert_sourced(merged.expose(), &env);
        let again = env.merge_into(merged.expose()).unwrap();
        prop_assert_eq!(again.expose(), merged.expose());
        prop_assert_eq!(env.diff(merged.expose()).unwrap(), []);
        // What is not ours bash has as before.
        let others = ["OTHER", "TURN_PASSWORD", "A"];
        let before = sourced(&existing.replace(MALFORMED, ""), &others).unwrap();
        prop_assert_eq!(sourced(merged.expose(), &others).unwrap(), before);
    }

    #[test]
    fn what_a_person_adds_to_a_file_survives_the_next_merge(
        env in any_outputs(),
        existing in any_file(),
        added in any_file(),
    ) {
        let existing = existing.replace(MALFORMED, "");
        let written = env.merge_into(&existing).unwrap();
        let edited = format!("{}\n{added}", written.expose());
        let Ok(merged) = env.merge_into(&edited) else {
            prop_assert!(is_refused(&edited));
            return Ok(());
        };
        assert_sourced(merged.expose(), &env);
        let again = env.merge_into(merged.expose()).unwrap();
        prop_assert_eq!(again.expose(), merged.expose());
    }

    #[test]
    fn assignments_are_read_as_bash_reads_them(text in any_assignments()) {
        let read = parsed(&text);
        let names: Vec<&str> = read.keys().map(String::as_str).collect();
        let values = sourced(&text, &names).unwrap();
        let values: Vec<String> = values.into_iter().map(Option::unwrap_or_default).collect();
        prop_assert_eq!(read.values().cloned().collect::<Vec<_>>(), values, "{}", text);
    }

    #[test]
    fn no_text_is_read_otherwise_than_bash_reads_it(text in "[A-C='\"\\\\$ #\n;é`(){}<&|~+*-]{0,24}") {
        let Ok(read) = parse_setup_env(&text) else { return Ok(()) };
        let names: Vec<&str> = read.keys().map(String::as_str).collect();
        if let Ok(values) = sourced(&text, &names) {
            for ((name, read), bash) in read.iter().zip(values) {
                let read = read.as_ref().map(|value| value.expose().to_owned());
                prop_assert!(read.is_none() || read == bash, "{}: {:?}, {:?}", name, read, bash);
            }
        }
    }
}
