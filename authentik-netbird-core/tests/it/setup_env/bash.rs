//! bash is the judge: whatever is allowed, it gets as it was meant.

use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::outputs::{NetbirdEnv, Outputs, parse_setup_env};
use proptest::prelude::*;

use super::{account, assert_sourced, outputs, pairs, parsed, sourced};

/// Any outputs that NetBird can carry; names and passwords with everything that bash, envsubst and
/// docker compose would like to read.
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn bash_gets_every_allowed_value_and_so_does_the_parser(env in any_outputs()) {
        let text = env.to_setup_env().unwrap();
        assert_sourced(text.expose(), &env);
        prop_assert_eq!(parsed(text.expose()), pairs(&env));
    }

    #[test]
    fn any_merge_is_right_for_bash_and_merging_again_changes_nothing(
        env in any_outputs(),
        existing in any_file(),
    ) {
        let merged = env.merge_into(&existing).unwrap();
        assert_sourced(merged.expose(), &env);
        let again = env.merge_into(merged.expose()).unwrap();
        prop_assert_eq!(again.expose(), merged.expose());
        // What is not ours bash gets as before.
        let others = ["OTHER", "TURN_PASSWORD"];
        let before = sourced(&without_ours(&existing), &others).unwrap();
        prop_assert_eq!(sourced(merged.expose(), &others).unwrap(), before);
    }

    #[test]
    fn the_parser_never_panics_and_agrees_with_bash(text in "[A-C='\"\\\\$ #\n;é`(){}<&-]{0,24}") {
        let Ok(assignments) = parse_setup_env(&text) else { return Ok(()) };
        // Only where every line is understood can values be compared.
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let literal = assignments.iter().all(|found| found.value.is_some());
        if lines != assignments.len() || !literal || text.contains("\\\n") { return Ok(()) }
        let Some(last) = assignments.last() else { return Ok(()) };
        if let Ok(values) = sourced(&text, &[last.name.as_str()]) {
            let value = last.value.as_ref().map(|secret| secret.expose().to_owned());
            prop_assert_eq!(&values[0], &value);
        }
    }
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
        "NETBIRD_MGMT_IDP=\"none\"",
        "NETBIRD_USE_AUTH0=\"false\"",
        "export NETBIRD_USE_AUTH0",
        "NETBIRD_SIGNAL_PORT=\\\n10000",
        "OTHER='two\nlines with NETBIRD_DOMAIN=x'",
        "OTHER=\"$(echo \"a b\" | tr a-z A-Z)\"",
        "OTHER=`echo '`'` # $(",
        "OTHER=$'a\\'b'",
        "OTHER=a#b",
        "TURN_PASSWORD=",
        "if true; then TURN_PASSWORD=x; fi",
        "TURN_PASSWORD=${TURN_PASSWORD:-'}'}",
    ];
    let line =
        proptest::sample::select(lines).prop_filter("bash reads it", |line| sourced_alone(line));
    (proptest::collection::vec(line, 0..8), any::<bool>()).prop_map(|(lines, end)| {
        lines.join("\n") + if end && !lines.is_empty() { "\n" } else { "" }
    })
}

fn sourced_alone(line: &str) -> bool {
    // `'`'`: a quote inside backticks that bash itself can't read.
    !line.contains("'`'")
}

/// The file without lines of ours, to see what bash makes of the rest.
fn without_ours(existing: &str) -> String {
    existing
        .replace("NETBIRD_AUTH_SUPPORTED_SCOPES=\"openid\n profile\"", "")
        .replace("NETBIRD_SIGNAL_PORT=\\\n10000", "")
        .split('\n')
        .filter(|line| !line.trim_start().trim_start_matches("export ").starts_with("NETBIRD_"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn what_netbird_can_not_carry_is_refused_all_at_once_without_the_secret() {
    let url = "https://authentik.company".parse().unwrap();
    let mut outputs = Outputs::new(url, "net bird", "netbird".into(), "a\"b".into());
    outputs.account = Some(account("Net\nBird", Some("pass{{word}}")));
    let error = outputs.netbird_env().to_setup_env().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutputs);
    let fields: Vec<&str> = error.issues().iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "NETBIRD_DOMAIN",
            "NETBIRD_AUTH_CLIENT_ID",
            "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
            "NETBIRD_IDP_MGMT_EXTRA_PASSWORD",
        ]
    );
    assert!(error.issues()[1].message.contains("'\"'"), "{error}");
    assert!(!error.chain().contains("pass{{"), "{error}");
}

#[test]
fn a_port_in_the_domain_and_a_hidden_colon_are_refused() {
    for domain in ["netbird.company:443", "netbird.company/", ""] {
        let mut outputs = outputs();
        outputs.domain = domain.to_owned();
        assert!(outputs.netbird_env().check().is_err(), "{domain:?}");
    }
    for client_id in ["a: b", "a:", " a", "", "a$b", "{{a}}", "é"] {
        let mut outputs = outputs();
        outputs.client_id = client_id.into();
        assert!(outputs.netbird_env().check().is_err(), "{client_id:?}");
    }
}
